//! One event as a line: its kind, mark, loudness and what it is about.

use chrono::{DateTime, Utc};

pub use super::json::json;
use super::{
    acts, told,
    words::{self, GlyphSet},
};
use crate::{
    engine::{Corr, Event, PauseMode, Recorded, Severity, TaskState},
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
            Self::State(state) => words::glyph(state, set),
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

/// The name of an event's kind: `TASK_STARTED`, the specification's where it has one. In capitals
/// what its JSON calls it in lower case.
#[must_use]
pub const fn kind(event: &Event) -> &'static str {
    match event {
        Event::WorkflowStarted { .. } => "WORKFLOW_STARTED",
        Event::WorkflowCompleted { .. } => "WORKFLOW_COMPLETED",
        Event::WorkflowFailed { .. } => "WORKFLOW_FAILED",
        Event::WorkflowCancelled => "WORKFLOW_CANCELLED",
        Event::StageStarted { .. } => "STAGE_STARTED",
        Event::StageCompleted { .. } => "STAGE_COMPLETED",
        Event::StageFailed { .. } => "STAGE_FAILED",
        Event::StageMissed { .. } => "STAGE_MISSED",
        Event::StageStuck { .. } => "STAGE_STUCK",
        Event::StageUnstuck { .. } => "STAGE_UNSTUCK",
        Event::StageForced { .. } => "STAGE_FORCED",
        Event::TaskQueued { .. } => "TASK_QUEUED",
        Event::TaskUnqueued { .. } => "TASK_UNQUEUED",
        Event::TaskStarted { .. } => "TASK_STARTED",
        Event::TaskCompleted { .. } => "TASK_COMPLETED",
        Event::TaskTicked { .. } => "TASK_TICKED",
        Event::TaskRoundFailed { .. } => "TASK_ROUND_FAILED",
        Event::TaskRetrying { .. } => "TASK_RETRYING",
        Event::TaskFailed { .. } => "TASK_FAILED",
        Event::TaskTimedOut { .. } => "TASK_TIMED_OUT",
        Event::TaskInDoubt { .. } => "TASK_IN_DOUBT",
        Event::TaskCancelling { .. } => "TASK_CANCELLING",
        Event::TaskCancelled { .. } => "TASK_CANCELLED",
        Event::TaskSkipped { .. } => "TASK_SKIPPED",
        Event::TaskUpstreamFailed { .. } => "TASK_UPSTREAM_FAILED",
        Event::TaskMissed { .. } => "TASK_MISSED",
        Event::TaskHeld { .. } => "TASK_HELD",
        Event::TaskReleased { .. } => "TASK_RELEASED",
        Event::TaskReset { .. } => "TASK_RESET",
        Event::TaskForced { .. } => "TASK_FORCED",
        Event::TaskPrioritySet { .. } => "TASK_PRIORITY_SET",
        Event::TaskProgress { .. } => "TASK_PROGRESS",
        Event::LateResult { .. } => "LATE_RESULT",
        Event::GateClosed { .. } => "GATE_CLOSED",
        Event::GateOpened { .. } => "GATE_OPENED",
        Event::AgentError { .. } => "AGENT_ERROR",
        Event::BreakerOpened { .. } => "BREAKER_OPENED",
        Event::BreakerHalfOpened { .. } => "BREAKER_HALF_OPENED",
        Event::BreakerClosed { .. } => "BREAKER_CLOSED",
        Event::SystemAlert { .. } => "SYSTEM_ALERT",
        Event::MarketEvent { .. } => "MARKET_EVENT",
        Event::OperatorActed { .. } => "OPERATOR_ACTED",
        Event::CommandRefused { .. } => "COMMAND_REFUSED",
    }
}

/// An event as a line.
#[must_use]
pub fn line(recorded: &Recorded, plan: &Plan) -> EventLine {
    let event = &recorded.event;
    let task = task(event);
    EventLine {
        seq: recorded.seq,
        at: recorded.at,
        time: words::time_ms(recorded.at),
        kind: kind(event),
        mark: mark(event),
        what: told::what(recorded, plan),
        corr: recorded.corr,
        severity: severity(event, plan),
        task,
        stage: event.stage().or_else(|| task.map(|ix| plan.task(ix).stage)),
        agent: event.agent().or_else(|| task.map(|ix| plan.task(ix).agent)),
    }
}

/// The mark before an event: of a task's event the state it brings.
#[must_use]
pub const fn mark(event: &Event) -> Mark {
    let state = match event {
        Event::TaskQueued { .. } => TaskState::Queued,
        Event::TaskUnqueued { .. } | Event::TaskReleased { .. } | Event::TaskReset { .. } => {
            TaskState::Pending
        }
        Event::TaskStarted { .. } | Event::TaskProgress { .. } => TaskState::Running,
        Event::TaskCompleted { .. } | Event::TaskTicked { .. } => TaskState::Completed,
        Event::TaskRoundFailed { .. } | Event::TaskFailed { .. } | Event::AgentError { .. } => {
            TaskState::Failed
        }
        Event::TaskRetrying { .. } => TaskState::Retrying,
        Event::TaskTimedOut { .. } => TaskState::Timeout,
        Event::TaskInDoubt { .. } => TaskState::InDoubt,
        Event::TaskCancelling { .. } => TaskState::Cancelling,
        Event::TaskCancelled { .. } | Event::WorkflowCancelled => TaskState::Cancelled,
        Event::TaskSkipped { .. } => TaskState::Skipped,
        Event::TaskUpstreamFailed { .. } => TaskState::UpstreamFailed,
        Event::TaskMissed { .. } | Event::StageMissed { .. } => TaskState::Missed,
        Event::TaskHeld { .. } => TaskState::Held,
        Event::StageCompleted { .. } | Event::WorkflowCompleted { .. } => TaskState::Completed,
        Event::StageFailed { .. } | Event::WorkflowFailed { .. } => TaskState::Failed,
        Event::StageStarted { .. } | Event::WorkflowStarted { .. } => TaskState::Running,
        Event::StageStuck { .. }
        | Event::SystemAlert { .. }
        | Event::LateResult { .. }
        | Event::BreakerOpened { .. } => return Mark::Alert,
        Event::MarketEvent { .. } => return Mark::Market,
        Event::OperatorActed { .. }
        | Event::CommandRefused { .. }
        | Event::StageForced { .. }
        | Event::TaskForced { .. }
        | Event::TaskPrioritySet { .. }
        | Event::GateClosed { .. }
        | Event::GateOpened { .. } => return Mark::Operator,
        Event::StageUnstuck { .. }
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. } => return Mark::None,
    };
    Mark::State(state)
}

/// How loud an event is: critical when required work will not be done without a person.
#[must_use]
pub fn severity(event: &Event, plan: &Plan) -> Severity {
    let by_need = |task: TaskIx| {
        if plan.task(task).required { Severity::Critical } else { Severity::Warning }
    };
    match event {
        Event::TaskFailed { task, .. }
        | Event::TaskTimedOut { task, .. }
        | Event::TaskMissed { task } => by_need(*task),
        Event::TaskInDoubt { .. }
        | Event::StageFailed { .. }
        | Event::StageStuck { .. }
        | Event::WorkflowFailed { .. }
        | Event::GateClosed { mode: PauseMode::Halt, .. } => Severity::Critical,
        Event::TaskRoundFailed { .. }
        | Event::TaskRetrying { .. }
        | Event::TaskUpstreamFailed { .. }
        | Event::TaskCancelled { confirmed: false, .. }
        | Event::StageMissed { .. }
        | Event::GateClosed { .. }
        | Event::AgentError { .. }
        | Event::BreakerOpened { .. }
        | Event::LateResult { .. }
        | Event::CommandRefused { .. } => Severity::Warning,
        Event::SystemAlert { severity, .. } => *severity,
        _as_it_should_be => Severity::Info,
    }
}

/// The task an event is about, a command's target included.
pub(super) const fn task(event: &Event) -> Option<TaskIx> {
    match event {
        Event::OperatorActed { command, .. } | Event::CommandRefused { command, .. } => {
            acts::task(command)
        }
        other => other.task(),
    }
}
