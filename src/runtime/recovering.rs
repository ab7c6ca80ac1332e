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

/// How a run that is taken up goes on at once.
#[derive(Debug)]
pub(super) enum GoesOn {
    /// By the program's own word, unless it had to be taken up too often lately.
    Unasked {
        /// Whether with the engine paused.
        paused: bool,
    },
    /// By the word of a person, who has seen what is decided.
    Agreed(Actor),
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
        driver.recover = match how {
            Recover::Ask => None,
            Recover::Auto => Some(GoesOn::Unasked { paused: false }),
            Recover::Paused => Some(GoesOn::Unasked { paused: true }),
        };
        (driver, handle)
    }

    /// Lets the run go on as soon as it is driven, by the word of a person who has seen what is decided.
    pub fn let_go_on(&mut self, by: Actor) {
        self.recover = Some(GoesOn::Agreed(by));
    }

    /// The order by which a run goes on that is taken up, if it may at once.
    fn to_go_on(&mut self) -> Option<Order> {
        let goes_on = self.recover.take()?;
        let state = self.engine.state();
        let (by, paused) = match goes_on {
            GoesOn::Agreed(by) => (by, false),
            GoesOn::Unasked { .. } if state.crash_looping(self.clock.wall()) => return None,
            GoesOn::Unasked { paused } => (Actor::Policy(POLICY.into()), paused),
        };
        state.recovering().then(|| Order {
            id: self.own_order(),
            by,
            reason: Some("the program had ended".into()),
            command: Command::Recover { paused },
        })
    }

    /// Lets a run go on that is taken up, if it may without anybody being asked.
    pub(super) fn go_on(&mut self) -> Result<(), DriveError> {
        let Some(order) = self.to_go_on() else { return Ok(()) };
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

    /// Whether the run waits for a person to let it go on, and none will come.
    pub(super) fn forsaken(&self) -> bool {
        self.attendance == Attendance::Unattended && self.engine.state().recovering()
    }
}
