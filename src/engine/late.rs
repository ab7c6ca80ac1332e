//! Starting late: which of the four choices was taken, and what it makes of each missed task.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{command::Waiver, state::RunState, task_state::TaskState};
use crate::plan::{Plan, TaskIx};

/// What is to become of work whose window passed before the run began, or while nobody was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateChoice {
    /// Make up for what the rest of the day needs and can still use, and for nothing else.
    Minimal,
    /// Make up for nothing; what does not need it goes on.
    Join,
    /// Make up for everything that may be made up for.
    Full,
    /// Make up for nothing, and send no orders either: what watches and reports goes on.
    Skip,
}

impl LateChoice {
    /// All four, the least risky way to a useful day first.
    pub const ALL: [Self; 4] = [Self::Minimal, Self::Join, Self::Full, Self::Skip];

    /// The word of files and of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Join => "join",
            Self::Full => "full",
            Self::Skip => "skip",
        }
    }

    /// What it is called before a person.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Minimal => "minimal catch-up",
            Self::Join => "join now",
            Self::Full => "full catch-up",
            Self::Skip => "observe only",
        }
    }
}

impl fmt::Display for LateChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Why work is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftWhy {
    /// It sends orders or asks about them, and its window is over: late orders are never sent.
    OrdersOver,
    /// It prepares orders of a stage in which the market has moved on, or whose time is over.
    MarketMoved,
    /// It watches, and what it watched is over.
    LoopOver,
    /// What it would give is too old by the time somebody could use it.
    Expired,
    /// Nothing that is still to come needs it.
    NotNeeded,
    /// It needs something that is not made up for.
    Upstream(TaskIx),
    /// The choice makes up for nothing.
    NotChosen,
    /// The choice sends no orders.
    Observing,
}

impl LeftWhy {
    /// In words.
    #[must_use]
    pub fn words(self, plan: &Plan) -> String {
        match self {
            Self::OrdersOver => "the time for its orders is over".into(),
            Self::MarketMoved => "the market has moved: late orders are not prepared".into(),
            Self::LoopOver => "it watches, and what it watched is over".into(),
            Self::Expired => "its result would be too old when it is needed".into(),
            Self::NotNeeded => "nothing that is still to come needs it".into(),
            Self::Upstream(on) => format!("it needs {}", plan.task(on).id),
            Self::NotChosen => "nothing is made up for".into(),
            Self::Observing => "no orders are sent today".into(),
        }
    }
}

/// A task that is let go, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Left {
    /// Which.
    pub task: TaskIx,
    /// Why.
    pub why: LeftWhy,
}

/// What a late start made of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lateness {
    /// It is made up for, once, though its window is over.
    CaughtUp,
    /// It is not done, and that is no failure of the day.
    Left(LeftWhy),
}

impl RunState {
    /// What a late start made of a task, if anything.
    #[must_use]
    pub fn lateness(&self, ix: TaskIx) -> Option<Lateness> {
        self.late.get(&ix).copied()
    }

    /// Whether a person set a condition of a task aside. A window that a late start set aside does
    /// not count: nobody forced that task.
    #[must_use]
    pub fn forced(&self, ix: TaskIx) -> bool {
        let waivers = &self.task(ix).waivers;
        let caught_up = || self.lateness(ix) == Some(Lateness::CaughtUp);
        !(waivers.is_empty() || (waivers[..] == [Waiver::Window] && caught_up()))
    }

    /// Whether it was decided that a task is not done: its not being done fails nothing.
    pub(super) fn excused(&self, ix: TaskIx) -> bool {
        matches!(self.late.get(&ix), Some(Lateness::Left(_)))
            && matches!(self.task(ix).state, TaskState::Missed | TaskState::UpstreamFailed)
    }
}
