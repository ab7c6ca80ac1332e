//! Families of events, as patterns: a match names those that say nothing to it, so that a new kind
//! of event is a compile error wherever it could matter.

/// Expands to the pattern of every event of the families named.
macro_rules! events {
    (@ run) => {
        Event::WorkflowStarted { .. }
            | Event::WorkflowCompleted { .. }
            | Event::WorkflowFailed { .. }
            | Event::WorkflowCancelled
            | Event::WorkflowTimedOut { .. }
    };
    (@ stage_end) => {
        Event::StageCompleted { .. } | Event::StageFailed { .. } | Event::StageMissed { .. }
    };
    (@ stage_change) => {
        Event::StageStarted { .. }
            | Event::StageStuck { .. }
            | Event::StageMoving { .. }
            | Event::StageForced { .. }
    };
    (@ gate) => {
        Event::GateClosed { .. } | Event::GateOpened { .. }
    };
    (@ agent) => {
        Event::AgentError { .. }
            | Event::BreakerOpened { .. }
            | Event::BreakerHalfOpened { .. }
            | Event::BreakerClosed { .. }
    };
    (@ notice) => {
        Event::SystemAlert { .. }
            | Event::MarketEvent { .. }
            | Event::LateResult { .. }
            | Event::CommandRefused { .. }
    };
    (@ recovery) => {
        Event::RecoveryStarted { .. } | Event::RecoveryCompleted
    };
    (@ operator) => {
        Event::CommandAccepted { .. }
            | Event::OperatorArmed { .. }
            | Event::OperatorDisarmed { .. }
            | Event::AlertAcknowledged { .. }
            | Event::TradingChanged { .. }
            | Event::ExitRequested { .. }
            | Event::OrdersCancelled { .. }
    };
    // The end of an attempt, a round or a task.
    (@ task_end) => {
        Event::TaskCompleted { .. }
            | Event::TaskRoundCompleted { .. }
            | Event::TaskRoundFailed { .. }
            | Event::TaskRetrying { .. }
            | Event::TaskFailed { .. }
            | Event::TaskTimedOut { .. }
            | Event::TaskInDoubt { .. }
            | Event::TaskCancelled { .. }
            | Event::TaskSkipped { .. }
            | Event::TaskRejected { .. }
            | Event::TaskUpstreamFailed { .. }
            | Event::TaskMissed { .. }
    };
    // What moves a task without ending anything.
    (@ task_move) => {
        Event::TaskQueued { .. }
            | Event::TaskDequeued { .. }
            | Event::TaskStarted { .. }
            | Event::TaskHeld { .. }
            | Event::TaskReleased { .. }
            | Event::TaskReset { .. }
            | Event::TaskForced { .. }
            | Event::TaskCancelling { .. }
    };
    // What is recorded of a task and leaves it where it is, or is decided by recovery.
    (@ task_note) => {
        Event::TaskCaughtUp { .. }
            | Event::TaskExcused { .. }
            | Event::TaskProgress { .. }
            | Event::TaskRecovered { .. }
    };
    (@ task_probe) => {
        Event::TaskProbeStarted { .. } | Event::TaskProbeCompleted { .. }
    };
    (@ task_priority) => {
        Event::TaskPriorityChanged { .. }
    };
    ($($family:ident),+ $(,)?) => { $( events!(@ $family) )|+ };
}
