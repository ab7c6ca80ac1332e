//! What a late start makes of what it missed: which work is caught up, which is excused.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    readiness::{outlives_window, window_closed},
    refusal::{refuse, refuse_task},
};
use crate::{
    command::CommandRefusal,
    event::Event,
    event_types::SkipReason,
    late_start::{ExcuseReason, ExcusedTask},
    run_state::RunState,
    task_state::TaskState,
};
use planning::{
    plan::TaskIx,
    workflow::{DependencyKind, EffectClass},
};

/// The tasks that were missed up to `at`, in the order of the plan: those that are MISSED, those that
/// will be once the engine looks at its clock, and those whose window closed while they could not run
/// for lack of one of these.
#[must_use]
pub fn missed_tasks(state: &RunState, at: DateTime<Utc>) -> Vec<TaskIx> {
    let over = |ix| matches!(window_closed(state, at, ix), Some(Event::TaskMissed { .. }));
    let gone = |ix| state.task(ix).state == TaskState::Missed || over(ix);
    let mut all: BTreeSet<_> = state.tasks().map(|(ix, _)| ix).filter(|&ix| gone(ix)).collect();
    let mut next: Vec<_> = all.iter().copied().collect();
    while let Some(above) = next.pop() {
        for &(below, hardness) in state.dependents(above) {
            let run = state.task(below);
            let blocked = run.state == TaskState::UpstreamFailed && run.attempt == 0;
            let over = state.plan().task(below).closes_at <= at && !outlives_window(state, below);
            if blocked && over && hardness == DependencyKind::Hard && all.insert(below) {
                next.push(below);
            }
        }
    }
    all.into_iter().collect()
}

/// Catches up `tasks` and excuses `left`; together they hold every missed task, so that nothing
/// is passed over in silence.
pub(super) fn decide_catch_up(
    state: &RunState,
    at: DateTime<Utc>,
    tasks: &[TaskIx],
    left: &[ExcusedTask],
) -> Result<Vec<Event>, CommandRefusal> {
    let caught_up: BTreeSet<TaskIx> = tasks.iter().copied().collect();
    let let_go: BTreeSet<TaskIx> = left.iter().map(|left| left.task).collect();
    let there = |ix: &TaskIx| ix.at() < state.plan().tasks.len();
    if !caught_up.iter().chain(&let_go).all(there) {
        return Err(refuse("the plan", "it has no such task", None));
    }
    for &task in &caught_up {
        may_be_caught_up(state, at, task)?;
        if let_go.contains(&task) {
            let why = "it cannot be both caught up and excused";
            return Err(refuse_task(state, task, why, "choose one"));
        }
    }
    for &task in &let_go {
        may_be_let_go(state, task)?;
    }
    let silent = |ix: &TaskIx| !caught_up.contains(ix) && !let_go.contains(ix);
    if let Some(task) = missed_tasks(state, at).into_iter().find(silent) {
        let why = "it was missed, and nothing is said of it";
        return Err(refuse_task(state, task, why, "catch it up or excuse it"));
    }
    let mut events = Vec::new();
    for ExcusedTask { task, why } in left.iter().filter(|left| !state.late.contains_key(&left.task))
    {
        events.push(Event::TaskExcused { task: *task, why: *why });
        let (task, waits) = (*task, !state.task(*task).state.is_terminal());
        if waits && window_closed(state, at, task).is_some() {
            events.push(Event::TaskMissed { task });
        } else if waits && *why == ExcuseReason::Observing {
            events.push(Event::TaskSkipped { task, why: SkipReason::Operator, satisfies: false });
        }
    }
    events.extend(caught_up.into_iter().map(|task| Event::TaskCaughtUp { task }));
    if events.is_empty() {
        return Err(refuse("nothing was missed", "there is nothing to catch up", None));
    }
    Ok(events)
}

/// Only work that never began, whose window is over, that may be repeated and still says something.
fn may_be_caught_up(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
) -> Result<(), CommandRefusal> {
    let (run, plan) = (state.task(task), state.plan().task(task));
    let no = |why, remedy| Err(refuse_task(state, task, why, remedy));
    let waits =
        matches!(run.state, TaskState::Pending | TaskState::Missed | TaskState::UpstreamFailed);
    if !waits || run.attempt > 0 {
        return no("only missed tasks that never started can be caught up", "leave it out");
    }
    if plan.closes_at > at {
        return no("its window is not over", "leave it out: it runs by itself");
    }
    match plan.effect {
        EffectClass::Effectful => {
            no("its window has closed, and late orders are never sent", "let it go")
        }
        EffectClass::Human => no("its window has closed: what it asks about is past", "let it go"),
        EffectClass::Pure | EffectClass::Idempotent if plan.every.is_some() => {
            no("it watches, and what it watched is over", "let it go")
        }
        EffectClass::Pure | EffectClass::Idempotent => Ok(()),
    }
}

fn may_be_let_go(state: &RunState, task: TaskIx) -> Result<(), CommandRefusal> {
    let run = state.task(task);
    let waits = matches!(
        run.state,
        TaskState::Pending
            | TaskState::Queued
            | TaskState::Held
            | TaskState::Missed
            | TaskState::UpstreamFailed
    );
    if waits && run.attempt == 0 {
        return Ok(());
    }
    Err(refuse_task(state, task, "only tasks that never started can be excused", "leave it out"))
}
