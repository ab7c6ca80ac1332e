//! The kinds of event by name, as handlers are registered for them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::event::Event;

/// The kind of an event. The specification's twelve come first; the others are what its states and
/// an operator's acts need besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is explained at the event of the same name")]
pub enum OrchestrationEvent {
    WorkflowStarted,
    WorkflowCompleted,
    WorkflowFailed,
    StageStarted,
    StageCompleted,
    TaskStarted,
    TaskCompleted,
    TaskRetrying,
    TaskFailed,
    AgentError,
    SystemAlert,
    MarketEvent,
    WorkflowCancelled,
    StageFailed,
    StageMissed,
    StageStuck,
    StageUnstuck,
    StageForced,
    TaskQueued,
    TaskUnqueued,
    TaskTicked,
    TaskRoundFailed,
    TaskTimedOut,
    TaskInDoubt,
    TaskCancelling,
    TaskCancelled,
    TaskSkipped,
    TaskRejected,
    TaskUpstreamFailed,
    TaskMissed,
    TaskCaughtUp,
    TaskLeft,
    TaskHeld,
    TaskReleased,
    TaskReset,
    TaskForced,
    TaskPrioritySet,
    TaskProgress,
    TaskTakenUp,
    TaskProbing,
    TaskProbed,
    LateResult,
    RecoveryBegan,
    RecoveryEnded,
    GateClosed,
    GateOpened,
    BreakerOpened,
    BreakerHalfOpened,
    BreakerClosed,
    OperatorActed,
    OperatorArmed,
    OperatorDisarmed,
    AlertAcknowledged,
    TradingChanged,
    OrdersWithdrawn,
    CommandRefused,
}

impl OrchestrationEvent {
    /// All kinds; the specification's twelve first.
    pub const ALL: [Self; 56] = [
        Self::WorkflowStarted,
        Self::WorkflowCompleted,
        Self::WorkflowFailed,
        Self::StageStarted,
        Self::StageCompleted,
        Self::TaskStarted,
        Self::TaskCompleted,
        Self::TaskRetrying,
        Self::TaskFailed,
        Self::AgentError,
        Self::SystemAlert,
        Self::MarketEvent,
        Self::WorkflowCancelled,
        Self::StageFailed,
        Self::StageMissed,
        Self::StageStuck,
        Self::StageUnstuck,
        Self::StageForced,
        Self::TaskQueued,
        Self::TaskUnqueued,
        Self::TaskTicked,
        Self::TaskRoundFailed,
        Self::TaskTimedOut,
        Self::TaskInDoubt,
        Self::TaskCancelling,
        Self::TaskCancelled,
        Self::TaskSkipped,
        Self::TaskRejected,
        Self::TaskUpstreamFailed,
        Self::TaskMissed,
        Self::TaskCaughtUp,
        Self::TaskLeft,
        Self::TaskHeld,
        Self::TaskReleased,
        Self::TaskReset,
        Self::TaskForced,
        Self::TaskPrioritySet,
        Self::TaskProgress,
        Self::TaskTakenUp,
        Self::TaskProbing,
        Self::TaskProbed,
        Self::LateResult,
        Self::RecoveryBegan,
        Self::RecoveryEnded,
        Self::GateClosed,
        Self::GateOpened,
        Self::BreakerOpened,
        Self::BreakerHalfOpened,
        Self::BreakerClosed,
        Self::OperatorActed,
        Self::OperatorArmed,
        Self::OperatorDisarmed,
        Self::AlertAcknowledged,
        Self::TradingChanged,
        Self::OrdersWithdrawn,
        Self::CommandRefused,
    ];

    /// Its stable name in files: `task_started`, as the specification writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorkflowStarted => "workflow_started",
            Self::WorkflowCompleted => "workflow_completed",
            Self::WorkflowFailed => "workflow_failed",
            Self::StageStarted => "stage_started",
            Self::StageCompleted => "stage_completed",
            Self::TaskStarted => "task_started",
            Self::TaskCompleted => "task_completed",
            Self::TaskRetrying => "task_retrying",
            Self::TaskFailed => "task_failed",
            Self::AgentError => "agent_error",
            Self::SystemAlert => "system_alert",
            Self::MarketEvent => "market_event",
            Self::WorkflowCancelled => "workflow_cancelled",
            Self::StageFailed => "stage_failed",
            Self::StageMissed => "stage_missed",
            Self::StageStuck => "stage_stuck",
            Self::StageUnstuck => "stage_unstuck",
            Self::StageForced => "stage_forced",
            Self::TaskQueued => "task_queued",
            Self::TaskUnqueued => "task_unqueued",
            Self::TaskTicked => "task_ticked",
            Self::TaskRoundFailed => "task_round_failed",
            Self::TaskTimedOut => "task_timed_out",
            Self::TaskInDoubt => "task_in_doubt",
            Self::TaskCancelling => "task_cancelling",
            Self::TaskCancelled => "task_cancelled",
            Self::TaskSkipped => "task_skipped",
            Self::TaskRejected => "task_rejected",
            Self::TaskUpstreamFailed => "task_upstream_failed",
            Self::TaskMissed => "task_missed",
            Self::TaskCaughtUp => "task_caught_up",
            Self::TaskLeft => "task_left",
            Self::TaskHeld => "task_held",
            Self::TaskReleased => "task_released",
            Self::TaskReset => "task_reset",
            Self::TaskForced => "task_forced",
            Self::TaskPrioritySet => "task_priority_set",
            Self::TaskProgress => "task_progress",
            Self::TaskTakenUp => "task_taken_up",
            Self::TaskProbing => "task_probing",
            Self::TaskProbed => "task_probed",
            Self::LateResult => "late_result",
            Self::RecoveryBegan => "recovery_began",
            Self::RecoveryEnded => "recovery_ended",
            Self::GateClosed => "gate_closed",
            Self::GateOpened => "gate_opened",
            Self::BreakerOpened => "breaker_opened",
            Self::BreakerHalfOpened => "breaker_half_opened",
            Self::BreakerClosed => "breaker_closed",
            Self::OperatorActed => "operator_acted",
            Self::OperatorArmed => "operator_armed",
            Self::OperatorDisarmed => "operator_disarmed",
            Self::AlertAcknowledged => "alert_acknowledged",
            Self::TradingChanged => "trading_changed",
            Self::OrdersWithdrawn => "orders_withdrawn",
            Self::CommandRefused => "command_refused",
        }
    }
}

impl fmt::Display for OrchestrationEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for OrchestrationEvent {
    type Err = ();

    /// Takes the name in any case.
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text)).ok_or(())
    }
}

impl Event {
    /// Which kind of event this is.
    #[must_use]
    pub const fn kind(&self) -> OrchestrationEvent {
        use OrchestrationEvent as Kind;
        match self {
            Self::WorkflowStarted { .. } => Kind::WorkflowStarted,
            Self::WorkflowCompleted { .. } => Kind::WorkflowCompleted,
            Self::WorkflowFailed { .. } => Kind::WorkflowFailed,
            Self::StageStarted { .. } => Kind::StageStarted,
            Self::StageCompleted { .. } => Kind::StageCompleted,
            Self::TaskStarted { .. } => Kind::TaskStarted,
            Self::TaskCompleted { .. } => Kind::TaskCompleted,
            Self::TaskRetrying { .. } => Kind::TaskRetrying,
            Self::TaskFailed { .. } => Kind::TaskFailed,
            Self::AgentError { .. } => Kind::AgentError,
            Self::SystemAlert { .. } => Kind::SystemAlert,
            Self::MarketEvent { .. } => Kind::MarketEvent,
            Self::WorkflowCancelled => Kind::WorkflowCancelled,
            Self::StageFailed { .. } => Kind::StageFailed,
            Self::StageMissed { .. } => Kind::StageMissed,
            Self::StageStuck { .. } => Kind::StageStuck,
            Self::StageUnstuck { .. } => Kind::StageUnstuck,
            Self::StageForced { .. } => Kind::StageForced,
            Self::TaskQueued { .. } => Kind::TaskQueued,
            Self::TaskUnqueued { .. } => Kind::TaskUnqueued,
            Self::TaskTicked { .. } => Kind::TaskTicked,
            Self::TaskRoundFailed { .. } => Kind::TaskRoundFailed,
            Self::TaskTimedOut { .. } => Kind::TaskTimedOut,
            Self::TaskInDoubt { .. } => Kind::TaskInDoubt,
            Self::TaskCancelling { .. } => Kind::TaskCancelling,
            Self::TaskCancelled { .. } => Kind::TaskCancelled,
            Self::TaskSkipped { .. } => Kind::TaskSkipped,
            Self::TaskRejected { .. } => Kind::TaskRejected,
            Self::TaskUpstreamFailed { .. } => Kind::TaskUpstreamFailed,
            Self::TaskMissed { .. } => Kind::TaskMissed,
            Self::TaskCaughtUp { .. } => Kind::TaskCaughtUp,
            Self::TaskLeft { .. } => Kind::TaskLeft,
            Self::TaskHeld { .. } => Kind::TaskHeld,
            Self::TaskReleased { .. } => Kind::TaskReleased,
            Self::TaskReset { .. } => Kind::TaskReset,
            Self::TaskForced { .. } => Kind::TaskForced,
            Self::TaskPrioritySet { .. } => Kind::TaskPrioritySet,
            Self::TaskProgress { .. } => Kind::TaskProgress,
            Self::TaskTakenUp { .. } => Kind::TaskTakenUp,
            Self::TaskProbing { .. } => Kind::TaskProbing,
            Self::TaskProbed { .. } => Kind::TaskProbed,
            Self::LateResult { .. } => Kind::LateResult,
            Self::RecoveryBegan { .. } => Kind::RecoveryBegan,
            Self::RecoveryEnded => Kind::RecoveryEnded,
            Self::GateClosed { .. } => Kind::GateClosed,
            Self::GateOpened { .. } => Kind::GateOpened,
            Self::BreakerOpened { .. } => Kind::BreakerOpened,
            Self::BreakerHalfOpened { .. } => Kind::BreakerHalfOpened,
            Self::BreakerClosed { .. } => Kind::BreakerClosed,
            Self::OperatorActed { .. } => Kind::OperatorActed,
            Self::OperatorArmed { .. } => Kind::OperatorArmed,
            Self::OperatorDisarmed { .. } => Kind::OperatorDisarmed,
            Self::AlertAcknowledged { .. } => Kind::AlertAcknowledged,
            Self::TradingChanged { .. } => Kind::TradingChanged,
            Self::OrdersWithdrawn { .. } => Kind::OrdersWithdrawn,
            Self::CommandRefused { .. } => Kind::CommandRefused,
        }
    }

    /// The name of its kind.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.kind().name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_twelve_types_carry_its_names() {
        let names = "workflow_started workflow_completed workflow_failed task_started \
                     task_completed task_failed task_retrying stage_started stage_completed \
                     system_alert agent_error market_event";
        for name in names.split_whitespace() {
            let kind: OrchestrationEvent = name.parse().unwrap();
            assert_eq!(kind.name(), name);
        }
    }

    #[test]
    fn every_kind_reads_back_by_its_name() {
        for kind in OrchestrationEvent::ALL {
            assert_eq!(kind.name().to_uppercase().parse(), Ok(kind));
        }
    }
}
