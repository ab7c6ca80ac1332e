//! Late start of a driver: the missed work, and the operator's choice about it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{clock::RunClock, desk_link::DeskLink, driver::Driver};
use crate::protocol::ClockPace;
use engine::{
    Actor, CatchUpChoice, CommandRefusal, CommandRequest, Engine, EngineInput, RunState,
    forecast::catch_up::{self, LateStart, late_start_headline},
};

impl Driver {
    /// Returns the work missed until the moment at which the run continues, with the four catch-up
    /// choices; `None` if nothing was missed. Must be called before the run is driven.
    #[must_use]
    pub fn late_start(&mut self) -> Option<LateStart> {
        let at = self.moment();
        // Recovery decides about running attempts first.
        if self.engine.state().is_recovering() {
            return None;
        }
        if self.has_no_events() {
            catch_up::late_start_of_new_run(self.engine.state().plan(), at)
        } else {
            catch_up::late_start(self.engine.state(), at)
        }
    }

    /// Applies a choice about the missed work, before the run is driven. A virtual clock continues
    /// from the moment of the choice, regardless of the time it took.
    ///
    /// # Errors
    ///
    /// The engine refused the choice; nothing has changed.
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

    /// Returns the run state without driving the run.
    #[must_use]
    pub fn into_state(self) -> RunState {
        self.engine.state().clone()
    }

    /// Returns the current time of the run: a virtual clock stands still until the run is driven.
    fn moment(&mut self) -> DateTime<Utc> {
        if self.is_simulated() { self.engine.state().last_event_at() } else { self.clock.now() }
    }

    /// Returns whether nothing of the run is recorded yet.
    fn has_no_events(&self) -> bool {
        let first = self.first.as_ref().and_then(|step| step.events.first());
        first.is_some_and(|event| event.seq == 1)
    }
}
