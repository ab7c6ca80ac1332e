//! Settling runs that opened with a book and whose book after them is not recorded: a program that
//! was killed leaves them.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{BookEntry, BookRecord, BooksError};
use crate::host::{
    days::DayFactory, desk_backing::desk_backing, orchestration_controller::desk_opening,
};
use desk::{
    agents::{Holdings, open_desk},
    trading::desk_book::DeskBook,
};
use planning::plan::RunMode;
use store::{JournalReader, RunSummary, Store};

/// Records the book after every run of the mode that is over or was left, but for the one that is
/// about to go on; returns a line for each. The book follows from the facts of the run's desk.
pub(crate) fn settle_runs(
    (days, store): (&DayFactory, &Store),
    mode: RunMode,
    now: DateTime<Utc>,
) -> Result<Vec<String>, BooksError> {
    let Some(own) = super::carries(&days.config, mode) else { return Ok(Vec::new()) };
    let folder = &days.config.places.state;
    let mut record = BookRecord::read(folder)?;
    let last_change = record.entries().iter().rev().find(|found| {
        let change = matches!(found.entry, BookEntry::Imported { .. } | BookEntry::Adjusted { .. });
        change && found.entry.mode() == own
    });
    // A book that an operator brought later holds, whatever became of earlier runs.
    let since = last_change.map_or(0, |found| found.seq);
    let open: Vec<BookEntry> = record
        .entries()
        .iter()
        .filter(|found| found.seq > since && found.entry.mode() == own)
        .filter_map(|found| match &found.entry {
            BookEntry::Opened { run, .. } => {
                record.unclosed(run).filter(|last| last.seq == found.seq)
            }
            BookEntry::Closed { .. } | BookEntry::Imported { .. } | BookEntry::Adjusted { .. } => {
                None
            }
        })
        .map(|found| found.entry.clone())
        .collect();
    let runs = if open.is_empty() { Vec::new() } else { JournalReader::open(folder)?.runs()? };
    let mut told = Vec::new();
    for entry in open {
        let BookEntry::Opened { run, .. } = &entry else { continue };
        // A run that is not in the journal never began.
        let Some(summary) = runs.iter().find(|known| known.name == *run) else { continue };
        let closed = close_later((days, store), (&entry, mode), (summary, now))?;
        let text = format!("the book after run {run} was worked out from its desk's facts");
        record.append(closed)?;
        told.push(text);
    }
    Ok(told)
}

/// Works out the book after a run from the facts of its desk.
fn close_later(
    (days, store): (&DayFactory, &Store),
    (opened, run_mode): (&BookEntry, RunMode),
    (summary, now): (&RunSummary, DateTime<Utc>),
) -> Result<BookEntry, BooksError> {
    let BookEntry::Opened { run, mode, date, book, .. } = opened else {
        let (run, cause) = (summary.name.clone(), "it did not open with a book".into());
        return Err(BooksError::Settle { run, cause });
    };
    let wrong = |error: &dyn std::error::Error| BooksError::Settle {
        run: run.clone(),
        cause: crate::host::day::error_chain(error),
    };
    let data = days.data().for_day(*date);
    // The desk's log says what it was opened with; these are for a log without a fact.
    let holdings = book.clone().map_or_else(
        || days.opening_book(*date).map(|(book, _missing)| Holdings::Weights(book)),
        |book| Ok(Holdings::Book(book)),
    );
    let holdings = holdings.map_err(BooksError::Demo)?;
    let opening = desk_opening((*date, run_mode, summary.generation()), holdings)
        .map_err(|error| wrong(&error))?;
    let desk = open_desk(&Arc::clone(&data), opening, desk_backing(store, run))
        .map_err(|error| wrong(&error))?;
    let at = desk.session_hours().close.min(now.max(summary.last_at));
    let closed =
        DeskBook::after(book.as_ref(), &desk, (*date, at)).map_err(|error| wrong(&error))?;
    Ok(BookEntry::Closed {
        run: run.clone(),
        mode: *mode,
        date: *date,
        at,
        ended: summary.ended.as_deref().is_some_and(|how| how != "left"),
        fills: desk.fills(at).len(),
        book: closed,
    })
}
