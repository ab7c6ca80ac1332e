//! Console over a simulated day that advances only on request.

use std::{collections::VecDeque, iter, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, watch};

use super::{play::TourError, script::DayStart};
use bellwether::host::{OrchestrationController, RunRequest, StartKind, send_request};
use config::{RawSetting, SettingOrigin};
use engine::{
    RecordedEvent,
    control::{Authority, SessionOpening, SessionStatus},
    forecast::dry_run_from,
};
use planning::{calendar, plan::RunMode};
use runtime::{Attendance, BufferedSink, Driver, OperatorSession, RunClock, RunHandle, Scenario};
use tui::{
    ConsoleKind, ConsoleSettings, DryRunRecording, Effect, Model, Msg, SavedFilters, Theme,
    keymap::Keymap, update,
};

/// Displayed speed of the simulated clock, equal to the default.
const SPEED: f64 = 60.0;

/// A run in progress with a console attached.
pub(super) struct TourHarness {
    driver: Driver,
    handle: RunHandle,
    date: chrono::NaiveDate,
    session: Option<OperatorSession>,
    standing: Option<watch::Receiver<SessionStatus>>,
    events: mpsc::UnboundedReceiver<Arc<RecordedEvent>>,
    /// The state from which the console is drawn.
    pub(super) model: Model,
    left: bool,
}

impl TourHarness {
    /// Starts a day, half a minute before its first stage. Must be called within a single-threaded
    /// runtime.
    pub(super) async fn set_up(
        begin: &DayStart,
        (source, line): (&str, usize),
        size: (u16, u16),
    ) -> Result<Self, TourError> {
        let place = || SettingOrigin::File { name: source.to_owned(), line, column: 1 };
        let given = [
            ("date", Some(begin.date.to_string())),
            ("operator", begin.operator.clone()),
            ("guards", begin.guards.clone()),
        ];
        let given = given.into_iter().filter_map(|(key, text)| {
            Some(RawSetting { key: key.into(), text: text?, origin: place() })
        });
        let config = config::resolve(&given.collect::<Vec<_>>())?;
        let scenario = begin.scenario.as_deref().and_then(Scenario::builtin);
        let start = calendar::exchange_moment(begin.date, config.day.start);
        let settings = ConsoleSettings {
            theme: Theme::default(),
            keymap: Keymap::default(),
            operator: config.day.operator.clone(),
            authority: Authority::Armed,
            scenario: scenario.as_ref().map(|scenario| tui::ScenarioLabel {
                name: scenario.name.clone(),
                title: scenario.title.clone(),
            }),
            speed: SPEED,
            zone: None,
            filters: SavedFilters::default(),
            drill: None,
            station: ConsoleKind::Local,
        };
        let mut controller = OrchestrationController::new(config);
        controller.startup_system()?;
        let (kept, events) = BufferedSink::new();
        let day = controller.prepare_run(RunRequest {
            date: begin.date,
            mode: RunMode::Sim,
            clock: RunClock::by_hand(start),
            scenario: scenario.map(Arc::new),
            overlays: Vec::new(),
            attendance: Attendance::Attended,
            sinks: vec![Box::new(kept)],
            begins: StartKind::default(),
        })?;
        let (mut driver, handle) = (day.driver, day.handle);
        driver.advance_to(start).await?;
        let opening =
            SessionOpening { operator: settings.operator.clone(), authority: Authority::Armed };
        let session = driver.run_until_answered(handle.open(opening)).await?.ok();
        let standing = session.as_ref().map(OperatorSession::status);
        let model = Model::new(settings, start, size);
        let (date, left) = (begin.date, false);
        let mut sitting = Self { driver, handle, date, session, standing, events, model, left };
        let first = sitting.standing.as_mut().map(|it| Msg::SessionStatus(*it.borrow_and_update()));
        sitting.send_messages(first.into_iter().collect()).await?;
        Ok(sitting)
    }

    /// Returns the moment of a time of this day, exchange time.
    pub(super) fn moment_of(&self, time: chrono::NaiveTime) -> DateTime<Utc> {
        calendar::exchange_moment(self.date, time)
    }

    /// Returns the time of the run.
    pub(super) fn now(&mut self) -> DateTime<Utc> {
        self.driver.run_and_wall_time().0
    }

    /// Advances the run to `until` and the wall clock by `wall`.
    pub(super) async fn advance(
        &mut self,
        until: DateTime<Utc>,
        wall: Duration,
    ) -> Result<(), TourError> {
        self.driver.advance_wall(wall)?;
        self.driver.advance_to(until).await?;
        let tick = self.tick_message();
        self.send_messages([tick, Msg::Heartbeat].into()).await
    }

    /// Sends messages to the console and performs the effects it requests.
    pub(super) async fn send_messages(
        &mut self,
        mut queue: VecDeque<Msg>,
    ) -> Result<(), TourError> {
        loop {
            queue.extend(self.pending_messages());
            let Some(msg) = queue.pop_front() else { return Ok(()) };
            for effect in update(&mut self.model, msg) {
                let answer = self.perform(effect).await?;
                // The reply comes after the events that it caused.
                queue.extend(self.pending_messages());
                queue.extend(answer);
            }
        }
    }

    fn tick_message(&mut self) -> Msg {
        let (now, wall) = self.driver.run_and_wall_time();
        Msg::Tick { now, wall }
    }

    /// Returns the events and session changes since the console was last updated.
    fn pending_messages(&mut self) -> Vec<Msg> {
        let events: Vec<_> = iter::from_fn(|| self.events.try_recv().ok()).collect();
        let mut heard = Vec::new();
        if !events.is_empty() {
            heard.push(Msg::Engine(events));
        }
        if let Some(standing) = &mut self.standing
            && standing.has_changed().unwrap_or(false)
        {
            heard.push(Msg::SessionStatus(*standing.borrow_and_update()));
        }
        heard
    }

    async fn perform(&mut self, effect: Effect) -> Result<Option<Msg>, TourError> {
        Ok(match effect {
            Effect::Resync => {
                let whole = self.driver.run_until_answered(self.handle.snapshot()).await?;
                whole.ok().map(Msg::Snapshot)
            }
            Effect::Speed(factor) => Some(Msg::Speed(factor)),
            Effect::Quit(_) => {
                self.left = true;
                None
            }
            Effect::DryRun { plan, from } => match DryRunRecording::new(&plan, from) {
                Ok(rehearsed) => Some(Msg::DryRun(Box::new(rehearsed))),
                Err(error) => {
                    tracing::error!("the day cannot be played beforehand: {error}");
                    None
                }
            },
            Effect::Forecast { state, at } => {
                Some(Msg::Forecast(Box::new(dry_run_from(&state, at))))
            }
            // A tour is told its run from the first event on.
            Effect::LoadHistory { .. } => None,
            Effect::Mouse(on) => Some(Msg::Captured(on)),
            Effect::Copy(_) | Effect::Export { .. } | Effect::SaveFilters(_) => {
                Some(Msg::Outcome(Err("a tour copies nothing and writes no file".into())))
            }
            // A recording has neither bell nor shell, and each of its frames is drawn completely.
            Effect::Suspend | Effect::Notify { .. } | Effect::Redraw | Effect::ChooseCatchUp(_) => {
                None
            }
            question @ (Effect::Propose { .. }
            | Effect::Commit { .. }
            | Effect::Brake { .. }
            | Effect::Arm { .. }
            | Effect::Disarm) => {
                let session = self.session.clone();
                let answer =
                    self.driver.run_until_answered(send_request(session, question)).await?;
                // Work started by the request is due at the same moment.
                let now = self.now();
                self.driver.advance_to(now).await?;
                answer
            }
        })
    }

    /// Returns whether the console was closed.
    pub(super) const fn is_closed(&self) -> bool {
        self.left
    }
}
