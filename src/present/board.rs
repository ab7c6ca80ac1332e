//! The list of tasks: which order, and one row of each.

use chrono::{DateTime, Utc};

use super::{badges::Badge, filter::Filter};
use crate::{
    engine::{RunState, TaskState},
    id::{AgentId, StageId, TaskId},
    plan::TaskIx,
};

/// How much a task wants to be looked at; sorts the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Nothing more happens without a person: failed, timed out, in doubt, missed, to be approved.
    NeedsPerson,
    /// An attempt failed, another follows.
    Retrying,
    /// At work, or being stopped.
    Running,
    /// Waits on something that ended badly, or is held.
    Blocked,
    /// Waits for a slot or a gate.
    Queued,
    /// Waits for its time or its inputs.
    Waiting,
    /// Over, and nothing to do.
    Done,
}

/// By what a board is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SortKey {
    /// By [`Rank`], then by what comes first within it.
    #[default]
    Severity,
    /// In the order of the plan.
    Plan,
    /// By name.
    Task,
    /// By agent, then severity.
    Agent,
    /// By state, in the order of [`TaskState::ALL`].
    State,
    /// Most urgent first.
    Priority,
    /// Most attempts first.
    Attempt,
    /// Started last first.
    Started,
    /// Longest in its state first.
    Age,
    /// What comes next first.
    Next,
}

/// An order of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Last first.
    pub reversed: bool,
}

/// One task as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Its place in the plan; what a cursor and a command hold on to.
    pub ix: TaskIx,
    /// Its name.
    pub id: TaskId,
    /// Its stage.
    pub stage: StageId,
    /// Its agent.
    pub agent: AgentId,
    /// Its state; glyph and word come from `words`.
    pub state: TaskState,
    /// How much it wants to be looked at.
    pub rank: Rank,
    /// Attempt of attempts, `2/3`; `0/3` before the first; `#17` for a monitoring loop's rounds.
    pub attempt: String,
    /// How long it has been in its state, or how long it took once it is done; `-` while nothing counts.
    pub age: String,
    /// Why it does not run, how far it is, or what it gave; one line.
    pub note: String,
    /// Its priority in four letters.
    pub priority: &'static str,
    /// When the last attempt started, exchange time; `-` before the first.
    pub started: String,
    /// What comes next and when: `at 14:45`, `retry in 00:04`, `limit in 02:05`; `-` if nothing does.
    pub next: String,
    /// What else is to be said.
    pub badges: Vec<Badge>,
}

/// The tasks that pass a filter, in order, without their rows: cheap enough for 100,000 tasks.
#[must_use]
pub fn order(_run: &RunState, _at: DateTime<Utc>, _sort: Sort, _filter: &Filter) -> Vec<TaskIx> {
    todo!()
}

/// One row.
#[must_use]
pub fn row(_run: &RunState, _at: DateTime<Utc>, _ix: TaskIx) -> TaskRow {
    todo!()
}

/// All rows that pass a filter, in order.
#[must_use]
pub fn board(run: &RunState, at: DateTime<Utc>, sort: Sort, filter: &Filter) -> Vec<TaskRow> {
    order(run, at, sort, filter).into_iter().map(|ix| row(run, at, ix)).collect()
}

/// How much a task wants to be looked at.
#[must_use]
pub fn rank(_run: &RunState, _ix: TaskIx) -> Rank {
    todo!()
}
