//! An operator's changes to the book: a book taken in, and corrections with a reason.

use std::io::Write;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    CliError, Exit,
    book::{AdjustArgs, ImportArgs, standing, usd},
};
use crate::host::{
    books::{BookEntry, BookMode, BookRecord, BooksError, dated, read_book_file},
    day::{exchange_today, open_journal_writer},
    input_file::read_input_text,
};
use config::Config;
use desk::trading::{
    book_csv::parse_book_csv,
    book_file::BookFile,
    desk_book::{BookPosition, DeskBook, Lot},
    money,
    symbol::Symbol,
};
use runtime::wall_now;

/// Takes a book in.
pub(super) fn import(
    args: &ImportArgs,
    (config, mode, real_day): (&Config, BookMode, bool),
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let reason = reason(&args.reason)?;
    let name = args.file.display().to_string();
    let table = args.file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let as_of = args.as_of.unwrap_or(NaiveDate::MIN);
    let book = if table {
        let text = read_input_text(&args.file)
            .map_err(|source| BooksError::Read { file: name.clone(), source })?;
        parse_book_csv(&name, &text, (as_of, args.cash)).map_err(|error| {
            let message = format!("the book cannot be used: {error}");
            CliError::new(Exit::Usage, message)
        })?
    } else {
        match read_book_file(&args.file)? {
            BookFile::Shares(book) => {
                let as_of = args.as_of.unwrap_or(book.as_of);
                DeskBook { as_of, cash: args.cash.unwrap_or(book.cash), ..book }
            }
            BookFile::Weights(_) => {
                let message = format!(
                    "`{name}` has weights, whose shares depend on the prices of a day; write \
                     `cash` and `positions`, or open a day with it: --book {name}"
                );
                return Err(CliError::new(Exit::Usage, message));
            }
        }
    };
    let on = if real_day && mode == BookMode::Paper { exchange_today() } else { config.day.date };
    let book = dated(book, on);
    let from = name.clone();
    let (at, by) = (wall_now(), config.day.operator.clone());
    let (cash, count) = (usd(book.cash), book.positions.len());
    let entry = BookEntry::Imported { mode, at, by, reason, from, book };
    let _lock = open_journal_writer(config)?;
    write_entry(config, entry, (out, &format!("{name}: ${cash} in cash, positions: {count}")))
}

/// Corrects the book.
pub(super) fn adjust(
    args: &AdjustArgs,
    (config, mode): (&Config, BookMode),
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let reason = reason(&args.reason)?;
    // The journal's lock keeps a run from opening or closing meanwhile.
    let _lock = open_journal_writer(config)?;
    let record = BookRecord::read(&config.places.state)?;
    if let Some(run) = record.unsettled(mode) {
        let message = format!(
            "the book after run {run} is not recorded yet, so nothing was changed; the next start \
             records it, and `bellwether book import` replaces it"
        );
        return Err(CliError::new(Exit::Refused, message));
    }
    let mut book = standing(&record, mode)?.1.clone();
    let mut changes = Vec::new();
    if let Some(amount) = args.cash {
        book.cash += amount;
        book.equity = book.equity.map(|equity| equity + amount);
        book.high_water = book.high_water.map(|high| high + amount);
        book.day_start_equity = book.day_start_equity.map(|equity| equity + amount);
        changes.push(format!("cash {amount:+}"));
    }
    if let (Some(symbol), Some(qty)) = (&args.symbol, args.qty) {
        let symbol = Symbol::parse(symbol)
            .map_err(|error| CliError::new(Exit::Usage, format!("--symbol: {error}")))?;
        move_shares(&mut book, &symbol, (qty, args.price))?;
        changes.push(format!("{symbol} {qty:+}"));
    }
    if changes.is_empty() {
        let message = "nothing was changed: give --cash USD, or --symbol and --qty";
        return Err(CliError::new(Exit::Usage, message));
    }
    let change = changes.join(", ");
    let told = format!("{change}: cash is ${}", usd(book.cash));
    let (at, by) = (wall_now(), config.day.operator.clone());
    write_entry(config, BookEntry::Adjusted { mode, at, by, reason, change, book }, (out, &told))
}

/// Moves shares in or out. Out, the oldest lots go first and the cost shrinks in proportion.
fn move_shares(
    book: &mut DeskBook,
    symbol: &Symbol,
    (qty, price): (i64, Option<Decimal>),
) -> Result<(), CliError> {
    let usage = |text: String| CliError::new(Exit::Usage, text);
    let none = BookPosition { qty: 0, cost: Decimal::ZERO, lots: Vec::new(), last_price: None };
    let mut held = book.positions.get(symbol).cloned().unwrap_or(none);
    if qty == 0 {
        return Err(usage("--qty 0 changes nothing".into()));
    }
    let after = held.qty + qty;
    let value = held.last_price.or(price).map(|px| money::signed_value(qty, px));
    if held.qty.signum() * qty.signum() >= 0 {
        let Some(price) = price.filter(|usd| *usd > Decimal::ZERO) else {
            return Err(usage(format!("shares of {symbol} that come need a cost: --price USD")));
        };
        held.lots.push(Lot { date: None, qty, price });
        held.cost += money::signed_value(qty, price);
        held.last_price = held.last_price.or(Some(price));
    } else if after.signum() == -held.qty.signum() {
        let have = held.qty;
        return Err(usage(format!("the book has {have} shares of {symbol}; {qty} are too many")));
    } else {
        held.cost = held.cost * Decimal::from(after) / Decimal::from(held.qty);
        let mut left = qty.abs();
        while let Some(oldest) = held.lots.first_mut().filter(|_| left > 0) {
            let closed = left.min(oldest.qty.abs());
            oldest.qty -= oldest.qty.signum() * closed;
            left -= closed;
            if oldest.qty == 0 {
                held.lots.remove(0);
            }
        }
    }
    held.qty = after;
    // Shares that come or go are a flow and neither gain nor loss.
    let moved = |usd: Option<Decimal>| Some(usd? + value?);
    book.equity = moved(book.equity);
    book.high_water = moved(book.high_water);
    book.day_start_equity = moved(book.day_start_equity);
    if after == 0 {
        book.positions.remove(symbol);
    } else {
        book.positions.insert(symbol.clone(), held);
    }
    Ok(())
}

fn reason(given: &str) -> Result<String, CliError> {
    let given = given.trim();
    if given.is_empty() {
        let message = "the book is changed with a reason: --reason WHY";
        return Err(CliError::new(Exit::Usage, message));
    }
    Ok(given.to_owned())
}

/// Writes an entry, and tells what it is.
fn write_entry(
    config: &Config,
    entry: BookEntry,
    (out, told): (&mut dyn Write, &str),
) -> Result<Exit, CliError> {
    let mut record = BookRecord::read(&config.places.state)?;
    let added = record.append(entry)?;
    let told = view::format::sanitize(told);
    writeln!(out, "{told}; recorded as entry {}", added.seq)?;
    Ok(Exit::Success)
}
