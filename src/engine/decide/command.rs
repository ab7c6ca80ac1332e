//! What a person asks: routed to the file that decides it, and the plain verbs themselves.

use chrono::{DateTime, Utc};

use super::{force, gates, retry, timer::cancelled};
use crate::{
    definition::TaskPriority,
    engine::{
        answer::{Failure, FailureKind, Outcome},
        command::{Command, Finding, Order, Refusal},
        event::{Event, NoRetry, Provenance, ResetCause, SkipWhy},
        state::{RunState, TaskState},
    },
    plan::TaskIx,
};

/// Decides a command: the events that do it, or why it does nothing.
pub(in crate::engine) fn command(
    state: &RunState,
    at: DateTime<Utc>,
    order: &Order,
) -> Result<Vec<Event>, Refusal> {
    if state.ended() {
        let why = "nothing more can be done in it";
        return Err(refuse("the day is over", why, Some("start a new run")));
    }
    if let Some(task) = order.command.task()
        && task.at() >= state.plan().tasks.len()
    {
        return Err(refuse("the plan", "it has no such task", None));
    }
    match &order.command {
        Command::Pause { gate, mode, until } => {
            gates::pause(state, at, order, *gate, (*mode, *until))
        }
        Command::Resume { gate } => gates::resume(state, *gate),
        Command::Hold { task } => hold(state, order, *task),
        Command::Release { task } => release(state, *task),
        Command::Retry { task, scope } => retry::retry(state, at, *task, *scope),
        Command::RetryFailed { stage } => retry::retry_failed(state, at, *stage),
        Command::Rerun { task } => retry::rerun(state, at, *task),
        Command::RunNow { task } => force::run_now(state, at, *task),
        Command::Force { task, waivers } => force::force(state, at, order, *task, waivers),
        Command::ForceStage { stage, waivers } => {
            force::force_stage(state, at, order, *stage, waivers)
        }
        Command::Skip { task, satisfies } => skip(state, *task, *satisfies),
        Command::Unskip { task } => unskip(state, *task),
        Command::Cancel { task } => cancel(state, *task),
        Command::SetOk { task } => set_ok(state, order, *task),
        Command::SetFailed { task } => set_failed(state, order, *task),
        Command::Approve { task } => judge(state, order, *task, true),
        Command::Reject { task } => judge(state, order, *task, false),
        Command::Resolve { task, finding } => resolve(state, order, *task, finding),
        Command::SetPriority { task, priority } => set_priority(state, *task, *priority),
        Command::CancelRun => {
            Ok(state.tasks().filter_map(|(task, _)| cancelled(state, task)).collect())
        }
    }
}

impl Command {
    /// The task it is aimed at, if at one.
    #[must_use]
    pub const fn task(&self) -> Option<TaskIx> {
        match self {
            Self::Hold { task }
            | Self::Release { task }
            | Self::Retry { task, .. }
            | Self::Rerun { task }
            | Self::RunNow { task }
            | Self::Force { task, .. }
            | Self::Skip { task, .. }
            | Self::Unskip { task }
            | Self::Cancel { task }
            | Self::SetOk { task }
            | Self::SetFailed { task }
            | Self::Approve { task }
            | Self::Reject { task }
            | Self::Resolve { task, .. }
            | Self::SetPriority { task, .. } => Some(*task),
            Self::Pause { .. }
            | Self::Resume { .. }
            | Self::RetryFailed { .. }
            | Self::ForceStage { .. }
            | Self::CancelRun => None,
        }
    }
}

fn hold(state: &RunState, order: &Order, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    let held = Event::TaskHeld { task, by: words(order) };
    match state.task(task).state {
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Retrying
        | TaskState::UpstreamFailed => Ok(vec![held]),
        TaskState::Held => Err(refuse_task(state, task, "it is held already", Some("release it"))),
        TaskState::Running | TaskState::Cancelling => {
            Err(refuse_task(state, task, "an attempt is alive", Some("cancel it")))
        }
        _ended => Err(refuse_task(state, task, "there is nothing to hold back", None)),
    }
}

fn release(state: &RunState, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    match state.task(task).state {
        TaskState::Held => Ok(vec![Event::TaskReleased { task }]),
        _other => Err(refuse_task(state, task, "nobody holds it", None)),
    }
}

fn skip(state: &RunState, task: TaskIx, satisfies: bool) -> Result<Vec<Event>, Refusal> {
    let why = match state.task(task).state {
        TaskState::Running => "an attempt is alive",
        TaskState::Cancelling => "it is being stopped",
        TaskState::InDoubt => "its effect may have happened",
        TaskState::Completed => "it is done",
        TaskState::Skipped => "it is skipped already",
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::UpstreamFailed
        | TaskState::Missed => {
            return Ok(vec![Event::TaskSkipped { task, why: SkipWhy::Operator, satisfies }]);
        }
    };
    let remedy = match state.task(task).state {
        TaskState::Running => Some("cancel it"),
        TaskState::InDoubt => Some("resolve it"),
        _other => None,
    };
    Err(refuse_task(state, task, why, remedy))
}

fn unskip(state: &RunState, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    match state.task(task).state {
        TaskState::Skipped => {
            retry::proven_without_effect(state, task)?;
            Ok(vec![Event::TaskReset { task, cause: ResetCause::Unskip }])
        }
        _other => Err(refuse_task(state, task, "it was not skipped", None)),
    }
}

fn cancel(state: &RunState, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    cancelled(state, task).map(|event| vec![event]).ok_or_else(|| match state.task(task).state {
        TaskState::Cancelling => refuse_task(state, task, "it is being stopped already", None),
        TaskState::InDoubt => {
            refuse_task(state, task, "no attempt is alive any more", Some("resolve it"))
        }
        _ended => refuse_task(state, task, "it has ended", None),
    })
}

fn set_ok(state: &RunState, order: &Order, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    let reason = reason(state, order, task)?;
    match state.task(task).state {
        TaskState::Failed
        | TaskState::Timeout
        | TaskState::Missed
        | TaskState::Cancelled
        | TaskState::UpstreamFailed => {
            let outcome = Box::new(Outcome::bare(format!("set ok by {}: {reason}", order.by)));
            Ok(vec![Event::TaskCompleted { task, provenance: Provenance::SetOk, outcome }])
        }
        TaskState::InDoubt => {
            let why = "what happened is not known";
            Err(refuse_task(state, task, why, Some("resolve it with evidence")))
        }
        TaskState::Completed => Err(refuse_task(state, task, "it is ok", None)),
        _other => Err(refuse_task(state, task, "it has not ended badly", Some("skip it"))),
    }
}

fn set_failed(state: &RunState, order: &Order, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    let reason = reason(state, order, task)?;
    match state.task(task).state {
        TaskState::Completed | TaskState::Held | TaskState::Retrying => {
            let message = format!("set failed by {}: {reason}", order.by);
            let failure = Box::new(Failure::new(FailureKind::Rejected, message));
            Ok(vec![Event::TaskFailed { task, failure, why: NoRetry::Operator }])
        }
        TaskState::Running => {
            Err(refuse_task(state, task, "an attempt is alive", Some("cancel it")))
        }
        TaskState::InDoubt => {
            Err(refuse_task(state, task, "what happened is not known", Some("resolve it")))
        }
        _other => Err(refuse_task(state, task, "it has no result that could be wrong", None)),
    }
}

fn judge(state: &RunState, order: &Order, task: TaskIx, yes: bool) -> Result<Vec<Event>, Refusal> {
    if !state.human(task) {
        return Err(refuse_task(state, task, "it asks nobody", None));
    }
    if state.task(task).state != TaskState::Running {
        return Err(refuse_task(state, task, "it is not waiting for an answer", None));
    }
    let because = order.reason.as_deref().map(|r| format!(": {r}")).unwrap_or_default();
    if yes {
        let outcome = Box::new(Outcome::bare(format!("approved by {}{because}", order.by)));
        return Ok(vec![Event::TaskCompleted { task, provenance: Provenance::Approved, outcome }]);
    }
    let message = format!("rejected by {}{because}", order.by);
    let failure = Box::new(Failure::new(FailureKind::Rejected, message));
    Ok(vec![Event::TaskFailed { task, failure, why: NoRetry::Rejected }])
}

fn resolve(
    state: &RunState,
    order: &Order,
    task: TaskIx,
    finding: &Finding,
) -> Result<Vec<Event>, Refusal> {
    let reason = reason(state, order, task)?;
    if state.task(task).state != TaskState::InDoubt {
        return Err(refuse_task(state, task, "nothing about it is in doubt", None));
    }
    Ok(match finding {
        Finding::Happened { evidence } if evidence.trim().is_empty() => {
            let why = "that it happened needs evidence";
            return Err(refuse_task(state, task, why, Some("name the broker's reference")));
        }
        Finding::Happened { evidence } => {
            let summary = format!("happened, says {}: {evidence} ({reason})", order.by);
            let outcome = Box::new(Outcome::bare(summary));
            vec![Event::TaskCompleted { task, provenance: Provenance::Reconciled, outcome }]
        }
        Finding::DidNotHappen => vec![Event::TaskReset { task, cause: ResetCause::ProvenAbsent }],
        Finding::Abandoned => {
            let message = format!("given up in doubt by {}: {reason}", order.by);
            let failure = Box::new(Failure::new(FailureKind::Rejected, message));
            vec![Event::TaskFailed { task, failure, why: NoRetry::Operator }]
        }
    })
}

fn set_priority(
    state: &RunState,
    task: TaskIx,
    priority: TaskPriority,
) -> Result<Vec<Event>, Refusal> {
    let run = state.task(task);
    if run.priority == priority {
        return Err(refuse_task(state, task, &format!("its priority is {priority} already"), None));
    }
    if run.state.active() || (run.state.ended() && run.state != TaskState::UpstreamFailed) {
        return Err(refuse_task(state, task, "priority matters only before the start", None));
    }
    if run.state == TaskState::InDoubt {
        return Err(refuse_task(state, task, "it is in doubt", Some("resolve it")));
    }
    Ok(vec![Event::TaskPrioritySet { task, priority }])
}

fn reason<'a>(state: &RunState, order: &'a Order, task: TaskIx) -> Result<&'a str, Refusal> {
    let given = order.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    given.ok_or_else(|| refuse_task(state, task, "that needs a reason", Some("give one")))
}

/// Who acts and why, in words.
pub(super) fn words(order: &Order) -> String {
    match &order.reason {
        Some(reason) => format!("{} ({reason})", order.by),
        None => order.by.to_string(),
    }
}

pub(super) fn name_and_state(state: &RunState, task: TaskIx) -> String {
    format!("{} is {}", state.plan().task(task).id, state.task(task).state)
}

pub(super) fn refuse(what: &str, why: &str, remedy: Option<&str>) -> Refusal {
    Refusal { what: what.into(), state: None, why: why.into(), remedy: remedy.map(Into::into) }
}

pub(super) fn refuse_task(
    state: &RunState,
    task: TaskIx,
    why: &str,
    remedy: Option<&str>,
) -> Refusal {
    Refusal {
        what: name_and_state(state, task),
        state: Some(state.task(task).state),
        why: why.into(),
        remedy: remedy.map(Into::into),
    }
}
