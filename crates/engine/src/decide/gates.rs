//! Pausing and resuming: which gates close and open, and what that stops at once.

use chrono::{DateTime, Utc};

use super::refusal::{describe_actor_and_reason, refuse};
use crate::{
    command::{CommandRefusal, CommandRequest},
    event::Event,
    event_types::{Gate, PauseMode},
    run_state::RunState,
    task_state::TaskState,
};
use planning::{
    plan::DayPlan,
    workflow::{EffectClass, TaskPriority},
};

impl Gate {
    /// What the gate closes, in words: `the engine`, `stage intraday`, `agent economist`.
    #[must_use]
    pub fn describe(self, plan: &DayPlan) -> String {
        match self {
            Self::Engine => "the engine".into(),
            Self::Stage(ix) => format!("stage {}", plan.stage(ix).id),
            Self::Agent(ix) => format!("agent {}", plan.agent(ix).id),
        }
    }

    fn exists_in(self, plan: &DayPlan) -> bool {
        match self {
            Self::Engine => true,
            Self::Stage(ix) => ix.at() < plan.stages.len(),
            Self::Agent(ix) => ix.at() < plan.agents.len(),
        }
    }
}

pub(super) fn pause(
    state: &RunState,
    at: DateTime<Utc>,
    order: &CommandRequest,
    gate: Gate,
    (mode, until): (PauseMode, Option<DateTime<Utc>>),
) -> Result<Vec<Event>, CommandRefusal> {
    if !gate.exists_in(state.plan()) {
        return Err(refuse("the plan", "it has no such stage or agent", None));
    }
    let name = gate.describe(state.plan());
    if until.is_some_and(|until| until <= at) {
        return Err(refuse(&name, "the moment to resume has passed already", None));
    }
    if let Some(closed) = state.closed_gates().get(&gate).filter(|closed| closed.mode >= mode) {
        let what = format!("{name} is paused by {}", closed.by);
        return Err(refuse(&what, "it is already paused", Some("resume it")));
    }
    let mut events =
        vec![Event::GateClosed { gate, mode, until, by: describe_actor_and_reason(order) }];
    if mode == PauseMode::CancelPure {
        events.extend(pure_tasks_behind(state, gate));
    }
    Ok(events)
}

/// Cancels the running pure tasks behind a gate that are not CRITICAL.
fn pure_tasks_behind(state: &RunState, gate: Gate) -> impl Iterator<Item = Event> + '_ {
    state
        .tasks()
        .filter(move |(ix, run)| {
            let task = state.plan().task(*ix);
            let inside = match gate {
                Gate::Engine => true,
                Gate::Stage(stage) => task.stage == stage,
                Gate::Agent(agent) => task.agent == agent,
            };
            let stops = task.effect == EffectClass::Pure && run.priority != TaskPriority::Critical;
            inside && run.state == TaskState::Running && stops
        })
        .map(|(task, _)| Event::TaskCancelling { task })
}

pub(super) fn resume(state: &RunState, gate: Gate) -> Result<Vec<Event>, CommandRefusal> {
    if state.closed_gates().contains_key(&gate) {
        return Ok(vec![Event::GateOpened { gate }]);
    }
    let name = if gate.exists_in(state.plan()) { gate.describe(state.plan()) } else { "it".into() };
    Err(refuse(&format!("{name} is not paused"), "there is nothing to resume", Some("pause it")))
}
