//! A console that comes late: it loads what happened before it.

use bellwether::tui::{self, Effect, Model, Msg};

use super::desk::{Desk, settings};

/// A console attached at 10:42:07, and what it asks of its host.
fn attached() -> (Desk, Vec<Effect>) {
    let mut desk = Desk::midday((120, 40));
    desk.model = Model::new(settings(), desk.now, desk.size);
    let run = Box::new(desk.engine.state().clone());
    let effects = tui::update(&mut desk.model, Msg::Snapshot(run));
    desk.tick(0);
    (desk, effects)
}

fn events_shown(desk: &Desk) -> String {
    let frame = desk.frame();
    let title = frame.split("events ").nth(1).unwrap_or_default();
    title.split(" ━").next().unwrap_or_default().split(" ─").next().unwrap_or_default().to_owned()
}

#[test]
fn attached_console_asks_for_the_events_before_it() {
    let (desk, effects) = attached();
    let until = desk.engine.state().last_seq();
    let run = "2018-12-19-standard-1".to_owned();
    assert!(effects.contains(&Effect::LoadHistory { run, until }), "{effects:?}");
}

#[test]
fn attached_console_shows_every_event_and_entry_of_the_run() {
    let (mut desk, _) = attached();
    let all = desk.events.len();
    // More happens while the journal is read.
    desk.until("10:44:00");
    desk.done("risk_recheck", "fine");
    let history = desk.events[..all].to_vec();
    tui::update(&mut desk.model, Msg::History(history));
    let all = desk.events.len();
    assert_eq!(events_shown(&desk), format!("{all} of {all}"), "{}", desk.frame());
    let whole = Desk::midday((120, 40));
    desk.press("0");
    let entry = |desk: &Desk| desk.frame().contains("approve_trades");
    assert!(entry(&desk), "{}", desk.frame());
    assert!(!whole.frame().is_empty());
}

#[test]
fn attached_console_travels_back_to_the_start_of_the_run() {
    let (mut desk, _) = attached();
    tui::update(&mut desk.model, Msg::History(desk.events.clone()));
    for _ in 0..desk.events.len() {
        desk.press(",");
    }
    let first = desk.model.displayed_run().expect("a run").last_seq();
    assert_eq!(first, 1);
    assert!(desk.frame().contains("05:59:00"), "{}", desk.frame());
}

#[test]
fn history_of_another_run_or_with_a_gap_changes_nothing() {
    let (mut desk, _) = attached();
    let short = desk.events[..desk.events.len() - 3].to_vec();
    tui::update(&mut desk.model, Msg::History(short));
    assert!(events_shown(&desk).starts_with("0 of"), "{}", desk.frame());
    let middle = desk.events[3..].to_vec();
    tui::update(&mut desk.model, Msg::History(middle));
    assert!(events_shown(&desk).starts_with("0 of"), "{}", desk.frame());
}
