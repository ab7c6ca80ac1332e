//! The day as a whole: its stages on a time axis, and the facts of the header.

use chrono::{DateTime, NaiveDate, Utc};

use super::words::GlyphSet;
use crate::{
    engine::{PauseMode, RunState, StageStatus},
    id::StageId,
    plan::{Mode, StageIx, TaskIx},
    time::Span,
};

/// One stage as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageRow {
    /// Its place in the plan.
    pub ix: StageIx,
    /// Its name.
    pub id: StageId,
    /// Where it stands.
    pub status: StageStatus,
    /// When its window opens, UTC.
    pub opens: DateTime<Utc>,
    /// When its window closes, UTC.
    pub closes: DateTime<Utc>,
    /// Its tasks that ended, well or badly.
    pub done: u32,
    /// Its tasks.
    pub all: u32,
    /// Its tasks that ended badly or are in doubt.
    pub bad: u32,
    /// Its tasks at work.
    pub running: u32,
    /// When it opened, UTC.
    pub started: Option<DateTime<Utc>>,
    /// When it ended, UTC.
    pub ended: Option<DateTime<Utc>>,
    /// How far from plan, with a sign: `-6m` ended early, `+1m` is late; `-` when nothing is to say.
    pub slip: String,
    /// What keeps it, if something does: `paused by ana`, `stuck 04:12`, `forced`.
    pub note: Option<String>,
}

/// All stages, in order.
#[must_use]
pub fn stages(_run: &RunState, _at: DateTime<Utc>) -> Vec<StageRow> {
    todo!()
}

/// What a cell of the time axis shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// Nothing of this row.
    Empty,
    /// No stage of the day: the gap between two windows.
    Gap,
    /// Planned, and not (yet) worked on.
    Planned,
    /// Ready, and waiting for a slot.
    Queued,
    /// At work.
    Ran,
    /// Between two attempts, or a repeated one.
    Retried,
}

impl Cell {
    /// One column.
    #[must_use]
    pub const fn glyph(self, set: GlyphSet) -> &'static str {
        let (utf8, ascii) = match self {
            Self::Empty | Self::Gap => (" ", " "),
            Self::Planned => ("░", "."),
            Self::Queued => ("▒", "o"),
            Self::Ran => ("█", "#"),
            Self::Retried => ("▓", "~"),
        };
        match set {
            GlyphSet::Utf8 => utf8,
            GlyphSet::Ascii => ascii,
        }
    }
}

/// A time axis of so many columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    width: u16,
}

impl Timeline {
    /// The whole day: from the full hour (exchange time) before the first window to the one after the last.
    #[must_use]
    pub fn of_day(_run: &RunState, _width: u16) -> Self {
        todo!()
    }

    /// From one moment to a later one.
    #[must_use]
    pub const fn between(from: DateTime<Utc>, to: DateTime<Utc>, width: u16) -> Self {
        Self { from, to, width }
    }

    /// First moment shown, first moment no longer shown, columns.
    #[must_use]
    pub const fn bounds(&self) -> (DateTime<Utc>, DateTime<Utc>, u16) {
        (self.from, self.to, self.width)
    }

    /// The column of a moment, if it is shown.
    #[must_use]
    pub fn column(&self, _at: DateTime<Utc>) -> Option<u16> {
        todo!()
    }

    /// The first moment of a column.
    #[must_use]
    pub fn moment(&self, _column: u16) -> DateTime<Utc> {
        todo!()
    }

    /// Columns and labels of the hours (`06`, `07`, …), thinned so that they do not touch.
    #[must_use]
    pub fn hours(&self) -> Vec<(u16, String)> {
        todo!()
    }

    /// The cells of a stage.
    #[must_use]
    pub fn stage(&self, _run: &RunState, _ix: StageIx, _at: DateTime<Utc>) -> Vec<Cell> {
        todo!()
    }

    /// The cells of a task.
    #[must_use]
    pub fn task(&self, _run: &RunState, _ix: TaskIx, _at: DateTime<Utc>) -> Vec<Cell> {
        todo!()
    }
}

/// What comes next on the day's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundary {
    /// What: `intraday opens`, `post_market closes`.
    pub what: String,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// In how long.
    pub within: Span,
}

/// The facts every screen has on top.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// SIM, PAPER, LIVE, DRY or REPLAY.
    pub mode: Mode,
    /// The run's name.
    pub run: String,
    /// The workflow's name.
    pub workflow: String,
    /// Trading date.
    pub date: NaiveDate,
    /// What kind of day, in words.
    pub day: String,
    /// Overlays that apply.
    pub overlays: Vec<String>,
    /// RUNNING, COMPLETED, COMPLETED_WITH_ISSUES, FAILED, CANCELLED.
    pub status: &'static str,
    /// The time of day, exchange time.
    pub clock: String,
    /// The stages that are open, in order.
    pub stages: Vec<StageId>,
    /// What comes next.
    pub next: Option<Boundary>,
    /// The strongest closed gate of the engine: its mode.
    pub pause: Option<PauseMode>,
    /// All closed gates in words: `PAUSED by ana 04:12 (CRITICAL exempt)`, `HALTED by …`.
    pub gates: Vec<String>,
    /// Slots in use.
    pub slots: u32,
    /// Slots for all tasks.
    pub slots_max: u32,
    /// Agents that are HEALTHY.
    pub agents_healthy: usize,
    /// Agents.
    pub agents: usize,
    /// How many tasks are in each state, in the order of `TaskState::ALL`.
    pub counts: [u32; 14],
    /// Tasks that ended, well or badly.
    pub done: u32,
    /// Tasks.
    pub all: u32,
    /// Tasks that need a person: failed, timed out, in doubt, to be approved.
    pub needs_person: u32,
}

/// The header at `at`.
#[must_use]
pub fn header(_run: &RunState, _at: DateTime<Utc>) -> Header {
    todo!()
}

/// The counts in a line, states that no task is in left out: `18+ 2> 2~ 1b 1T 7.`.
#[must_use]
pub fn counts_line(_counts: &[u32; 14], _set: GlyphSet) -> String {
    todo!()
}
