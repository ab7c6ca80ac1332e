//! The one loop that waits: for the clock, for agents, for people. It tells the engine what
//! happened, records what follows, and only then does what that asks for.

use std::{collections::BTreeMap, fmt, io, sync::Arc};

use chrono::{DateTime, Utc};
use tokio::sync::{broadcast, mpsc, watch};

use super::{
    agenda::{Planned, market_events},
    alerts::Alerts,
    approver::Approver,
    attempts::Alive,
    bus::EventBus,
    clock::{Clock, Heart},
    feed::BEHIND_MAX,
    handle::{ASKED_MAX, Control, Handle},
    link::DeskLink,
    outbox::Outbox,
    recovering::GoesOn,
    sessions::Sessions,
    workers::Workers,
};
use crate::{
    acting::Guards,
    engine::{Engine, LateChoice, RunState, Step},
    journal::Roster,
    journal::Sink,
    plan::{Plan, TaskIx},
    wire::{Beat, Pace},
};

/// Why a day could not be driven to its end.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// A sink did not take an event; nothing was started after it.
    #[error("an event could not be recorded, so nothing more was started")]
    Record(#[source] io::Error),
}

/// Whether somebody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendance {
    /// A person is at a console: a day that is stuck waits for them.
    Attended,
    /// Nobody is: a day that is stuck is ended some time after its last window.
    Unattended,
    /// Nobody is, but somebody may come: as [`Attendance::Unattended`], but a run that only a person may
    /// let go on waits for one.
    Served,
}

impl Attendance {
    /// Whether nobody is there.
    pub(super) const fn alone(self) -> bool {
        matches!(self, Self::Unattended | Self::Served)
    }
}

/// What a driver is made of.
pub struct Setup {
    /// The day.
    pub plan: Arc<Plan>,
    /// Who does the work.
    pub roster: Roster,
    /// Where time comes from.
    pub clock: Clock,
    /// Who answers approvals.
    pub approver: Approver,
    /// Whether somebody is there to help a day that is stuck.
    pub attendance: Attendance,
    /// Who must have every event.
    pub sinks: Vec<Box<dyn Sink>>,
    /// Handlers.
    pub bus: EventBus,
    /// How strict it is with those who act on it.
    pub guards: Guards,
    /// The desk that follows the run's trading state, if there is one.
    pub desk: Option<DeskLink>,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").field("run", &self.plan.run).finish_non_exhaustive()
    }
}

/// Drives one run to its end.
pub struct Driver {
    pub(super) engine: Engine,
    pub(super) clock: Clock,
    pub(super) roster: Roster,
    pub(super) approver: Approver,
    pub(super) attendance: Attendance,
    pub(super) outbox: Outbox,
    pub(super) control: mpsc::Receiver<Control>,
    pub(super) workers: Workers,
    /// By moment, then by kind and place, so that equal days give equal events.
    pub(super) agenda: Planned,
    pub(super) alive: BTreeMap<TaskIx, Alive>,
    pub(super) told: Alerts,
    pub(super) guards: Guards,
    pub(super) desk: Option<DeskLink>,
    pub(super) sessions: Sessions,
    pub(super) beats: watch::Sender<Beat>,
    pub(super) first: Option<Step>,
    pub(super) own_orders: u64,
    /// Whether the engine was told something while nothing could be recorded, and is still to look at what
    /// follows.
    pub(super) asleep: bool,
    /// What becomes of work that is missed while the run is not driven, where nobody is asked.
    pub(super) missed: Option<LateChoice>,
    /// By whose word a run that is taken up goes on at once, if it does.
    pub(super) recover: Option<GoesOn>,
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("run", &self.engine.state().plan().run)
            .finish_non_exhaustive()
    }
}

impl Driver {
    /// A driver at the first moment of its run, and the way to reach it.
    #[must_use]
    pub fn new(mut setup: Setup) -> (Self, Handle) {
        // Time of a run's own begins with the run, however long it took to make it ready.
        let own = setup.plan.mode.simulated();
        let now = if own { setup.clock.stand_still() } else { setup.clock.now() };
        let market = market_events(&setup.plan, now).collect();
        let tightened = setup.desk.as_ref().and_then(DeskLink::begins);
        let begun = Engine::start_under(Arc::clone(&setup.plan), now, tightened);
        Self::made(setup, begun, market)
    }

    pub(super) fn made(
        setup: Setup,
        (engine, first): (Engine, Step),
        agenda: Planned,
    ) -> (Self, Handle) {
        let (asks, control) = mpsc::channel(ASKED_MAX);
        let (events, _) = broadcast::channel(BEHIND_MAX);
        let Setup {
            plan: _,
            roster,
            mut clock,
            approver,
            attendance,
            sinks,
            bus,
            guards,
            mut desk,
        } = setup;
        let (beats, heard) = watch::channel(clock.beat(0));
        if let Some(desk) = &mut desk {
            desk.restore(engine.state());
        }
        let told = events.downgrade();
        let outbox = Outbox::new(sinks, bus, events);
        let frozen = outbox.health();
        let taken_up = engine.state().recovering();
        let handle = Handle { control: asks, events: told, beats: heard, frozen, taken_up };
        let driver = Self {
            engine,
            clock,
            roster,
            approver,
            attendance,
            outbox,
            control,
            workers: Workers::default(),
            agenda,
            alive: BTreeMap::new(),
            told: Alerts::default(),
            guards,
            desk,
            sessions: Sessions::default(),
            beats,
            first: Some(first),
            own_orders: 0,
            asleep: false,
            missed: None,
            recover: None,
        };
        (driver, handle)
    }

    /// Drives the run until it ends or is told to stop; gives its last state.
    ///
    /// # Errors
    ///
    /// [`DriveError`] when an event could not be recorded.
    pub async fn run(self) -> Result<RunState, DriveError> {
        self.run_until(DateTime::<Utc>::MAX_UTC).await
    }

    /// As [`Driver::run`], but no further than `until`.
    ///
    /// # Errors
    ///
    /// [`DriveError`] when an event could not be recorded.
    pub async fn run_until(mut self, until: DateTime<Utc>) -> Result<RunState, DriveError> {
        self.begun()?;
        let virtual_time = self.clock.pace() != Pace::Real || self.simulated();
        let mut heart = Heart::new();
        while !self.engine.state().ended() || self.outbox.frozen().is_some() {
            if self.forsaken() && self.outbox.frozen().is_none() {
                break;
            }
            if heart.due() {
                self.beat()?;
            }
            // While nothing can be recorded, nothing more is decided.
            let frozen = self.outbox.frozen().is_some();
            // A virtual clock stands still while an agent computes: how long the machine takes
            // must not show in the day, or two equal days would differ.
            let still = frozen || self.stands() || (virtual_time && self.workers.busy());
            let next = if still { None } else { self.next_moment() };
            if next.is_some_and(|next| next > until) {
                break;
            }
            tokio::select! {
                biased;
                Some(control) = self.control.recv() => {
                    if !self.controlled(control)? {
                        break;
                    }
                }
                Some(said) = self.workers.next(), if !frozen => {
                    self.said(said)?;
                    self.others()?;
                }
                now = self.clock.wait_until(next) => self.due(next.unwrap_or(now))?,
                () = heart.next() => {}
            }
            if !self.more() {
                self.flush()?;
            }
        }
        self.finish()?;
        Ok(self.engine.state().clone())
    }

    /// Records how the run begins, or that it is taken up.
    pub(super) fn begun(&mut self) -> Result<(), DriveError> {
        if let Some(first) = self.first.take() {
            if self.simulated() {
                // It was made ready some time ago: a question may have been asked meanwhile.
                self.clock.stand_still();
            }
            self.take(first)?;
        }
        self.go_on()
    }

    pub(super) fn simulated(&self) -> bool {
        self.engine.state().plan().mode.simulated()
    }

    pub(super) fn own_order(&mut self) -> u64 {
        self.own_orders += 1;
        // Consoles count from 1; the program's own orders from the middle of the range.
        (1 << 63) | self.own_orders
    }
}
