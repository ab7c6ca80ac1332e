//! One console on one run: what it waits for, what it takes in, what it does.

use std::{
    io,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::StreamExt as _;
use ratatui::crossterm::event::{Event as TerminalEvent, EventStream, KeyEventKind};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::MissedTickBehavior,
};

use super::{
    ConsoleEnvironment, EngineConnection, TrailFollower,
    attempt_logs::AttemptLogFollower,
    connection,
    signals::{self, StopCause, StopSignals},
    waits::{current_value, next_change, next_heartbeat, sleep_until, sleep_until_due},
};
use config::{Appearance, MotionSetting, MouseSetting};
use engine::{
    CatchUpChoice, OrderReport, RunState,
    control::{SessionOpening, SessionStatus},
    forecast::catch_up::LateStart,
};
use runtime::{
    ClockPace, DriveError, Heartbeat, OperatorSession, RunClock, RunHandle, Subscription,
    SubscriptionItem, attach::ReconnectOutcome, instant_now, wall_now,
};
use tui::{
    ConsoleSettings, Effect, FrameThrottle, Model, Msg, QuitMode, WindowStatus, draw,
    log_line::LogLine, terminal::TerminalGuard, update, window_status,
};

/// Events taken in before a frame is considered; more would delay the answer to a key.
const BATCH_MAX: usize = 512;
/// Answers on their way back to the console. An operator does one thing at a time.
const ANSWERS_MAX: usize = 64;

/// How long an engine may take to open a session.
const OPEN_MAX: Duration = Duration::from_secs(5);

/// Why the console is there no more.
#[derive(Debug)]
pub enum ExitCause {
    /// Somebody left it, or the system wanted it to end.
    Quit(QuitMode),
    /// Its terminal is gone, and what the system said of it, if it said anything.
    ConnectionLost(Option<io::Error>),
}

/// How the console was left.
#[derive(Debug)]
pub struct ConsoleExit {
    /// Why.
    pub leaving: ExitCause,
    /// The run as last seen, if any of it was.
    pub run: Option<RunState>,
    /// Why the engine of another process was not there in the end, if it was not.
    pub lost: Option<String>,
}

/// Why the console could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The terminal.
    #[error("the terminal cannot be used")]
    Terminal(#[from] io::Error),
    /// The run.
    #[error(transparent)]
    Drive(#[from] DriveError),
    /// The driver's own code failed; the terminal was given back.
    #[error("the engine stopped unexpectedly: {0}")]
    Crashed(String),
}

/// What the loop waits for.
enum LoopEvent {
    Terminal(Option<io::Result<TerminalEvent>>),
    Seen(Option<SubscriptionItem>),
    Answer(Msg),
    Standing(SessionStatus),
    Beat(Heartbeat),
    Frozen(Option<Arc<str>>),
    Orders(Arc<OrderReport>),
    Logged(Vec<LogLine>),
    Tried(Option<ReconnectOutcome>),
    Tick,
    Frame,
    /// Nobody wants anything: what was left for later is gone on with.
    Spare,
    Stop(StopCause),
}

/// A console on a run.
pub(super) struct ConsoleLoop {
    pub(super) handle: RunHandle,
    pub(super) clock: RunClock,
    pub(super) watcher: Subscription,
    /// Whether events may still come.
    pub(super) live: bool,
    /// `None` once the day is over.
    pub(super) session: Option<OperatorSession>,
    /// Who waits for the answer with which a late day begins.
    pub(super) late: Option<oneshot::Sender<CatchUpChoice>>,
    /// What was asked of others comes back here.
    pub(super) answers: mpsc::Sender<Msg>,
    pub(super) look: Appearance,
    pub(super) exports: PathBuf,
    pub(super) filters: PathBuf,
    pub(super) journal: PathBuf,
    attempt_logs: AttemptLogFollower,
    /// What the window was told last.
    told: WindowStatus,
    trail: Option<TrailFollower>,
    /// The line to the engine, where that is another process.
    pub(super) line: Option<EngineConnection>,
    pub(super) throttle: FrameThrottle,
    /// The instant from which the throttle counts.
    since: Instant,
    /// Set once it is over.
    pub(super) leaving: Option<ExitCause>,
}

/// Opens the console on a run and keeps it open until the operator leaves. Must be called on the
/// main thread. `clock` is a copy of the run's; `driver`, where it is of this process, is only looked
/// at.
///
/// # Errors
///
/// [`ConsoleError`] when the terminal cannot be used, or the run could not be driven.
#[expect(clippy::too_many_lines, reason = "one loop over all there is to wait for")]
pub async fn run_console(
    handle: RunHandle,
    clock: RunClock,
    driver: Option<&mut JoinHandle<Result<RunState, DriveError>>>,
    settings: ConsoleSettings,
    surroundings: ConsoleEnvironment,
) -> Result<ConsoleExit, ConsoleError> {
    let ConsoleEnvironment {
        look,
        talk,
        exports,
        filters,
        journal,
        watcher,
        mut logged,
        late,
        line,
        trail,
    } = surroundings;
    let (late, answer) = late.map(|asking| (asking.late, asking.answer)).unzip();
    let mut guard = TerminalGuard::enter(talk)?;
    let size = guard.size();
    let (answers, mut answered) = mpsc::channel(ANSWERS_MAX);
    let opening =
        SessionOpening { operator: settings.operator.clone(), authority: settings.authority };
    let mut standing = None;
    let (mut beats, mut frozen) = (handle.heartbeats(), Some(handle.journal_fault()));
    let mut orders = Some(handle.orders());
    let mut console = ConsoleLoop {
        handle,
        clock,
        watcher,
        live: true,
        session: None,
        late: answer,
        answers,
        look,
        exports,
        filters,
        attempt_logs: AttemptLogFollower::new(&journal),
        journal,
        told: WindowStatus::default(),
        trail,
        line,
        throttle: FrameThrottle::default(),
        since: instant_now(),
        leaving: None,
    };
    let now = console.clock.now();
    let mut model = Model::new(settings, now, size);
    tracing::info!("the console opens, {} columns by {} rows", size.0, size.1);
    console.first(late, &mut model, &mut guard)?;
    let mut keys = EventStream::new();
    let mut ticks = tokio::time::interval(console.tick_interval());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut stops = StopSignals::new()?;
    let last_resort = signals::last_resort()?;
    if let Some(told) = current_value(&mut frozen).map(Msg::JournalFault) {
        console.update_model(told, &mut model, &mut guard)?;
    }
    let anew = connection::reopen_request(&opening);
    let mut opening = Some(opening);
    // The first frame is owed once the run is known: one drawn before would show nothing, and put
    // off the one that does.
    while console.leaving.is_none() {
        // Nobody drives a day that waits for an answer.
        if let Some(opening) = opening.take_if(|_| console.late.is_none()) {
            standing = console.open(opening, &mut model, &mut guard).await?;
        }
        let frame = console.throttle.next_frame_at().map(|due| (console.since + due).into());
        let next = tokio::select! {
            biased;
            stop = stops.next() => LoopEvent::Stop(stop),
            event = keys.next() => LoopEvent::Terminal(event),
            Some(answer) = answered.recv() => LoopEvent::Answer(answer),
            Some(now) = next_change(&mut standing) => LoopEvent::Standing(now),
            Some(why) = next_change(&mut frozen) => LoopEvent::Frozen(why),
            Some(report) = next_change(&mut orders) => LoopEvent::Orders(report),
            Some(beat) = next_heartbeat(&mut beats), if console.live => LoopEvent::Beat(beat),
            () = sleep_until(sleep_until_due(&model)) => LoopEvent::Tick,
            () = sleep_until(frame) => LoopEvent::Frame,
            lines = logged.next() => LoopEvent::Logged(lines),
            seen = console.watcher.next(), if console.live => LoopEvent::Seen(seen),
            tried = connection::next_reconnect(console.line.as_mut()) => LoopEvent::Tried(tried),
            _ = ticks.tick() => LoopEvent::Tick,
            () = std::future::ready(()), if model.is_filtering() => LoopEvent::Spare,
        };
        let LoopEvent::Tried(tried) = next else {
            match console.handle_event(next, &mut model, &mut guard) {
                // It could be used until now.
                Err(ConsoleError::Terminal(error)) => {
                    console.leaving = Some(ExitCause::ConnectionLost(Some(error)));
                }
                other => other?,
            }
            continue;
        };
        if console.on_reconnect(tried, &mut model, &mut guard)? {
            let (heard, held, reported) = console.resubscribe();
            (beats, frozen, orders) = (heard, Some(held), Some(reported));
            opening = Some(anew.clone());
        }
    }
    // A day that waits for an answer does not begin without one.
    console.late = None;
    last_resort.abort();
    let leaving = console.restore_and_exit(guard);
    driver_report(driver).await?;
    let lost = console.line.and_then(EngineConnection::lost_reason);
    Ok(ConsoleExit { leaving, run: model.run().cloned(), lost })
}

/// What a driver has to report that is done. One that is not is left to itself.
async fn driver_report(
    driver: Option<&mut JoinHandle<Result<RunState, DriveError>>>,
) -> Result<(), ConsoleError> {
    let Some(driver) = driver.filter(|driver| driver.is_finished()) else { return Ok(()) };
    match driver.await {
        Ok(ended) => {
            ended?;
            Ok(())
        }
        Err(crash) => Err(ConsoleError::Crashed(crash.to_string())),
    }
}

impl ConsoleLoop {
    /// Gives the terminal back, or lets go of it where it is gone; says why.
    fn restore_and_exit(&mut self, guard: TerminalGuard) -> ExitCause {
        let leaving = self.leaving.take().unwrap_or(ExitCause::Quit(QuitMode::Now));
        if let ExitCause::ConnectionLost(_) = leaving {
            signals::detach_terminal();
        }
        drop(guard);
        leaving
    }

    /// What comes before everything else: a notice of a moment before the first tick would be old at
    /// once, and a late day is asked about.
    fn first(
        &mut self,
        late: Option<LateStart>,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        self.tick_now(model, guard)?;
        if let Some(late) = late {
            model.open_late_start(late);
            self.throttle.on_change(self.elapsed());
        }
        if self.look.mouse == MouseSetting::On {
            self.perform(Effect::Mouse(true), model, guard)?;
        }
        Ok(())
    }

    /// Opens a session on the run. A day that was over before anybody looked has no engine to act on.
    async fn open(
        &mut self,
        opening: SessionOpening,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<Option<watch::Receiver<SessionStatus>>, ConsoleError> {
        // An engine that hangs must not keep the console from being left.
        let opened = tokio::time::timeout(OPEN_MAX, self.handle.open(opening)).await;
        self.session = opened.ok().and_then(Result::ok);
        let mut standing = self.session.as_ref().map(OperatorSession::status);
        if let Some(now) = standing.as_mut().map(|it| *it.borrow_and_update()) {
            self.update_model(Msg::SessionStatus(now), model, guard)?;
        }
        Ok(standing)
    }

    pub(super) fn elapsed(&self) -> Duration {
        instant_now().saturating_duration_since(self.since)
    }

    /// How often the clock on screen moves: each second, or four times a second while a minute of
    /// the day passes in one.
    fn tick_interval(&self) -> Duration {
        match self.clock.pace() {
            ClockPace::Real => Duration::from_secs(1),
            _any if self.look.motion == MotionSetting::Reduced => Duration::from_secs(1),
            ClockPace::Times(factor) if factor <= 1.0 => Duration::from_secs(1),
            ClockPace::Times(_) | ClockPace::Max => Duration::from_millis(250),
        }
    }

    fn handle_event(
        &mut self,
        next: LoopEvent,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        match next {
            LoopEvent::Terminal(Some(Ok(event))) => self.on_terminal_event(event, model, guard)?,
            LoopEvent::Terminal(Some(Err(error))) => return Err(error.into()),
            LoopEvent::Stop(StopCause::Signalled) => {
                self.update_model(Msg::Terminate, model, guard)?;
            }
            LoopEvent::Terminal(None) | LoopEvent::Stop(StopCause::HungUp) => {
                self.leaving = Some(ExitCause::ConnectionLost(None));
                self.update_model(Msg::Terminate, model, guard)?;
            }
            LoopEvent::Seen(Some(SubscriptionItem::Snapshot(run))) => {
                self.update_model(Msg::Snapshot(run), model, guard)?;
            }
            LoopEvent::Seen(Some(SubscriptionItem::Event(first))) => {
                let mut batch = vec![first];
                while batch.len() < BATCH_MAX
                    && let Some(event) = self.watcher.try_next()
                {
                    batch.push(event);
                }
                self.tick_now(model, guard)?;
                self.update_model(Msg::Engine(batch), model, guard)?;
            }
            LoopEvent::Seen(None) => self.on_run_closed(model, guard)?,
            LoopEvent::Answer(msg) if self.line.is_some() => {
                self.update_model(connection::as_unknown_outcome(msg), model, guard)?;
            }
            LoopEvent::Answer(msg) => self.update_model(msg, model, guard)?,
            LoopEvent::Standing(standing) => {
                self.update_model(Msg::SessionStatus(standing), model, guard)?;
            }
            LoopEvent::Beat(beat) => {
                self.clock.follow_heartbeat(beat);
                self.update_model(Msg::Heartbeat, model, guard)?;
            }
            LoopEvent::Frozen(why) => self.update_model(Msg::JournalFault(why), model, guard)?,
            LoopEvent::Orders(report) => self.update_model(Msg::Orders(report), model, guard)?,
            // Taken before, since more hangs on it than the console.
            LoopEvent::Tried(_) => {}
            LoopEvent::Logged(lines) => self.update_model(Msg::Log(lines), model, guard)?,
            LoopEvent::Tick => self.tick_now(model, guard)?,
            LoopEvent::Spare => self.update_model(Msg::Work, model, guard)?,
            LoopEvent::Frame => {
                if self.throttle.take_frame(self.elapsed()) {
                    let before = guard.write_stats().bytes;
                    guard.draw(|frame| draw(model, frame))?;
                    let bytes = guard.write_stats().bytes.saturating_sub(before);
                    self.throttle
                        .on_written(self.elapsed(), usize::try_from(bytes).unwrap_or(usize::MAX));
                    self.tell_window(model, guard)?;
                }
            }
        }
        Ok(())
    }

    /// Tells the window what it does not know yet.
    fn tell_window(
        &mut self,
        model: &Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        let told = window_status(model);
        if told.title != self.told.title {
            guard.title(&told.title)?;
        }
        if told.progress != self.told.progress && self.look.motion == MotionSetting::Full {
            guard.set_progress(told.progress)?;
        }
        self.told = told;
        Ok(())
    }

    /// Tells the model what time it is. Time that jumps is where the run is.
    fn tick_now(
        &mut self,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        let seen = model.run().map(RunState::last_event_at);
        let stands = |run: &&RunState| run.is_recovering() && run.plan().mode.has_virtual_clock();
        if let Some(run) = model.run().filter(stands) {
            self.clock = RunClock::starting(run.last_event_at(), self.clock.pace());
        }
        let now = match (self.clock.pace(), seen) {
            (ClockPace::Max, Some(at)) => at,
            // A day that is over stands still.
            (_, Some(at)) if !self.live => at,
            (_, _) => self.clock.now(),
        };
        if let Some(news) = self.trail.as_mut().and_then(TrailFollower::new_head) {
            self.update_model(news, model, guard)?;
        }
        if let Some(log) = self.attempt_logs.news(model) {
            self.update_model(log, model, guard)?;
        }
        self.update_model(Msg::Tick { now, wall: wall_now() }, model, guard)
    }

    /// Back from the shell: everything that was given back is taken again.
    pub(super) fn return_to(
        &mut self,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        guard.re_enter()?;
        if model.mouse() == MouseSetting::On {
            guard.set_mouse(true)?;
        }
        self.told = WindowStatus::default();
        let (width, height) = guard.size();
        self.update_model(Msg::Resize(width, height), model, guard)?;
        self.update_model(Msg::Resumed, model, guard)
    }

    fn on_terminal_event(
        &mut self,
        event: TerminalEvent,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        let msg = match event {
            TerminalEvent::Key(key) if key.kind == KeyEventKind::Release => return Ok(()),
            TerminalEvent::Key(key) => Msg::Key(key),
            TerminalEvent::Mouse(mouse) => Msg::Mouse(mouse),
            TerminalEvent::Paste(text) => Msg::Paste(text),
            TerminalEvent::Resize(width, height) => Msg::Resize(width, height),
            TerminalEvent::FocusGained => Msg::Focus(true),
            TerminalEvent::FocusLost => Msg::Focus(false),
        };
        // What may be typed hangs on when: a dialog is deaf at first, a button opens late.
        self.tick_now(model, guard)?;
        if let Msg::Resize(width, height) = msg {
            guard.resize((width, height))?;
        }
        let pressed = matches!(msg, Msg::Key(_));
        self.update_model(msg, model, guard)?;
        if pressed && self.throttle.next_frame_at().is_some() {
            self.throttle.on_key(self.elapsed());
        }
        Ok(())
    }

    pub(super) fn update_model(
        &mut self,
        msg: Msg,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        for effect in update(model, msg) {
            self.perform(effect, model, guard)?;
        }
        if model.take_dirty() {
            self.throttle.on_change(self.elapsed());
        }
        Ok(())
    }
}
