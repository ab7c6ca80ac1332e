//! Writes events as they come, and what the day came to.

use std::io;

use chrono::{DateTime, Utc};

use crate::engine::{Recorded, RunState};

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// How much of it. JSON always has everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verbosity {
    /// Without the rounds of monitoring loops, queueing and progress.
    #[default]
    Normal,
    /// Everything.
    Verbose,
}

/// Writes a run to a stream.
#[derive(Debug)]
pub struct Reporter<W> {
    out: W,
    format: Format,
    verbosity: Verbosity,
}

impl<W: io::Write> Reporter<W> {
    /// Nothing is written yet.
    pub const fn new(out: W, format: Format, verbosity: Verbosity) -> Self {
        Self { out, format, verbosity }
    }

    /// Writes one event. `run` is the state after it.
    ///
    /// # Errors
    ///
    /// Whatever the stream says.
    pub fn event(&mut self, _run: &RunState, _recorded: &Recorded) -> io::Result<()> {
        todo!()
    }

    /// Writes what the day came to, and flushes.
    ///
    /// # Errors
    ///
    /// Whatever the stream says.
    pub fn close(&mut self, _run: &RunState, _at: DateTime<Utc>) -> io::Result<()> {
        let _ = (&self.format, &self.verbosity);
        self.out.flush()
    }
}
