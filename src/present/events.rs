//! One event as a line for people and as an object for machines.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::words::GlyphSet;
use crate::{
    engine::{Corr, Event, Recorded, Severity, TaskState},
    plan::{AgentIx, Plan, StageIx, TaskIx},
};

/// The mark before an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// None.
    None,
    /// A task's new state.
    State(TaskState),
    /// Something somebody should look at.
    Alert,
    /// A person's act.
    Operator,
    /// The market.
    Market,
}

impl Mark {
    /// One column.
    #[must_use]
    pub const fn glyph(self, set: GlyphSet) -> &'static str {
        match self {
            Self::None => " ",
            Self::State(state) => super::words::glyph(state, set),
            Self::Alert => "!",
            Self::Operator => "@",
            Self::Market => "^",
        }
    }
}

/// One event as a line. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLine {
    /// Its number.
    pub seq: u64,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// When, exchange time with milliseconds.
    pub time: String,
    /// What kind: the specification's name, or one made like it.
    pub kind: &'static str,
    /// The mark before it.
    pub mark: Mark,
    /// What happened, in words.
    pub what: String,
    /// What it belongs to.
    pub corr: Corr,
    /// How loud.
    pub severity: Severity,
    /// The task it is about.
    pub task: Option<TaskIx>,
    /// The stage it is about, a task's own included.
    pub stage: Option<StageIx>,
    /// The agent it is about, a task's own included.
    pub agent: Option<AgentIx>,
}

/// The name of an event's kind: `TASK_STARTED`.
#[must_use]
pub const fn kind(_event: &Event) -> &'static str {
    ""
}

/// An event as a line.
#[must_use]
pub fn line(_recorded: &Recorded, _plan: &Plan) -> EventLine {
    todo!()
}

/// An event as one JSON object: `seq`, `at` (RFC 3339, UTC, milliseconds), `run`, `corr`, `event`,
/// the names of what it is about, and all its fields. Of a plan only a summary.
#[must_use]
pub fn json(_recorded: &Recorded, _plan: &Plan) -> Value {
    todo!()
}
