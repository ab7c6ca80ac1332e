//! Simulation of the console's loop on a virtual clock: input arrives on a schedule, and work takes
//! its measured time.
//!
//! The order of work is that of `controller::console_loop`: keys before frames, frames before
//! events, events in batches, ticks last. The clock advances by the measured time of each piece of
//! work, or to the next arrival when idle. A key that arrives during a batch waits for the rest of
//! it, and its latency runs from its arrival to the last byte of the frame that shows it, including
//! everything queued before. Not included: the time of kernel and terminal, and the engine's own
//! share of the machine.

use std::{
    cell::Cell,
    io::{self, Write},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use bellwether::{
    engine::RecordedEvent,
    tui::{FrameThrottle, Msg},
};
use chrono::{DateTime, TimeDelta, Utc};
use ratatui::{
    Frame, Terminal, TerminalOptions, Viewport, backend::CrosstermBackend,
    crossterm::event::KeyEvent, layout::Rect,
};

use super::plans::Dice;

/// Events processed per batch, as in the loop.
const BATCH_MAX: usize = 512;

/// An application that takes messages and draws.
pub(crate) trait App {
    /// Processes a message; returns whether the next frame differs.
    fn tell(&mut self, msg: Msg) -> bool;
    fn draw(&mut self, frame: &mut Frame<'_>);
    /// Returns whether the application has work left.
    fn working(&self) -> bool {
        false
    }
}

/// A writer that only counts bytes.
struct Sink(Rc<Cell<usize>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The measurements of a run.
#[derive(Default)]
pub(crate) struct Report {
    /// Time of each frame for drawing and writing.
    pub(crate) frames: Vec<Duration>,
    /// Bytes of all frames except the first, which fills the screen.
    pub(crate) bytes: usize,
    /// Time from each key's arrival to the last byte of its frame.
    pub(crate) keys: Vec<Duration>,
    /// Time to apply each batch of events.
    pub(crate) batches: Vec<Duration>,
    /// Number of events applied.
    pub(crate) events: usize,
    /// Number of events that had arrived but were not applied at the end.
    pub(crate) behind: usize,
    /// Total time spent working.
    pub(crate) busy: Duration,
    /// Total time on the virtual clock.
    pub(crate) length: Duration,
}

/// The schedule of inputs.
pub(crate) struct Schedule<'a> {
    /// Events, one every `1 / rate` of a second.
    pub(crate) events: &'a [Arc<RecordedEvent>],
    /// Number of events per second.
    pub(crate) rate: u32,
    /// Keys, repeated in a loop, one every 20 to 120 ms.
    pub(crate) keys: &'a [KeyEvent],
    /// Length of the schedule on the virtual clock.
    pub(crate) length: Duration,
}

/// The loop around an application.
pub(crate) struct Loop<A> {
    pub(crate) app: A,
    terminal: Terminal<CrosstermBackend<Sink>>,
    written: Rc<Cell<usize>>,
    throttle: FrameThrottle,
    clock: Duration,
    pressed: Vec<Duration>,
    start: DateTime<Utc>,
    report: Report,
}

/// Runs `work` and returns its result with its duration.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let done = work();
    (done, begin.elapsed())
}

impl<A: App> Loop<A> {
    /// Creates a loop that draws at a size; `start` is the initial time of the run.
    pub(crate) fn new(app: A, (width, height): (u16, u16), start: DateTime<Utc>) -> Self {
        let written = Rc::new(Cell::new(0));
        let backend = CrosstermBackend::new(Sink(Rc::clone(&written)));
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport });
        Self {
            app,
            terminal: terminal.expect("a sink takes everything"),
            written,
            throttle: FrameThrottle::default(),
            clock: Duration::ZERO,
            pressed: Vec::new(),
            start,
            report: Report::default(),
        }
    }

    fn spend(&mut self, time: Duration) {
        self.clock += time;
        self.report.busy += time;
    }

    fn tell(&mut self, msg: Msg) -> Duration {
        let (dirty, time) = timed(|| self.app.tell(msg));
        self.spend(time);
        if dirty {
            self.throttle.on_change(self.clock);
        }
        time
    }

    fn tick(&mut self) -> Duration {
        let gone = TimeDelta::from_std(self.clock).expect("a short run");
        self.tell(Msg::Tick { now: self.start + gone, wall: self.start + gone })
    }

    fn frame(&mut self) {
        if !self.throttle.take_frame(self.clock) {
            return;
        }
        let before = self.written.get();
        let ((), time) = timed(|| {
            let drawn = self.terminal.draw(|frame| self.app.draw(frame));
            drawn.expect("a sink takes everything");
        });
        self.spend(time);
        self.report.frames.push(time);
        self.throttle.on_written(self.clock, self.written.get() - before);
        if self.report.frames.len() > 1 {
            self.report.bytes += self.written.get() - before;
        }
        let clock = self.clock;
        self.report.keys.extend(self.pressed.drain(..).map(|at| clock.saturating_sub(at)));
    }

    /// Runs through a schedule.
    pub(crate) fn run(mut self, schedule: &Schedule<'_>) -> (A, Report) {
        let mut dice = Dice(11);
        let mut pause = || Duration::from_millis(20 + dice.below(100));
        let mut typed = schedule.keys.iter().cycle();
        let mut next_key = if schedule.keys.is_empty() { Duration::MAX } else { pause() };
        let mut next_tick = Duration::ZERO;
        let mut taken = 0;
        let due = |taken: usize| {
            let taken = u32::try_from(taken + 1).expect("a short run");
            Duration::from_secs(1) * taken / schedule.rate.max(1)
        };
        while self.clock < schedule.length {
            let event = (taken < schedule.events.len()).then(|| due(taken));
            let frame = self.throttle.next_frame_at();
            if next_key <= self.clock {
                let key = *typed.next().expect("keys without end");
                self.pressed.push(next_key);
                next_key += pause();
                self.tell(Msg::Key(key));
                if self.throttle.next_frame_at().is_some() {
                    self.throttle.on_key(self.clock);
                }
            } else if frame.is_some_and(|frame| frame <= self.clock) {
                self.frame();
            } else if event.is_some_and(|event| event <= self.clock) {
                let left = &schedule.events[taken..];
                let ready =
                    (0..left.len().min(BATCH_MAX)).take_while(|i| due(taken + i) <= self.clock);
                let batch: Vec<_> = left[..ready.count()].to_vec();
                taken += batch.len();
                let time = self.tick() + self.tell(Msg::Engine(batch));
                self.report.batches.push(time);
            } else if next_tick <= self.clock {
                self.tick();
                next_tick += Duration::from_secs(1);
            } else if self.app.working() {
                self.tell(Msg::Work);
            } else {
                let arrivals = [Some(next_key), frame, event, Some(next_tick)];
                self.clock = arrivals.into_iter().flatten().min().unwrap_or(Duration::MAX);
            }
        }
        self.report.length = self.clock;
        self.report.events = taken;
        let arrived = (self.clock.as_secs_f64() * f64::from(schedule.rate)).floor();
        let behind = arrived - f64::from(u32::try_from(taken).unwrap_or(u32::MAX));
        self.report.behind = format!("{:.0}", behind.max(0.0)).parse().unwrap_or(0);
        (self.app, self.report)
    }
}

/// Returns the keys of a text: each letter is a key, `\n` Enter, `\x1b` Escape, `v` and `^` page
/// down and up.
pub(crate) fn keys(text: &str) -> Vec<KeyEvent> {
    use ratatui::crossterm::event::{KeyCode, KeyModifiers};
    let code = |c: char| match c {
        '\n' => KeyCode::Enter,
        '\x1b' => KeyCode::Esc,
        'v' => KeyCode::PageDown,
        '^' => KeyCode::PageUp,
        letter => KeyCode::Char(letter),
    };
    text.chars().map(|c| KeyEvent::new(code(c), KeyModifiers::NONE)).collect()
}

/// Returns a percentile of a list of times.
pub(crate) fn quantile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}
