//! Finding a minute, and times in one zone.

use bellwether::{
    engine::FailureKind,
    planning::plan::RunMode,
    tui::{ConsoleSettings, Screen},
    view::time_style::LocalOffset,
};

use super::desk::{Desk, et, settings};

fn shown_times(desk: &Desk) -> Vec<String> {
    let frame = desk.frame();
    let rows = frame.lines().filter(|line| line.starts_with('┃'));
    let lines = rows.filter_map(|line| line.get(3..)?.trim().get(..8).map(str::to_owned));
    lines.filter(|text| text.chars().filter(|c| *c == ':').count() == 2).collect()
}

#[test]
fn events_of_a_minute_are_found_by_its_time_of_day() {
    let mut desk = Desk::midday((120, 40));
    for (filter, from, to) in [
        ("at:06:12", "06:12:00", "06:12:59"),
        ("06:12", "06:12:00", "06:12:59"),
        ("at:06:12..06:31", "06:12:00", "06:31:59"),
        ("since:06:20 until:06:31", "06:20:00", "06:31:59"),
        ("until:06:12", "00:00:00", "06:12:59"),
    ] {
        desk.press(&format!("5/{filter}<enter>"));
        let times = shown_times(&desk);
        assert!(!times.is_empty(), "{filter}:\n{}", desk.frame());
        let within = |time: &String| from <= time.as_str() && time.as_str() <= to;
        assert!(times.iter().all(within), "{filter}: {times:?}");
        desk.press("<esc>");
    }
}

#[test]
fn goto_a_time_selects_the_first_event_then() {
    let mut desk = Desk::midday((120, 40));
    desk.press("5:goto 09:35<enter><enter>");
    let screen = desk.model.screen();
    let event = desk.events.iter().find(|event| screen == Screen::Event(event.seq));
    assert_eq!(event.expect("an event is shown").at, et("09:35:00"), "{}", desk.frame());
}

#[test]
fn goto_a_time_shows_the_run_as_it_was_then() {
    let mut desk = Desk::midday((120, 40));
    desk.press("1:goto 09:12<enter>");
    assert_eq!(desk.model.displayed_moment(), et("09:12:00"));
    assert!(desk.frame().contains("09:12:00"), "{}", desk.frame());
    desk.press("=:goto 11:00<enter>");
    assert!(desk.frame().contains("11:00:00 is still to come"), "{}", desk.frame());
}

#[test]
fn why_answers_for_an_order_an_event_and_where_nothing_is_selected() {
    for keys in ["1W", "5kW", "7W", "0jW", "3W"] {
        let mut desk = Desk::midday((120, 40));
        desk.press(keys);
        let told = desk.model.status_message().map(|told| told.text.clone()).unwrap_or_default();
        let answered = desk.model.screen() == Screen::Graph || told == "this line is about no task";
        assert!(answered, "{keys}: {told}\n{}", desk.frame());
    }
    let mut desk = Desk::midday((120, 40));
    desk.press("1W");
    assert_eq!(desk.model.screen(), Screen::Graph, "the most pressing task is explained");
}

#[test]
fn every_time_on_the_screen_is_in_the_zone_that_is_shown() {
    let mut desk = Desk::midday((120, 40));
    desk.press("2t");
    let shown = desk.frame();
    assert!(shown.contains("15:42:07 UTC"), "{shown}");
    // The window of close_out_check opens at 14:45 in New York.
    assert!(shown.contains("19:45") && !shown.contains("14:45"), "{shown}");
    desk.press("1");
    let day = desk.frame();
    assert!(day.contains("20:00") && !day.contains("15:00"), "window of the stage: {day}");
    desk.press("5/since:15:42<enter>");
    let times = shown_times(&desk);
    assert!(times.iter().all(|time| time.as_str() >= "15:42:00"), "{times:?}");
    desk.press("/since:15:30<enter>");
    let wide = shown_times(&desk);
    assert!(wide.len() > times.len(), "a filter takes the times that are shown: {wide:?}");
}

#[test]
fn filter_on_a_time_follows_the_zone() {
    let zone = LocalOffset::from_offset_seconds(3_600);
    let mut desk = Desk::midday((120, 40));
    desk.sit_anew(ConsoleSettings { zone, ..settings() });
    desk.press("5/since:10:41<enter>");
    let here = shown_times(&desk).len();
    desk.press("t");
    assert!(shown_times(&desk).len() >= here, "10:41 UTC is earlier: {}", desk.frame());
}

#[test]
fn alerts_open_on_the_row_that_needs_somebody() {
    let mut desk = Desk::midday((120, 40));
    desk.until("10:42:08");
    desk.press("7a");
    let told = desk.model.status_message().map(|told| told.text.clone()).unwrap_or_default();
    assert!(!told.contains("no alert is selected"), "{told}\n{}", desk.frame());
    assert!(!desk.model.popups().is_empty() || told == "no alerts and no approvals", "{told}");
}

#[test]
fn key_that_an_approval_names_answers_it_on_the_alerts() {
    let mut desk = Desk::morning(RunMode::Sim, (120, 40));
    desk.until("09:31:00");
    desk.done("generate_trades", "3 orders");
    desk.press("7a");
    assert!(desk.frame().contains("approve approve_trades"), "{}", desk.frame());
}

#[test]
fn failed_task_is_told_with_the_command_that_helps() {
    let mut desk = Desk::midday((120, 40));
    desk.until("10:43:00");
    desk.failed("order_status_sync", FailureKind::Rejected, "broker says no");
    let frame = desk.frame();
    assert!(!frame.lines().rev().take(4).any(|line| line.contains("TASK_FAILED")), "{frame}");
}
