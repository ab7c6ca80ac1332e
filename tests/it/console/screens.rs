//! The graph, the agents, the alerts, the audit and the gauges: what they show and where keys lead.

use bellwether::{
    engine::{FailureKind, TaskState},
    tui::{ColorDepth, ConsoleKind, Screen},
    view::format::GlyphSet,
};

use super::desk::{Desk, plan, settings};

/// The screens of this file, by the keys that bring them from the day, a line selected.
const SCREENS: [&str; 5] = ["3j", "4<enter>", "7j", "1jW", "4j"];

fn ascii(desk: &mut Desk) {
    let mut settings = settings();
    settings.theme.glyphs = GlyphSet::Ascii;
    desk.sit_anew(settings);
}

fn wall(size: (u16, u16)) -> Desk {
    let mut desk = Desk::midday(size);
    let mut settings = settings();
    settings.station = ConsoleKind::Kiosk;
    desk.sit_anew(settings);
    desk
}

#[test]
fn the_graph_shows_why_a_blocked_task_waits_and_the_key_that_helps() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    desk.press("W");
    insta::assert_snapshot!("graph_120x40", desk.frame());
    desk.resize((80, 24));
    insta::assert_snapshot!("graph_80x24", desk.frame());
    ascii(&mut desk);
    desk.select("hedge_adjust");
    desk.press("W");
    insta::assert_snapshot!("graph_80x24_ascii", desk.frame());
}

#[test]
fn arrows_follow_the_lines_of_the_graph_and_enter_and_escape_mean_what_they_do_elsewhere() {
    let mut desk = Desk::midday((120, 40));
    desk.select("risk_recheck");
    desk.press("W");
    let risk = desk.ix("risk_recheck");
    assert_eq!((desk.model.screen(), desk.model.selected_task()), (Screen::Graph, Some(risk)));
    desk.press("l");
    assert_eq!(desk.model.selected_task(), Some(desk.ix("hedge_adjust")));
    desk.press("h");
    assert_eq!(desk.model.selected_task(), Some(risk));
    desk.press("<enter>");
    assert_eq!(desk.model.screen(), Screen::Task(risk));
    desk.press("<esc>");
    assert_eq!(desk.model.screen(), Screen::Graph);
    desk.press("<esc>");
    assert_eq!(desk.model.screen(), Screen::Day);
}

#[test]
fn the_first_step_on_the_graph_goes_to_what_is_most_pressing_and_acts_are_on_it() {
    let mut desk = Desk::midday((120, 40));
    desk.press("3j");
    let risk = desk.ix("risk_recheck");
    assert_eq!(desk.model.selected_task(), Some(risk));
    desk.press("G");
    assert_ne!(desk.model.selected_task(), Some(risk));
    desk.press("g");
    assert_eq!(desk.model.selected_task(), Some(desk.ix("market_analysis")));
}

#[test]
fn every_reason_names_the_key_the_reader_has_for_what_helps() {
    let mut desk = Desk::midday((120, 40));
    for (task, fix) in [
        ("hedge_adjust", "fix: r retry risk_recheck"),
        ("close_out_check", "fix: b run-now"),
        ("risk_recheck", "fix: r retry"),
    ] {
        desk.select(task);
        desk.press("W");
        assert!(desk.frame().contains(fix), "{task}: {}", desk.frame());
        desk.press("1");
    }
}

#[test]
fn an_alert_stays_in_the_list_once_it_was_seen_and_says_by_whom() {
    let mut desk = Desk::midday((120, 40));
    assert!(desk.frame().contains("alerts 1"), "{}", desk.frame());
    desk.press("7");
    desk.obeyed("ay");
    let frame = desk.frame();
    assert!(frame.contains("acked") && frame.contains("risk_recheck failed"), "{frame}");
    assert!(!desk.frame().lines().nth(1).unwrap().contains("alerts"), "{frame}");
    desk.press("/state:new<enter>");
    assert!(desk.frame().contains("no match"), "{}", desk.frame());
    desk.press("<esc>j<enter>");
    assert_eq!(desk.model.screen(), Screen::Task(desk.ix("risk_recheck")));
}

#[test]
fn a_question_stands_first_with_what_is_left_of_its_time_and_opens_its_dialog() {
    let mut desk = Desk::new(plan(), (120, 40), ColorDepth::Sixteen);
    desk.until("06:00:00");
    for task in ["market_analysis", "macro_assessment", "opportunity_scan", "risk_assessment"] {
        desk.done(task, "fine");
    }
    desk.until("09:30:00");
    desk.done("generate_trades", "3 orders");
    desk.until("09:31:00");
    desk.press("7j");
    let frame = desk.frame();
    assert!(frame.contains("alerts 0 · approvals 1"), "{frame}");
    assert!(frame.contains("approve_trades") && frame.contains("39m00s left, to 10:10"), "{frame}");
    desk.press("<enter>");
    assert_eq!(desk.model.popups().len(), 1, "{}", desk.frame());
    assert!(desk.frame().contains("┏ approve approve_trades "), "{}", desk.frame());
}

#[test]
fn agents_in_trouble_stand_first_and_one_of_them_opens() {
    let mut desk = Desk::midday((120, 40));
    desk.press("4g");
    insta::assert_snapshot!("agents_120x40", desk.frame());
    desk.press("<enter>");
    insta::assert_snapshot!("agent_120x40", desk.frame());
    desk.press("p");
    assert!(desk.frame().contains("Pause agent trade_execution"), "{}", desk.frame());
    desk.press("<esc><enter>");
    assert_eq!(desk.model.screen(), Screen::Tasks);
    assert!(desk.frame().contains("filter: agent:trade_execution"), "{}", desk.frame());
    desk.press("[");
    assert!(matches!(desk.model.screen(), Screen::Agent(_)));
}

#[test]
fn the_time_axis_zooms_around_now_moves_and_comes_back() {
    let mut desk = Desk::midday((120, 40));
    let whole = desk.frame();
    desk.press("(");
    assert!(desk.frame().contains("z shows less"), "{}", desk.frame());
    desk.press("zz");
    assert!(desk.frame().contains("zoom 3h") && desk.frame().contains("10:30"), "{}", desk.frame());
    desk.press("))");
    assert!(desk.frame().contains("13:30"), "{}", desk.frame());
    desk.press("ZZ");
    let day = |frame: &str| frame.lines().skip(2).take(8).collect::<Vec<_>>().join("\n");
    assert_eq!(day(&desk.frame()), day(&whole));
    // However far one goes, something of the day stays in sight.
    desk.press("zz");
    for _ in 0..200 {
        desk.press("(");
    }
    assert!(desk.frame().contains("pre_market"), "{}", desk.frame());
}

#[test]
fn a_wall_starts_with_the_gauges_names_no_keys_and_takes_no_acts() {
    let mut desk = wall((120, 40));
    assert_eq!(desk.model.screen(), Screen::Pulse);
    insta::assert_snapshot!("wall_120x40", desk.frame());
    desk.resize((80, 24));
    insta::assert_snapshot!("wall_80x24", desk.frame());
    assert!(!desk.frame().contains("help") && !desk.frame().contains("!!"));
    for keys in ["!!", "P", "Q", "<f9><f9>", "2jr", "2jF"] {
        assert_eq!(desk.press(keys), [], "{keys}");
        assert!(desk.model.popups().is_empty(), "{keys}");
    }
}

#[test]
fn the_pulse_says_in_a_word_how_the_day_is() {
    let mut desk = wall((120, 40));
    let letters =
        |desk: &Desk| desk.frame().lines().take(10).map(str::to_owned).collect::<Vec<_>>();
    let one = letters(&desk);
    desk.failed("quote_refresh", FailureKind::Rejected, "no");
    assert_eq!(desk.engine.state().count_in_state(TaskState::Failed), 2);
    assert_ne!(one, letters(&desk), "a second task that needs somebody is said large");
}

#[test]
fn the_largest_layout_has_the_gauges_and_the_alerts_and_the_last_act() {
    let frame = Desk::midday((200, 50)).frame();
    for part in
        ["┌ pulse ", "┌ alerts 1", "┌ agents 5/6", "┌ events ", "critical path: close_out_check"]
    {
        assert!(frame.contains(part), "{part}: {frame}");
    }
    assert!(frame.contains("last command: 09:35:00 bob approve approve_trades: done"), "{frame}");
    let mut desk = Desk::midday((160, 45));
    assert!(desk.frame().contains("┌ pulse "));
    desk.press("<tab><tab><tab>");
    assert!(desk.frame().contains("┏ alerts"), "{}", desk.frame());
    desk.press("<tab>");
    assert!(desk.frame().contains("┏ log"), "{}", desk.frame());
}

#[test]
fn every_screen_draws_at_every_size_in_both_sets_of_signs() {
    for plain in [false, true] {
        let mut desk = Desk::midday((120, 40));
        if plain {
            ascii(&mut desk);
        }
        for keys in SCREENS {
            desk.press("<esc><esc><esc>1");
            desk.press(keys);
            for width in [1, 2, 5, 12, 39, 40, 59, 60, 79, 80, 120, 160, 250] {
                for height in [1, 2, 3, 9, 10, 15, 24, 32, 45, 80] {
                    desk.resize((width, height));
                    let frame = desk.frame();
                    assert!(!plain || frame.is_ascii(), "{keys} {width}x{height}: {frame}");
                }
            }
            desk.resize((120, 40));
        }
        let mut settings = settings();
        settings.station = ConsoleKind::Kiosk;
        settings.theme.glyphs = if plain { GlyphSet::Ascii } else { GlyphSet::Utf8 };
        desk.sit_anew(settings);
        for width in [1, 12, 40, 60, 80, 120, 160, 250] {
            for height in [1, 6, 10, 15, 24, 45, 80] {
                desk.resize((width, height));
                let frame = desk.frame();
                assert!(!plain || frame.is_ascii(), "wall {width}x{height}: {frame}");
            }
        }
    }
}

#[test]
fn the_audit_trail_at_120x40() {
    let mut desk = Desk::midday((120, 40));
    desk.press("0j");
    insta::assert_snapshot!("audit_120x40", desk.frame());
}

#[test]
fn the_audit_trail_at_80x24_and_an_entry_of_it() {
    let mut desk = Desk::midday((80, 24));
    desk.press("0");
    insta::assert_snapshot!("audit_80x24", desk.frame());
    desk.press("/bob<enter>j<enter>");
    insta::assert_snapshot!("audit_entry_80x24", desk.frame());
}
