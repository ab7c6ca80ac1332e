//! A book taken from the table of positions that a broker lets its clients download.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use super::{
    desk_book::{BookPosition, DeskBook, Lot},
    money,
    symbol::Symbol,
};

/// Headers of each column, without blanks, signs and capitals.
const SYMBOL: &[&str] = &["symbol", "ticker", "instrument"];
const QTY: &[&str] = &["quantity", "qty", "shares", "position"];
const AVERAGE: &[&str] =
    &["averagecost", "avgcost", "averageprice", "avgprice", "averagecostbasis", "costshare"];
const COST: &[&str] = &["costbasis", "costbasistotal", "totalcost", "cost"];
const PRICE: &[&str] = &["lastprice", "price", "marketprice", "markprice", "closeprice"];
const VALUE: &[&str] = &["marketvalue", "currentvalue", "value", "mktvalue"];

/// Why a broker's table is not a book, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct BookTableError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong, and what to do.
    pub what: String,
}

/// Reads a broker's table of positions. A row of cash gives the cash, unless `cash` does.
///
/// # Errors
///
/// The first row that cannot be used, with its line.
pub fn parse_book_csv(
    name: &str,
    text: &str,
    (as_of, cash): (NaiveDate, Option<Decimal>),
) -> Result<DeskBook, BookTableError> {
    let wrong = |line: u64, what: String| BookTableError { file: name.into(), line, what };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut columns: Option<Columns> = None;
    let (mut in_cash, mut positions) = (cash, BTreeMap::new());
    for row in reader.records() {
        let row = row.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            wrong(line, "it is not a row of CSV; export the table again".into())
        })?;
        let line = row.position().map_or(0, csv::Position::line);
        let Some(known) = &columns else {
            columns = Columns::of_header(&row);
            continue;
        };
        match known.position(&row).map_err(|what| wrong(line, what))? {
            Some(Row::Cash(usd)) if cash.is_none() => {
                in_cash = Some(in_cash.unwrap_or_default() + usd);
            }
            Some(Row::Cash(_)) | None => {}
            Some(Row::Position(symbol, position)) => {
                if positions.insert(symbol.clone(), position).is_some() {
                    let what = format!("`{symbol}` stands twice; add up its rows");
                    return Err(wrong(line, what));
                }
            }
        }
    }
    if columns.is_none() {
        let what = "no header has a symbol, a quantity and a cost; name the columns \
                    `Symbol,Quantity,Average Cost`";
        return Err(wrong(1, what.into()));
    }
    let Some(cash) = in_cash else {
        return Err(wrong(1, "no row has the cash; give it with --cash USD".into()));
    };
    let (high_water, equity, day_start_equity) = (None, None, None);
    Ok(DeskBook { as_of, cash, positions, high_water, equity, day_start_equity })
}

enum Row {
    Cash(Decimal),
    Position(Symbol, BookPosition),
}

struct Columns {
    symbol: usize,
    qty: usize,
    average: Option<usize>,
    cost: Option<usize>,
    price: Option<usize>,
    value: Option<usize>,
}

impl Columns {
    /// Returns the columns of a header; lines before it are titles.
    fn of_header(row: &StringRecord) -> Option<Self> {
        let plain = |cell: &str| -> String {
            cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let at = |names: &[&str]| row.iter().position(|cell| names.contains(&plain(cell).as_str()));
        let (average, cost) = (at(AVERAGE), at(COST));
        average.or(cost)?;
        let (symbol, qty, price, value) = (at(SYMBOL)?, at(QTY)?, at(PRICE), at(VALUE));
        Some(Self { symbol, qty, average, cost, price, value })
    }

    /// Returns what a row holds; nothing for totals and blank rows.
    fn position(&self, row: &StringRecord) -> Result<Option<Row>, String> {
        let cell = |at: usize| row.get(at).map_or("", str::trim);
        let number = |at: Option<usize>, what: &str| match at.map(cell) {
            None | Some("" | "--" | "n/a" | "N/A" | "Incomplete") => Ok(None),
            Some(text) => amount(text).map(Some).ok_or_else(|| {
                format!("the {what} {} is not a number; correct it", diag::quote(text))
            }),
        };
        let text = cell(self.symbol);
        let lower = text.to_lowercase();
        if text.is_empty() || lower.contains("total") {
            return Ok(None);
        }
        if lower.contains("cash") || text == "USD" {
            let value = number(self.value, "value")?;
            let usd = value.map_or_else(|| number(Some(self.qty), "quantity"), |v| Ok(Some(v)))?;
            return usd.map(|usd| Some(Row::Cash(usd))).ok_or_else(|| {
                "the row of cash has no amount; give it with --cash USD".to_owned()
            });
        }
        let symbol = Symbol::parse(&text.to_uppercase().replace(['/', ' ', '_'], "."));
        let symbol = symbol.map_err(|_not_one| {
            format!("{} is not a symbol; remove the row or correct it", diag::quote(text))
        })?;
        let Some(qty) = number(Some(self.qty), "quantity")? else {
            return Err(format!("`{symbol}` has no quantity; correct the row"));
        };
        if qty.is_zero() {
            return Ok(None);
        }
        let Some(qty) = qty.to_i64().filter(|whole| Decimal::from(*whole) == qty) else {
            return Err(format!("`{symbol}` has {qty} shares; only whole shares are kept"));
        };
        let average = number(self.average, "average cost")?;
        let cost = match (average, number(self.cost, "cost")?) {
            (Some(average), _) => money::signed_value(qty, average),
            (None, Some(cost)) => cost.abs() * Decimal::from(qty.signum()),
            (None, None) => return Err(format!("`{symbol}` has no cost; write one into the row")),
        };
        if cost.is_zero() || average.is_some_and(|usd| usd < Decimal::ZERO) {
            return Err(format!("the cost of `{symbol}` is not above $0; correct the row"));
        }
        let price = cost / Decimal::from(qty);
        let last_price = number(self.price, "price")?.filter(|usd| *usd > Decimal::ZERO);
        let lots = vec![Lot { date: None, qty, price }];
        Ok(Some(Row::Position(symbol, BookPosition { qty, cost, lots, last_price })))
    }
}

/// Reads `$1,234.50`, `(12.5)` and `-3`.
fn amount(text: &str) -> Option<Decimal> {
    let negative = text.starts_with('(') && text.ends_with(')');
    let plain: String =
        text.chars().filter(|c| !matches!(c, '$' | ',' | '(' | ')' | '+' | ' ')).collect();
    let read: Decimal = plain.parse().ok()?;
    Some(if negative { -read } else { read })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, cash: Option<i64>) -> Result<DeskBook, BookTableError> {
        parse_book_csv("p.csv", text, (NaiveDate::MIN, cash.map(Decimal::from)))
    }

    #[test]
    fn a_brokers_table_is_read_with_its_title_cash_and_total() {
        let text = "\"Positions for account ...123\"\n\n\
            \"Symbol\",\"Description\",\"Quantity\",\"Price\",\"Market Value\",\"Cost Basis\"\n\
            AAPL,Apple,\"1,200\",$201.70,\"$242,040.00\",\"$180,000.00\"\n\
            BRK/B,Berkshire,-10,$500.00,\"($5,000.00)\",\"$4,800\"\n\
            Cash & Cash Investments,--,--,--,\"$12,500.55\",--\n\
            Account Total,--,--,--,\"$249,540.55\",--\n";
        let book = read(text, None).unwrap();
        assert_eq!(book.cash.to_string(), "12500.55");
        let held: Vec<_> = book
            .positions
            .iter()
            .map(|(symbol, held)| (symbol.to_string(), held.qty, held.cost.to_string()))
            .collect();
        let wanted = [("AAPL", 1_200, "180000.00"), ("BRK.B", -10, "-4800")];
        assert_eq!(held, wanted.map(|(s, q, c)| (s.to_owned(), q, c.to_owned())));
        assert_eq!(read(text, Some(7)).unwrap().cash, Decimal::from(7));
    }

    #[test]
    fn each_row_that_is_no_position_is_told_with_its_line() {
        let head = "Symbol,Qty,Avg Cost\n";
        for (row, line, told) in [
            ("AAPL,1.5,3", 2, "only whole shares"),
            ("AAPL,10,", 2, "has no cost"),
            ("AAPL,,3", 2, "has no quantity"),
            ("AAPL,ten,3", 2, "is not a number"),
            ("AAPL,10,-3", 2, "is not above $0"),
            ("A*B,10,3", 2, "is not a symbol"),
            ("AAPL,1,3\nAAPL,2,3", 3, "stands twice"),
        ] {
            let error = read(&format!("{head}{row}\n"), Some(1)).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.to_string().contains(told), "{error}");
        }
        assert!(read("a,b\n1,2\n", Some(1)).unwrap_err().what.contains("no header"));
        assert!(read(head, None).unwrap_err().what.contains("--cash"));
    }
}
