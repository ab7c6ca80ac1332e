//! The agents: how each is, what it works on, how long it takes.

use chrono::{DateTime, Utc};

use crate::{
    engine::{AgentHealth, RunState},
    id::AgentId,
    plan::{AgentIx, TaskIx},
    time::Span,
};

/// One agent as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// Its place in the plan.
    pub ix: AgentIx,
    /// Its name.
    pub id: AgentId,
    /// How well it is; the word comes with it.
    pub health: AgentHealth,
    /// Tasks it works on.
    pub running: u32,
    /// Tasks it may work on at once.
    pub slots: u32,
    /// Attempts that ended well.
    pub done: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Half of its last attempts were shorter.
    pub p50: Option<Span>,
    /// All but a twentieth of its last attempts were shorter.
    pub p95: Option<Span>,
    /// `closed`, `closed 2/5`, `open 00:42`, `half-open`.
    pub breaker: String,
    /// The tasks it works on.
    pub tasks: Vec<TaskIx>,
    /// What it works on, in words: `quote_refresh 1/3`, `2 tasks: …`, `idle`.
    pub now: String,
    /// What it said last when it failed, with the time.
    pub last_error: Option<String>,
    /// How long ago it last answered, `-` if it never did.
    pub answered: String,
}

/// All agents, in order of name.
#[must_use]
pub fn agents(_run: &RunState, _at: DateTime<Utc>) -> Vec<AgentRow> {
    todo!()
}
