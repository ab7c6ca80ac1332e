//! The console's loop: the only place where the console waits, for keys, events, ticks and signals.

use std::{
    io,
    time::{Duration, Instant},
};

use futures_util::StreamExt as _;
use ratatui::crossterm::event::{Event as TerminalEvent, EventStream, KeyEventKind};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
    task::JoinHandle,
    time::MissedTickBehavior,
};

use super::asking::asked;
use crate::{
    acting::{Opening, Standing},
    console::{Effect, Model, Msg, Quit, Settings, Throttle, log, terminal, update, view},
    engine::RunState,
    runtime::{Clock, DriveError, Handle, Pace, Seen, Session, Watcher, instant, wall},
};

/// Events taken in before a frame is considered; more would delay the answer to a key.
const BATCH_MAX: usize = 512;
/// Lines of the program's log shown at most.
const LOG_LINES: u16 = 200;
/// Answers on their way back to the console. An operator acts once at a time.
const ANSWERS_MAX: usize = 64;

/// How the console was left.
#[derive(Debug)]
pub struct Left {
    /// Why.
    pub quit: Quit,
    /// The run as last seen, if any of it was.
    pub run: Option<RunState>,
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
enum Next {
    Terminal(Option<io::Result<TerminalEvent>>),
    Seen(Option<Seen>),
    Answer(Msg),
    Standing(Standing),
    Beat,
    Tick,
    Frame,
    Terminate,
}

/// A console on a run.
struct Attached {
    handle: Handle,
    clock: Clock,
    watcher: Watcher,
    /// Whether events may still come.
    live: bool,
    /// `None` once the day is over.
    session: Option<Session>,
    answers: mpsc::Sender<Msg>,
    throttle: Throttle,
    /// The instant from which the throttle counts.
    since: Instant,
    quit: Option<Quit>,
}

/// Opens the console on a run and keeps it open until the operator leaves. Must be called on the
/// main thread. `clock` is a copy of the run's.
///
/// # Errors
///
/// [`ConsoleError`] when the terminal cannot be used, or the run could not be driven.
pub async fn run_console(
    handle: Handle,
    clock: Clock,
    driver: JoinHandle<Result<RunState, DriveError>>,
    settings: Settings,
) -> Result<Left, ConsoleError> {
    let mut guard = terminal::Guard::enter()?;
    let size = guard.terminal().size()?;
    let (answers, mut answered) = mpsc::channel(ANSWERS_MAX);
    let watcher = handle.watch();
    let opening = Opening { operator: settings.operator.clone(), authority: settings.authority };
    // A day that was over before anybody looked has no engine to act on.
    let session = handle.open(opening).await.ok();
    let mut standing = session.as_ref().map(Session::standing);
    let mut beats = handle.beats();
    let mut console = Attached {
        handle,
        clock,
        watcher,
        live: true,
        session,
        answers,
        throttle: Throttle::default(),
        since: instant(),
        quit: None,
    };
    let now = console.clock.now();
    let mut model = Model::new(settings, now, (size.width, size.height));
    tracing::info!("the console opens, {} columns by {} rows", size.width, size.height);
    let mut keys = EventStream::new();
    let mut ticks = tokio::time::interval(console.tick());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut stops = Stops::new()?;
    if let Some(now) = standing.as_mut().map(|it| *it.borrow_and_update()) {
        console.tell(Msg::Standing(now), &mut model, &mut guard)?;
    }
    // The first frame is owed once the run is known: one drawn before would show nothing, and put
    // off the one that does.
    while console.quit.is_none() {
        let frame = console.throttle.due().map(|due| (console.since + due).into());
        let next = tokio::select! {
            biased;
            () = stops.next() => Next::Terminate,
            event = keys.next() => Next::Terminal(event),
            Some(answer) = answered.recv() => Next::Answer(answer),
            Some(now) = changed(&mut standing) => Next::Standing(now),
            Ok(()) = beats.changed(), if console.live => Next::Beat,
            () = until(due(&model)) => Next::Tick,
            () = until(frame) => Next::Frame,
            seen = console.watcher.next(), if console.live => Next::Seen(seen),
            _ = ticks.tick() => Next::Tick,
        };
        console.take(next, &mut model, &mut guard)?;
    }
    drop(guard);
    let quit = console.quit.unwrap_or(Quit::Now);
    // A day that is over has an end to report; one that is not is left to itself.
    if driver.is_finished() {
        match driver.await {
            Ok(ended) => drop(ended?),
            Err(crash) => return Err(ConsoleError::Crashed(crash.to_string())),
        }
    }
    Ok(Left { quit, run: model.run().cloned() })
}

impl Attached {
    fn elapsed(&self) -> Duration {
        instant().saturating_duration_since(self.since)
    }

    /// How often the clock on screen moves: each second, or four times a second while a minute of
    /// the day passes in one.
    fn tick(&self) -> Duration {
        match self.clock.pace() {
            Pace::Real => Duration::from_secs(1),
            Pace::Times(factor) if factor <= 1.0 => Duration::from_secs(1),
            Pace::Times(_) | Pace::Max => Duration::from_millis(250),
        }
    }

    fn take(
        &mut self,
        next: Next,
        model: &mut Model,
        guard: &mut terminal::Guard,
    ) -> Result<(), ConsoleError> {
        match next {
            Next::Terminal(Some(Ok(event))) => self.typed(event, model, guard)?,
            Next::Terminal(Some(Err(error))) => return Err(error.into()),
            Next::Terminal(None) | Next::Terminate => self.tell(Msg::Terminate, model, guard)?,
            Next::Seen(Some(Seen::Whole(run))) => self.tell(Msg::Snapshot(run), model, guard)?,
            Next::Seen(Some(Seen::Event(first))) => {
                let mut batch = vec![first];
                while batch.len() < BATCH_MAX
                    && let Some(event) = self.watcher.ready()
                {
                    batch.push(event);
                }
                self.tick_now(model, guard)?;
                self.tell(Msg::Engine(batch), model, guard)?;
            }
            Next::Seen(None) => self.live = false,
            Next::Answer(answer) => self.tell(answer, model, guard)?,
            Next::Standing(standing) => self.tell(Msg::Standing(standing), model, guard)?,
            Next::Beat => self.tell(Msg::Beat, model, guard)?,
            Next::Tick => {
                let lines = log::read(LOG_LINES);
                if !lines.is_empty() {
                    self.tell(Msg::Log(lines), model, guard)?;
                }
                self.tick_now(model, guard)?;
            }
            Next::Frame => {
                if self.throttle.take(self.elapsed()) {
                    guard.terminal().draw(|frame| view(model, frame))?;
                }
            }
        }
        Ok(())
    }

    /// Tells the model what time it is. Time that jumps is where the run is.
    fn tick_now(
        &mut self,
        model: &mut Model,
        guard: &mut terminal::Guard,
    ) -> Result<(), ConsoleError> {
        let seen = model.run().map(RunState::at);
        let now = match (self.clock.pace(), seen) {
            (Pace::Max, Some(at)) => at,
            // A day that is over stands still.
            (_, Some(at)) if !self.live => at,
            (_, _) => self.clock.now(),
        };
        self.tell(Msg::Tick { now, wall: wall() }, model, guard)
    }

    fn typed(
        &mut self,
        event: TerminalEvent,
        model: &mut Model,
        guard: &mut terminal::Guard,
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
        let pressed = matches!(msg, Msg::Key(_));
        self.tell(msg, model, guard)?;
        if pressed && self.throttle.due().is_some() {
            self.throttle.pressed(self.elapsed());
        }
        Ok(())
    }

    fn tell(
        &mut self,
        msg: Msg,
        model: &mut Model,
        guard: &mut terminal::Guard,
    ) -> Result<(), ConsoleError> {
        for effect in update(model, msg) {
            self.perform(effect, model, guard)?;
        }
        if model.take_dirty() {
            self.throttle.changed(self.elapsed());
        }
        Ok(())
    }

    /// Asks the engine something; the answer comes back as a message.
    fn ask(&self, question: Effect) {
        let (answers, session) = (self.answers.clone(), self.session.clone());
        tokio::spawn(async move {
            if let Some(answer) = asked(session, question).await {
                // The console may have been left meanwhile.
                let _ = answers.send(answer).await;
            }
        });
    }

    fn perform(
        &mut self,
        effect: Effect,
        model: &mut Model,
        guard: &mut terminal::Guard,
    ) -> Result<(), ConsoleError> {
        match effect {
            question @ (Effect::Propose { .. }
            | Effect::Commit { .. }
            | Effect::Brake { .. }
            | Effect::Arm { .. }
            | Effect::Disarm) => self.ask(question),
            Effect::Speed(factor) => {
                let pace = Pace::Times(factor);
                self.clock.set_pace(pace);
                tracing::info!("the virtual clock goes at {factor}x");
                let handle = self.handle.clone();
                tokio::spawn(async move {
                    // A day that is over has no clock any more.
                    let _ = handle.set_pace(pace).await;
                });
                self.tell(Msg::Speed(factor), model, guard)?;
            }
            Effect::Resync => self.watcher = self.handle.watch(),
            Effect::Quit(quit) => self.quit = Some(quit),
            Effect::Suspend => {
                terminal::leave();
                // Stops the process until the shell continues it; SIGTSTP would be dropped when
                // nobody of the process group's session is there to continue it.
                signal_hook::low_level::raise(signal_hook::consts::SIGSTOP)?;
                guard.again()?;
                self.tell(Msg::Resumed, model, guard)?;
            }
            Effect::Bell => {
                use io::Write as _;
                let mut out = io::stdout();
                out.write_all(b"\x07")?;
                out.flush()?;
            }
            Effect::Redraw => {
                guard.terminal().clear()?;
                self.throttle.pressed(self.elapsed());
            }
        }
        Ok(())
    }
}

/// The next change of what the session may do; without end when there is no session.
async fn changed(standing: &mut Option<watch::Receiver<Standing>>) -> Option<Standing> {
    let Some(receiver) = standing else { return std::future::pending().await };
    if receiver.changed().await.is_err() {
        *standing = None;
        return None;
    }
    Some(*receiver.borrow_and_update())
}

/// When the model changes by time alone.
fn due(model: &Model) -> Option<tokio::time::Instant> {
    let left = (model.due()? - wall()).to_std().unwrap_or(Duration::ZERO);
    // A countdown on screen moves ten times a second.
    Some((instant() + left.min(Duration::from_millis(100))).into())
}

async fn until(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// The signals that end a console: the terminal went away, or the system wants the process gone.
struct Stops {
    hangup: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Stops {
    fn new() -> io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.hangup.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Captures the program's own log for the console's pane. Once per process.
pub fn capture_log() {
    use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};
    // A second call finds the logger in place, which is what it wanted.
    let _ = tui_logger::init_logger(tui_logger::LevelFilter::Info);
    tui_logger::set_default_level(tui_logger::LevelFilter::Info);
    let _ = tracing_subscriber::registry().with(tui_logger::TuiTracingSubscriberLayer).try_init();
}
