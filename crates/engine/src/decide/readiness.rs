//! What a waiting task does once its dependencies, its window or its condition have changed.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    command::Waiver,
    dependency_status::{DependencyStatus, dependency_status},
    event::Event,
    event_types::{ApprovalRejection, Provenance, ResetCause, SkipReason, TimeoutCause},
    outcome::TaskResult,
    run_state::RunState,
    task_run::TaskEnding,
    task_state::TaskState,
};
use planning::{
    calendar::exchange_local,
    plan::TaskIx,
    workflow::{Condition, OnClose},
};

/// The one event that follows for a task by itself, if any.
pub(crate) fn next_event_for(state: &RunState, at: DateTime<Utc>, ix: TaskIx) -> Option<Event> {
    if state.has_ended() {
        return None;
    }
    let run = state.task(ix);
    match run.state {
        TaskState::Pending => pending(state, at, ix),
        TaskState::Queued => {
            let lost = run.waiting > 0 || run.broken > 0 || state.first_stale(ix, at).is_some();
            lost.then_some(Event::TaskDequeued { task: ix })
        }
        TaskState::Retrying => {
            let due = run.next_at.is_none_or(|next_at| next_at <= at);
            let lost = run.waiting > 0 || run.broken > 0;
            if lost {
                Some(Event::TaskReset { task: ix, cause: ResetCause::Requeued })
            } else {
                due.then_some(Event::TaskQueued { task: ix })
            }
        }
        TaskState::UpstreamFailed | TaskState::Skipped if freed(state, ix) => {
            Some(Event::TaskReset { task: ix, cause: ResetCause::UpstreamChanged })
        }
        TaskState::Running
        | TaskState::Held
        | TaskState::Cancelling
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => None,
    }
}

/// Returns whether what a task was blocked by, or skipped with, no longer stands in its way. A
/// remaining obstacle that will clear by itself is waited for, so that the task is reset once; any
/// other then says anew how the task ends.
fn freed(state: &RunState, ix: TaskIx) -> bool {
    let run = state.task(ix);
    if let Some(TaskEnding::UpstreamFailed(culprit)) = run.ending {
        return broken_dependencies(state, ix).all(|on| on != culprit && !will_be_freed(state, on));
    }
    run.broken == 0 && run.skipped_with_upstream()
}

/// Returns whether a blocked task is about to be reset, because what blocked it, directly or
/// through others, no longer does.
fn will_be_freed(state: &RunState, mut ix: TaskIx) -> bool {
    while let Some(TaskEnding::UpstreamFailed(culprit)) = state.task(ix).ending {
        if !broken_dependencies(state, ix).any(|on| on == culprit) {
            return true;
        }
        ix = culprit;
    }
    false
}

/// What a task needs and cannot have.
fn broken_dependencies(state: &RunState, ix: TaskIx) -> impl Iterator<Item = TaskIx> {
    let run = state.task(ix);
    let broken = state.plan().task(ix).dependencies.iter().filter(|d| {
        dependency_status(state.task(d.on), d.hardness) == DependencyStatus::Impossible
            && !run.has_waiver_for(Waiver::Dependency(d.on))
    });
    broken.map(|d| d.on)
}

fn pending(state: &RunState, at: DateTime<Utc>, ix: TaskIx) -> Option<Event> {
    let run = state.task(ix);
    if state.is_unasked(ix) {
        return (state.task_brief(ix).closes_at <= at).then_some(not_needed(ix));
    }
    if run.broken > 0 {
        return Some(upstream_failed(state, ix));
    }
    if run.waiting > 0 {
        return None;
    }
    let brief = state.task_brief(ix);
    if !brief.plain
        && let Some((asked, condition)) = &state.plan().task(ix).when
        && !run.has_waiver_for(Waiver::Condition)
        && let Some(why) = condition_failure(state, *asked, condition)
    {
        return Some(Event::TaskSkipped { task: ix, why, satisfies: false });
    }
    if brief.closes_at <= at {
        // A task that came back after its window closed is not passed over in silence.
        return window_closed(state, at, ix).or_else(|| queue(state, at, ix));
    }
    queue(state, at, ix)
}

/// The end of a task on demand that nobody asked for.
pub(super) const fn not_needed(ix: TaskIx) -> Event {
    Event::TaskSkipped { task: ix, why: SkipReason::NotNeeded, satisfies: false }
}

fn queue(state: &RunState, at: DateTime<Utc>, ix: TaskIx) -> Option<Event> {
    let ready = state.not_before(ix) <= at && state.first_stale(ix, at).is_none();
    ready.then_some(Event::TaskQueued { task: ix })
}

/// A skip upstream is passed on as a skip, everything else as a failure upstream.
fn upstream_failed(state: &RunState, ix: TaskIx) -> Event {
    match broken_dependencies(state, ix).find(|&on| state.task(on).state != TaskState::Skipped) {
        Some(culprit) => Event::TaskUpstreamFailed { task: ix, culprit },
        None => Event::TaskSkipped { task: ix, why: SkipReason::Upstream, satisfies: false },
    }
}

/// Returns why a `when` condition does not hold, now that the task it asks has ended; `None` if it
/// holds. A field that the result does not have holds neither plainly nor negated.
pub(crate) fn condition_failure(
    state: &RunState,
    asked: TaskIx,
    condition: &Condition,
) -> Option<SkipReason> {
    let Some(outcome) = state.task(asked).outcome.as_deref() else {
        return Some(SkipReason::Condition);
    };
    match outcome.is_truthy(&condition.field) {
        None => Some(SkipReason::MissingField),
        Some(holds) => (holds == condition.negated).then_some(SkipReason::Condition),
    }
}

/// The no of a question that nobody answered.
pub(super) fn approval_expired(ix: TaskIx, how_long: &str) -> Event {
    let reason = Some(format!("no operator answered {how_long}"));
    Event::TaskRejected { task: ix, rejection: Box::new(ApprovalRejection { by: None, reason }) }
}

/// Whether work outlives its window: `carry` lets it outlive its stage's; a window of the task's own,
/// and the end of a loop, stand.
pub(super) fn outlives_window(state: &RunState, ix: TaskIx) -> bool {
    let task = state.plan().task(ix);
    let stage = state.plan().stage(task.stage);
    let outlives = stage.on_close == OnClose::Carry && task.closes_at == stage.closes_at;
    outlives && task.every.is_none()
}

/// Returns the result of a monitor whose window has closed at `at`: that of its last good round, with the
/// time of that round when later ones are missing, as after a kill.
fn last_round_result(state: &RunState, at: DateTime<Utc>, ix: TaskIx) -> Arc<TaskResult> {
    let run = state.task(ix);
    let Some(outcome) = run.outcome.clone() else {
        return Arc::new(TaskResult::without_data("no round ended well"));
    };
    let good = run.history.iter().rfind(|attempt| attempt.ended_as == TaskState::Completed);
    let every = state.plan().task(ix).every;
    match good.zip(every) {
        Some((last, every)) if last.ended_at + every.to_delta() * 2 < at => {
            let time = exchange_local(last.ended_at).format("%H:%M");
            let summary = format!("last round at {time}: {}", outcome.summary);
            Arc::new(TaskResult { summary, ..(*outcome).clone() })
        }
        Some(_) | None => outcome,
    }
}

/// What becomes of a task whose window has closed.
pub(crate) fn window_closed(state: &RunState, at: DateTime<Utc>, ix: TaskIx) -> Option<Event> {
    let (run, task) = (state.task(ix), state.plan().task(ix));
    if !state.has_ended() && task.closes_at <= at && state.waits_for_demand(ix) {
        return Some(not_needed(ix));
    }
    if state.has_ended() || run.has_waiver_for(Waiver::Window) || task.closes_at > at {
        return None;
    }
    if outlives_window(state, ix) {
        return None;
    }
    match run.state {
        TaskState::Pending | TaskState::Queued | TaskState::Held | TaskState::Retrying
            if run.rounds > 0 =>
        {
            let outcome = last_round_result(state, at, ix);
            Some(Event::TaskCompleted { task: ix, provenance: Provenance::Ran, outcome })
        }
        TaskState::Retrying => {
            Some(Event::TaskTimedOut { task: ix, clock: TimeoutCause::StageClose })
        }
        TaskState::Pending | TaskState::Queued | TaskState::Held if run.attempt > 0 => {
            Some(Event::TaskTimedOut { task: ix, clock: TimeoutCause::StageClose })
        }
        TaskState::Pending if run.broken > 0 => None,
        TaskState::Pending | TaskState::Queued | TaskState::Held => {
            Some(Event::TaskMissed { task: ix })
        }
        TaskState::Running if state.is_human_task(ix) => {
            Some(approval_expired(ix, "until its window closed"))
        }
        TaskState::Running
        | TaskState::Cancelling
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => None,
    }
}
