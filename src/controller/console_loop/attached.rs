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
    Followed, Line, Surroundings, line,
    stops::{self, Stop, Stops},
    waits::{beaten, changed, due, held, until},
};
use crate::{
    acting::{Opening, Standing},
    config::{Look, Motion, Mouse},
    console::{
        Attention, Effect, Model, Msg, Quit, Settings, Throttle, attention, log::LogLine,
        terminal::Guard, update, view,
    },
    engine::{LateChoice, RunState},
    forecast::late::Late,
    runtime::{
        Beat, Clock, DriveError, Handle, Pace, Seen, Session, Watcher, attach::Tried, instant, wall,
    },
};

/// Events taken in before a frame is considered; more would delay the answer to a key.
const BATCH_MAX: usize = 512;
/// Answers on their way back to the console. An operator does one thing at a time.
const ANSWERS_MAX: usize = 64;

/// How long an engine may take to open a session.
const OPEN_MAX: Duration = Duration::from_secs(5);

/// Why the console is there no more.
#[derive(Debug)]
pub enum Leaving {
    /// Somebody left it, or the system wanted it to end.
    Quit(Quit),
    /// Its terminal is gone, and what the system said of it, if it said anything.
    Lost(Option<io::Error>),
}

/// How the console was left.
#[derive(Debug)]
pub struct Left {
    /// Why.
    pub leaving: Leaving,
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
enum Next {
    Terminal(Option<io::Result<TerminalEvent>>),
    Seen(Option<Seen>),
    Answer(Msg),
    Standing(Standing),
    Beat(Beat),
    Frozen(Option<Arc<str>>),
    Logged(Vec<LogLine>),
    Tried(Option<Tried>),
    Tick,
    Frame,
    /// Nobody wants anything: what was left for later is gone on with.
    Spare,
    Stop(Stop),
}

/// A console on a run.
pub(super) struct Attached {
    pub(super) handle: Handle,
    pub(super) clock: Clock,
    pub(super) watcher: Watcher,
    /// Whether events may still come.
    pub(super) live: bool,
    /// `None` once the day is over.
    pub(super) session: Option<Session>,
    /// Who waits for the answer with which a late day begins.
    pub(super) late: Option<oneshot::Sender<LateChoice>>,
    /// What was asked of others comes back here.
    pub(super) answers: mpsc::Sender<Msg>,
    pub(super) look: Look,
    pub(super) exports: PathBuf,
    pub(super) filters: PathBuf,
    /// What the window was told last.
    told: Attention,
    trail: Option<Followed>,
    /// The line to the engine, where that is another process.
    pub(super) line: Option<Line>,
    pub(super) throttle: Throttle,
    /// The instant from which the throttle counts.
    since: Instant,
    /// Set once it is over.
    pub(super) leaving: Option<Leaving>,
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
    handle: Handle,
    clock: Clock,
    driver: Option<&mut JoinHandle<Result<RunState, DriveError>>>,
    settings: Settings,
    surroundings: Surroundings,
) -> Result<Left, ConsoleError> {
    let Surroundings { look, talk, exports, filters, watcher, mut logged, late, line, trail } =
        surroundings;
    let (late, answer) = late.map(|asking| (asking.late, asking.answer)).unzip();
    let mut guard = Guard::enter(talk)?;
    let size = guard.size();
    let (answers, mut answered) = mpsc::channel(ANSWERS_MAX);
    let opening = Opening { operator: settings.operator.clone(), authority: settings.authority };
    let mut standing = None;
    let (mut beats, mut frozen) = (handle.beats(), Some(handle.frozen()));
    let mut console = Attached {
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
        told: Attention::default(),
        trail,
        line,
        throttle: Throttle::default(),
        since: instant(),
        leaving: None,
    };
    let now = console.clock.now();
    let mut model = Model::new(settings, now, size);
    tracing::info!("the console opens, {} columns by {} rows", size.0, size.1);
    console.first(late, &mut model, &mut guard)?;
    let mut keys = EventStream::new();
    let mut ticks = tokio::time::interval(console.tick());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut stops = Stops::new()?;
    let last_resort = stops::last_resort()?;
    if let Some(told) = held(&mut frozen).map(Msg::Frozen) {
        console.tell(told, &mut model, &mut guard)?;
    }
    let anew = line::anew(&opening);
    let mut opening = Some(opening);
    // The first frame is owed once the run is known: one drawn before would show nothing, and put
    // off the one that does.
    while console.leaving.is_none() {
        // Nobody drives a day that waits for an answer.
        if let Some(opening) = opening.take_if(|_| console.late.is_none()) {
            standing = console.open(opening, &mut model, &mut guard).await?;
        }
        let frame = console.throttle.due().map(|due| (console.since + due).into());
        let next = tokio::select! {
            biased;
            stop = stops.next() => Next::Stop(stop),
            event = keys.next() => Next::Terminal(event),
            Some(answer) = answered.recv() => Next::Answer(answer),
            Some(now) = changed(&mut standing) => Next::Standing(now),
            Some(why) = changed(&mut frozen) => Next::Frozen(why),
            Some(beat) = beaten(&mut beats), if console.live => Next::Beat(beat),
            () = until(due(&model)) => Next::Tick,
            () = until(frame) => Next::Frame,
            lines = logged.next() => Next::Logged(lines),
            seen = console.watcher.next(), if console.live => Next::Seen(seen),
            tried = line::tried(console.line.as_mut()) => Next::Tried(tried),
            _ = ticks.tick() => Next::Tick,
            () = std::future::ready(()), if model.working() => Next::Spare,
        };
        let Next::Tried(tried) = next else {
            match console.take(next, &mut model, &mut guard) {
                // It could be used until now.
                Err(ConsoleError::Terminal(error)) => {
                    console.leaving = Some(Leaving::Lost(Some(error)));
                }
                other => other?,
            }
            continue;
        };
        if console.back(tried, &mut model, &mut guard)? {
            let (heard, held) = console.heard_anew();
            (beats, frozen, opening) = (heard, Some(held), Some(anew.clone()));
        }
    }
    // A day that waits for an answer does not begin without one.
    console.late = None;
    last_resort.abort();
    let leaving = console.left(guard);
    reported(driver).await?;
    let lost = console.line.and_then(Line::lost);
    Ok(Left { leaving, run: model.run().cloned(), lost })
}

/// What a driver has to report that is done. One that is not is left to itself.
async fn reported(
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

impl Attached {
    /// Gives the terminal back, or lets go of it where it is gone; says why.
    fn left(&mut self, guard: Guard) -> Leaving {
        let leaving = self.leaving.take().unwrap_or(Leaving::Quit(Quit::Now));
        if let Leaving::Lost(_) = leaving {
            stops::let_go();
        }
        drop(guard);
        leaving
    }

    /// What comes before everything else: a notice of a moment before the first tick would be old at
    /// once, and a late day is asked about.
    fn first(
        &mut self,
        late: Option<Late>,
        model: &mut Model,
        guard: &mut Guard,
    ) -> Result<(), ConsoleError> {
        self.tick_now(model, guard)?;
        if let Some(late) = late {
            model.ask_late(late);
            self.throttle.changed(self.elapsed());
        }
        if self.look.mouse == Mouse::On {
            self.perform(Effect::Mouse(true), model, guard)?;
        }
        Ok(())
    }

    /// Opens a session on the run. A day that was over before anybody looked has no engine to act on.
    async fn open(
        &mut self,
        opening: Opening,
        model: &mut Model,
        guard: &mut Guard,
    ) -> Result<Option<watch::Receiver<Standing>>, ConsoleError> {
        // An engine that hangs must not keep the console from being left.
        let opened = tokio::time::timeout(OPEN_MAX, self.handle.open(opening)).await;
        self.session = opened.ok().and_then(Result::ok);
        let mut standing = self.session.as_ref().map(Session::standing);
        if let Some(now) = standing.as_mut().map(|it| *it.borrow_and_update()) {
            self.tell(Msg::Standing(now), model, guard)?;
        }
        Ok(standing)
    }

    pub(super) fn elapsed(&self) -> Duration {
        instant().saturating_duration_since(self.since)
    }

    /// How often the clock on screen moves: each second, or four times a second while a minute of
    /// the day passes in one.
    fn tick(&self) -> Duration {
        match self.clock.pace() {
            Pace::Real => Duration::from_secs(1),
            _any if self.look.motion == Motion::Reduced => Duration::from_secs(1),
            Pace::Times(factor) if factor <= 1.0 => Duration::from_secs(1),
            Pace::Times(_) | Pace::Max => Duration::from_millis(250),
        }
    }

    fn take(
        &mut self,
        next: Next,
        model: &mut Model,
        guard: &mut Guard,
    ) -> Result<(), ConsoleError> {
        match next {
            Next::Terminal(Some(Ok(event))) => self.typed(event, model, guard)?,
            Next::Terminal(Some(Err(error))) => return Err(error.into()),
            Next::Stop(Stop::Asked) => self.tell(Msg::Terminate, model, guard)?,
            Next::Terminal(None) | Next::Stop(Stop::HungUp) => {
                self.leaving = Some(Leaving::Lost(None));
                self.tell(Msg::Terminate, model, guard)?;
            }
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
            Next::Seen(None) => self.silent(model, guard)?,
            Next::Answer(msg) if self.line.is_some() => {
                self.tell(line::unsure(msg), model, guard)?;
            }
            Next::Answer(msg) => self.tell(msg, model, guard)?,
            Next::Standing(standing) => self.tell(Msg::Standing(standing), model, guard)?,
            Next::Beat(beat) => {
                self.clock.follow(beat);
                self.tell(Msg::Beat, model, guard)?;
            }
            Next::Frozen(why) => self.tell(Msg::Frozen(why), model, guard)?,
            // Taken before, since more hangs on it than the console.
            Next::Tried(_) => {}
            Next::Logged(lines) => self.tell(Msg::Log(lines), model, guard)?,
            Next::Tick => self.tick_now(model, guard)?,
            Next::Spare => self.tell(Msg::Work, model, guard)?,
            Next::Frame => {
                if self.throttle.take(self.elapsed()) {
                    let before = guard.sent().bytes;
                    guard.draw(|frame| view(model, frame))?;
                    let bytes = guard.sent().bytes.saturating_sub(before);
                    self.throttle
                        .wrote(self.elapsed(), usize::try_from(bytes).unwrap_or(usize::MAX));
                    self.tell_window(model, guard)?;
                }
            }
        }
        Ok(())
    }

    /// Tells the window what it does not know yet.
    fn tell_window(&mut self, model: &Model, guard: &mut Guard) -> Result<(), ConsoleError> {
        let told = attention(model);
        if told.title != self.told.title {
            guard.title(&told.title)?;
        }
        if told.progress != self.told.progress && self.look.motion == Motion::Full {
            guard.progress(told.progress)?;
        }
        self.told = told;
        Ok(())
    }

    /// Tells the model what time it is. Time that jumps is where the run is.
    fn tick_now(&mut self, model: &mut Model, guard: &mut Guard) -> Result<(), ConsoleError> {
        let seen = model.run().map(RunState::at);
        let stands = |run: &&RunState| run.recovering() && run.plan().mode.simulated();
        if let Some(run) = model.run().filter(stands) {
            self.clock = Clock::starting(run.at(), self.clock.pace());
        }
        let now = match (self.clock.pace(), seen) {
            (Pace::Max, Some(at)) => at,
            // A day that is over stands still.
            (_, Some(at)) if !self.live => at,
            (_, _) => self.clock.now(),
        };
        if let Some(news) = self.trail.as_mut().and_then(Followed::news) {
            self.tell(news, model, guard)?;
        }
        self.tell(Msg::Tick { now, wall: wall() }, model, guard)
    }

    /// Back from the shell: everything that was given back is taken again.
    pub(super) fn return_to(
        &mut self,
        model: &mut Model,
        guard: &mut Guard,
    ) -> Result<(), ConsoleError> {
        guard.again()?;
        if model.mouse() == Mouse::On {
            guard.mouse(true)?;
        }
        self.told = Attention::default();
        let (width, height) = guard.size();
        self.tell(Msg::Resize(width, height), model, guard)?;
        self.tell(Msg::Resumed, model, guard)
    }

    fn typed(
        &mut self,
        event: TerminalEvent,
        model: &mut Model,
        guard: &mut Guard,
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
        self.tell(msg, model, guard)?;
        if pressed && self.throttle.due().is_some() {
            self.throttle.pressed(self.elapsed());
        }
        Ok(())
    }

    pub(super) fn tell(
        &mut self,
        msg: Msg,
        model: &mut Model,
        guard: &mut Guard,
    ) -> Result<(), ConsoleError> {
        for effect in update(model, msg) {
            self.perform(effect, model, guard)?;
        }
        if model.take_dirty() {
            self.throttle.changed(self.elapsed());
        }
        Ok(())
    }
}
