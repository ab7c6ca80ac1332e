//! Reasons for a task's wait that come from its dependencies.

use chrono::{DateTime, Utc};

use super::{format, why::StateReason};
use engine::{Breaker, RunState, TaskEnding, TaskState, Waiver, control::CommandVerb};
use planning::{
    plan::{Dependency, TaskIx},
    workflow::DependencyKind,
};

/// Dependencies named one by one; what is beyond is counted.
pub(super) const NAMED_MAX: usize = 8;

/// Returns what a task's dependencies have against its start: what ended badly, what is in doubt,
/// what is stale, and what has not ended, in this order.
pub(super) fn unmet_dependencies(
    run: &RunState,
    task: TaskIx,
    at: DateTime<Utc>,
) -> Vec<StateReason> {
    let state = run.task(task);
    let (mut bad, mut open) = (Vec::new(), Vec::new());
    for &dependency in &run.plan().task(task).dependencies {
        // Who does without a result may have it after all, and then it must be fresh.
        let why = if state.has_waiver_for(Waiver::Dependency(dependency.on)) {
            aged(run, task, dependency, at)
        } else {
            unmet_dependency(run, task, dependency, at)
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
        let more = format::count_noun(u64::from(state.waiting.saturating_sub(named)), "more task");
        open.push(StateReason::new("dep_waiting", format!("waits for {more}")));
    }
    bad.sort_by_key(|why| ["dep_failed", "dep_in_doubt"].iter().position(|c| *c == why.code));
    bad.extend(open);
    bad
}

/// Returns what one dependency has against the start of `task`.
fn unmet_dependency(
    run: &RunState,
    task: TaskIx,
    dependency: Dependency,
    at: DateTime<Utc>,
) -> Option<StateReason> {
    let on = dependency.on;
    let (upstream, id) = (run.task(on), &run.plan().task(on).id);
    let hard = dependency.hardness == DependencyKind::Hard;
    let state = upstream.state;
    let satisfying = matches!(upstream.ending, Some(TaskEnding::Skipped { satisfies: true, .. }));
    if state == TaskState::InDoubt && hard {
        let text = format!("waiting for {id}, which is IN_DOUBT");
        return Some(
            StateReason::new("dep_in_doubt", text)
                .with_since(upstream.since)
                .with_fix(CommandVerb::Resolve)
                .with_fix_target(on),
        );
    }
    if !state.is_terminal() && state != TaskState::InDoubt {
        let text = format!("waits for {id} ({state})");
        let waits = StateReason::new("dep_waiting", text).with_since(upstream.since);
        // Behind a task that failed, waiting helps nothing.
        return Some(match failed_upstream(run, on) {
            Some(failed) => waits.with_fix(CommandVerb::Retry).with_fix_target(failed),
            None => waits.with_fix_target(on),
        });
    }
    if hard && state != TaskState::Completed && !(state == TaskState::Skipped && satisfying) {
        let text = format!("needs {id} ({state})");
        let unskip = state == TaskState::Skipped && !upstream.is_rejected();
        let verb = if unskip { CommandVerb::Unskip } else { CommandVerb::Retry };
        return Some(
            StateReason::new("dep_failed", text)
                .with_since(upstream.since)
                .with_fix(verb)
                .with_fix_target(on),
        );
    }
    aged(run, task, dependency, at)
}

/// Returns the task for whose bad end another one cannot run.
fn failed_upstream(run: &RunState, on: TaskIx) -> Option<TaskIx> {
    match &run.task(on).ending {
        Some(TaskEnding::UpstreamFailed(culprit)) if *culprit != on => Some(*culprit),
        _other => None,
    }
}

/// Returns what the age of a result has against the start of `task`.
fn aged(
    run: &RunState,
    task: TaskIx,
    dependency: Dependency,
    at: DateTime<Utc>,
) -> Option<StateReason> {
    let (on, id) = (dependency.on, &run.plan().task(dependency.on).id);
    let waived = run.task(task).has_waiver_for(Waiver::Freshness(on));
    let (age, limit) = run.staleness(dependency, at).filter(|_| !waived)?;
    let text =
        format!("result of {id} is stale: {} old, valid for {limit}", format::format_duration(age));
    Some(
        StateReason::new("dep_stale", text)
            .with_since(at - (age.to_delta() - limit.to_delta()))
            .with_fix(CommandVerb::Rerun)
            .with_fix_target(on),
    )
}

/// Returns what an agent that failed too often has against a task.
pub(super) fn open_breaker(run: &RunState, task: TaskIx) -> Option<StateReason> {
    let agent = run.plan().task(task).agent;
    if run.task(task).has_waiver_for(Waiver::Breaker) || run.is_human_task(task) {
        return None;
    }
    let id = &run.plan().agent(agent).id;
    match run.agent(agent).breaker {
        Breaker::Closed => None,
        Breaker::Open { until } => {
            let text = format!("breaker of agent {id} is open: too many failures");
            Some(StateReason::new("breaker_open", text).next(until).with_fix(CommandVerb::Force))
        }
        Breaker::HalfOpen { probe } => {
            let by = probe.filter(|&probe| probe != task);
            let by = by.map(|ix| format!(" with {}", run.plan().task(ix).id)).unwrap_or_default();
            Some(StateReason::new("breaker_half_open", format!("agent {id} is on trial{by}")))
        }
    }
}
