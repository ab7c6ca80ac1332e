//! What decided each start, and the chain of such reasons that led to the end of a stage's work.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::{DateTime, Utc};

use super::{
    report::{ChainLink, StartCause},
    simulate::{Simulation, SlotShortage},
};
use planning::{
    plan::{DayPlan, StageIx, TaskIx},
    time::Span,
};

/// What the start of a task waited for last, if it started.
pub(super) fn start_cause(played: &Simulation, ix: TaskIx) -> Option<StartCause> {
    played.runs[ix.at()].first()?;
    match played.lacked[ix.at()] {
        Some(SlotShortage::Agent) => return Some(StartCause::AgentSlots),
        Some(SlotShortage::Global) => return Some(StartCause::GlobalSlots),
        None => {}
    }
    let plan = played.state().plan();
    let opens_at = plan.task(ix).opens_at;
    Some(match last_awaited(played, ix) {
        Some((at, on)) if at > opens_at.max(played.starts_at) => {
            StartCause::Dependency(plan.task(on).id.clone())
        }
        Some(_) | None if opens_at >= played.starts_at => StartCause::Window,
        Some(_) | None => StartCause::Start,
    })
}

/// Of the tasks a task waits for, the one whose fate was decided last; of several the first.
fn last_awaited(played: &Simulation, ix: TaskIx) -> Option<(DateTime<Utc>, TaskIx)> {
    let dependencies = played.state().plan().task(ix).dependencies.iter();
    let decided = dependencies.filter_map(|d| Some((played.decided[d.on.at()]?, d.on)));
    decided.reduce(|last, next| if next.0 > last.0 { next } else { last })
}

/// When the last attempt of a task ends.
pub(super) fn last_attempt_end(played: &Simulation, ix: TaskIx) -> Option<DateTime<Utc>> {
    played.runs[ix.at()].last().map(|run| run.to)
}

/// The task of a stage that ends last, loops apart unless there is nothing else.
pub(super) fn last_of(played: &Simulation, stage: StageIx) -> Option<TaskIx> {
    let plan = played.state().plan();
    let ran = plan.tasks_of(stage).filter_map(|ix| Some((last_attempt_end(played, ix)?, ix)));
    let key = |ix: TaskIx| plan.task(ix).every.is_none();
    // Of two that end together the later in the plan counts: it may have waited for the other.
    ran.max_by_key(|&(end, ix)| (key(ix), end, ix)).map(|(_, ix)| ix)
}

/// What led to the end of a task, first to last, inside its stage.
pub(super) fn critical_chain_to(played: &Simulation, last: TaskIx) -> Vec<ChainLink> {
    let plan = played.state().plan();
    let stage = plan.task(last).stage;
    let (mut links, mut seen, mut next) = (Vec::new(), BTreeSet::new(), Some(last));
    while let Some(ix) = next.filter(|ix| plan.task(*ix).stage == stage && seen.insert(*ix)) {
        let Some(driver) = start_cause(played, ix) else { break };
        next = unblocking_task(played, plan, ix, &driver);
        links.push(ChainLink { task: plan.task(ix).id.clone(), driver });
    }
    links.reverse();
    links
}

/// The chain of a stage with the most work on it, and how long that takes in milliseconds; loops
/// apart. Of several the one that ends first in the plan.
pub(super) fn longest_chain(played: &Simulation, stage: StageIx) -> (Vec<ChainLink>, u64) {
    let plan = played.state().plan();
    let counts = |ix: &TaskIx| plan.task(*ix).stage == stage && plan.task(*ix).every.is_none();
    let mut lengths: BTreeMap<TaskIx, u64> = BTreeMap::new();
    // Whoever let a task start started before it, so its own length is known by then.
    for &ix in played.order.iter().filter(|ix| counts(ix)) {
        let before =
            start_cause(played, ix).and_then(|driver| unblocking_task(played, plan, ix, &driver));
        let earlier = before.and_then(|ix| lengths.get(&ix)).copied().unwrap_or(0);
        let own = played.runs[ix.at()].iter().map(|r| Span::between(&r.from, &r.to).as_millis());
        lengths.insert(ix, earlier + own.sum::<u64>());
    }
    let most = lengths.iter().max_by_key(|(ix, length)| (**length, Reverse(**ix)));
    most.map_or_else(Default::default, |(ix, length)| (critical_chain_to(played, *ix), *length))
}

/// The task whose end let another start.
fn unblocking_task(
    played: &Simulation,
    plan: &DayPlan,
    ix: TaskIx,
    driver: &StartCause,
) -> Option<TaskIx> {
    let same_agent = match driver {
        StartCause::Start | StartCause::Window => return None,
        StartCause::Dependency(_) => return last_awaited(played, ix).map(|(_, on)| on),
        StartCause::AgentSlots => true,
        StartCause::GlobalSlots => false,
    };
    let start = played.runs[ix.at()].first()?.from;
    let freed = |other: &TaskIx| {
        *other != ix
            && (!same_agent || plan.task(*other).agent == plan.task(ix).agent)
            && played.runs[other.at()].iter().any(|run| run.to == start && run.from < start)
    };
    (0..plan.tasks.len()).map(TaskIx::new).find(freed)
}
