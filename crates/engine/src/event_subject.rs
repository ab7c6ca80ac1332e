//! What an event is about: a task, a stage, an agent, or the run as a whole.

use super::{event::Event, event_types::Gate};
use planning::plan::{AgentIx, StageIx, TaskIx};

impl Event {
    /// Returns the task the event is about, or the task a command named.
    #[must_use]
    pub const fn target_task(&self) -> Option<TaskIx> {
        if let Self::CommandAccepted { command, .. } | Self::CommandRefused { command, .. } = self {
            return command.task();
        }
        self.task()
    }

    /// The task it is about, if it is about one.
    #[must_use]
    pub const fn task(&self) -> Option<TaskIx> {
        match self {
            Self::TaskQueued { task }
            | Self::TaskDequeued { task }
            | Self::TaskStarted { task, .. }
            | Self::TaskCompleted { task, .. }
            | Self::TaskRoundCompleted { task, .. }
            | Self::TaskRoundFailed { task, .. }
            | Self::TaskRetrying { task, .. }
            | Self::TaskFailed { task, .. }
            | Self::TaskTimedOut { task, .. }
            | Self::TaskInDoubt { task, .. }
            | Self::TaskCancelling { task }
            | Self::TaskCancelled { task, .. }
            | Self::TaskSkipped { task, .. }
            | Self::TaskRejected { task, .. }
            | Self::TaskUpstreamFailed { task, .. }
            | Self::TaskMissed { task }
            | Self::TaskCaughtUp { task }
            | Self::TaskExcused { task, .. }
            | Self::TaskHeld { task, .. }
            | Self::TaskReleased { task }
            | Self::TaskReset { task, .. }
            | Self::TaskForced { task, .. }
            | Self::ExitRequested { task, .. }
            | Self::TaskPriorityChanged { task, .. }
            | Self::TaskProgress { task, .. }
            | Self::TaskRecovered { task, .. }
            | Self::TaskProbeStarted { task, .. }
            | Self::TaskProbeCompleted { task, .. }
            | Self::LateResult { task, .. }
            | Self::AgentError { task, .. } => Some(*task),
            Self::WorkflowStarted { .. }
            | Self::WorkflowCompleted { .. }
            | Self::WorkflowFailed { .. }
            | Self::WorkflowCancelled
            | Self::WorkflowTimedOut { .. }
            | Self::StageStarted { .. }
            | Self::StageCompleted { .. }
            | Self::StageFailed { .. }
            | Self::StageMissed { .. }
            | Self::StageStuck { .. }
            | Self::StageMoving { .. }
            | Self::StageForced { .. }
            | Self::RecoveryStarted { .. }
            | Self::RecoveryCompleted
            | Self::GateClosed { .. }
            | Self::GateOpened { .. }
            | Self::BreakerOpened { .. }
            | Self::BreakerHalfOpened { .. }
            | Self::BreakerClosed { .. }
            | Self::SystemAlert { .. }
            | Self::MarketEvent { .. }
            | Self::CommandAccepted { .. }
            | Self::OperatorArmed { .. }
            | Self::OperatorDisarmed { .. }
            | Self::AlertAcknowledged { .. }
            | Self::TradingChanged { .. }
            | Self::OrdersCancelled { .. }
            | Self::CommandRefused { .. } => None,
        }
    }

    /// The stage it is about, if it is about one as a whole.
    #[must_use]
    pub const fn stage(&self) -> Option<StageIx> {
        match self {
            Self::StageStarted { stage }
            | Self::StageCompleted { stage, .. }
            | Self::StageFailed { stage, .. }
            | Self::StageMissed { stage }
            | Self::StageStuck { stage }
            | Self::StageMoving { stage }
            | Self::StageForced { stage, .. }
            | Self::GateClosed { gate: Gate::Stage(stage), .. }
            | Self::GateOpened { gate: Gate::Stage(stage) } => Some(*stage),
            Self::GateClosed { gate: Gate::Engine | Gate::Agent(_), .. }
            | Self::GateOpened { gate: Gate::Engine | Gate::Agent(_) }
            | events!(run, agent, notice, recovery, operator)
            | events!(task_end, task_move, task_note, task_probe, task_priority) => None,
        }
    }

    /// The agent it is about, if it is about one as a whole.
    #[must_use]
    pub const fn agent(&self) -> Option<AgentIx> {
        match self {
            Self::AgentError { agent, .. }
            | Self::BreakerOpened { agent, .. }
            | Self::BreakerHalfOpened { agent }
            | Self::BreakerClosed { agent }
            | Self::GateClosed { gate: Gate::Agent(agent), .. }
            | Self::GateOpened { gate: Gate::Agent(agent) } => Some(*agent),
            Self::GateClosed { gate: Gate::Engine | Gate::Stage(_), .. }
            | Self::GateOpened { gate: Gate::Engine | Gate::Stage(_) }
            | events!(run, stage_end, stage_change, notice, recovery, operator)
            | events!(task_end, task_move, task_note, task_probe, task_priority) => None,
        }
    }
}
