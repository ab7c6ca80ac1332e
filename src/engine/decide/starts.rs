//! Which ready task gets the next free slot.

use chrono::{DateTime, Utc};

use crate::{
    definition::{Effect, TaskPriority},
    engine::{
        agenda::{Agenda, Ready},
        command::Waiver,
        event::Event,
        state::{Breaker, RunState},
    },
    plan::TaskIx,
};

/// The next start, if one is possible: the most urgent task whose agent and the engine have a slot
/// and which no gate stops. A stale result sends a queued task back instead.
pub(in crate::engine) fn next_start(
    state: &RunState,
    at: DateTime<Utc>,
    agenda: &Agenda,
) -> Option<Event> {
    let limits = &state.plan().limits;
    if state.slots_used() >= limits.max_concurrent_tasks + limits.critical_reserve
        && !state.plan().tasks.is_empty()
        && agenda.lanes.iter().all(|lane| lane.first().is_none_or(|r| !state.human(r.task)))
    {
        return None;
    }
    let best =
        agenda.lanes.iter().flat_map(candidates).filter(|r| startable(state, r.task)).min()?;
    let task = best.task;
    if state.first_stale(task, at).is_some() {
        return Some(Event::TaskUnqueued { task });
    }
    Some(Event::TaskStarted { task, attempt: state.task(task).attempt + 1 })
}

/// The entries of a lane worth looking at: those that were forced, and the first of the others,
/// which is the most urgent. What stops it stops the rest of its lane.
fn candidates(lane: &std::collections::BTreeSet<Ready>) -> impl Iterator<Item = Ready> + '_ {
    let mut done = false;
    lane.iter().copied().take_while(move |ready| !std::mem::replace(&mut done, ready.unforced))
}

fn startable(state: &RunState, ix: TaskIx) -> bool {
    if state.gate_before(ix).is_some() {
        return false;
    }
    let task = state.plan().task(ix);
    if task.effect == Effect::Human {
        return true;
    }
    let run = state.task(ix);
    let (agent, slots) = (state.agent(task.agent), state.plan().agent(task.agent).slots);
    let breaker = match agent.breaker {
        Breaker::Closed => true,
        Breaker::Open { .. } => false,
        Breaker::HalfOpen { probe } => probe.is_none() && task.effect == Effect::Pure,
    };
    let limits = &state.plan().limits;
    let extra = if run.priority == TaskPriority::Critical { limits.critical_reserve } else { 0 };
    (breaker || run.waives(Waiver::Breaker))
        && agent.running < slots.saturating_add(extra)
        && state.slots_used() < limits.max_concurrent_tasks.saturating_add(extra)
}
