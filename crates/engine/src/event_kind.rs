//! The kinds of event by name, as handlers are registered for them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::event::Event;

/// What is made of the one list of kinds below: the kinds, all of them in its order, their names, and
/// which one an event is of.
macro_rules! kinds {
    ($($kind:ident $name:literal $label:literal,)+) => {
        /// The kind of an event. The specification's twelve come first; the others are what its states
        /// and an operator's acts need besides.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "each is explained at the event of the same name")]
        pub enum OrchestrationEvent {
            $($kind,)+
        }

        impl OrchestrationEvent {
            /// All kinds; the specification's twelve first.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$kind),+];

            /// Its stable name in files: `task_started`, as the specification writes it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// Its name on screen: `TASK_STARTED`.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$kind => $label,)+
                }
            }
        }

        impl Event {
            /// Which kind of event this is.
            #[must_use]
            pub const fn kind(&self) -> OrchestrationEvent {
                match self {
                    $(Self::$kind { .. } => OrchestrationEvent::$kind,)+
                }
            }
        }
    };
}

kinds! {
    WorkflowStarted "workflow_started" "WORKFLOW_STARTED",
    WorkflowCompleted "workflow_completed" "WORKFLOW_COMPLETED",
    WorkflowFailed "workflow_failed" "WORKFLOW_FAILED",
    StageStarted "stage_started" "STAGE_STARTED",
    StageCompleted "stage_completed" "STAGE_COMPLETED",
    TaskStarted "task_started" "TASK_STARTED",
    TaskCompleted "task_completed" "TASK_COMPLETED",
    TaskRetrying "task_retrying" "TASK_RETRYING",
    TaskFailed "task_failed" "TASK_FAILED",
    AgentError "agent_error" "AGENT_ERROR",
    SystemAlert "system_alert" "SYSTEM_ALERT",
    MarketEvent "market_event" "MARKET_EVENT",
    WorkflowCancelled "workflow_cancelled" "WORKFLOW_CANCELLED",
    WorkflowTimedOut "workflow_timed_out" "WORKFLOW_TIMED_OUT",
    StageFailed "stage_failed" "STAGE_FAILED",
    StageMissed "stage_missed" "STAGE_MISSED",
    StageStuck "stage_stuck" "STAGE_STUCK",
    StageMoving "stage_unstuck" "STAGE_UNSTUCK",
    StageForced "stage_forced" "STAGE_FORCED",
    TaskQueued "task_queued" "TASK_QUEUED",
    TaskDequeued "task_unqueued" "TASK_UNQUEUED",
    TaskRoundCompleted "task_ticked" "TASK_TICKED",
    TaskRoundFailed "task_round_failed" "TASK_ROUND_FAILED",
    TaskTimedOut "task_timed_out" "TASK_TIMED_OUT",
    TaskInDoubt "task_in_doubt" "TASK_IN_DOUBT",
    TaskCancelling "task_cancelling" "TASK_CANCELLING",
    TaskCancelled "task_cancelled" "TASK_CANCELLED",
    TaskSkipped "task_skipped" "TASK_SKIPPED",
    TaskRejected "task_rejected" "TASK_REJECTED",
    TaskUpstreamFailed "task_upstream_failed" "TASK_UPSTREAM_FAILED",
    TaskMissed "task_missed" "TASK_MISSED",
    TaskCaughtUp "task_caught_up" "TASK_CAUGHT_UP",
    TaskExcused "task_left" "TASK_LEFT",
    TaskHeld "task_held" "TASK_HELD",
    TaskReleased "task_released" "TASK_RELEASED",
    TaskReset "task_reset" "TASK_RESET",
    TaskForced "task_forced" "TASK_FORCED",
    TaskPriorityChanged "task_priority_set" "TASK_PRIORITY_SET",
    TaskProgress "task_progress" "TASK_PROGRESS",
    TaskRecovered "task_taken_up" "TASK_TAKEN_UP",
    TaskProbeStarted "task_probing" "TASK_PROBING",
    TaskProbeCompleted "task_probed" "TASK_PROBED",
    LateResult "late_result" "LATE_RESULT",
    RecoveryStarted "recovery_began" "RECOVERY_BEGAN",
    RecoveryCompleted "recovery_ended" "RECOVERY_ENDED",
    GateClosed "gate_closed" "GATE_CLOSED",
    GateOpened "gate_opened" "GATE_OPENED",
    BreakerOpened "breaker_opened" "BREAKER_OPENED",
    BreakerHalfOpened "breaker_half_opened" "BREAKER_HALF_OPENED",
    BreakerClosed "breaker_closed" "BREAKER_CLOSED",
    CommandAccepted "operator_acted" "OPERATOR_ACTED",
    OperatorArmed "operator_armed" "OPERATOR_ARMED",
    OperatorDisarmed "operator_disarmed" "OPERATOR_DISARMED",
    AlertAcknowledged "alert_acknowledged" "ALERT_ACKNOWLEDGED",
    TradingChanged "trading_changed" "TRADING_CHANGED",
    ExitRequested "exit_requested" "EXIT_REQUESTED",
    OrdersCancelled "orders_withdrawn" "ORDERS_WITHDRAWN",
    CommandRefused "command_refused" "COMMAND_REFUSED",
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
    /// The name of its kind.
    #[must_use]
    pub const fn kind_name(&self) -> &'static str {
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
            assert_eq!(kind.name().to_uppercase(), kind.label());
            assert_eq!(kind.label().parse(), Ok(kind));
        }
    }
}
