//! `bellwether runs`, `events` and `export`: days of the journal, listed, told again, and as rows.

use std::{io::Write, sync::Arc};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{
    CliContext, CliError, Exit,
    run_printer::{apply_event, print_run},
};
use crate::host::day::error_chain;
use engine::RunState;
use store::{EventLocation, EventRow, JournalReader, RunSummary, StoreError, row_of_run};
use view::{
    format::GlyphSet,
    report::{OutputFormat, Reporter, Verbosity},
};

/// Words of `bellwether runs`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether runs                               every run of the journal, oldest first
  bellwether runs --json | jq '.[-1].id'        the same for a program
  bellwether --set state_dir=/var/lib/desk runs      of another state folder")]
pub struct HistoryArgs {
    /// One JSON array with an object per run
    #[arg(long)]
    pub json: bool,
}

/// Words of `bellwether events`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether events                      the last run, told as `bellwether run` told it
  bellwether events 2018-12-19           the last run of that date
  bellwether events 3 --json             run 3, a JSON object per event")]
pub struct EventsArgs {
    /// Number, date or name of the run; without it, the last one
    #[arg(value_name = "RUN", default_value = "last")]
    pub of: String,
    /// One JSON object per event
    #[arg(long)]
    pub json: bool,
}

/// Words of `bellwether export`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether export > day.ndjson                 the last run, one row of the journal per line
  bellwether export 2018-12-19 --format csv      the same as comma-separated values
  bellwether export 3 --until 812 > part.ndjson  what is whole of a run that is damaged at event 813")]
pub struct EventExportArgs {
    /// Number, date or name of the run; without it, the last one
    #[arg(value_name = "RUN", default_value = "last")]
    pub of: String,
    /// How rows are written
    #[arg(long, value_enum, default_value = "ndjson")]
    pub format: RowFormat,
    /// No further than this event, by its number: what lies behind it may be damaged
    #[arg(long, value_name = "EVENT")]
    pub until: Option<u64>,
}

/// How rows of the journal are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    /// A JSON object per line.
    Ndjson,
    /// Comma-separated values with a head line; the event's body is JSON in the last column.
    Csv,
}

/// Lists the runs.
///
/// # Errors
///
/// [`CliError`] when there is no journal, it cannot be read, or `out` cannot be written.
pub fn list_runs(
    args: &HistoryArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let runs = reader(context)?.runs()?;
    if args.json {
        let text = serde_json::to_string_pretty(&runs);
        writeln!(
            out,
            "{}",
            text.map_err(|error| CliError::new(Exit::Internal, error.to_string()))?
        )?;
    } else {
        writeln!(
            out,
            "{:>4}  {:<10}  {:<6}  {:<40}  {:>7}  END",
            "RUN", "DATE", "MODE", "NAME", "EVENTS"
        )?;
        for RunSummary { id, date, mode, name, events, ended, kept, .. } in runs {
            let end = ended.unwrap_or_else(|| "open: left before its end, or still running".into());
            let end = match kept {
                EventLocation::Journal => end,
                EventLocation::Archive => format!("{end}, archived"),
                EventLocation::Gone => format!("{end}, events no longer kept"),
            };
            writeln!(out, "{id:>4}  {date:<10}  {mode:<6}  {name:<40}  {events:>7}  {end}")?;
        }
    }
    out.flush()?;
    Ok(Exit::Success)
}

/// Tells a run again; events of a kind that this program does not know as what they are called.
///
/// # Errors
///
/// [`CliError`] when there is no such run, it is damaged, or `out` cannot be written.
pub fn events(
    args: &EventsArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let (run, entries) = entries(context, &args.of, None)?;
    let head = row_of_run(&reader(context)?, run.id)?.map(|row| row.head);
    let format = if args.json { OutputFormat::Json } else { OutputFormat::Text };
    let mut reporter =
        Reporter::new(&mut *out, format, Verbosity::Verbose).with_glyphs(GlyphSet::Utf8);
    let read: Vec<_> = entries.iter().map(|entry| entry.to_recorded().map(Arc::new)).collect();
    if read.iter().all(Result::is_ok) {
        print_run(read.into_iter().flatten(), reporter, head)?;
        return Ok(Exit::Success);
    }
    // What follows an event that nobody here understands is told, but what it comes to is not known: nothing is folded
    // from there on, and no summary is given.
    let mut run: Option<RunState> = None;
    let mut folds = true;
    for (entry, read) in entries.iter().zip(&read) {
        folds &= read.is_ok();
        if let Ok(recorded) = read {
            if folds {
                apply_event(&mut run, recorded)?;
            }
            if let Some(run) = &run {
                reporter.event(run, recorded)?;
            }
        } else {
            reporter.write_unknown_event((entry.seq, entry.at), &entry.kind, &entry.body)?;
        }
    }
    reporter.into_inner().flush()?;
    Ok(Exit::Success)
}

/// Writes a run's rows as they are, of kinds that this program knows and of others.
///
/// # Errors
///
/// [`CliError`] when there is no such run, it is damaged, or `out` cannot be written.
pub fn export_events(
    args: &EventExportArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let (run, entries) = entries(context, &args.of, args.until)?;
    match args.format {
        RowFormat::Ndjson => {
            for EventRow { seq, at, corr, kind, body } in &entries {
                let body: Value = serde_json::from_str(body).map_err(|error| {
                    CliError::new(Exit::Failed, format!("event {seq}: {error}"))
                })?;
                let row = json!({
                    "run": run.id, "seq": seq, "at": at, "corr": corr, "kind": kind, "event": body,
                });
                writeln!(out, "{row}")?;
            }
        }
        RowFormat::Csv => {
            let mut rows = csv::Writer::from_writer(&mut *out);
            let wrong = |error: csv::Error| CliError::from(std::io::Error::from(error));
            rows.write_record(["run", "seq", "at", "corr", "kind", "event"]).map_err(wrong)?;
            for EventRow { seq, at, corr, kind, body } in &entries {
                let row =
                    [run.id.to_string(), seq.to_string(), at.to_rfc3339(), corr.0.to_string()];
                let row = row.iter().map(String::as_str).chain([kind.as_str(), body.as_str()]);
                rows.write_record(row).map_err(wrong)?;
            }
            rows.flush()?;
        }
    }
    out.flush()?;
    Ok(Exit::Success)
}

fn reader(context: &CliContext<'_>) -> Result<JournalReader, CliError> {
    Ok(JournalReader::open(&context.config()?.places.state)?)
}

fn entries(
    context: &CliContext<'_>,
    asked: &str,
    until: Option<u64>,
) -> Result<(RunSummary, Vec<EventRow>), CliError> {
    let reader = reader(context)?;
    let run = reader.find_run(asked)?;
    let entries = match until {
        None => reader.events(run.id)?,
        Some(last) => reader.events_until(run.id, last)?,
    };
    Ok((run, entries))
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let exit = match error {
            StoreError::NoJournal { .. } | StoreError::NoRun(_) | StoreError::Gone { .. } => {
                Exit::Usage
            }
            StoreError::InUse { .. }
            | StoreError::SupersededWriter { .. }
            | StoreError::NewerVersion { .. }
            | StoreError::NotAJournal { .. } => Exit::Refused,
            StoreError::Folder { .. }
            | StoreError::Displaced { .. }
            | StoreError::Emptied { .. }
            | StoreError::Damaged { .. }
            | StoreError::Archive { .. }
            | StoreError::DamagedFact { .. }
            | StoreError::Unknown { .. }
            | StoreError::Trail { .. }
            | StoreError::Database { .. } => Exit::Failed,
        };
        Self::new(exit, error_chain(&error))
    }
}
