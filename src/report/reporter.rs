//! Writes events as they come, and what the day came to.

use std::io;

use chrono::{DateTime, Utc};

use super::summary::{self, Tally};
use crate::{
    engine::{Event, Recorded, RunState},
    plan::Plan,
    present::{
        events,
        words::{self, GlyphSet},
    },
};

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
    glyphs: GlyphSet,
    tally: Tally,
}

impl<W: io::Write> Reporter<W> {
    /// Nothing is written yet.
    pub const fn new(out: W, format: Format, verbosity: Verbosity) -> Self {
        Self { out, format, verbosity, glyphs: GlyphSet::Utf8, tally: Tally::NONE }
    }

    /// The same, with other marks. Default: UTF-8.
    #[must_use]
    pub fn glyphs(self, glyphs: GlyphSet) -> Self {
        Self { glyphs, ..self }
    }

    /// Writes one event. `run` is the state after it.
    ///
    /// # Errors
    ///
    /// Whatever the stream says.
    pub fn event(&mut self, run: &RunState, recorded: &Recorded) -> io::Result<()> {
        let plan = run.plan();
        self.tally.count(&recorded.event);
        if matches!(recorded.event, Event::OperatorActed { .. }) {
            let line = events::line(recorded, plan);
            self.tally.act(format!("{} {}", words::time(line.at), line.what));
        }
        match self.format {
            Format::Json => writeln!(self.out, "{}", events::json(recorded, plan)),
            Format::Text if self.verbosity == Verbosity::Normal && quiet(recorded, plan) => Ok(()),
            Format::Text => {
                let line = events::line(recorded, plan);
                let mark = line.mark.glyph(self.glyphs);
                let time = words::time(line.at);
                writeln!(self.out, "{time} {mark} {:<20} {}", line.kind, line.what)
            }
        }
    }

    /// Writes what the day came to, and flushes. As JSON, one object with `event: "summary"`.
    ///
    /// # Errors
    ///
    /// Whatever the stream says.
    pub fn close(&mut self, run: &RunState, at: DateTime<Utc>) -> io::Result<()> {
        match self.format {
            Format::Json => writeln!(self.out, "{}", summary::json(run, &self.tally, at))?,
            Format::Text => {
                for line in summary::lines(run, &self.tally, self.glyphs, at) {
                    writeln!(self.out, "{line}")?;
                }
            }
        }
        self.out.flush()
    }

    /// The stream back.
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// Whether an event says nothing a reader of the day needs: rounds of loops, queueing, progress.
fn quiet(recorded: &Recorded, plan: &Plan) -> bool {
    match &recorded.event {
        Event::TaskQueued { .. }
        | Event::TaskUnqueued { .. }
        | Event::TaskProgress { .. }
        | Event::TaskTicked { .. } => true,
        Event::TaskStarted { task, attempt } => {
            // Of a loop the first start is told, and its end.
            *attempt > 1 && plan.task(*task).every.is_some()
        }
        _telling => false,
    }
}
