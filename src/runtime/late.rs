//! A driver that begins, or goes on, after work was missed: what that is, and what becomes of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{clock::Clock, driver::Driver, link::DeskLink};
use crate::{
    engine::{Actor, Engine, Input, LateChoice, Order, Refusal, RunState},
    forecast::late::{self, Late, headline},
    wire::Pace,
};

impl Driver {
    /// What the run has missed by the moment at which it is about to go on, and the four choices;
    /// nothing if nothing was missed. To be asked before the run is driven.
    #[must_use]
    pub fn late(&mut self) -> Option<Late> {
        let at = self.moment();
        // First it is decided what became of what was under way.
        if self.engine.state().recovering() {
            return None;
        }
        if self.fresh() {
            late::began_late(self.engine.state().plan(), at)
        } else {
            late::late(self.engine.state(), at)
        }
    }

    /// Settles what becomes of the missed work, before the run is driven; nothing of it has begun. A
    /// clock of the run's own goes on from the moment of the choice, however long it took.
    ///
    /// # Errors
    ///
    /// The engine's refusal; nothing has changed then.
    pub fn choose(&mut self, choice: LateChoice, by: Actor) -> Result<(), Refusal> {
        let Some(late) = self.late() else { return Ok(()) };
        let Some(option) = late.option(choice) else { return Ok(()) };
        let order = Order {
            id: self.own_order(),
            by,
            reason: Some(headline(&late)),
            command: option.settled.command(),
        };
        let step = if self.fresh() {
            let plan = Arc::clone(self.engine.state().plan());
            let tightened = self.desk.as_ref().and_then(DeskLink::begins);
            let (engine, step) = Engine::start_with(plan, late.at, (tightened, order));
            self.engine = engine;
            step
        } else {
            let mut step = self.first.take().unwrap_or_default();
            self.engine.step_into(late.at, Input::Order(order), &mut step);
            step
        };
        let refusal = step.refusal.clone();
        self.first = Some(step);
        if self.simulated() && self.clock.pace() != Pace::Max {
            self.clock = Clock::starting(late.at, self.clock.pace());
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
        if self.simulated() { self.engine.state().at() } else { self.clock.now() }
    }

    /// Whether nothing of the run is recorded yet.
    fn fresh(&self) -> bool {
        let first = self.first.as_ref().and_then(|step| step.events.first());
        first.is_some_and(|event| event.seq == 1)
    }
}
