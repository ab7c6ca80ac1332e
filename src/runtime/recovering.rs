//! Taking a run up whose program ended: from where it stood, and by whose word it goes on.

use chrono::{DateTime, Utc};

use super::{
    driver::{DriveError, Driver, Setup, market_events},
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
        let now: DateTime<Utc> = self.clock.now();
        let step = self.engine.step(now, Input::Order(order));
        self.take(step)
    }
}
