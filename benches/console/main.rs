//! Benchmark of the console under load: 100,000 tasks, 10,000 events a second, and keys, compared
//! with a naive implementation.
//!
//! `cargo bench --bench console [-- TASKS [SECONDS]]`. The measurement is described in `desk`, the
//! events in `feed`, the naive implementation in `peer`.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a naive implementation, kept short")]

mod desk;
mod feed;
mod peer;
#[path = "../../tests/it/support/plans.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use the rest")]
mod plans;

use std::{fs, time::Duration};

use bellwether::{
    engine::{RunState, control::Authority},
    tui::{
        self, ConsoleKind, ConsoleSettings, Effect, Model, Msg, SavedFilters, Theme, keymap::Keymap,
    },
    view::{
        filter::Filter,
        task_list::{self, Sort},
    },
};
use desk::{App, Loop, Report, Schedule, keys, quantile, timed};
use ratatui::Frame;

/// Number of events per second.
const RATE: u32 = 10_000;

/// The real console, for comparison with the naive one.
struct Bellwether(Model);

impl App for Bellwether {
    fn tell(&mut self, msg: Msg) -> bool {
        let effects = tui::update(&mut self.0, msg);
        assert!(!effects.contains(&Effect::Resync), "an event did not fit");
        self.0.take_dirty()
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        tui::draw(&self.0, frame);
    }

    fn working(&self) -> bool {
        self.0.is_filtering()
    }
}

/// Key sequences, repeated in a loop. `v` and `^` stand for page down and page up.
const HANDS: [(&str, &str); 4] = [
    ("day", "1jjjjkkvv^jjGgjjjj\x1b"),
    ("tasks", "2jjjjkkvv^jjGgjjjj\x1b"),
    ("filter", "2/t99\n/ state:failed\njjjj\x1b/agent:agent_3 t12\njvvG\x1b"),
    ("events", "5kkkk^^^gGjk/failed\nkkkk^^\x1b"),
];

fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let tasks = usize::try_from(numbers.first().copied().unwrap_or(100_000)).expect("a number");
    let seconds = numbers.get(1).copied().unwrap_or(8);
    let length = Duration::from_secs(seconds);
    let count = usize::try_from(seconds).expect("a number") * 10_000;
    let feed = feed::feed(tasks, count, RATE);
    println!("{tasks} tasks; {} events: {}", feed.events.len(), feed.mix());
    println!("memory before a console: {} MB", memory());
    println!("times in ms, median · 99th of 100 · most");
    println!(
        "{:>7} {:<7} {:>20} {:>21} {:>20} {:>7} {:>7} {:>8} {:>6} {:>7}",
        "size",
        "hands",
        "frame",
        "key to paint",
        "batch",
        "frames",
        "bytes",
        "KiB/s",
        "busy",
        "behind"
    );
    println!(
        "{:>7} {:<7} {:>20} {:>21} {:>20} {:>7} {:>7} {:>8} {:>6} {:>7}",
        "", "", "", "", "", "/s", "/frame", "", "%", "events"
    );
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        for (name, hands) in HANDS {
            let app = Bellwether(model(&feed.before, (width, height)));
            let schedule =
                Schedule { events: &feed.events, rate: RATE, keys: &keys(hands), length };
            let (_, report) =
                Loop::new(app, (width, height), feed.before.last_event_at()).run(&schedule);
            line((width, height), name, report);
        }
        let app = peer::Naive::new(feed.before.clone(), feed.before.last_event_at());
        let (name, hands) = HANDS[1];
        let schedule = Schedule { events: &feed.events, rate: RATE, keys: &keys(hands), length };
        let (_, report) =
            Loop::new(app, (width, height), feed.before.last_event_at()).run(&schedule);
        line((width, height), &format!("{name}, naive"), report);
    }
    println!("memory after: {} MB", memory());
    idle(&feed.before);
    lists(&feed.before);
}

fn model(run: &RunState, size: (u16, u16)) -> Model {
    let settings = ConsoleSettings {
        keymap: Keymap::default(),
        theme: Theme::default(),
        zone: None,
        filters: SavedFilters::default(),
        operator: "ana".into(),
        scenario: None,
        speed: 1.0,
        authority: Authority::Armed,
        drill: None,
        station: ConsoleKind::Local,
    };
    let mut model = Model::new(settings, run.last_event_at(), size);
    tui::update(&mut model, Msg::Snapshot(Box::new(run.clone())));
    model
}

fn line((width, height): (u16, u16), name: &str, mut report: Report) {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let three = |times: &mut [Duration]| {
        let [half, most, worst] = [50, 99, 100].map(|percent| ms(quantile(times, percent)));
        format!("{half:.2} · {most:.2} · {worst:.2}")
    };
    let frames = report.frames.len();
    let seconds = report.length.as_secs_f64();
    let per_second = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX)) / seconds;
    println!(
        "{:>7} {name:<7} {:>20} {:>21} {:>20} {:>7.1} {:>7} {:>8.1} {:>6.1} {:>7}",
        format!("{width}x{height}"),
        three(&mut report.frames),
        three(&mut report.keys),
        three(&mut report.batches),
        per_second(frames),
        report.bytes / frames.max(1),
        per_second(report.bytes) / 1024.0,
        100.0 * report.busy.as_secs_f64() / seconds,
        report.behind,
    );
}

/// Measures a minute without events.
fn idle(run: &RunState) {
    let app = Bellwether(model(run, (200, 50)));
    let schedule = Schedule { events: &[], rate: RATE, keys: &[], length: Duration::from_mins(1) };
    let (_, report) = Loop::new(app, (200, 50), run.last_event_at()).run(&schedule);
    println!(
        "idle for 60 s at 200x50: {} frames, {} bytes, {:.3} % of a core",
        report.frames.len(),
        report.bytes,
        100.0 * report.busy.as_secs_f64() / 60.0
    );
}

/// Measures complete sorts and filters, computed from nothing.
fn lists(run: &RunState) {
    let at = run.last_event_at();
    for key in task_list::SortKey::ALL {
        let sort = Sort { key, reversed: false };
        let (order, time) = timed(|| task_list::order(run, at, sort, &Filter::default()));
        println!("order of {} by {key:?}: {:.1} ms", order.len(), time.as_secs_f64() * 1e3);
    }
    for text in ["t99", "state:failed", "agent:agent_3 !t1", "calm"] {
        let filter = Filter::parse(text).expect("a filter");
        let (order, time) = timed(|| task_list::order(run, at, Sort::default(), &filter));
        println!("filter `{text}`: {} tasks, {:.1} ms", order.len(), time.as_secs_f64() * 1e3);
    }
}

/// Returns the memory of this process in MB; 0 if unknown.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kb = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kb.unwrap_or(0) / 1024
}
