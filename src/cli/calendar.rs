//! `bellwether calendar`: a year, a month or a day of the exchange.

use std::io::Write;

use chrono::{Datelike as _, NaiveDate};
use clap::{Args, Subcommand};
use serde_json::json;

use super::{CliContext, CliError, Exit};
use crate::host::DayFactory;
use planning::plan::RunMode;
use view::{
    calendar::{CalendarDayFacts, month_page, year_page},
    explain::explain_plan,
};

/// Words of `bellwether calendar`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether calendar                     the month of the day that would run
  bellwether calendar 2018                a year
  bellwether calendar 2018-12             a month
  bellwether calendar 2018-12-19          a day: session, special events, how sure they are
  bellwether calendar --json 2018-12      one array with an object per day
  bellwether calendar explain 2018-12-19  which rule put each task, window and limit there")]
#[command(args_conflicts_with_subcommands = true)]
pub struct CalendarArgs {
    /// A year, month or date: 2018, 2018-12 or 2018-12-19; default: the month of `--date`
    pub when: Option<String>,
    /// One JSON array with an object per day
    #[arg(long)]
    pub json: bool,
    /// Another question about a day.
    #[command(subcommand)]
    pub command: Option<CalendarCommand>,
}

/// Other questions about a day.
#[derive(Debug, Clone, Subcommand)]
pub enum CalendarCommand {
    /// Say which rule put each task, window and limit into a day, and what differs from a normal one
    Explain(ExplainArgs),
}

/// Words of `bellwether calendar explain`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether calendar explain 2018-12-24         a half day
  bellwether calendar explain                    the day that would run
  bellwether calendar explain 2018-12-19 --json  the same for a program")]
pub struct ExplainArgs {
    /// A date, as 2018-12-19; default: `--date`
    #[arg(value_name = "DATE")]
    pub of: Option<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// What is asked about; months count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CalendarPeriod {
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
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    if let Some(CalendarCommand::Explain(args)) = &args.command {
        return explained(args, context, out);
    }
    let when = if let Some(text) = &args.when {
        parse(text).ok_or_else(|| {
            let message = format!(
                "{} is no year, month or date: write 2018, 2018-12 or 2018-12-19",
                diag::quote(text)
            );
            CliError::new(Exit::Usage, message)
        })?
    } else {
        let date = context.config()?.day.date;
        CalendarPeriod::Month(date.year(), date.month())
    };
    if args.json {
        let facts: Result<Vec<_>, _> = dates(when).map(CalendarDayFacts::for_date).collect();
        writeln!(out, "{:#}", json!(facts.map_err(unknown)?))?;
    } else {
        for line in text(when)? {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(Exit::Success)
}

fn explained(
    args: &ExplainArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let date = match &args.of {
        None => config.day.date,
        Some(text) => text.parse().map_err(|_unparsable| {
            let message = format!("{} is no date: write 2018-12-19", diag::quote(text));
            CliError::new(Exit::Usage, message)
        })?,
    };
    let days = DayFactory::with_embedded(config, context.embedded)?;
    let (plan, _applied) = days.day_plan(date, RunMode::Dry, 1, &[])?;
    let explanation = explain_plan(&plan);
    if args.json {
        writeln!(out, "{:#}", json!(explanation))?;
    } else {
        let remark = days.remark_on(date);
        for row in explanation.rows().into_iter().chain(remark) {
            writeln!(out, "{row}")?;
        }
    }
    out.flush()?;
    Ok(Exit::Success)
}

fn parse(text: &str) -> Option<CalendarPeriod> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(CalendarPeriod::Day(date));
    }
    let first = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    match text.split_once('-') {
        Some(_) => first(&format!("{text}-01")).map(|d| CalendarPeriod::Month(d.year(), d.month())),
        None => first(&format!("{text}-01-01")).map(|d| CalendarPeriod::Year(d.year())),
    }
}

/// The days of a piece, in order.
fn dates(when: CalendarPeriod) -> impl Iterator<Item = NaiveDate> {
    let first = match when {
        CalendarPeriod::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
        CalendarPeriod::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1),
        CalendarPeriod::Day(date) => Some(date),
    };
    let within = move |date: &NaiveDate| match when {
        CalendarPeriod::Year(year) => date.year() == year,
        CalendarPeriod::Month(year, month) => (date.year(), date.month()) == (year, month),
        CalendarPeriod::Day(only) => *date == only,
    };
    first.into_iter().flat_map(|date| date.iter_days()).take_while(within)
}

fn text(when: CalendarPeriod) -> Result<Vec<String>, CliError> {
    match when {
        CalendarPeriod::Year(of) => year_page(of).map_err(unknown),
        CalendarPeriod::Month(of, number) => month_page(of, number).map_err(unknown),
        CalendarPeriod::Day(date) => {
            let facts = CalendarDayFacts::for_date(date).map_err(unknown)?;
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
