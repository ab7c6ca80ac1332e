//! `bellwether book`: the book a day opens with, its history, and an operator's changes to it.

use std::{io::Write, path::PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use rust_decimal::Decimal;
use serde_json::json;

use super::{CliContext, CliError, Exit, book_change};
use crate::host::{
    ControllerError,
    books::{BookEntry, BookMode, BookRecord, BooksError, RecordedBook},
    day::TODAY,
};
use config::Config;
use desk::trading::{book_file::write_book, desk_book::DeskBook, money};
use view::format;

/// Words of `bellwether book`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether book show                                        the book of PAPER, and what it rests on
  bellwether book history --account sim                       every day: cash, equity, high-water mark
  bellwether book import positions.csv --cash 25000 --reason 'first day'
  bellwether book adjust --cash +12.34 --reason 'interest of May'
  bellwether book export --to book.yaml

PAPER opens each day with the book of the evening before, SIM with `--book carry`. The accounts PAPER
and SIM never mix. `docs/book.md` describes the files.")]
pub struct BookArgs {
    #[command(subcommand)]
    command: BookCommand,
}

/// The account whose book is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Account {
    Sim,
    Paper,
}

/// Words of every subcommand of `bellwether book`.
#[derive(Debug, Clone, Args)]
struct AccountArgs {
    /// The account
    #[arg(long, value_enum, default_value = "paper")]
    account: Account,
}

/// Subcommands of `bellwether book`.
#[derive(Debug, Clone, Subcommand)]
enum BookCommand {
    /// Show the book with which the next day opens, and what it rests on
    #[command(after_help = "Examples:\n  bellwether book show --account sim")]
    Show {
        #[command(flatten)]
        account: AccountArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the recorded books, oldest first
    #[command(after_help = "Examples:\n  bellwether book history --account sim")]
    History {
        #[command(flatten)]
        account: AccountArgs,
        /// Print one JSON object per entry
        #[arg(long)]
        json: bool,
    },
    /// Write the book as YAML, which `--book FILE` and `book import` read
    #[command(after_help = "Examples:\n  bellwether book export --to book.yaml")]
    Export {
        #[command(flatten)]
        account: AccountArgs,
        /// The file; default: the standard output
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Take in a book: YAML, or a broker's CSV of positions; the next day opens with it
    #[command(after_help = "\
Examples:
  bellwether book import book.yaml --reason 'first day'
  bellwether book import positions.csv --cash 25000 --as-of 2025-06-02 --reason 'from the broker'")]
    Import(ImportArgs),
    /// Correct the book: cash, or the shares of a position; with a reason
    #[command(after_help = "\
Examples:
  bellwether book adjust --cash +12.34 --reason 'interest of May'
  bellwether book adjust --symbol AAPL --qty -5 --reason 'transferred out'
  bellwether book adjust --symbol MSFT --qty +5 --price 461.97 --reason 'transferred in'")]
    Adjust(AdjustArgs),
}

/// Words of `bellwether book import`.
#[derive(Debug, Clone, Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// The file
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Cash in USD of a broker's table that does not have it
    #[arg(long, value_name = "USD", allow_hyphen_values = true)]
    pub(super) cash: Option<Decimal>,
    /// The day after whose close the book stood so; default: the file's, else the last session
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<NaiveDate>,
    /// Why, for the record
    #[arg(long, short)]
    pub(super) reason: String,
}

/// Words of `bellwether book adjust`.
#[derive(Debug, Clone, Args)]
pub(super) struct AdjustArgs {
    #[command(flatten)]
    account: AccountArgs,
    /// USD that come (+) or go (-)
    #[arg(long, value_name = "USD", allow_hyphen_values = true)]
    pub(super) cash: Option<Decimal>,
    /// The position whose shares change
    #[arg(long, requires = "qty")]
    pub(super) symbol: Option<String>,
    /// Shares that come (+) or go (-); no cash moves with them
    #[arg(long, requires = "symbol", allow_hyphen_values = true)]
    pub(super) qty: Option<i64>,
    /// Cost in USD of each share that comes
    #[arg(long, value_name = "USD")]
    pub(super) price: Option<Decimal>,
    /// Why, for the record
    #[arg(long, short)]
    pub(super) reason: String,
}

impl From<&AccountArgs> for BookMode {
    fn from(args: &AccountArgs) -> Self {
        match args.account {
            Account::Sim => Self::Sim,
            Account::Paper => Self::Paper,
        }
    }
}

impl From<BooksError> for CliError {
    fn from(error: BooksError) -> Self {
        ControllerError::from(error).into()
    }
}

/// Does what the words say.
///
/// # Errors
///
/// [`CliError`] for a record or file that cannot be read or written, and for a change that is refused.
pub fn run(
    args: &BookArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    match &args.command {
        BookCommand::Show { account, json } => show(&config, account.into(), *json, out),
        BookCommand::History { account, json } => history(&config, account.into(), *json, out),
        BookCommand::Export { account, to } => {
            let record = BookRecord::read(&config.places.state)?;
            let (_found, book) = standing(&record, account.into())?;
            let text = write_book(book);
            match to {
                None => out.write_all(text.as_bytes())?,
                Some(file) => {
                    std::fs::write(file, text).map_err(|error| {
                        let shown = file.display();
                        CliError::new(Exit::Internal, format!("cannot write {shown}: {error}"))
                    })?;
                    writeln!(out, "the book is in {}", file.display())?;
                }
            }
            Ok(Exit::Success)
        }
        BookCommand::Import(args) => {
            let real_day = context.settings.day.date.as_deref().is_none_or(|date| date == TODAY);
            let mode = (&args.account).into();
            book_change::import(args, (&config, mode, real_day), out)
        }
        BookCommand::Adjust(args) => {
            book_change::adjust(args, (&config, (&args.account).into()), out)
        }
    }
}

/// Returns the book that the next day opens with.
pub(super) fn standing(
    record: &BookRecord,
    mode: BookMode,
) -> Result<(&RecordedBook, &DeskBook), CliError> {
    let found = record.last(mode);
    found.and_then(|found| Some((found, found.entry.standing_book()?))).ok_or_else(|| {
        let mode = mode.as_str();
        let how = "run a day that carries its book, or bring one with `bellwether book import`";
        CliError::new(Exit::Failed, format!("no book of {mode} is recorded yet; {how}"))
    })
}

fn show(
    config: &Config,
    mode: BookMode,
    json: bool,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let record = BookRecord::read(&config.places.state)?;
    let (found, book) = standing(&record, mode)?;
    if json {
        let value = json!({
            "mode": mode.as_str(), "entry": found.seq, "hash": found.hash,
            "rests_on": found.entry.origin_text(), "book": book,
        });
        writeln!(out, "{value:#}")?;
        return Ok(Exit::Success);
    }
    writeln!(out, "{} after the close of {}", mode.as_str(), book.as_of)?;
    writeln!(out, "rests on {}", format::sanitize(&found.rests_on_text()))?;
    if let Some(run) = record.unsettled(mode) {
        writeln!(out, "since then run {run} has opened; its book is not recorded yet")?;
    }
    writeln!(out, "cash        {:>16}", usd(book.cash))?;
    for (name, amount) in [("equity", book.equity), ("high water", book.high_water)] {
        if let Some(amount) = amount {
            writeln!(out, "{name:<11} {:>16}", usd(amount))?;
        }
    }
    for (symbol, held) in &book.positions {
        let average = held.cost.checked_div(Decimal::from(held.qty)).unwrap_or_default();
        let last = held.last_price.map_or_else(|| "unknown".into(), |price| price.to_string());
        let (lots, average) = (held.lots.len(), average.round_dp(4));
        writeln!(
            out,
            "{symbol:<8} {:>10} shares at {average:>12}, last {last:>10}, lots {lots}",
            held.qty
        )?;
    }
    Ok(Exit::Success)
}

/// Returns an amount to the cent.
pub(super) fn usd(amount: Decimal) -> String {
    format!("{:.2}", money::round_to_cents(amount))
}

fn history(
    config: &Config,
    mode: BookMode,
    json: bool,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let record = BookRecord::read(&config.places.state)?;
    for found in record.entries().iter().filter(|found| found.entry.mode() == mode) {
        if json {
            let value = json!({"entry": found.seq, "hash": found.hash, "record": found.entry});
            writeln!(out, "{value}")?;
            continue;
        }
        let Some(book) = found.entry.standing_book() else { continue };
        let equity = book.equity.map_or_else(|| "unknown".into(), usd);
        let high = book.high_water.map_or_else(|| "unknown".into(), usd);
        let origin = format::sanitize(&found.entry.origin_text()).into_owned();
        let cash = usd(book.cash);
        writeln!(
            out,
            "{:>4}  {}  cash {cash:>14}  equity {equity:>14}  high {high:>14}  {origin}",
            found.seq, book.as_of
        )?;
        if let BookEntry::Imported { reason, .. } | BookEntry::Adjusted { reason, .. } =
            &found.entry
        {
            writeln!(out, "      reason: {}", format::sanitize(reason))?;
        }
    }
    Ok(Exit::Success)
}
