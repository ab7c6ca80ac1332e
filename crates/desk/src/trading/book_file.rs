//! A book of one's own, in YAML: read with the place of everything that is wrong, and written.

use std::{collections::BTreeMap, fmt::Write as _, ops::Range};

use chrono::NaiveDate;
use diag::{
    BAD_WORD, Diagnostic, DiagnosticCollector, MappingReader, OUT_OF_RANGE, WRONG_TYPE, YamlNode,
};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use super::{
    desk_book::{BookPosition, DeskBook, Lot},
    money,
    opening_book::{BookError, WeightedBook},
    symbol::Symbol,
};

/// A book that an operator wrote.
#[derive(Debug, Clone, PartialEq)]
pub enum BookFile {
    /// Weights of an equity, for any day.
    Weights(WeightedBook),
    /// Shares and cash; `as_of` is the earliest date there is if the file has none.
    Shares(DeskBook),
}

/// Reads a book; `name` is the file's name in messages.
///
/// # Errors
///
/// [`BookError`] with every problem of the file and its place.
pub fn parse_book(name: &str, text: &str) -> Result<BookFile, BookError> {
    let (root, mut sink) = diag::parse(name, text).map_err(BookError::Yaml)?.into_parts();
    let weighted = matches!(&root.content, diag::NodeContent::Map(entries)
        if entries.iter().any(|entry| entry.key == "weights"));
    if weighted && !sink.has_errors() {
        return WeightedBook::parse_named(name, text).map(BookFile::Weights);
    }
    let book = read_shares(&root, &mut sink);
    match book.filter(|_| !sink.has_errors()) {
        Some(book) => Ok(BookFile::Shares(book)),
        None => Err(BookError::Yaml(sink.into_problems())),
    }
}

fn read_shares(root: &YamlNode, sink: &mut DiagnosticCollector) -> Option<DeskBook> {
    let mut reader = MappingReader::open(root, &root.span, "a book", sink)?;
    let as_of = reader.get("as_of").and_then(|entry| date(&entry.value, sink));
    let cash = reader.required("cash").and_then(|entry| usd(&entry.value, sink));
    let high_water = reader.get("high_water").and_then(|entry| above_zero(&entry.value, sink));
    let mut positions = BTreeMap::new();
    let mut places: BTreeMap<Symbol, Range<usize>> = BTreeMap::new();
    if let Some(list) = reader.get("positions")
        && let Some(items) = list.value.read_list("a list of positions", sink)
    {
        for item in items {
            let Some((symbol, span, position)) = read_position(item, sink) else { continue };
            if let Some(first) = places.get(&symbol) {
                let problem =
                    sink.report(BAD_WORD, &span, format!("`{symbol}` stands twice in the book"));
                problem.with_related(first, "first here");
                problem.with_help("add up its shares; a position may have several `lots`");
                continue;
            }
            places.insert(symbol.clone(), span);
            positions.insert(symbol, position);
        }
    }
    reader.finish(sink);
    let as_of = as_of.unwrap_or(NaiveDate::MIN);
    let (equity, day_start_equity) = (None, None);
    Some(DeskBook { as_of, cash: cash?, positions, high_water, equity, day_start_equity })
}

fn read_position(
    item: &YamlNode,
    sink: &mut DiagnosticCollector,
) -> Option<(Symbol, Range<usize>, BookPosition)> {
    let mut reader = MappingReader::open(item, &item.span, "a position", sink)?;
    let symbol = reader.required("symbol").and_then(|entry| {
        let text = entry.value.read_scalar_text("a symbol", sink)?;
        match Symbol::parse(&text) {
            Ok(symbol) => Some((symbol, entry.value.span.clone())),
            Err(_not_one) => {
                let message = format!("{} is not a symbol", diag::quote(&text));
                let problem = sink.report(BAD_WORD, &entry.value.span, message);
                problem.with_help("write it in capitals, as in the market data: `BRK.B`");
                None
            }
        }
    });
    let qty = reader.required("qty").and_then(|entry| shares(&entry.value, sink));
    let average = reader.get("avg_cost").map(|entry| above_zero(&entry.value, sink));
    let cost = reader.get("cost").map(|entry| (usd(&entry.value, sink), entry.value.span.clone()));
    let lots = reader.get("lots").map(|entry| {
        let items = entry.value.read_list("a list of lots", sink).unwrap_or_default();
        let lots: Vec<Lot> = items.iter().filter_map(|item| read_lot(item, sink)).collect();
        (lots, entry.value.span.clone())
    });
    let last_price = reader.get("last_price").and_then(|entry| above_zero(&entry.value, sink));
    let span = reader.span().clone();
    reader.finish(sink);
    let ((symbol, place), qty) = (symbol?, qty?);
    if let Some((lots, at)) = &lots {
        let sum: i64 = lots.iter().map(|lot| lot.qty).sum();
        if sum != qty && !sink.has_errors() {
            let message = format!("the lots of `{symbol}` have {sum} shares, the position {qty}");
            sink.report(OUT_OF_RANGE, at, message).with_help("correct `qty` or the lots");
        }
    }
    let cost = match (average, cost, &lots) {
        (Some(average), None, _) => money::signed_value(qty, average?),
        (None, Some((cost, at)), _) => {
            let cost = cost?;
            if cost.is_sign_negative() != (qty < 0) {
                let message = format!("the cost of `{symbol}` has another sign than its shares");
                sink.report(OUT_OF_RANGE, &at, message)
                    .with_help("a long position has a cost above 0, a short one below 0");
            }
            cost
        }
        (None, None, Some((lots, _))) => {
            lots.iter().map(|lot| money::signed_value(lot.qty, lot.price)).sum()
        }
        (Some(_), Some(_), _) => {
            sink.report(BAD_WORD, &span, format!("`{symbol}` has both `avg_cost` and `cost`"))
                .with_help("keep one: USD per share, or USD in all");
            return None;
        }
        (None, None, None) => {
            sink.report(diag::MISSING_KEY, &span, format!("`{symbol}` has no `avg_cost`"))
                .with_help("write USD per share; `cost` (USD in all) or `lots` do as well");
            return None;
        }
    };
    let price = cost.checked_div(Decimal::from(qty))?;
    let lots = lots.map_or_else(|| vec![Lot { date: None, qty, price }], |(lots, _)| lots);
    Some((symbol, place, BookPosition { qty, cost, lots, last_price }))
}

fn read_lot(item: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Lot> {
    let mut reader = MappingReader::open(item, &item.span, "a lot", sink)?;
    let opened = reader.get("date").and_then(|entry| date(&entry.value, sink));
    let qty = reader.required("qty").and_then(|entry| shares(&entry.value, sink));
    let price = reader.required("price").and_then(|entry| above_zero(&entry.value, sink));
    reader.finish(sink);
    Some(Lot { date: opened, qty: qty?, price: price? })
}

fn usd(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Decimal> {
    let text = node.read_scalar_text("an amount in USD", sink)?;
    // YAML writes large and small numbers with an exponent.
    let amount = text.parse().or_else(|_plain| Decimal::from_scientific(&text));
    if amount.is_err() {
        let message = format!("{} is not an amount in USD", diag::quote(&text));
        sink.report(WRONG_TYPE, &node.span, message)
            .with_help("write digits and a decimal point, as 12500.50, without `$` or `,`");
    }
    amount.ok()
}

fn above_zero(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Decimal> {
    let amount = usd(node, sink)?;
    if amount <= Decimal::ZERO {
        sink.report(OUT_OF_RANGE, &node.span, format!("{amount} is not above 0"));
        return None;
    }
    Some(amount)
}

fn shares(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<i64> {
    let count = usd(node, sink)?;
    let whole = count.to_i64().filter(|n| *n != 0 && Decimal::from(*n) == count);
    if whole.is_none() {
        sink.report(OUT_OF_RANGE, &node.span, format!("{count} is not a number of whole shares"))
            .with_help("leave out a flat position; a short one has a negative `qty`");
    }
    whole
}

fn date(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<NaiveDate> {
    let text = node.read_scalar_text("a date", sink)?;
    let read = text.parse().ok();
    if read.is_none() {
        let message = format!("{} is not a date", diag::quote(&text));
        sink.report(WRONG_TYPE, &node.span, message).with_help("write it as 2025-06-02");
    }
    read
}

/// Returns the text of a book, which [`parse_book`] reads back.
#[must_use]
pub fn write_book(book: &DeskBook) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    if book.as_of != NaiveDate::MIN {
        line(format!("as_of: {}", book.as_of));
    }
    line(format!("cash: \"{}\"", book.cash));
    if let Some(high) = book.high_water {
        line(format!("high_water: \"{high}\""));
    }
    if book.positions.is_empty() {
        line("positions: []".into());
        return text;
    }
    line("positions:".into());
    for (symbol, held) in &book.positions {
        line(format!("  - symbol: \"{symbol}\""));
        line(format!("    qty: {}", held.qty));
        line(format!("    cost: \"{}\"", held.cost));
        if let Some(price) = held.last_price {
            line(format!("    last_price: \"{price}\""));
        }
        line("    lots:".into());
        for lot in &held.lots {
            let mut words = String::from("      - {");
            if let Some(date) = lot.date {
                let _ = write!(words, "date: {date}, "); // Writing to a `String` cannot fail
            }
            line(format!("{words}qty: {}, price: \"{}\"}}", lot.qty, lot.price));
        }
    }
    text
}

/// Returns the problems of a book in the words of a compiler.
#[must_use]
pub fn render_problems(problems: &[Diagnostic]) -> String {
    diag::render(problems, diag::RenderStyle::Plain).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "as_of: 2025-06-02\ncash: 1250.50\nhigh_water: 9000\npositions:\n  \
        - {symbol: A, qty: 30, lots: [{date: 2025-01-02, qty: 10, price: 5}, {qty: 20, price: 6.5}]}\n  \
        - {symbol: B, qty: -4, avg_cost: 2.25}\n";

    #[test]
    fn a_book_is_written_as_it_is_read() {
        let BookFile::Shares(book) = parse_book("book.yaml", GOOD).unwrap() else {
            unreachable!("a book of shares")
        };
        let costs: Vec<String> =
            book.positions.values().map(|held| held.cost.normalize().to_string()).collect();
        assert_eq!(costs, ["180", "-9"]);
        assert_eq!(parse_book("x", &write_book(&book)).unwrap(), BookFile::Shares(book));
    }

    #[test]
    fn what_is_wrong_with_a_book_is_told_with_line_and_cure() {
        for (old, new, line, told) in [
            ("cash: 1250.50", "cash: $1,250", 2, "is not an amount in USD"),
            ("cash: 1250.50\n", "", 1, "has no `cash`"),
            ("cash:", "csah:", 2, "has no key `csah`"),
            ("high_water: 9000", "high_water: 0", 3, "0 is not above 0"),
            ("symbol: B", "symbol: A", 6, "`A` stands twice"),
            ("symbol: B", "symbol: b", 6, "`b` is not a symbol"),
            ("qty: -4", "qty: 0", 6, "0 is not a number of whole shares"),
            ("qty: -4", "qty: 4.5", 6, "4.5 is not a number of whole shares"),
            ("qty: 30", "qty: 31", 5, "the lots of `A` have 30 shares, the position 31"),
            (", avg_cost: 2.25", "", 6, "`B` has no `avg_cost`"),
            ("avg_cost: 2.25", "avg_cost: 2.25, cost: -9", 6, "both `avg_cost` and `cost`"),
            ("avg_cost: 2.25", "cost: 9", 6, "another sign than its shares"),
            ("2025-06-02", "02.06.2025", 1, "is not a date"),
            ("price: 6.5", "price: -6.5", 5, "-6.5 is not above 0"),
            ("positions:", "positions: {}\nrest:", 4, "a list of positions"),
        ] {
            let text = GOOD.replace(old, new);
            let Err(BookError::Yaml(problems)) = parse_book("book.yaml", &text) else {
                unreachable!("{new} was taken")
            };
            let shown = render_problems(&problems);
            assert!(shown.contains(told), "{new}: {shown}");
            assert!(shown.contains(&format!("book.yaml:{line}:")), "{new}: {shown}");
        }
    }
}
