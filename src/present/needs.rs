//! What the tasks that a task waits for have against its start.

use chrono::{DateTime, Utc};

use super::{why::Why, words};
use crate::{
    definition::Hardness,
    engine::{Breaker, Ending, RunState, TaskState, Waiver},
    plan::{Dependency, TaskIx},
};

/// Dependencies named one by one; what is beyond is counted.
pub(super) const NAMED_MAX: usize = 8;

/// What a task's dependencies have against its start: what ended badly, what is in doubt, what is
/// stale, and what has not ended, in this order.
pub(super) fn dependencies(run: &RunState, task: TaskIx, at: DateTime<Utc>) -> Vec<Why> {
    let state = run.task(task);
    let (mut bad, mut open) = (Vec::new(), Vec::new());
    for &dependency in &run.plan().task(task).dependencies {
        // Who does without a result may have it after all, and then it must be fresh.
        let why = if state.waives(Waiver::Dependency(dependency.on)) {
            aged(run, task, dependency, at)
        } else {
            against(run, task, dependency, at)
        };
        match why {
            Some(why) if why.code == "dep_waiting" => open.push(why),
            Some(why) => bad.push(why),
            None => {}
        }
        // A task that joins thousands is read up to its first reasons only.
        if open.len() > NAMED_MAX || bad.len() > NAMED_MAX {
            break;
        }
    }
    bad.truncate(NAMED_MAX);
    if open.len() > NAMED_MAX {
        open.truncate(NAMED_MAX - 1);
        let named = u32::try_from(open.len()).unwrap_or(u32::MAX);
        let more = words::plural(u64::from(state.waiting.saturating_sub(named)), "more task");
        open.push(Why::new("dep_waiting", format!("waits for {more}")));
    }
    bad.sort_by_key(|why| ["dep_failed", "dep_in_doubt"].iter().position(|c| *c == why.code));
    bad.extend(open);
    bad
}

/// What one dependency has against the start of `task`.
fn against(run: &RunState, task: TaskIx, dependency: Dependency, at: DateTime<Utc>) -> Option<Why> {
    let on = dependency.on;
    let (upstream, id) = (run.task(on), &run.plan().task(on).id);
    let hard = dependency.hardness == Hardness::Hard;
    let state = upstream.state;
    let satisfying = matches!(upstream.ending, Some(Ending::Skipped { satisfies: true, .. }));
    if state == TaskState::InDoubt && hard {
        let text = format!("needs {id}, of which nobody knows whether it happened");
        return Some(Why::new("dep_in_doubt", text).since(upstream.since).verb("resolve").on(on));
    }
    if !state.ended() && state != TaskState::InDoubt {
        let text = format!("waits for {id} ({state})");
        return Some(Why::new("dep_waiting", text).since(upstream.since).on(on));
    }
    if hard && state != TaskState::Completed && !(state == TaskState::Skipped && satisfying) {
        let text = format!("needs {id} ({state})");
        let unskip = state == TaskState::Skipped && !upstream.rejected();
        let verb = if unskip { "unskip" } else { "retry" };
        return Some(Why::new("dep_failed", text).since(upstream.since).verb(verb).on(on));
    }
    aged(run, task, dependency, at)
}

/// What the age of a result has against the start of `task`.
fn aged(run: &RunState, task: TaskIx, dependency: Dependency, at: DateTime<Utc>) -> Option<Why> {
    let (on, id) = (dependency.on, &run.plan().task(dependency.on).id);
    let waived = run.task(task).waives(Waiver::Freshness(on));
    let (age, limit) = run.stale(dependency, at).filter(|_| !waived)?;
    let text = format!("needs {id} fresh: {} old, good for {limit}", words::duration(age));
    Some(Why::new("dep_stale", text).since(at - (age.delta() - limit.delta())).verb("rerun").on(on))
}

/// What an agent that failed too often has against a task.
pub(super) fn breaker(run: &RunState, task: TaskIx) -> Option<Why> {
    let agent = run.plan().task(task).agent;
    if run.task(task).waives(Waiver::Breaker) || run.human(task) {
        return None;
    }
    let id = &run.plan().agent(agent).id;
    match run.agent(agent).breaker {
        Breaker::Closed => None,
        Breaker::Open { until } => {
            let text = format!("breaker of agent {id} is open: it failed too often");
            Some(Why::new("breaker_open", text).next(until).verb("force"))
        }
        Breaker::HalfOpen { probe } => {
            let by = probe.filter(|&probe| probe != task);
            let by = by.map(|ix| format!(" with {}", run.plan().task(ix).id)).unwrap_or_default();
            Some(Why::new("breaker_half_open", format!("agent {id} is being tried{by}")))
        }
    }
}
