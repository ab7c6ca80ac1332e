//! Records the book of a run: when it opens, and when it has ended.

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};

use super::{BookEntry, BookMode, BookRecord, BooksError, OpeningBook};
use desk::trading::{desk::Desk, desk_book::DeskBook};
use engine::RunState;

/// Keeps the book of a run whose book is carried to the next day.
#[derive(Debug, Clone)]
pub(crate) struct BookKeeper {
    pub(crate) folder: PathBuf,
    pub(crate) mode: BookMode,
    pub(crate) date: NaiveDate,
}

impl BookKeeper {
    /// Records what a run opens with, before its desk does.
    pub(crate) fn record_opening(
        &self,
        run: &str,
        opening: &OpeningBook,
        at: DateTime<Utc>,
    ) -> Result<(), BooksError> {
        let mut record = BookRecord::read(&self.folder)?;
        record.append(BookEntry::Opened {
            run: run.to_owned(),
            mode: self.mode,
            date: self.date,
            at,
            rests_on: opening.rests_on.clone(),
            rests_on_text: opening.rests_on_text.clone(),
            book: opening.shares(),
        })?;
        Ok(())
    }

    /// Records the book after a run that has ended, once; a run that opened without a carried book
    /// has none.
    pub(crate) fn record_close(
        &self,
        state: &RunState,
        desk: &Arc<Desk>,
    ) -> Result<Option<String>, BooksError> {
        let run = state.plan().run.clone();
        let mut record = BookRecord::read(&self.folder)?;
        let Some(BookEntry::Opened { book, .. }) = record.unclosed(&run).map(|found| &found.entry)
        else {
            return Ok(None);
        };
        let at = desk.session_hours().close.min(state.last_event_at());
        let closed = DeskBook::after(book.as_ref(), desk, (self.date, at))
            .map_err(|error| BooksError::Settle { run: run.clone(), cause: error.to_string() })?;
        let added = record.append(BookEntry::Closed {
            run,
            mode: self.mode,
            date: self.date,
            at,
            ended: true,
            fills: desk.fills(at).len(),
            book: closed,
        })?;
        Ok(Some(added.rests_on_text()))
    }
}
