//! Starting late: which of the four choices was taken, and what it makes of each missed task.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{command::Waiver, run_state::RunState, task_state::TaskState};
use planning::plan::{DayPlan, TaskIx};

/// What is to become of work whose window passed before the run began, or while nobody was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatchUpChoice {
    /// Catch up what the rest of the day needs and can still use, and for nothing else.
    Minimal,
    /// Catch up nothing; what does not need it goes on.
    #[serde(rename = "join")]
    None,
    /// Catch up everything that may be caught up.
    Full,
    /// Catch up nothing, and send no orders either: what watches and reports goes on.
    #[serde(rename = "skip")]
    Observe,
}

impl CatchUpChoice {
    /// All four, the least risky way to a useful day first.
    pub const ALL: [Self; 4] = [Self::Minimal, Self::None, Self::Full, Self::Observe];

    /// The word of files and of the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::None => "none",
            Self::Full => "full",
            Self::Observe => "observe",
        }
    }

    /// What it is called before a person.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Minimal => "minimal catch-up",
            Self::None => "no catch-up",
            Self::Full => "full catch-up",
            Self::Observe => "observe only",
        }
    }
}

impl fmt::Display for CatchUpChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why work is excused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExcuseReason {
    /// It sends orders or asks about them, and its window is over: late orders are never sent.
    #[serde(rename = "orders_over")]
    OrderWindowOver,
    /// It prepares orders of a stage in which the market has moved on, or whose time is over.
    MarketMoved,
    /// It watches, and what it watched is over.
    #[serde(rename = "loop_over")]
    MonitorOver,
    /// What it would give is too old by the time somebody could use it.
    Expired,
    /// Nothing that is still to come needs it.
    NotNeeded,
    /// It needs something that is not caught up.
    Upstream(TaskIx),
    /// The choice catches up nothing.
    NotChosen,
    /// The choice sends no orders.
    Observing,
}

impl ExcuseReason {
    /// In words.
    #[must_use]
    pub fn describe(self, plan: &DayPlan) -> String {
        match self {
            Self::OrderWindowOver => "the time for its orders is over".into(),
            Self::MarketMoved => "the market has moved: no late orders".into(),
            Self::MonitorOver => "it is a monitor and its window is over".into(),
            Self::Expired => "its result would be too old when it is needed".into(),
            Self::NotNeeded => "no later task needs it".into(),
            Self::Upstream(on) => format!("it needs {}", plan.task(on).id),
            Self::NotChosen => "no catch-up was chosen".into(),
            Self::Observing => "no orders are sent today".into(),
        }
    }
}

/// A task that is excused, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExcusedTask {
    /// Which.
    pub task: TaskIx,
    /// Why.
    pub why: ExcuseReason,
}

/// What a late start made of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateStartOutcome {
    /// It is caught up, once, though its window is over.
    CaughtUp,
    /// It is not done, and that is no failure of the day.
    #[serde(rename = "left")]
    Excused(ExcuseReason),
}

impl RunState {
    /// What a late start made of a task, if anything.
    #[must_use]
    pub fn late_start_outcome(&self, ix: TaskIx) -> Option<LateStartOutcome> {
        self.late.get(&ix).copied()
    }

    /// Whether a person set a condition of a task aside. A window that a late start set aside does
    /// not count: nobody forced that task.
    #[must_use]
    pub fn has_waiver(&self, ix: TaskIx) -> bool {
        let waivers = &self.task(ix).waivers;
        let caught_up = || self.late_start_outcome(ix) == Some(LateStartOutcome::CaughtUp);
        !(waivers.is_empty() || (waivers[..] == [Waiver::Window] && caught_up()))
    }

    /// Whether it was decided that a task is not done: its not being done fails nothing.
    pub(super) fn is_excused(&self, ix: TaskIx) -> bool {
        matches!(self.late.get(&ix), Some(LateStartOutcome::Excused(_)))
            && matches!(self.task(ix).state, TaskState::Missed | TaskState::UpstreamFailed)
    }
}
