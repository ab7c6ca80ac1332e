//! The one loop that waits: for the clock, for agents, for people. It tells the engine what
//! happened, records what follows, and only then does what that asks for.

use std::{collections::BTreeMap, fmt, io, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{broadcast, mpsc, watch};

use super::{
    agent_alerts::AlertDeduplicator,
    attempt_notes::NoteKeeper,
    attempts::LiveAttempt,
    auto_approver::AutoApprover,
    clock::{HeartbeatTimer, RunClock, wall_now},
    desk_link::DeskLink,
    event_bus::EventBus,
    handle::{ASKED_MAX, DriverRequest, RunHandle},
    outbox::EventOutbox,
    recovery::AutoRecovery,
    schedule::{RunSchedule, market_events},
    session_table::SessionTable,
    subscription::BEHIND_MAX,
    workers::WorkerPool,
};
use crate::protocol::{ClockPace, Heartbeat};
use engine::{
    AlertSeverity, CatchUpChoice, Engine, EngineInput, EngineStep, OrderReport, RunState,
    control::GuardLevel,
    port::{AgentRegistry, EventSink},
};
use planning::{
    plan::{DayPlan, TaskIx},
    time::Span,
};
use store::AttemptLogs;

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
    pub(super) const fn is_unattended(self) -> bool {
        matches!(self, Self::Unattended | Self::Served)
    }
}

/// What a driver is made of.
pub struct DriverConfig {
    /// The day.
    pub plan: Arc<DayPlan>,
    /// Who does the work.
    pub roster: AgentRegistry,
    /// Where time comes from.
    pub clock: RunClock,
    /// Who answers approvals.
    pub approver: AutoApprover,
    /// Whether somebody is there to help a day that is stuck.
    pub attendance: Attendance,
    /// Who must have every event.
    pub sinks: Vec<Box<dyn EventSink>>,
    /// Handlers.
    pub bus: EventBus,
    /// How strict it is with those who act on it.
    pub guards: GuardLevel,
    /// The desk that follows the run's trading state, if there is one.
    pub desk: Option<DeskLink>,
    /// Where the logs of attempts are kept, if they are.
    pub logs: Option<AttemptLogs>,
}

impl fmt::Debug for DriverConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").field("run", &self.plan.run).finish_non_exhaustive()
    }
}

/// Drives one run to its end.
pub struct Driver {
    pub(super) engine: Engine,
    pub(super) clock: RunClock,
    pub(super) roster: AgentRegistry,
    pub(super) approver: AutoApprover,
    pub(super) attendance: Attendance,
    pub(super) outbox: EventOutbox,
    pub(super) control: mpsc::Receiver<DriverRequest>,
    pub(super) workers: WorkerPool,
    /// By moment, then by kind and place, so that equal days give equal events.
    pub(super) agenda: RunSchedule,
    pub(super) alive: BTreeMap<TaskIx, LiveAttempt>,
    pub(super) told: AlertDeduplicator,
    pub(super) notes: NoteKeeper,
    pub(super) guards: GuardLevel,
    pub(super) desk: Option<DeskLink>,
    pub(super) sessions: SessionTable,
    pub(super) beats: watch::Sender<Heartbeat>,
    pub(super) orders: watch::Sender<Arc<OrderReport>>,
    pub(super) first: Option<EngineStep>,
    pub(super) own_orders: u64,
    /// Whether the engine was told something while nothing could be recorded, and is still to look at what
    /// follows.
    pub(super) asleep: bool,
    /// What becomes of work that is missed while the run is not driven, where nobody is asked.
    pub(super) missed: Option<CatchUpChoice>,
    /// By whose word a run that is taken up goes on at once, if it does.
    pub(super) recover: Option<AutoRecovery>,
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
    pub fn new(mut setup: DriverConfig) -> (Self, RunHandle) {
        // Time of a run's own begins with the run, however long it took to make it ready.
        let own = setup.plan.mode.has_virtual_clock();
        let now = if own { setup.clock.discard_elapsed() } else { setup.clock.now() };
        let market = market_events(&setup.plan, now).collect();
        let tightened = setup.desk.as_ref().and_then(DeskLink::initial_state);
        let begun = Engine::start_under(Arc::clone(&setup.plan), now, tightened);
        Self::from_parts(setup, begun, market)
    }

    pub(super) fn from_parts(
        setup: DriverConfig,
        (engine, first): (Engine, EngineStep),
        agenda: RunSchedule,
    ) -> (Self, RunHandle) {
        let (asks, control) = mpsc::channel(ASKED_MAX);
        let (events, _) = broadcast::channel(BEHIND_MAX);
        let DriverConfig {
            plan: _,
            roster,
            mut clock,
            approver,
            attendance,
            sinks,
            bus,
            guards,
            mut desk,
            logs,
        } = setup;
        let (beats, heard) = watch::channel(clock.heartbeat(0));
        let (orders, reported) = watch::channel(Arc::default());
        if let Some(desk) = &mut desk {
            desk.restore(engine.state());
        }
        let told = events.downgrade();
        let outbox = EventOutbox::new(sinks, bus, events);
        let frozen = outbox.fault_updates();
        let taken_up = engine.state().is_recovering();
        let handle = RunHandle {
            control: asks,
            events: told,
            beats: heard,
            frozen,
            orders: reported,
            taken_up,
        };
        let driver = Self {
            engine,
            clock,
            roster,
            approver,
            attendance,
            outbox,
            control,
            workers: WorkerPool::default(),
            agenda,
            alive: BTreeMap::new(),
            told: AlertDeduplicator::default(),
            notes: NoteKeeper::new(logs),
            guards,
            desk,
            sessions: SessionTable::default(),
            beats,
            orders,
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
        self.record_start()?;
        let virtual_time = self.clock.pace() != ClockPace::Real || self.is_simulated();
        let mut heart = HeartbeatTimer::new();
        while !self.engine.state().has_ended() || self.outbox.fault().is_some() {
            if self.waits_in_vain() && self.outbox.fault().is_none() {
                break;
            }
            if heart.is_due() {
                self.follow_wall()?;
                self.on_heartbeat()?;
            }
            // While nothing can be recorded, nothing more is decided.
            let frozen = self.outbox.fault().is_some();
            // A virtual clock stands still while an agent computes: how long the machine takes
            // must not show in the day, or two equal days would differ.
            let still =
                frozen || self.is_time_stopped() || (virtual_time && self.workers.is_busy());
            let next = if still { None } else { self.next_moment() };
            if next.is_some_and(|next| next > until) {
                break;
            }
            tokio::select! {
                biased;
                Some(control) = self.control.recv() => {
                    if !self.handle_driver_request(control)? {
                        break;
                    }
                }
                Some(progress) = self.notes.next_progress(), if !frozen => {
                    self.on_progress(progress)?;
                }
                Some(said) = self.workers.next(), if !frozen => {
                    self.on_worker_report(said)?;
                    self.drain_worker_reports()?;
                }
                now = self.clock.wait_until(next) => self.run_due(next.unwrap_or(now))?,
                () = heart.next() => {}
            }
            if !self.has_more_now() {
                self.flush_outbox()?;
            }
        }
        let now = self.now();
        self.report_orders(now);
        self.finish()?;
        Ok(self.engine.state().clone())
    }

    /// Records how the run begins, or that it is taken up.
    pub(super) fn record_start(&mut self) -> Result<(), DriveError> {
        if let Some(first) = self.first.take() {
            if self.is_simulated() {
                // It was made ready some time ago: a question may have been asked meanwhile.
                self.clock.discard_elapsed();
            }
            self.record_step(first)?;
        }
        self.auto_recover()
    }

    /// Follows a wall clock that was set, and raises an alert about it.
    fn follow_wall(&mut self) -> Result<(), DriveError> {
        let Some(step) = self.clock.follow_wall(wall_now()) else { return Ok(()) };
        let by = Span::secs(step.num_seconds().unsigned_abs());
        let text = if step > TimeDelta::zero() {
            format!(
                "the wall clock went forward by {by} (it was set, or the machine slept): the run \
                 follows it, and windows that closed meanwhile are missed"
            )
        } else {
            format!(
                "the wall clock was set back by {by}: the run does not go back, and runs at half \
                 speed until the wall clock has caught up"
            )
        };
        tracing::warn!("{text}");
        if self.engine.state().has_ended() {
            return Ok(());
        }
        let at = self.clock.now().max(self.engine.state().last_event_at());
        let input = EngineInput::Alert {
            severity: AlertSeverity::Warning,
            code: "clock_step".into(),
            text,
        };
        let step = self.step_recording(at, input);
        self.record_step(step)
    }

    pub(super) fn is_simulated(&self) -> bool {
        self.engine.state().plan().mode.has_virtual_clock()
    }

    pub(super) fn own_order(&mut self) -> u64 {
        self.own_orders += 1;
        // Consoles count from 1; the program's own orders from the middle of the range.
        (1 << 63) | self.own_orders
    }
}
