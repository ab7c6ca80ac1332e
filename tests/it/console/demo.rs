//! The console over the demo's day, as six agents play it, brought to a moment worth looking at.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::{
    io,
    sync::{Arc, Mutex},
};

use bellwether::{
    config,
    engine::{RecordedEvent, RunState, control::GuardLevel, port::EventSink},
    host::{OrchestrationController, RunRequest},
    planning::plan::RunMode,
    runtime::{Attendance, ClockPace, RunClock, Scenario},
    tui::{self, Model, Msg, ScenarioLabel as Named},
};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};

use super::{
    desk::{et, settings},
    hands::{answer, parse},
};

/// Every event of the demo's day.
pub(crate) struct Demo(Vec<Arc<RecordedEvent>>);

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Arc<RecordedEvent>>>>);

impl EventSink for Kept {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        self.0.lock().unwrap().extend_from_slice(events);
        Ok(())
    }
}

impl Demo {
    /// Plays the day as fast as it goes; nobody answers but the policy, ten minutes after it asks.
    pub(crate) fn play() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let kept = Kept::default();
        let _inside = runtime.enter();
        let mut controller = OrchestrationController::new(config::resolve(&[]).unwrap());
        controller.startup_system().unwrap();
        let day = controller.prepare_run(RunRequest {
            date: et("09:30:00").date_naive(),
            mode: RunMode::Sim,
            clock: RunClock::starting(et("05:59:30"), ClockPace::Max),
            scenario: Scenario::builtin("demo").map(Arc::new),
            overlays: Vec::new(),
            attendance: Attendance::Unattended,
            sinks: vec![Box::new(kept.clone())],
            begins: bellwether::host::StartKind::default(),
        });
        runtime.block_on(day.unwrap().driver.run()).unwrap();
        let events = std::mem::take(&mut *kept.0.lock().unwrap());
        Self(events)
    }

    /// Every event of it.
    pub(crate) fn events(&self) -> &[Arc<RecordedEvent>] {
        &self.0
    }

    /// The console at a moment, with keys pressed.
    pub(crate) fn at(&self, clock: &str, (width, height): (u16, u16), keys: &str) -> Buffer {
        let mut settings = settings();
        let title = Scenario::builtin("demo").unwrap().title;
        settings.scenario = Some(Named { name: "demo".into(), title });
        let moment = et(clock);
        let mut model = Model::new(settings, moment, (width, height));
        let known = self.0.iter().take_while(|event| event.at <= moment).cloned().collect();
        tui::update(&mut model, Msg::Engine(known));
        tui::update(&mut model, Msg::Tick { now: moment, wall: moment });
        let mut wall = moment;
        for pressed in parse(keys) {
            wall += chrono::TimeDelta::milliseconds(500);
            tui::update(&mut model, Msg::Tick { now: moment, wall });
            let effects = tui::update(&mut model, Msg::Key(pressed));
            answer(&mut model, (moment, GuardLevel::Mode), &effects);
        }
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| tui::draw(&model, frame)).unwrap();
        terminal.backend().buffer().clone()
    }
}

fn lines(buffer: &Buffer) -> Vec<String> {
    tui::frame_text(buffer).lines().map(str::to_owned).collect()
}

#[test]
fn the_demo_names_its_scenario_counts_six_agents_and_shows_the_retry() {
    let demo = Demo::play();
    for size in [(80, 24), (120, 40), (200, 50)] {
        let shown = lines(&demo.at("06:00:26", size, ""));
        assert!(shown[0].contains("scenario demo") && shown[0].contains("fomc"), "{}", shown[0]);
        assert!(shown[1].contains("agents 5/6"), "one of six has just failed: {}", shown[1]);
        assert!(!shown[0].contains("  +"), "{}", shown[0]);
        let retry = shown.iter().any(|line| line.contains("task retrying collect_data"));
        assert!(retry && shown.iter().any(|line| line.contains("retrying")), "{shown:#?}");
    }
    let later = demo.at("08:30:00", (80, 24), "");
    assert!(lines(&later)[1].contains("agents 6/6"), "what failed long ago is well again");
    let last = &lines(&later)[21];
    assert!(last.contains("collect_data completed on attempt 3"), "{last}");
}

#[test]
fn an_approval_is_answered_with_one_key_and_shows_every_order_first() {
    let demo = Demo::play();
    let asked = tui::frame_text(&demo.at("09:33:00", (80, 24), ""));
    assert!(asked.contains("needs approval: press a") && asked.contains("a approve"), "{asked}");
    let card = tui::frame_text(&demo.at("09:33:00", (80, 24), "a"));
    assert!(card.contains("10 orders, $419,005, turnover 21.0%, 3 add risk"), "{card}");
    assert!(card.contains("pre-trade checks: 10 of") && !card.contains("too small"), "{card}");
    let below = tui::frame_text(&demo.at("09:33:00", (80, 24), "a<pgdn>"));
    for name in ["AAPL", "CVX", "HD", "JNJ", "JPM", "MSFT", "PG", "KO", "LLY", "MRK"] {
        let name = format!(" {name} ");
        assert!(card.contains(&name) || below.contains(&name), "{name}: {card}{below}");
    }
    assert!(card.contains("execute_open (sends orders)"), "{card}");
    assert!(card.contains("\u{25b8}  Go back"), "the first button does nothing: {card}");
    let closed = tui::frame_text(&demo.at("08:00:00", (80, 24), "a"));
    assert!(!closed.contains("Approve"), "nobody asks: {closed}");
}
