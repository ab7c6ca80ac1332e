//! What a dry run finds out about a day, as plain data that serialises to its JSON form.
//!
//! Moments are UTC; lengths of time are whole milliseconds where the name ends in `_ms`.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{StageStatus, TaskState};
use planning::{
    id::{AgentId, StageId, TaskId},
    plan::{DayPlan, TaskIx},
    time::Span,
};

/// One day as it would go if every attempt took its estimate and succeeded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DryRunReport {
    /// The plan that was played.
    #[serde(skip)]
    pub plan: Arc<DayPlan>,
    /// Trading date, in exchange time.
    pub date: NaiveDate,
    /// What kind of day, in words.
    pub day: String,
    /// Overlays that apply, in order of application.
    pub overlays: Vec<String>,
    /// When the run begins.
    pub starts_at: DateTime<Utc>,
    /// When the last task ends; the start, if none runs.
    pub ends_at: DateTime<Utc>,
    /// Most attempts alive at once, those of people included.
    pub peak: u32,
    /// Every task of the plan, in its order.
    pub tasks: Vec<DryRunTask>,
    /// What of the workflow is not done, and why: removed tasks first, then in order of the plan.
    pub absent: Vec<TaskNotRun>,
    /// The stages, in order.
    pub stages: Vec<DryRunStage>,
    /// The agents, by name.
    pub agents: Vec<DryRunAgent>,
    /// What somebody should look at beforehand.
    pub warnings: Vec<DryRunWarning>,
}

impl DryRunReport {
    /// Whether every deadline is kept and every required task is done.
    #[must_use]
    pub fn on_time(&self) -> bool {
        !self.warnings.iter().any(DryRunWarning::is_grave)
    }
}

/// One attempt, or one round of a loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SimulatedAttempt {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
}

/// What a task's start waited for last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StartCause {
    /// The run begins in the middle of its window.
    Start,
    /// Its window opens.
    Window,
    /// This task ends.
    Dependency(TaskId),
    /// Its agent has a slot again.
    AgentSlots,
    /// The engine has a slot again.
    GlobalSlots,
}

/// One task of the day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DryRunTask {
    /// Its place in the plan.
    #[serde(skip)]
    pub ix: TaskIx,
    /// Its name.
    pub task: TaskId,
    /// Its stage.
    pub stage: StageId,
    /// Who does it.
    pub agent: AgentId,
    /// Where it stands at the end of the day.
    pub state: TaskState,
    /// When its first attempt begins.
    pub start: Option<DateTime<Utc>>,
    /// When its last attempt ends.
    pub end: Option<DateTime<Utc>>,
    /// Attempts; of a loop, rounds.
    pub rounds: usize,
    /// From round to round, for a loop.
    pub every: Option<Span>,
    /// Each attempt or round, in order.
    #[serde(skip)]
    pub runs: Vec<SimulatedAttempt>,
    /// First moment it may start.
    pub opens_at: DateTime<Utc>,
    /// First moment it may no longer start.
    pub closes_at: DateTime<Utc>,
    /// When it should have ended.
    pub deadline: DateTime<Utc>,
    /// Latest end that delays neither its own deadline nor any later one. A loop has none: it ends
    /// with its window.
    pub latest_end: Option<DateTime<Utc>>,
    /// From its end to its latest end; below zero it is LATE.
    pub slack_ms: Option<i64>,
    /// What decided when it starts.
    pub driver: Option<StartCause>,
    /// Whether it is on the critical chain of its stage.
    pub critical: bool,
    /// For what it is taken to run though only its result on the day can say so.
    pub assumed: Option<String>,
}

impl DryRunTask {
    /// Whether a deadline, its own or a later one, is missed because of it.
    #[must_use]
    pub fn misses_deadline(&self) -> bool {
        self.slack_ms.is_some_and(|ms| ms < 0)
    }
}

/// A task that is not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskNotRun {
    /// The task.
    pub task: TaskId,
    /// Where it stands at the end of the day; nothing for one the day does not have.
    pub state: Option<TaskState>,
    /// Whether its stage fails without it.
    pub required: bool,
    /// Why.
    #[serde(flatten)]
    pub why: NotRunReason,
}

/// Why a task is not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NotRunReason {
    /// The exchange is closed.
    Closed {
        /// What kind of day, in words.
        day: String,
    },
    /// A rule took it out of the day.
    Removed {
        /// What the rule says.
        because: String,
        /// The rule.
        origin: String,
    },
    /// It runs only if this holds, which nobody can know before; taken not to hold.
    Condition {
        /// As the file writes it.
        condition: String,
    },
    /// It is on demand; taken not to be asked for.
    OnDemand,
    /// Something it needs is not done.
    Upstream {
        /// What it needs.
        on: TaskId,
    },
    /// The run begins after its window has closed.
    StartedLate {
        /// When it closed.
        closed_at: DateTime<Utc>,
    },
    /// Its window closes while it still waits.
    WindowCloses {
        /// When it closes.
        closes_at: DateTime<Utc>,
        /// What it then waits for, if another task.
        waits_for: Option<TaskId>,
    },
    /// What it needs is too old by the time it may start.
    Stale {
        /// What it needs.
        on: TaskId,
        /// How long that is good for.
        valid_for: Span,
    },
    /// A clock ends it.
    TimedOut {
        /// How long it usually takes.
        estimate: Span,
        /// How long an attempt may take.
        timeout: Span,
    },
    /// It is called off with its stage.
    #[serde(rename = "called_off")]
    Cancelled,
    /// It waits for a slot that never comes.
    NoSlot,
    /// A pause or an open circuit breaker keeps it from starting.
    GateClosed,
    /// It had ended before the first moment of the forecast.
    Ended {
        /// When.
        at: DateTime<Utc>,
    },
}

/// One step of a critical chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainLink {
    /// The task.
    pub task: TaskId,
    /// What decided when it starts.
    pub driver: StartCause,
}

/// One stage of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DryRunStage {
    /// Its name.
    pub stage: StageId,
    /// Where it stands at the end of the day.
    pub status: StageStatus,
    /// When its window opens.
    pub opens_at: DateTime<Utc>,
    /// When its window closes.
    pub closes_at: DateTime<Utc>,
    /// When the last of its tasks ends, loops included.
    pub ends_at: Option<DateTime<Utc>>,
    /// When the last of its tasks that are no loop ends.
    pub work_ends_at: Option<DateTime<Utc>>,
    /// Tasks that end well, and tasks in all.
    pub done: (usize, usize),
    /// What led to the end of its work, first to last. Loops end with their windows and are on it
    /// only where a stage has nothing else.
    pub critical_chain: Vec<ChainLink>,
    /// The chain with the most work on it, first to last; loops apart.
    pub longest_chain: Vec<ChainLink>,
    /// How long the work on that chain takes.
    pub longest_ms: u64,
    /// The task with the least slack.
    pub tightest: Option<TaskId>,
}

/// One agent of the day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DryRunAgent {
    /// Its name.
    pub agent: AgentId,
    /// Tasks it may work on at once; nothing where that is not bounded.
    pub slots: Option<u32>,
    /// Attempts and rounds.
    pub runs: usize,
    /// Time at work, attempts at once counted each.
    pub busy_ms: u64,
    /// Share of its slots' time from the start of the run to the end of the day, 0 to 1; nothing
    /// where slots are not bounded.
    pub utilisation: Option<f64>,
    /// Most attempts at once.
    pub peak: u32,
}

/// What somebody should look at beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "warning", rename_all = "snake_case")]
pub enum DryRunWarning {
    /// A task ends after its deadline.
    DeadlineMissed {
        /// The task.
        task: TaskId,
        /// The deadline.
        deadline: DateTime<Utc>,
        /// When it ends.
        end: DateTime<Utc>,
    },
    /// A required task is not done, for another reason than its condition.
    #[serde(rename = "not_done")]
    TaskNotRun {
        /// The task; why stands in `DryDay::absent`.
        task: TaskId,
        /// Where it ends.
        state: TaskState,
    },
    /// From the opening of a task's window to its deadline is less than it takes.
    WindowTooSmall {
        /// The task.
        task: TaskId,
        /// How long it takes.
        estimate: Span,
        /// How long it has.
        room: Span,
    },
    /// A task takes longer than an attempt may.
    TimeoutTooShort {
        /// The task.
        task: TaskId,
        /// How long it takes.
        estimate: Span,
        /// How long an attempt may take.
        timeout: Span,
    },
    /// A round takes longer than from one to the next.
    #[serde(rename = "loop_overruns")]
    MonitorOverruns {
        /// The task.
        task: TaskId,
        /// How long a round takes.
        estimate: Span,
        /// From round to round.
        every: Span,
    },
    /// An agent has tasks, and does none of them.
    IdleAgent {
        /// The agent.
        agent: AgentId,
    },
}

impl DryRunWarning {
    /// Whether the day would not be as it must.
    #[must_use]
    pub const fn is_grave(&self) -> bool {
        match self {
            Self::DeadlineMissed { .. } | Self::TaskNotRun { .. } => true,
            Self::WindowTooSmall { .. }
            | Self::TimeoutTooShort { .. }
            | Self::MonitorOverruns { .. }
            | Self::IdleAgent { .. } => false,
        }
    }
}
