//! Notes of an agent on an attempt, while it works on it.

use std::{fmt, sync::Arc};

/// A note of an agent on the attempt it works on.
#[derive(Debug, Clone, PartialEq)]
pub enum AttemptNote {
    /// How much is done.
    Progress {
        /// In percent, at most 100.
        percent: u8,
        /// In words; may be empty.
        text: String,
    },
    /// A line of the attempt's log.
    Log {
        /// `debug`, `info`, `warning` or `error`, as the agent writes it; may be empty.
        level: String,
        /// The line.
        text: String,
    },
    /// Use of a model.
    Usage {
        /// Tokens sent to it.
        tokens_in: u64,
        /// Tokens it sent.
        tokens_out: u64,
        /// Its price in US dollars.
        usd: f64,
    },
    /// A line of the error output of the agent's process.
    ErrorOutput(String),
    /// A line of its standard output that is no message.
    Stray(String),
}

/// Takes one note.
type NoteTaker = dyn Fn(AttemptNote) + Send + Sync;

/// Takes the notes of an attempt: they are kept in its log, and its progress is shown. Notes on an
/// attempt that nobody follows are dropped.
#[derive(Clone, Default)]
pub struct AttemptNotes(Option<Arc<NoteTaker>>);

impl fmt::Debug for AttemptNotes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "AttemptNotes(kept)" } else { "AttemptNotes(dropped)" })
    }
}

impl AttemptNotes {
    /// Creates notes that `take` receives. It must not wait.
    #[must_use]
    pub fn new(take: impl Fn(AttemptNote) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(take)))
    }

    /// Adds a note.
    pub fn add(&self, note: AttemptNote) {
        if let Some(take) = &self.0 {
            take(note);
        }
    }

    /// Reports progress.
    pub fn progress(&self, percent: u8, text: impl Into<String>) {
        self.add(AttemptNote::Progress { percent: percent.min(100), text: text.into() });
    }

    /// Adds a line to the attempt's log.
    pub fn log(&self, text: impl Into<String>) {
        self.add(AttemptNote::Log { level: "info".into(), text: text.into() });
    }
}
