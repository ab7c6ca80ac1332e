//! Saying no: what state the target is in, why the verb does not apply, and which verb does.

use crate::{
    command::{CommandRefusal, CommandRequest},
    run_state::RunState,
    task_state::TaskState,
};
use planning::plan::TaskIx;

/// A refusal about something other than a task.
pub(super) fn refuse(what: &str, why: &str, remedy: Option<&str>) -> CommandRefusal {
    CommandRefusal {
        what: what.into(),
        state: None,
        why: why.into(),
        remedy: remedy.map(Into::into),
    }
}

/// A refusal about a task, with the verb that helps in this case.
pub(super) fn refuse_task(
    state: &RunState,
    task: TaskIx,
    why: &str,
    remedy: &str,
) -> CommandRefusal {
    CommandRefusal {
        what: name_and_state(state, task),
        state: Some(state.task(task).state),
        why: why.into(),
        remedy: Some(remedy.into()),
    }
}

/// A refusal about a task that only its state stands against, with the verbs of that state.
pub(super) fn refuse_state(state: &RunState, task: TaskIx, why: &str) -> CommandRefusal {
    refuse_task(state, task, why, verbs(state, task))
}

/// What may be done to a task in its state, in words.
fn verbs(state: &RunState, task: TaskIx) -> &'static str {
    match state.task(task).state {
        TaskState::Running if state.is_human_task(task) => "approve or reject it",
        TaskState::Pending | TaskState::Queued => "force it, hold it, skip it or cancel it",
        TaskState::Running => "cancel it",
        TaskState::Retrying => "retry it at once, hold it, skip it or cancel it",
        TaskState::Held => "release it",
        TaskState::Cancelling => "wait until its agent confirms or the time for that is up",
        TaskState::InDoubt => "resolve it",
        TaskState::Completed => "rerun it, or set-failed",
        TaskState::Failed | TaskState::Timeout | TaskState::Cancelled => "retry it, or skip it",
        TaskState::Skipped if state.task(task).is_rejected() => "retry it, and it asks again",
        TaskState::Skipped => "take the skip back (unskip)",
        TaskState::UpstreamFailed => "retry what it needs, or force it",
        TaskState::Missed => "run it now, or force it",
    }
}

/// The name and the state of a task: `risk_assessment is COMPLETED`.
pub(super) fn name_and_state(state: &RunState, task: TaskIx) -> String {
    format!("{} is {}", state.plan().task(task).id, state.task(task).state)
}

/// The reason given with an order about a task.
///
/// # Errors
///
/// A refusal when there is none, or only blanks.
pub(super) fn required_reason<'a>(
    state: &RunState,
    order: &'a CommandRequest,
    task: TaskIx,
) -> Result<&'a str, CommandRefusal> {
    let given = order.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    given.ok_or_else(|| refuse_task(state, task, "that needs a reason", "give one"))
}

/// Who acts and why, in words.
pub(super) fn describe_actor_and_reason(order: &CommandRequest) -> String {
    match &order.reason {
        Some(reason) => format!("{} ({reason})", order.by),
        None => order.by.to_string(),
    }
}
