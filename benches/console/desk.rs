//! The console's loop on a clock of its own: arrivals are scheduled, and work takes the time it takes.
//!
//! What waits, waits as it does in `controller::console_loop`: keys before frames, frames before
//! events, events in batches, ticks last. The clock goes on by the measured time of each piece of
//! work, or jumps to the next arrival when there is nothing to do. So a key that arrives while a
//! batch is folded waits for the rest of it, and its time to paint runs from its arrival to the last
//! byte of the frame that shows it, everything queued before it included. Left out: what the
//! kernel and the terminal take, and the engine's own share of the machine.

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

/// Events taken in at once, as in the loop.
const BATCH_MAX: usize = 512;

/// Something that takes messages and draws.
pub(crate) trait App {
    /// Takes a message; whether the next frame differs.
    fn tell(&mut self, msg: Msg) -> bool;
    /// Draws.
    fn draw(&mut self, frame: &mut Frame<'_>);
    /// Whether it has something left to go on with.
    fn working(&self) -> bool {
        false
    }
}

/// Counts bytes and throws them away.
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

/// What was measured.
#[derive(Default)]
pub(crate) struct Report {
    /// How long each frame took to draw and to write.
    pub(crate) frames: Vec<Duration>,
    /// Bytes of all frames but the first, which fills the screen.
    pub(crate) bytes: usize,
    /// From each key's arrival to the last byte of its frame.
    pub(crate) keys: Vec<Duration>,
    /// How long each batch of events took to fold in.
    pub(crate) batches: Vec<Duration>,
    /// Events folded in.
    pub(crate) events: usize,
    /// Events that had arrived and were not folded in at the end.
    pub(crate) behind: usize,
    /// How long all work took.
    pub(crate) busy: Duration,
    /// How long it went on.
    pub(crate) length: Duration,
}

/// What arrives, and when.
pub(crate) struct Schedule<'a> {
    /// Events, one every `1 / rate` of a second.
    pub(crate) events: &'a [Arc<RecordedEvent>],
    /// Events a second.
    pub(crate) rate: u32,
    /// Keys, over and over, one every 20 to 120 ms.
    pub(crate) keys: &'a [KeyEvent],
    /// How long.
    pub(crate) length: Duration,
}

/// A loop around an app.
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

/// The work's own time.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let done = work();
    (done, begin.elapsed())
}

impl<A: App> Loop<A> {
    /// A loop that draws at a size; `start` is the run's clock when it begins.
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

    /// Goes through a schedule.
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

/// The keys of a text: each letter is one, `\n` Enter, `\x1b` Escape, `v` and `^` page down and up.
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

/// Of a list of times the one that so many in a hundred do not exceed.
pub(crate) fn quantile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}
