//! A console over a day that goes on only as far as it is told.

use std::{collections::VecDeque, iter, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, watch};

use super::{script::Begin, show::TourError};
use crate::{
    acting::{Authority, Opening, Standing},
    calendar,
    config::{self, Given, Origin},
    console::{
        Effect, Model, Msg, Rehearsed, SavedFilters, Settings, Station, Theme, registry::Keymap,
        update,
    },
    controller::{
        asking::asked,
        orchestration::{Begins, DayRequest, OrchestrationController},
    },
    engine::Recorded,
    plan::Mode,
    runtime::{Attendance, Clock, Driver, Handle, Keeper, Scenario, Session},
};

/// How many times faster than the wall's the clock of the day is said to go, as by default.
const SPEED: f64 = 60.0;

/// A day under way, and somebody before it.
pub(super) struct Sitting {
    driver: Driver,
    handle: Handle,
    date: chrono::NaiveDate,
    session: Option<Session>,
    standing: Option<watch::Receiver<Standing>>,
    events: mpsc::UnboundedReceiver<Arc<Recorded>>,
    /// What the console shows is drawn from it.
    pub(super) model: Model,
    left: bool,
}

impl Sitting {
    /// Sits down before a day, half a minute before its first stage. Must be called inside a
    /// runtime of one thread.
    pub(super) async fn begin(
        begin: &Begin,
        (source, line): (&str, usize),
        size: (u16, u16),
    ) -> Result<Self, TourError> {
        let place = || Origin::File { name: source.to_owned(), line, column: 1 };
        let given = [
            ("date", Some(begin.date.to_string())),
            ("operator", begin.operator.clone()),
            ("guards", begin.guards.clone()),
        ];
        let given = given.into_iter().filter_map(|(key, text)| {
            Some(Given { key: key.into(), text: text?, origin: place() })
        });
        let config = config::resolve(&given.collect::<Vec<_>>())?;
        let scenario = begin.scenario.as_deref().and_then(Scenario::builtin);
        let start = calendar::exchange_moment(begin.date, config.day.start);
        let settings = Settings {
            theme: Theme::default(),
            keymap: Keymap::default(),
            operator: config.day.operator.clone(),
            authority: Authority::Armed,
            scenario: scenario.as_ref().map(|scenario| crate::console::Scenario {
                name: scenario.name.clone(),
                title: scenario.title.clone(),
            }),
            speed: SPEED,
            zone: None,
            filters: SavedFilters::default(),
            drill: None,
            station: Station::Desk,
        };
        let mut controller = OrchestrationController::new(config);
        controller.startup_system()?;
        let (kept, events) = Keeper::new();
        let day = controller.begin_day(DayRequest {
            date: begin.date,
            mode: Mode::Sim,
            clock: Clock::by_hand(start),
            scenario: scenario.map(Arc::new),
            overlays: Vec::new(),
            attendance: Attendance::Attended,
            sinks: vec![Box::new(kept)],
            begins: Begins::default(),
        })?;
        let (mut driver, handle) = (day.driver, day.handle);
        driver.advance(start).await?;
        let opening = Opening { operator: settings.operator.clone(), authority: Authority::Armed };
        let session = driver.answering(handle.open(opening)).await?.ok();
        let standing = session.as_ref().map(Session::standing);
        let model = Model::new(settings, start, size);
        let (date, left) = (begin.date, false);
        let mut sitting = Self { driver, handle, date, session, standing, events, model, left };
        let first = sitting.standing.as_mut().map(|it| Msg::Standing(*it.borrow_and_update()));
        sitting.tell(first.into_iter().collect()).await?;
        Ok(sitting)
    }

    /// The moment of a time of this day, exchange time.
    pub(super) fn moment(&self, time: chrono::NaiveTime) -> DateTime<Utc> {
        calendar::exchange_moment(self.date, time)
    }

    /// Where the run is.
    pub(super) fn now(&mut self) -> DateTime<Utc> {
        self.driver.times().0
    }

    /// Lets the day go on to `until` while the wall goes on by `wall`.
    pub(super) async fn go_on(
        &mut self,
        until: DateTime<Utc>,
        wall: Duration,
    ) -> Result<(), TourError> {
        self.driver.pass(wall)?;
        self.driver.advance(until).await?;
        let tick = self.tick();
        self.tell([tick, Msg::Beat].into()).await
    }

    /// Tells the console something, and does what it wants done.
    pub(super) async fn tell(&mut self, mut queue: VecDeque<Msg>) -> Result<(), TourError> {
        loop {
            queue.extend(self.heard());
            let Some(msg) = queue.pop_front() else { return Ok(()) };
            for effect in update(&mut self.model, msg) {
                let answer = self.perform(effect).await?;
                // An answer is what the engine says; what it did comes before that.
                queue.extend(self.heard());
                queue.extend(answer);
            }
        }
    }

    fn tick(&mut self) -> Msg {
        let (now, wall) = self.driver.times();
        Msg::Tick { now, wall }
    }

    /// What happened in the run, and to the session, since the console was told last.
    fn heard(&mut self) -> Vec<Msg> {
        let events: Vec<_> = iter::from_fn(|| self.events.try_recv().ok()).collect();
        let mut heard = Vec::new();
        if !events.is_empty() {
            heard.push(Msg::Engine(events));
        }
        if let Some(standing) = &mut self.standing
            && standing.has_changed().unwrap_or(false)
        {
            heard.push(Msg::Standing(*standing.borrow_and_update()));
        }
        heard
    }

    async fn perform(&mut self, effect: Effect) -> Result<Option<Msg>, TourError> {
        Ok(match effect {
            Effect::Resync => {
                let whole = self.driver.answering(self.handle.snapshot()).await?;
                whole.ok().map(Msg::Snapshot)
            }
            Effect::Speed(factor) => Some(Msg::Speed(factor)),
            Effect::Quit(_) => {
                self.left = true;
                None
            }
            Effect::DryRun { plan, from } => match Rehearsed::new(&plan, from) {
                Ok(rehearsed) => Some(Msg::DryRun(Box::new(rehearsed))),
                Err(error) => {
                    tracing::error!("the day cannot be played beforehand: {error}");
                    None
                }
            },
            Effect::Mouse(on) => Some(Msg::Captured(on)),
            Effect::Copy(_) | Effect::Export { .. } | Effect::SaveFilters(_) => {
                Some(Msg::Outcome(Err("a tour copies nothing and writes no file".into())))
            }
            // A film has neither a bell nor a shell, and each of its frames is drawn whole.
            Effect::Suspend | Effect::Notify { .. } | Effect::Redraw | Effect::Late(_) => None,
            question @ (Effect::Propose { .. }
            | Effect::Commit { .. }
            | Effect::Brake { .. }
            | Effect::Arm { .. }
            | Effect::Disarm) => {
                let session = self.session.clone();
                let answer = self.driver.answering(asked(session, question)).await?;
                // What was begun by it is due at this very moment.
                let now = self.now();
                self.driver.advance(now).await?;
                answer
            }
        })
    }

    /// Whether the console was left.
    pub(super) const fn left(&self) -> bool {
        self.left
    }
}
