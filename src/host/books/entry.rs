//! What the record of books holds: a day that opened, a day that closed, an operator's change.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use desk::trading::desk_book::DeskBook;
use planning::plan::RunMode;

/// The account whose book it is. Books of different modes never mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum BookMode {
    Sim,
    Paper,
}

impl BookMode {
    /// Returns the mode of a run's book; none for a mode that has no book here.
    pub(crate) const fn of_run(mode: RunMode) -> Option<Self> {
        match mode {
            RunMode::Sim => Some(Self::Sim),
            RunMode::Paper => Some(Self::Paper),
            RunMode::Live | RunMode::Dry | RunMode::Replay => None,
        }
    }

    /// Returns the word of the mode.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Sim => "SIM",
            Self::Paper => "PAPER",
        }
    }
}

/// One entry of the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum BookEntry {
    /// A run opened with a book.
    Opened {
        run: String,
        mode: BookMode,
        date: NaiveDate,
        at: DateTime<Utc>,
        /// Hash of the entry whose book it is; none for a file, or the demo desk's book.
        #[serde(default)]
        rests_on: Option<String>,
        /// The same in words.
        rests_on_text: String,
        /// The book, if it was one of shares.
        #[serde(default)]
        book: Option<DeskBook>,
    },
    /// The book after a run.
    Closed {
        run: String,
        mode: BookMode,
        date: NaiveDate,
        at: DateTime<Utc>,
        /// False if the run had not ended, and the book was worked out from its desk's facts later.
        ended: bool,
        /// Number of fills of the run.
        fills: usize,
        book: DeskBook,
    },
    /// An operator brought a book from a file.
    Imported {
        mode: BookMode,
        at: DateTime<Utc>,
        by: String,
        reason: String,
        from: String,
        book: DeskBook,
    },
    /// An operator changed the book.
    Adjusted {
        mode: BookMode,
        at: DateTime<Utc>,
        by: String,
        reason: String,
        change: String,
        book: DeskBook,
    },
}

impl BookEntry {
    /// Returns the account.
    pub(crate) const fn mode(&self) -> BookMode {
        match self {
            Self::Opened { mode, .. }
            | Self::Closed { mode, .. }
            | Self::Imported { mode, .. }
            | Self::Adjusted { mode, .. } => *mode,
        }
    }

    /// Returns the book with which a later day may open.
    pub(crate) const fn standing_book(&self) -> Option<&DeskBook> {
        match self {
            Self::Opened { .. } => None,
            Self::Closed { book, .. }
            | Self::Imported { book, .. }
            | Self::Adjusted { book, .. } => Some(book),
        }
    }

    /// Returns what a book rests on, in words.
    pub(crate) fn origin_text(&self) -> String {
        match self {
            Self::Opened { run, .. } => format!("the opening of {run}"),
            Self::Closed { run, date, ended: true, .. } => format!("run {run} of {date}"),
            Self::Closed { run, date, ended: false, .. } => {
                format!("run {run} of {date}, which had not ended")
            }
            Self::Imported { by, from, at, .. } => {
                format!("`{from}`, imported by {by} on {}", at.date_naive())
            }
            Self::Adjusted { by, change, at, .. } => {
                format!("the change {change} by {by} on {}", at.date_naive())
            }
        }
    }
}
