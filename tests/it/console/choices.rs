//! Themes tried and taken back; the smaller lists filtered, copied, exported, in other times.

use bellwether::{
    engine::FailureKind,
    tui::{Effect, Popup},
};

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::desk::Desk;

/// Goes somewhere and exports what is there, in the form of a letter.
fn export(desk: &mut Desk, keys: &str, form: &str) -> (String, String) {
    desk.press(keys);
    desk.key(KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL));
    let effects = desk.press(form);
    for effect in effects {
        if let Effect::Export { name, text } = effect {
            return (name, text);
        }
    }
    unreachable!("nothing was written:\n{}", desk.frame())
}

fn copied(desk: &mut Desk, keys: &str) -> String {
    let effects = desk.press(keys);
    for effect in effects {
        if let Effect::Copy(text) = effect {
            return text;
        }
    }
    unreachable!("nothing was copied:\n{}", desk.frame())
}

#[test]
fn a_theme_shows_while_it_is_chosen_and_leaving_brings_the_old_one_back() {
    let mut desk = Desk::midday((120, 40));
    let colours = |desk: &Desk| format!("{:?}", desk.buffer());
    let before = colours(&desk);
    desk.press("T<down>");
    assert!(matches!(desk.model.popups(), [Popup::Themes(_)]));
    assert!(desk.frame().contains("▸ light"), "{}", desk.frame());
    desk.press("<esc>");
    assert_eq!(colours(&desk), before);
    desk.press("T<up><enter>");
    assert!(desk.frame().contains("theme mono"), "{}", desk.frame());
    assert_ne!(colours(&desk), before);
    desk.press(":theme default<enter>");
    desk.tick(10);
    assert!(!desk.frame().contains("theme"), "{}", desk.frame());
    desk.press(":theme purple<enter>");
    assert!(desk.frame().contains("one of default, light, high-contrast, mono"));
}

#[test]
fn the_agents_and_the_runs_have_a_filter_of_their_own() {
    let mut desk = Desk::midday((120, 40));
    desk.press("4/economist<enter>");
    assert!(desk.frame().contains("economist"), "{}", desk.frame());
    assert!(!desk.frame().contains("junior_analyst"), "{}", desk.frame());
    desk.press("j");
    assert_eq!(copied(&mut desk, "y"), "economist");
    desk.press("<esc>");
    assert!(desk.frame().contains("junior_analyst"), "{}", desk.frame());
    desk.press("8/past<enter>");
    assert!(desk.frame().contains("runs 0"), "{}", desk.frame());
    desk.press("2");
    assert!(desk.frame().contains("tasks 14 of 14"), "{}", desk.frame());
    desk.press("9/");
    assert!(desk.model.popups().is_empty(), "a plan is not filtered in secret");
}

#[test]
fn alerts_acts_and_runs_are_copied_and_exported_as_they_are_listed() {
    let mut desk = Desk::midday((120, 40));
    let (name, text) = export(&mut desk, ":go.audit<enter>", "c");
    assert!(name.starts_with("audit-"), "{name}");
    assert!(text.starts_with("act,at,who,what,result,why\n"), "{text}");
    assert!(text.contains("bob,approve approve_trades,done,as agreed"), "{text}");
    desk.press("/bob<enter>j");
    assert!(copied(&mut desk, "y").starts_with("A-"));
    assert!(copied(&mut desk, "Y").contains("\"who\":\"bob\""));
    let (_, text) = export(&mut desk, "7", "n");
    assert!(text.lines().count() >= desk.engine.state().alerts().len(), "{text}");
    assert!(text.contains("\"severity\":"), "{text}");
    let (_, text) = export(&mut desk, "8", "t");
    assert!(text.contains("live"), "{text}");
}

#[test]
fn the_smaller_lists_write_moments_as_the_others_do() {
    let mut desk = Desk::midday((120, 40));
    desk.press(":go.audit<enter>");
    assert!(desk.frame().contains("09:35:00"), "{}", desk.frame());
    desk.press("t");
    let frame = desk.frame();
    assert!(frame.contains("14:35:00") && frame.contains("UTC "), "{frame}");
}

#[test]
fn what_is_copied_while_the_view_stands_still_is_what_stands_there() {
    let mut desk = Desk::midday((120, 40));
    desk.press("2/risk_recheck<enter>j=");
    let frozen = copied(&mut desk, "Y");
    desk.failed("order_status_sync", FailureKind::Transient, "no answer");
    desk.until("10:50:00");
    assert_eq!(copied(&mut desk, "Y"), frozen);
}

#[test]
fn the_note_of_a_task_stands_beside_its_name_at_sixty_columns() {
    let mut desk = Desk::midday((60, 15));
    desk.press("2");
    let frame = desk.frame();
    assert!(frame.contains("NOTE") && frame.contains("gross exposure"), "{frame}");
}

#[test]
fn a_list_offers_in_its_footer_only_what_holds_there() {
    let mut desk = Desk::midday((120, 40));
    desk.press(":go.audit<enter>");
    assert!(!desk.frame().contains("origins"), "{}", desk.frame());
    desk.press("8");
    assert!(desk.frame().contains("d diff"), "{}", desk.frame());
}

#[test]
fn the_newest_attempt_of_a_task_stands_first() {
    let mut desk = Desk::midday((120, 40));
    desk.press("2/order_status_sync<enter>j<enter>");
    desk.until("10:45:00");
    let frame = desk.frame();
    let (_, attempts) = frame.split_once("attempts, newest first").expect("they are shown");
    let numbers: Vec<u32> = attempts
        .lines()
        .skip(1)
        .map_while(|line| line.split_whitespace().nth(2)?.parse().ok())
        .collect();
    assert!(numbers.len() > 1 && numbers.is_sorted_by(|a, b| a > b), "{numbers:?}\n{frame}");
}
