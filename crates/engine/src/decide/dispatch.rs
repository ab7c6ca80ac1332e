//! Which ready task gets the next free slot.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{
    agenda::{Agenda, ReadyQueue, ReadyTask},
    agent_run::Breaker,
    command::Waiver,
    event::Event,
    run_state::RunState,
};
use planning::workflow::{EffectClass, TaskPriority};

/// The next start, if one is possible: the most urgent task whose agent and the engine have a slot
/// and which neither a gate nor the trading state stops. A stale result sends a queued task back instead.
pub(crate) fn next_start(state: &RunState, at: DateTime<Utc>, agenda: &Agenda) -> Option<Event> {
    let limits = &state.plan().limits;
    let most = limits.max_concurrent_tasks.saturating_add(limits.critical_reserve);
    let full = state.slots_used() >= most;
    let mut best: Option<&ReadyTask> = None;
    for (lane, waiting) in &agenda.lanes {
        // What needs no slot is asked about however full it is.
        if full && lane.effect != EffectClass::Human {
            continue;
        }
        for ready in candidates(waiting) {
            if best.is_none_or(|best| ready < best) && startable(state, lane, ready) {
                best = Some(ready);
            }
        }
    }
    let task = best?.task;
    if state.first_stale(task, at).is_some() {
        return Some(Event::TaskDequeued { task });
    }
    Some(Event::TaskStarted { task, attempt: state.task(task).attempt + 1 })
}

/// The entries of a lane worth looking at: those that were forced, and the first of the others,
/// which is the most urgent. What stops it stops the rest of its lane.
fn candidates(lane: &BTreeSet<ReadyTask>) -> impl Iterator<Item = &ReadyTask> {
    let mut done = false;
    lane.iter().take_while(move |ready| !std::mem::replace(&mut done, ready.unforced))
}

fn startable(state: &RunState, lane: &ReadyQueue, ready: &ReadyTask) -> bool {
    let limits = &state.plan().limits;
    let critical = ready.priority == TaskPriority::Critical;
    let extra = if critical { limits.critical_reserve } else { 0 };
    let full = state.slots_used() >= limits.max_concurrent_tasks.saturating_add(extra);
    if full && lane.effect != EffectClass::Human
        || state.gate_before(ready.task).is_some()
        || state.trading_block(ready.task).is_some()
    {
        return false;
    }
    if lane.effect == EffectClass::Human {
        return true;
    }
    let (agent, slots) = (state.agent(lane.agent), state.plan().agent(lane.agent).slots);
    let breaker = match agent.breaker {
        Breaker::Closed => true,
        Breaker::Open { .. } => false,
        Breaker::HalfOpen { probe } => {
            // The first trial is a pure task. After a failed trial it is the most urgent task: a
            // monitor that keeps failing must not keep an order waiting.
            let may_try = lane.effect == EffectClass::Pure || agent.failed_trials > 0;
            probe.is_none() && may_try
        }
    };
    agent.running < slots.saturating_add(extra)
        && (breaker || state.task(ready.task).has_waiver_for(Waiver::Breaker))
}
