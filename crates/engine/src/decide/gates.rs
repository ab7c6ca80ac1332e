//! Pausing, resuming and halting: which gates close and open, and what that stops at once.

use chrono::{DateTime, Utc};

use super::refusal::{describe_actor_and_reason, refuse};
use crate::{
    command::{CommandRefusal, CommandRequest},
    event::Event,
    event_types::{Gate, PauseMode},
    run_state::RunState,
    task_state::TaskState,
    trading_state::TradingState,
};
use planning::{plan::DayPlan, workflow::EffectClass};

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
    if mode == PauseMode::Halt && gate != Gate::Engine {
        let what = format!("{name} is not halted");
        return Err(refuse(&what, "only the whole engine can be halted", Some("pause it")));
    }
    if until.is_some_and(|until| until <= at) {
        return Err(refuse(&name, "the moment to resume has passed already", None));
    }
    if let Some(closed) = state.closed_gates().get(&gate).filter(|closed| closed.mode >= mode) {
        let what = format!("{name} is paused ({}) by {}", mode_word(closed.mode), closed.by);
        return Err(refuse(&what, "it is already paused", Some("resume it")));
    }
    let mut events =
        vec![Event::GateClosed { gate, mode, until, by: describe_actor_and_reason(order) }];
    events.extend(tasks_stopped_by(state, gate, mode));
    Ok(events)
}

/// Running tasks that the closing of a gate stops. A soft stop ends what is pure and not CRITICAL. A
/// halt asks what has effects to stop, and leaves the pure alone: whoever watches positions and
/// fills must go on watching, above all then.
pub(super) fn tasks_stopped_by(
    state: &RunState,
    gate: Gate,
    mode: PauseMode,
) -> impl Iterator<Item = Event> + '_ {
    state
        .tasks()
        .filter(move |(ix, run)| {
            let task = state.plan().task(*ix);
            let inside = match gate {
                Gate::Engine => true,
                Gate::Stage(stage) => task.stage == stage,
                Gate::Agent(agent) => task.agent == agent,
            };
            let harmless = task.effect == EffectClass::Pure;
            let urgent = run.priority == planning::workflow::TaskPriority::Critical;
            let stops = match mode {
                PauseMode::Drain => false,
                PauseMode::CancelPure => harmless && !urgent,
                PauseMode::Halt => !harmless && task.effect != EffectClass::Human,
            };
            inside && run.state == TaskState::Running && stops
        })
        .map(|(task, _)| Event::TaskCancelling { task })
}

pub(super) fn resume(state: &RunState, gate: Gate) -> Result<Vec<Event>, CommandRefusal> {
    if gate == Gate::Engine && state.trading_status().state == TradingState::Killed {
        let remedy = Some("re-enable HALTED first");
        return Err(refuse("trading is KILLED", "the engine stays halted with it", remedy));
    }
    if state.closed_gates().contains_key(&gate) {
        return Ok(vec![Event::GateOpened { gate }]);
    }
    let name = if gate.exists_in(state.plan()) { gate.describe(state.plan()) } else { "it".into() };
    Err(refuse(&format!("{name} is not paused"), "there is nothing to resume", Some("pause it")))
}

const fn mode_word(mode: PauseMode) -> &'static str {
    match mode {
        PauseMode::Drain => "drain",
        PauseMode::CancelPure => "soft stop",
        PauseMode::Halt => "halt",
    }
}
