//! Taking a run up whose program ended: from where it stood, and by whose word it goes on.

use chrono::{DateTime, Utc};

use super::{
    agenda::market_events,
    driver::{Attendance, DriveError, Driver, Setup},
    handle::Handle,
};
use crate::engine::{Actor, Command, Engine, Input, Order, RunState};

/// The policy that lets a run go on.
const POLICY: &str = "recovery";

/// Who lets a run go on that is taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recover {
    /// A person, who first sees what is decided about each task.
    Ask,
    /// The program, unless the run had to be taken up too often lately.
    Auto,
    /// As `Auto`, and the engine is paused at once.
    Paused,
}

impl Driver {
    /// A driver of a run that was begun by a program that ended, and the way to reach it. Nothing is
    /// started until the run is told to [`Command::Recover`], by a person or by `how`.
    #[must_use]
    pub fn resume(mut setup: Setup, state: RunState, how: Recover) -> (Self, Handle) {
        if state.plan().mode.simulated() {
            setup.clock.stand_still();
        }
        let (now, wall) = (setup.clock.now(), setup.clock.wall());
        let heard = usize::try_from(state.market_events()).unwrap_or(usize::MAX);
        let market = market_events(state.plan(), state.began_at()).skip(heard).collect();
        let (engine, first) = Engine::recover(state, now, wall);
        let (mut driver, handle) = Self::made(setup, (engine, first), market);
        driver.own_orders = u64::from(driver.engine.state().recovery().times) << 32;
        driver.recover = (how != Recover::Ask).then_some(how == Recover::Paused);
        (driver, handle)
    }

    /// Lets a run go on that is taken up, if it may without a person.
    pub(super) fn go_on(&mut self) -> Result<(), DriveError> {
        let Some(paused) = self.recover.take() else { return Ok(()) };
        let state = self.engine.state();
        if !state.recovering() || state.crash_looping(self.clock.wall()) {
            return Ok(());
        }
        let order = Order {
            id: self.own_order(),
            by: Actor::Policy(POLICY.into()),
            reason: Some("the program had ended".into()),
            command: Command::Recover { paused },
        };
        let now = self.now();
        let step = self.engine.step(now, Input::Order(order));
        self.take(step)
    }

    /// The run's time: that of a simulated day stands still while it is being taken up.
    pub(super) fn now(&mut self) -> DateTime<Utc> {
        if self.stands() {
            self.clock.stand_still();
        }
        self.clock.now()
    }

    /// Whether time stands still because the run is being taken up.
    pub(super) fn stands(&self) -> bool {
        self.simulated() && self.engine.state().recovering()
    }

    /// Whether the run waits for a person to let it go on, and there is none.
    pub(super) fn forsaken(&self) -> bool {
        self.attendance == Attendance::Unattended && self.engine.state().recovering()
    }
}
