//! Coming, going and typing: leaving, pasting, missed events, from screen to screen.

use bellwether::{
    engine::{Command, Gate, PauseMode, RunState},
    planning::plan::TaskIx,
    tui::{
        self, Effect, Msg, Popup, QuitMode, Screen,
        log_line::{AttemptLogText, LogLine, LogLineLevel},
    },
};
use chrono::TimeDelta;

use super::{desk::Desk, hands::given};

#[test]
fn leaving_asks_and_a_bare_enter_stays() {
    let mut desk = Desk::midday((120, 40));
    assert_eq!(desk.press("q<enter>"), []);
    assert_eq!(desk.press("<c-c>"), []);
    assert!(!desk.model.popups().is_empty());
    assert_eq!(desk.press("<c-c>"), []);
    assert!(desk.model.popups().is_empty());
    assert_eq!(desk.press("q<tab><tab><enter>"), [Effect::Quit(QuitMode::Now)]);
}

#[test]
fn leaving_after_a_pause_waits_until_nothing_runs() {
    let mut desk = Desk::midday((120, 40));
    let effects = desk.obey("q<tab><enter>");
    let command = Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None };
    assert_eq!(given(&effects), [(command, None)]);
    assert_eq!(desk.tick_effects(), []);
    desk.done("quote_refresh", "fresh");
    assert_eq!(desk.tick_effects(), []);
    desk.done("order_status_sync", "in step");
    assert_eq!(desk.tick_effects(), [Effect::Quit(QuitMode::Drained)]);
}

#[test]
fn a_paste_types_into_a_field_and_presses_nothing() {
    let mut desk = Desk::midday((120, 40));
    let paste = |desk: &mut Desk, text: &str| tui::update(&mut desk.model, Msg::Paste(text.into()));
    assert_eq!(paste(&mut desk, "!!jc\n"), []);
    assert!(desk.model.popups().is_empty());
    desk.press("/");
    assert_eq!(paste(&mut desk, "quote\nrefresh\r\n"), []);
    assert!(matches!(desk.model.popups(), [Popup::Filter(field)]
        if field.field.text().trim_end() == "quote refresh"));
}

#[test]
fn a_gap_in_the_events_asks_for_the_whole_run_and_takes_it() {
    let mut desk = Desk::midday((120, 40));
    let step = desk.engine.step(desk.now, engine::EngineInput::Tick);
    assert_eq!(step.events, []);
    let last = desk.engine.state().last_seq();
    // An event from the future: those between were lost.
    let lost = |seq: u64| engine::RecordedEvent {
        seq,
        at: desk.now + TimeDelta::seconds(1),
        corr: engine::CorrelationId::RUN,
        event: engine::Event::MarketEvent { code: "vix".into(), text: "up".into() },
    };
    let batch = vec![std::sync::Arc::new(lost(last + 3))];
    let effects = tui::update(&mut desk.model, Msg::Engine(batch));
    assert_eq!(effects, [Effect::Resync]);
    let mut whole: RunState = desk.engine.state().clone();
    for seq in last + 1..=last + 3 {
        whole.apply(&lost(seq)).unwrap();
    }
    tui::update(&mut desk.model, Msg::Snapshot(Box::new(whole)));
    assert_eq!(desk.model.run().unwrap().last_seq(), last + 3);
    let again = vec![std::sync::Arc::new(lost(last + 3))];
    assert_eq!(tui::update(&mut desk.model, Msg::Engine(again)), []);
}

#[test]
fn opening_goes_in_and_escape_comes_back_to_the_same_task() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    let hedge: TaskIx = desk.ix("hedge_adjust");
    desk.press("<enter>");
    assert_eq!(desk.model.screen(), Screen::Task(hedge));
    assert!(desk.frame().contains("needs risk_recheck (FAILED)"), "{}", desk.frame());
    desk.press("<esc>");
    assert_eq!((desk.model.screen(), desk.model.selected_task()), (Screen::Day, Some(hedge)));
    desk.select("order_status_sync");
    desk.press("<enter>");
    assert_eq!(desk.model.screen(), Screen::Task(desk.ix("order_status_sync")));
    desk.press("4<enter>");
    assert!(matches!(desk.model.screen(), Screen::Agent(_)));
    desk.press("<enter>");
    assert!(desk.frame().contains("filter: agent:analytics_reporting"), "{}", desk.frame());
}

#[test]
fn the_log_takes_every_line_twins_among_them_and_keeps_the_newest() {
    let line = |text: &str| LogLine {
        time: "10:42:03.001".into(),
        level: LogLineLevel::Info,
        target: "bellwether::runtime".into(),
        text: text.into(),
    };
    let mut desk = Desk::midday((120, 40));
    desk.press("6");
    desk.model.take_dirty();
    let mut told = |lines: &[&str]| {
        let lines = lines.iter().map(|text| line(text)).collect();
        tui::update(&mut desk.model, Msg::Log(lines));
        (desk.frame().matches("INFO  runtime").count(), desk.model.take_dirty())
    };
    assert_eq!(told(&["one", "two", "two"]), (3, true));
    assert_eq!(told(&["two"]), (4, true));
    tui::update(&mut desk.model, Msg::Log(vec![line("old"); tui::Model::LOG_MAX]));
    assert!(!desk.frame().contains(" one "), "{}", desk.frame());
}

#[test]
fn the_page_of_a_task_shows_what_its_agent_says() {
    let mut desk = Desk::midday((120, 40));
    let task = desk.ix("risk_recheck");
    desk.select("risk_recheck");
    desk.press("<enter>");
    assert_eq!(desk.model.screen(), Screen::Task(task));
    let last = desk.model.displayed_run().unwrap().task(task).attempt;
    let mut shows = |attempt| {
        let lines = vec!["10:42:03 stderr   slow model".into()];
        tui::update(&mut desk.model, Msg::AttemptLog(AttemptLogText { task, attempt, lines }));
        let frame = desk.frame();
        frame.contains("newest lines of its log") && frame.contains("slow model")
    };
    assert!(!shows(last + 1), "the log of another attempt");
    assert!(shows(last));
}
