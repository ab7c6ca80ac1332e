//! Doing failed or finished work again.

use chrono::{DateTime, Utc};

use super::refusal::{name_and_state, refuse, refuse_state, refuse_task};
use crate::{
    command::{CommandRefusal, RetryScope, Waiver},
    event::Event,
    event_types::{ResetCause, TimeoutCause},
    run_state::RunState,
    task_run::TaskEnding,
    task_state::TaskState,
};
use planning::{
    plan::{StageIx, TaskIx},
    workflow::EffectClass,
};

pub(super) fn retry(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
    scope: RetryScope,
) -> Result<Vec<Event>, CommandRefusal> {
    let mut events = match state.task(task).state {
        TaskState::Retrying => vec![retry_now_event(state, task)],
        TaskState::Failed | TaskState::Timeout | TaskState::Cancelled => {
            proven_without_effect(state, task)?;
            reset_task(state, at, task, ResetCause::Retry)?
        }
        TaskState::Missed => {
            return Err(refuse_state(state, task, "it never started"));
        }
        TaskState::UpstreamFailed => {
            let culprit = if let Some(TaskEnding::UpstreamFailed(culprit)) = state.task(task).ending
            {
                name_and_state(state, culprit)
            } else {
                "what it needs".into()
            };
            let why = format!("it did not fail by itself: {culprit}");
            return Err(refuse_task(
                state,
                task,
                &why,
                "retry that one; this task follows automatically",
            ));
        }
        TaskState::Completed => {
            return Err(refuse_task(
                state,
                task,
                "it did not fail",
                "rerun it to have it done again",
            ));
        }
        TaskState::InDoubt => {
            let why = "its effect may have happened; a second try could double it";
            return Err(refuse_task(state, task, why, "resolve it with evidence first"));
        }
        TaskState::Skipped if state.task(task).is_rejected() => {
            reset_task(state, at, task, ResetCause::Retry)?
        }
        TaskState::Skipped => {
            return Err(refuse_state(state, task, "it was skipped"));
        }
        TaskState::Pending | TaskState::Queued | TaskState::Held => {
            return Err(refuse_state(state, task, "it has not failed"));
        }
        TaskState::Running | TaskState::Cancelling => {
            return Err(refuse_state(state, task, "an attempt is alive"));
        }
    };
    if scope == RetryScope::WithDownstream {
        events.extend(retry_obstacle(state, at, task));
    }
    Ok(events)
}

/// What lets a retrying task go on at once. What it needs may have gone since its last attempt: then
/// it waits for that and no longer for its moment.
pub(super) fn retry_now_event(state: &RunState, task: TaskIx) -> Event {
    let run = state.task(task);
    if run.waiting > 0 || run.broken > 0 {
        return Event::TaskReset { task, cause: ResetCause::Requeued };
    }
    Event::TaskQueued { task }
}

/// Every failed or timed-out task of a stage that may be tried again.
pub(super) fn retry_failed(
    state: &RunState,
    at: DateTime<Utc>,
    stage: StageIx,
) -> Result<Vec<Event>, CommandRefusal> {
    if stage.at() >= state.plan().stages.len() {
        return Err(refuse("the plan", "it has no such stage", None));
    }
    let failed = |task: &TaskIx| {
        matches!(state.task(*task).state, TaskState::Failed | TaskState::Timeout)
            && proven_without_effect(state, *task).is_ok()
    };
    let events: Vec<_> = state
        .plan()
        .tasks_of(stage)
        .filter(failed)
        .filter_map(|task| reset_task(state, at, task, ResetCause::Retry).ok())
        .flatten()
        .collect();
    if events.is_empty() {
        let what = format!("stage {}", state.plan().stage(stage).id);
        return Err(refuse(
            &what,
            "none of its tasks failed in a way that can be tried again",
            None,
        ));
    }
    Ok(events)
}

pub(super) fn rerun(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
) -> Result<Vec<Event>, CommandRefusal> {
    if state.task(task).state != TaskState::Completed {
        return Err(refuse_state(state, task, "only finished work can be done again"));
    }
    if state.plan().task(task).effect == EffectClass::Effectful {
        let why = "its effect happened; doing it again would double it";
        return Err(refuse_task(state, task, why, "set it failed if its result is wrong"));
    }
    reset_task(state, at, task, ResetCause::Rerun)
}

/// An effectful task may be tried again only when its last attempt provably did nothing: it said
/// so, or it never began.
pub(super) fn proven_without_effect(state: &RunState, task: TaskIx) -> Result<(), CommandRefusal> {
    if state.plan().task(task).effect != EffectClass::Effectful {
        return Ok(());
    }
    let run = state.task(task);
    let proof = match &run.ending {
        Some(TaskEnding::Failed(_, why)) => *why != crate::NoRetryReason::Operator,
        Some(TaskEnding::TimedOut(clock)) => *clock != TimeoutCause::Run,
        // Stopped in the middle, or skipped over a failure: only a task that never began is safe.
        Some(TaskEnding::Cancelled { .. } | TaskEnding::Skipped { .. }) => run.attempts_used() == 0,
        Some(TaskEnding::Missed) => true,
        Some(
            TaskEnding::Completed(_)
            | TaskEnding::InDoubt(_)
            | TaskEnding::Rejected(_)
            | TaskEnding::UpstreamFailed(_),
        )
        | None => false,
    };
    if proof {
        return Ok(());
    }
    let why = "nothing proves that it had no effect";
    Err(refuse_task(state, task, why, "resolve it first, then skip it or set-completed"))
}

/// Sets a task back to PENDING. Past its window a repeatable task may still run, marked as forced;
/// one that sends orders may not.
pub(super) fn reset_task(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
    cause: ResetCause,
) -> Result<Vec<Event>, CommandRefusal> {
    let plan = state.plan().task(task);
    let mut events = vec![Event::TaskReset { task, cause }];
    if plan.closes_at <= at && !state.task(task).has_waiver_for(Waiver::Window) {
        if plan.effect == EffectClass::Effectful {
            let why = "its window has closed, and late orders are never sent by a retry";
            return Err(refuse_task(state, task, why, "force it, waiving the window"));
        }
        events.push(Event::TaskForced { task, waivers: vec![Waiver::Window] });
    }
    Ok(events)
}

/// Everything downstream of a task that ended badly: by itself, or because of it.
fn retry_obstacle(state: &RunState, at: DateTime<Utc>, task: TaskIx) -> Vec<Event> {
    let mut seen = std::collections::BTreeSet::from([task]);
    let mut next = vec![task];
    let mut events = Vec::new();
    while let Some(above) = next.pop() {
        for &(below, _) in state.dependents(above) {
            if !seen.insert(below) {
                continue;
            }
            let run = state.task(below);
            match run.state {
                TaskState::Missed
                | TaskState::Failed
                | TaskState::Timeout
                | TaskState::Cancelled => {
                    if proven_without_effect(state, below).is_ok() {
                        events.extend(
                            reset_task(state, at, below, ResetCause::Retry).unwrap_or_default(),
                        );
                    }
                    next.push(below);
                }
                TaskState::UpstreamFailed => {
                    let plan = state.plan().task(below);
                    let late = plan.closes_at <= at && plan.effect != EffectClass::Effectful;
                    if late && !run.has_waiver_for(Waiver::Window) {
                        let waivers = vec![Waiver::Window];
                        events.push(Event::TaskForced { task: below, waivers });
                    }
                    next.push(below);
                }
                TaskState::Pending
                | TaskState::Queued
                | TaskState::Running
                | TaskState::Retrying
                | TaskState::Held
                | TaskState::Cancelling
                | TaskState::InDoubt
                | TaskState::Completed
                | TaskState::Skipped => {}
            }
        }
    }
    events
}
