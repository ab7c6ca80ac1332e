//! A driver that begins, or goes on, after work was missed: what that is, and what becomes of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{clock::RunClock, desk_link::DeskLink, driver::Driver};
use crate::protocol::ClockPace;
use engine::{
    Actor, CatchUpChoice, CommandRefusal, CommandRequest, Engine, EngineInput, RunState,
    forecast::catch_up::{self, LateStart, late_start_headline},
};

impl Driver {
    /// What the run has missed by the moment at which it is about to go on, and the four choices;
    /// nothing if nothing was missed. To be asked before the run is driven.
    #[must_use]
    pub fn late_start(&mut self) -> Option<LateStart> {
        let at = self.moment();
        // First it is decided what became of what was under way.
        if self.engine.state().is_recovering() {
            return None;
        }
        if self.has_no_events() {
            catch_up::late_start_of_new_run(self.engine.state().plan(), at)
        } else {
            catch_up::late_start(self.engine.state(), at)
        }
    }

    /// Settles what becomes of the missed work, before the run is driven; nothing of it has begun. A
    /// clock of the run's own goes on from the moment of the choice, however long it took.
    ///
    /// # Errors
    ///
    /// The engine's refusal; nothing has changed then.
    pub fn choose_catch_up(
        &mut self,
        choice: CatchUpChoice,
        by: Actor,
    ) -> Result<(), CommandRefusal> {
        let Some(late) = self.late_start() else { return Ok(()) };
        let Some(option) = late.outcome_of(choice) else { return Ok(()) };
        let order = CommandRequest {
            id: self.own_order(),
            by,
            reason: Some(late_start_headline(&late)),
            command: option.settled.command(),
        };
        let step = if self.has_no_events() {
            let plan = Arc::clone(self.engine.state().plan());
            let tightened = self.desk.as_ref().and_then(DeskLink::initial_state);
            let (engine, step) = Engine::start_with(plan, late.at, (tightened, order));
            self.engine = engine;
            step
        } else {
            let mut step = self.first.take().unwrap_or_default();
            self.engine.step_into(late.at, EngineInput::Command(order), &mut step);
            step
        };
        let refusal = step.refusal.clone();
        self.first = Some(step);
        if self.is_simulated() && self.clock.pace() != ClockPace::Max {
            self.clock = RunClock::starting(late.at, self.clock.pace());
        }
        refusal.map_or(Ok(()), Err)
    }

    /// The run as it is, given up before it was driven.
    #[must_use]
    pub fn into_state(self) -> RunState {
        self.engine.state().clone()
    }

    /// Where the run is: a clock of its own stands still until the run is driven.
    fn moment(&mut self) -> DateTime<Utc> {
        if self.is_simulated() { self.engine.state().last_event_at() } else { self.clock.now() }
    }

    /// Whether nothing of the run is recorded yet.
    fn has_no_events(&self) -> bool {
        let first = self.first.as_ref().and_then(|step| step.events.first());
        first.is_some_and(|event| event.seq == 1)
    }
}
