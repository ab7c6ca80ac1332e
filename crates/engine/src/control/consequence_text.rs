//! How consequences are told: what a task that may run waits for, what it sent, what is set aside.

use chrono::{DateTime, Utc};

use super::proposal::LineWarning;
use crate::{
    FailureKind, NoRetryReason, RunState, TaskEnding, TaskRun, TaskState, TimeoutCause, Waiver,
    unmet_conditions,
};
use planning::{
    plan::{Dependency, TaskIx},
    workflow::DependencyKind,
};

/// What holds whatever is set aside.
pub(super) const NEVER: [&str; 4] =
    ["kill switch", "order and exposure limits", "idempotency keys", "slots and agents' capacity"];

/// How a task that an act lets run goes on, and the moment it waits for.
pub(super) fn describe_running(
    after: &RunState,
    now: DateTime<Utc>,
    ix: TaskIx,
    state: TaskState,
) -> (String, Option<DateTime<Utc>>) {
    match state {
        TaskState::Running if after.is_human_task(ix) => ("requests approval now".into(), None),
        TaskState::Running => ("starts now".into(), None),
        TaskState::Queued => match (after.trading_block(ix), after.gate_before(ix)) {
            (Some(trading), _) => (format!("waits: trading is {trading}"), None),
            (None, Some((gate, _))) => {
                (format!("waits: {} is paused", gate.describe(after.plan())), None)
            }
            (None, None) => ("starts when a slot is free".into(), None),
        },
        TaskState::Pending
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::Cancelling
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => {
            let opens = after.not_before(ix);
            if opens > now {
                return ("not before".into(), Some(opens));
            }
            let plan = after.plan();
            let open = |d: &&Dependency| !satisfies_dependency(after.task(d.on), d.hardness);
            let above = plan.task(ix).dependencies.iter().find(open);
            if let Some(above) =
                above.filter(|d| !after.task(ix).has_waiver_for(Waiver::Dependency(d.on)))
            {
                return (format!("waits for {}", plan.task(above.on).id), None);
            }
            let holds = unmet_conditions(after, now, ix).into_iter().next();
            (holds.map_or_else(|| "waits".into(), |unmet| format!("waits: {}", unmet.text)), None)
        }
    }
}

/// What a waiver sets aside where nothing stands against it now.
pub(super) const fn describe_waiver(waiver: Waiver) -> &'static str {
    match waiver {
        Waiver::Window => "its window",
        Waiver::Dependency(_) => "a dependency",
        Waiver::Freshness(_) => "the age of a dependency's result",
        Waiver::Pause(_) => "a pause",
        Waiver::Breaker => "its agent's breaker",
        Waiver::Condition => "its condition",
        Waiver::Hold => "a hold",
        Waiver::Attempts => "its number of attempts",
        Waiver::OnDemand => "that nobody had asked for it",
    }
}

/// What an order task is known to have sent. Only what the run's record proves is called known.
pub(super) fn describe_sent_orders(task: &TaskRun) -> (String, LineWarning) {
    let begun = match task.attempt {
        0 => return ("none: never started".into(), LineWarning::None),
        1 => "started once".to_owned(),
        n => format!("begun {n} times"),
    };
    let unknown = |why: &str| (format!("UNKNOWN: {begun}, {why}"), LineWarning::Unknown);
    if task.state.is_active() {
        return unknown("at work now");
    }
    match &task.ending {
        Some(TaskEnding::Completed(_)) => {
            (format!("{begun}, completed: its orders were sent"), LineWarning::None)
        }
        Some(TaskEnding::Failed(_, NoRetryReason::Operator)) => {
            unknown("set failed by an operator")
        }
        Some(TaskEnding::Failed(failure, _)) if failure.kind == FailureKind::Cancelled => {
            (format!("{begun}; {}", failure.message), LineWarning::None)
        }
        Some(TaskEnding::Failed(..)) => {
            (format!("{begun}, the last provably without effect"), LineWarning::None)
        }
        Some(TaskEnding::TimedOut(
            TimeoutCause::Queue | TimeoutCause::StageClose | TimeoutCause::Workflow,
        )) => (format!("{begun}, none when its time ran out"), LineWarning::None),
        Some(TaskEnding::TimedOut(TimeoutCause::Run)) => unknown("the last took too long"),
        Some(TaskEnding::InDoubt(_)) => unknown("the last is in doubt"),
        Some(
            TaskEnding::Cancelled { .. }
            | TaskEnding::Skipped { .. }
            | TaskEnding::Rejected(_)
            | TaskEnding::UpstreamFailed(_)
            | TaskEnding::Missed,
        )
        | None => unknown("and nothing proves what the last sent"),
    }
}

pub(super) fn satisfies_dependency(task: &TaskRun, hardness: DependencyKind) -> bool {
    match (&task.ending, hardness) {
        (Some(TaskEnding::Skipped { satisfies: true, .. }), _) => true,
        (_, DependencyKind::Soft) => task.state.is_terminal() || task.state == TaskState::InDoubt,
        (_, DependencyKind::Hard) => task.state == TaskState::Completed,
    }
}

pub(super) const fn state_verb(state: TaskState) -> &'static str {
    match state {
        TaskState::Pending => "waits again",
        TaskState::Queued => "waits for a slot",
        TaskState::Running => "starts now",
        TaskState::Retrying => "tries again later",
        TaskState::Held => "is held",
        TaskState::Cancelling => "is asked to stop",
        TaskState::InDoubt => "is left in doubt",
        TaskState::Completed => "counts as done",
        TaskState::Failed => "counts as failed",
        TaskState::Timeout => "counts as timed out",
        TaskState::Cancelled => "is cancelled",
        TaskState::Skipped => "is skipped",
        TaskState::UpstreamFailed => "is blocked",
        TaskState::Missed => "is missed",
    }
}
