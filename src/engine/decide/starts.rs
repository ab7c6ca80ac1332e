//! Which ready task gets the next free slot.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{
    definition::{Effect, TaskPriority},
    engine::{
        agenda::{Agenda, Ready},
        agent_run::Breaker,
        command::Waiver,
        event::Event,
        state::RunState,
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
    let ready = agenda.lanes.values().flat_map(candidates);
    let best = ready.filter(|r| startable(state, r.priority, r.task)).min()?;
    let task = best.task;
    if state.first_stale(task, at).is_some() {
        return Some(Event::TaskUnqueued { task });
    }
    Some(Event::TaskStarted { task, attempt: state.task(task).attempt + 1 })
}

/// The entries of a lane worth looking at: those that were forced, and the first of the others,
/// which is the most urgent. What stops it stops the rest of its lane.
fn candidates(lane: &BTreeSet<Ready>) -> impl Iterator<Item = &Ready> {
    let mut done = false;
    lane.iter().take_while(move |ready| !std::mem::replace(&mut done, ready.unforced))
}

fn startable(state: &RunState, priority: TaskPriority, ix: TaskIx) -> bool {
    let limits = &state.plan().limits;
    let extra = if priority == TaskPriority::Critical { limits.critical_reserve } else { 0 };
    let full = state.slots_used() >= limits.max_concurrent_tasks.saturating_add(extra);
    let task = state.brief(ix);
    if task.effect == Effect::Human {
        return state.gate_before(ix).is_none();
    }
    if full || state.gate_before(ix).is_some() {
        return false;
    }
    let (agent, slots) = (state.agent(task.agent), state.plan().agent(task.agent).slots);
    let breaker = match agent.breaker {
        Breaker::Closed => true,
        Breaker::Open { .. } => false,
        Breaker::HalfOpen { probe } => probe.is_none() && task.effect == Effect::Pure,
    };
    agent.running < slots.saturating_add(extra)
        && (breaker || state.task(ix).waives(Waiver::Breaker))
}
