//! The one loop that waits: for the clock, for agents, for people. It tells the engine what
//! happened, records what follows, and only then does what that asks for.

use std::{collections::BTreeMap, fmt, io, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{broadcast, mpsc, watch};

use super::{
    alerts::Alerts,
    approver::Approver,
    bus::EventBus,
    clock::{Clock, Heart},
    feed::BEHIND_MAX,
    handle::{ASKED_MAX, Control, Handle},
    link::DeskLink,
    outbox::Outbox,
    sessions::Sessions,
    workers::{Finished, Job, Said, Workers, request},
};
use crate::{
    acting::Guards,
    agents::{Request, Roster},
    engine::{Actor, Answer, Command, Engine, Input, Order, RunState, Step, TaskState, Work},
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

/// Beats for which a simulated day that nobody watches waits until it can be recorded.
const RECORD_PATIENCE: u32 = 30;

/// How long after its last window an unattended day that cannot go on is ended.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// Something that will happen at a known moment of a virtual day.
#[derive(Debug)]
pub(super) enum Due {
    Answer(TaskIx, u32, Answer),
    Order(Order),
    Market(&'static str, String),
}

/// What will happen, by moment, then by kind and place.
pub(super) type Planned = BTreeMap<(DateTime<Utc>, u8, u32, u32), Due>;

/// An attempt somebody works on.
#[derive(Debug)]
struct Alive {
    attempt: u32,
    request: Option<Request>,
}

/// Drives one run to its end.
pub struct Driver {
    pub(super) engine: Engine,
    pub(super) clock: Clock,
    roster: Roster,
    approver: Approver,
    pub(super) attendance: Attendance,
    pub(super) outbox: Outbox,
    pub(super) control: mpsc::Receiver<Control>,
    pub(super) workers: Workers,
    /// By moment, then by kind and place, so that equal days give equal events.
    agenda: Planned,
    alive: BTreeMap<TaskIx, Alive>,
    told: Alerts,
    pub(super) guards: Guards,
    pub(super) desk: Option<DeskLink>,
    pub(super) sessions: Sessions,
    pub(super) beats: watch::Sender<Beat>,
    pub(super) first: Option<Step>,
    pub(super) own_orders: u64,
    /// Whether a run that is taken up goes on by itself, and if so paused.
    pub(super) recover: Option<bool>,
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
        let now = setup.clock.now();
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
            self.take(first)?;
        }
        self.go_on()
    }

    /// Hears whoever else has answered meanwhile, so that it can be recorded in one go.
    fn others(&mut self) -> Result<(), DriveError> {
        while self.outbox.frozen().is_none()
            && !self.engine.state().ended()
            && let Some(said) = self.workers.ready()
        {
            self.said(said)?;
        }
        Ok(())
    }

    /// Whether something else happens at this very moment, so that it can be recorded in one go.
    fn more(&self) -> bool {
        let now = self.engine.state().at();
        !self.engine.state().ended() && self.agenda.keys().next().is_some_and(|key| key.0 <= now)
    }

    pub(super) fn simulated(&self) -> bool {
        self.engine.state().plan().mode.simulated()
    }

    pub(super) fn next_moment(&self) -> Option<DateTime<Utc>> {
        let planned = self.agenda.keys().next().map(|key| key.0);
        let next = [planned, self.engine.next_wake()].into_iter().flatten().min();
        // With nothing to come, an unattended day waits for its own end and not for ever.
        // A run that is being taken up waits for somebody's word, however long.
        let alone = self.attendance == Attendance::Unattended
            && self.alive.is_empty()
            && !self.engine.state().recovering();
        next.or_else(|| alone.then(|| self.patience_ends().max(self.engine.state().at())))
    }

    /// When an unattended day that cannot go on is ended.
    fn patience_ends(&self) -> DateTime<Utc> {
        let plan = self.engine.state().plan();
        let closes = plan.tasks.iter().map(|task| task.closes_at);
        let stages = plan.stages.iter().map(|stage| stage.closes_at);
        closes.chain(stages).max().map_or(plan.close, |last| last + PATIENCE)
    }

    /// Does what is due at `moment`: one planned thing, or else the engine's own timers.
    pub(super) fn due(&mut self, moment: DateTime<Utc>) -> Result<(), DriveError> {
        let first = self.agenda.first_entry().filter(|entry| entry.key().0 <= moment);
        let input = match first.map(std::collections::btree_map::OccupiedEntry::remove) {
            Some(Due::Answer(task, attempt, answer)) => {
                if self.alive.get(&task).is_some_and(|alive| alive.attempt == attempt) {
                    self.alive.remove(&task);
                }
                self.alerts(moment, &answer)?;
                Input::Answer { task, attempt, answer }
            }
            Some(Due::Order(order)) => {
                // A policy answers a question only while it is still asked.
                let asked = order
                    .command
                    .task()
                    .is_none_or(|task| self.engine.state().task(task).state == TaskState::Running);
                if asked { Input::Order(order) } else { Input::Wake }
            }
            Some(Due::Market(code, text)) => Input::Market { code: code.into(), text },
            None => Input::Wake,
        };
        self.input(moment, input)?;
        self.give_up(moment)
    }

    /// Ends an unattended day that waits for a person who will not come.
    fn give_up(&mut self, now: DateTime<Utc>) -> Result<(), DriveError> {
        let run = self.engine.state();
        let patient = now < self.patience_ends() || !self.alive.is_empty() || run.recovering();
        if self.attendance == Attendance::Attended || run.ended() || patient {
            return Ok(());
        }
        let order = Order {
            id: self.own_order(),
            by: Actor::Policy("unattended".into()),
            reason: Some("the day's last window has long closed and nobody is there".into()),
            command: Command::CancelRun,
        };
        self.input(now, Input::Order(order))
    }

    pub(super) fn own_order(&mut self) -> u64 {
        self.own_orders += 1;
        // Consoles count from 1; the program's own orders from the middle of the range.
        (1 << 63) | self.own_orders
    }

    /// Passes on what an agent wants people to know and has not said lately.
    fn alerts(&mut self, at: DateTime<Utc>, answer: &Answer) -> Result<(), DriveError> {
        self.told.news(at, answer).into_iter().try_for_each(|alert| self.input(at, alert))
    }

    pub(super) fn input(&mut self, at: DateTime<Utc>, input: Input) -> Result<(), DriveError> {
        let step = self.engine.step(at, input);
        if self.stage(step) {
            self.flush()?;
        }
        self.hear()
    }

    /// Records what follows, tells it, and begins the work it asks for; in that order.
    pub(super) fn take(&mut self, step: Step) -> Result<(), DriveError> {
        self.stage(step);
        self.flush()?;
        self.hear()
    }

    /// Takes what follows from an input; what is stricter reaches the desk before it is recorded. Says
    /// whether it must be recorded before anything else is decided.
    fn stage(&mut self, step: Step) -> bool {
        if let Some(desk) = &mut self.desk {
            step.events.iter().for_each(|recorded| desk.before(recorded));
        }
        self.outbox.stage(step)
    }

    /// Tells the engine what the desk became by itself, or on the word of a flag file or a signal; once
    /// what it decided before can be recorded.
    pub(super) fn hear(&mut self) -> Result<(), DriveError> {
        if self.outbox.frozen().is_some() {
            return Ok(());
        }
        let run = self.engine.state();
        let at = run.at();
        let news = self.desk.as_mut().filter(|_| !run.ended()).and_then(|desk| desk.next(run, at));
        match news {
            Some(news) => {
                let step = self.engine.step(at, news);
                self.take(step)
            }
            None => Ok(()),
        }
    }

    /// Records what is staged and begins the work that waits for it; nothing, while it cannot be
    /// recorded.
    pub(super) fn flush(&mut self) -> Result<(), DriveError> {
        if self.outbox.empty() {
            return Ok(());
        }
        self.record()?;
        let alone = self.attendance == Attendance::Unattended && self.simulated();
        if alone && self.outbox.refused() > RECORD_PATIENCE {
            return self.finish();
        }
        Ok(())
    }

    fn record(&mut self) -> Result<(), DriveError> {
        let work = self.outbox.flush(self.engine.state()).map_err(DriveError::Record)?;
        if let Some(desk) = &mut self.desk {
            match self.outbox.frozen() {
                Some(why) => desk.unrecorded(&why),
                None => desk.recorded(),
            }
        }
        for work in work {
            match work {
                Work::Start { task, attempt } => self.begin(task, attempt),
                Work::Stop { task, attempt } => self.stop(task, attempt),
                Work::Probe { task, probe } => self.probe(task, probe),
            }
        }
        Ok(())
    }

    /// Records what is staged, or says why it never was.
    pub(super) fn finish(&mut self) -> Result<(), DriveError> {
        if self.outbox.frozen().is_none() {
            return Ok(());
        }
        self.record()?;
        match self.outbox.frozen() {
            None => Ok(()),
            Some(why) => Err(DriveError::Record(io::Error::other(why.to_string()))),
        }
    }

    fn probe(&mut self, task: TaskIx, probe: u32) {
        let state = self.engine.state();
        let request = request(state, task, state.task(task).attempt);
        let job = Job::Look { request, probe, at: state.at() };
        self.workers.begin(&self.roster, job, self.simulated());
    }

    fn begin(&mut self, task: TaskIx, attempt: u32) {
        let state = self.engine.state();
        if state.human(task) {
            if let Approver::Simulated(after) = self.approver
                && self.simulated()
            {
                // A question asked again was asked before.
                let asked = state.task(task).started_at.unwrap_or(state.at());
                let at = (asked + after.delta()).max(state.at());
                let order = Approver::yes(task, after, self.own_order());
                self.agenda.insert((at, 1, task.0, attempt), Due::Order(order));
            }
            return;
        }
        let request = request(state, task, attempt);
        self.alive.insert(task, Alive { attempt, request: Some(request.clone()) });
        self.workers.begin(&self.roster, Job::Perform(request), self.simulated());
    }

    /// Ends an attempt that the engine no longer waits for, or asks an agent to stop.
    fn stop(&mut self, task: TaskIx, attempt: u32) {
        // A question that is no longer asked needs no policy's answer, nor does the same one asked anew.
        self.agenda.retain(|&(_, kind, of, number), _| (kind, of, number) != (1, task.0, attempt));
        let Some(alive) = self.alive.remove(&task).filter(|alive| alive.attempt == attempt) else {
            return;
        };
        self.agenda
            .retain(|_, due| !matches!(due, Due::Answer(t, a, _) if *t == task && *a == attempt));
        self.workers.abandon(task, attempt);
        let Some(request) = alive.request else { return };
        let now = self.engine.state().at();
        let answer = match self.roster.get(&request.agent) {
            Ok(agent) => agent.stop(&request, now),
            Err(_nobody) => Answer::Stopped,
        };
        if self.engine.state().task(task).state == TaskState::Cancelling {
            self.alive.insert(task, Alive { attempt, request: None });
            self.agenda.insert((now, 0, task.0, attempt), Due::Answer(task, attempt, answer));
        }
    }

    /// Somebody has answered: an agent, or the outside.
    pub(super) fn said(&mut self, said: Said) -> Result<(), DriveError> {
        match said {
            Said::Finished(finished) => self.finished(finished),
            Said::Looked { task, probe, lookup } => {
                let now = if self.simulated() { self.engine.state().at() } else { self.now() };
                self.input(now, Input::Probed { task, probe, lookup })
            }
        }
    }

    /// An agent has computed its answer. It gives it only once the work has taken its time: in a
    /// simulated day always, on a real clock where the agent says how long (orders being filled).
    fn finished(&mut self, finished: Finished) -> Result<(), DriveError> {
        let Finished { task, attempt, started_at, reply, took } = finished;
        if self.simulated() || reply.took.is_some() {
            let at = (started_at + took.delta()).max(self.engine.state().at());
            self.agenda.insert((at, 0, task.0, attempt), Due::Answer(task, attempt, reply.answer));
            return Ok(());
        }
        if self.alive.get(&task).is_some_and(|alive| alive.attempt == attempt) {
            self.alive.remove(&task);
        }
        let now = self.now();
        self.alerts(now, &reply.answer)?;
        self.input(now, Input::Answer { task, attempt, answer: reply.answer })
    }
}

/// The moments of the day that everybody waits for, from `now` on, numbered.
pub(super) fn market_events(
    plan: &Plan,
    now: DateTime<Utc>,
) -> impl Iterator<Item = ((DateTime<Utc>, u8, u32, u32), Due)> + use<> {
    let mut events = Vec::new();
    if !plan.day.starts_with("closed") {
        events.push((plan.open, "market_open", format!("the market opens ({})", plan.day)));
        events.push((plan.close, "market_close", "the market closes".to_owned()));
    }
    for blackout in &plan.blackouts {
        let what = format!("no {} orders ({})", blackout.forbids, blackout.origin);
        events.push((blackout.from, "blackout_begins", what.clone()));
        events.push((blackout.to, "blackout_ends", what));
    }
    let ahead = events.into_iter().filter(move |(at, ..)| *at >= now).enumerate();
    let mut planned: Vec<_> = ahead
        .map(|(i, (at, code, text))| {
            ((at, 2, u32::try_from(i).unwrap_or(u32::MAX), 0), Due::Market(code, text))
        })
        .collect();
    planned.sort_by_key(|(key, _)| *key);
    planned.into_iter()
}
