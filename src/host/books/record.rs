//! The record of books of a state folder, read and extended.

use std::{io, path::Path};

use chrono::NaiveDate;

use super::{BookEntry, BookMode};
use desk::trading::opening_book::BookError;
use store::{BookLog, StoreError};

/// Why the books of a desk cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BooksError {
    /// The record cannot be read or written.
    #[error("the record of books cannot be used")]
    Record(#[source] io::Error),
    /// An entry is of a later version.
    #[error("entry {seq} of the record of books cannot be read; update the program")]
    Entry { seq: u64, source: serde_json::Error },
    /// The file of a book cannot be read.
    #[error("cannot read the book `{file}`")]
    Read { file: String, source: io::Error },
    /// The file of a book has problems, all of them.
    #[error("the book `{file}` cannot be used\n{problems}")]
    File { file: String, problems: String },
    /// The demo desk's book.
    #[error("the demo desk's book cannot be used")]
    Demo(#[source] BookError),
    /// A book cannot be worked out from the facts of its run.
    #[error(
        "the book after run {run} cannot be worked out: {cause}; correct that, or bring a book of \
         your own with `bellwether book import`"
    )]
    Settle { run: String, cause: String },
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] StoreError),
}

/// An entry with its number and hash.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RecordedBook {
    pub(crate) seq: u64,
    pub(crate) hash: String,
    pub(crate) entry: BookEntry,
}

impl RecordedBook {
    /// Returns what a book that opens with this one rests on: words and hash.
    pub(crate) fn rests_on_text(&self) -> String {
        let hash: String = self.hash.chars().take(12).collect();
        format!("{} (entry {}, {hash})", self.entry.origin_text(), self.seq)
    }
}

/// The record of books.
#[derive(Debug)]
pub(crate) struct BookRecord {
    log: BookLog,
    entries: Vec<RecordedBook>,
}

impl BookRecord {
    /// Reads the record of a state folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, BooksError> {
        let log = BookLog::in_folder(folder);
        let read = |found: store::BookLogEntry| -> Result<RecordedBook, BooksError> {
            let seq = found.seq;
            let entry = serde_json::from_value(found.entry)
                .map_err(|source| BooksError::Entry { seq, source })?;
            Ok(RecordedBook { seq, hash: found.hash, entry })
        };
        let entries = log.read().map_err(BooksError::Record)?.into_iter().map(read);
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { log, entries })
    }

    /// Writes an entry, synced to disk.
    pub(crate) fn append(&mut self, entry: BookEntry) -> Result<&RecordedBook, BooksError> {
        let value = serde_json::to_value(&entry)
            .map_err(|error| BooksError::Record(io::Error::other(error)))?;
        let added = self.log.append(value).map_err(BooksError::Record)?;
        let at = self.entries.len();
        self.entries.push(RecordedBook { seq: added.seq, hash: added.hash, entry });
        Ok(&self.entries[at])
    }

    /// Returns all entries, oldest first.
    pub(crate) fn entries(&self) -> &[RecordedBook] {
        &self.entries
    }

    /// Returns the book that was recorded last.
    pub(crate) fn last(&self, mode: BookMode) -> Option<&RecordedBook> {
        self.standing(mode).last()
    }

    /// Returns the book with which a day opens. In PAPER it is the last one: a second run of a day
    /// goes on with the positions of the first. A simulated day can be repeated, so it opens with
    /// the last book of an earlier day.
    pub(crate) fn for_day(&self, mode: BookMode, date: NaiveDate) -> Option<&RecordedBook> {
        match mode {
            BookMode::Paper => self.last(mode),
            BookMode::Sim => {
                let as_of = |found: &&RecordedBook| {
                    found.entry.standing_book().map(|book| book.as_of).filter(|day| *day < date)
                };
                let earlier = self.standing(mode).filter(|found| as_of(found).is_some());
                earlier.max_by_key(|found| (as_of(found), found.seq))
            }
        }
    }

    fn standing(&self, mode: BookMode) -> impl Iterator<Item = &RecordedBook> {
        let own = move |found: &&RecordedBook| {
            found.entry.mode() == mode && found.entry.standing_book().is_some()
        };
        self.entries.iter().filter(own)
    }

    /// Returns the opening of a run whose book after it is not recorded.
    pub(crate) fn unclosed(&self, run: &str) -> Option<&RecordedBook> {
        let of_run = |found: &&RecordedBook| match &found.entry {
            BookEntry::Opened { run: name, .. } | BookEntry::Closed { run: name, .. } => {
                name == run
            }
            BookEntry::Imported { .. } | BookEntry::Adjusted { .. } => false,
        };
        let last = self.entries.iter().rev().find(of_run)?;
        matches!(last.entry, BookEntry::Opened { .. }).then_some(last)
    }

    /// Returns the last run of an account whose book is not recorded; none if an operator has
    /// brought or changed the book since it opened.
    pub(crate) fn unsettled(&self, mode: BookMode) -> Option<&str> {
        let own = self.entries.iter().rev().filter(|found| found.entry.mode() == mode);
        match own.map(|found| &found.entry).next() {
            Some(BookEntry::Opened { run, .. }) => Some(run),
            _ => None,
        }
    }
}
