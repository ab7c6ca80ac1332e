//! `bellwether calendar`: a year, a month or a day of the exchange.

use std::io::Write;

use chrono::{Datelike as _, NaiveDate};
use clap::Args;
use serde_json::json;

use super::{CliError, Context, Exit};
use crate::present::calendar::{DayFacts, month, year};

/// Words of `bellwether calendar`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether calendar                     the month of the day that would run
  bellwether calendar 2018                a year
  bellwether calendar 2018-12             a month
  bellwether calendar 2018-12-19          a day: session, special events, how sure they are
  bellwether calendar --json 2018-12      one array with an object per day")]
pub struct CalendarArgs {
    /// A year, month or date: 2018, 2018-12 or 2018-12-19; default: the month of `--date`
    pub when: Option<String>,
    /// One JSON array with an object per day
    #[arg(long)]
    pub json: bool,
}

/// What is asked about; months count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Year(i32),
    Month(i32, u32),
    Day(NaiveDate),
}

/// Prints a piece of the calendar.
///
/// # Errors
///
/// [`CliError`] for what is no year, month or date, for years the calendar does not know, or when
/// `out` cannot be written.
pub fn run(
    args: &CalendarArgs,
    context: &Context<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let when = match &args.when {
        Some(text) => parse(text).ok_or_else(|| {
            let message = format!(
                "{} is no year, month or date: write 2018, 2018-12 or 2018-12-19",
                crate::yaml::shown(text)
            );
            CliError::new(Exit::Usage, message)
        })?,
        None => {
            let date = context.config()?.day.date;
            When::Month(date.year(), date.month())
        }
    };
    if args.json {
        let facts: Result<Vec<_>, _> = dates(when).map(DayFacts::of).collect();
        writeln!(out, "{:#}", json!(facts.map_err(unknown)?))?;
    } else {
        for line in text(when)? {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(Exit::Good)
}

fn parse(text: &str) -> Option<When> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(When::Day(date));
    }
    let first = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    match text.split_once('-') {
        Some(_) => first(&format!("{text}-01")).map(|d| When::Month(d.year(), d.month())),
        None => first(&format!("{text}-01-01")).map(|d| When::Year(d.year())),
    }
}

/// The days of a piece, in order.
fn dates(when: When) -> impl Iterator<Item = NaiveDate> {
    let first = match when {
        When::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
        When::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1),
        When::Day(date) => Some(date),
    };
    let within = move |date: &NaiveDate| match when {
        When::Year(year) => date.year() == year,
        When::Month(year, month) => (date.year(), date.month()) == (year, month),
        When::Day(only) => *date == only,
    };
    first.into_iter().flat_map(|date| date.iter_days()).take_while(within)
}

fn text(when: When) -> Result<Vec<String>, CliError> {
    match when {
        When::Year(of) => year(of).map_err(unknown),
        When::Month(of, number) => month(of, number).map_err(unknown),
        When::Day(date) => {
            let facts = DayFacts::of(date).map_err(unknown)?;
            let head = date.format("%Y-%m-%d %A");
            let hours = facts.open_et.zip(facts.close_et).map_or_else(
                || "closed".into(),
                |(open, close)| {
                    format!("{} to {} Eastern", open.format("%H:%M"), close.format("%H:%M"))
                },
            );
            let notes = facts.notes();
            let notes = notes.into_iter().map(|note| format!("  {note}"));
            Ok([format!("{head}: {hours}")].into_iter().chain(notes).collect())
        }
    }
}

fn unknown(error: impl std::error::Error) -> CliError {
    CliError::new(Exit::Usage, error.to_string())
}
