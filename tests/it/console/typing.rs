//! Keys that were meant for something else: typed ahead, typed as a reason, or meant for a task that
//! left the list.

use bellwether::{
    engine::{Command, TradingState},
    tui::{self, DialogFocus, Effect, Msg, Popup, QuitMode},
};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::desk::Desk;

fn dialog(desk: &Desk) -> &tui::CommandDialog {
    let Some(Popup::Command(dialog)) = desk.model.popups().last() else {
        unreachable!("a dialog is open: {}", desk.frame())
    };
    dialog
}

#[test]
fn a_reason_typed_on_a_button_goes_into_the_reason() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    desk.press("F");
    assert_eq!(desk.given("quote the PM"), []);
    let dialog = dialog(&desk);
    assert_eq!((dialog.reason.text(), dialog.spot), ("quote the PM", DialogFocus::Reason));
}

#[test]
fn no_waiver_is_ticked_beforehand() {
    let mut desk = Desk::midday((120, 40));
    desk.select("close_out_check");
    desk.press("F");
    assert!(!dialog(&desk).items.is_empty());
    assert!(dialog(&desk).items.iter().all(|item| !item.on), "{}", desk.frame());
    assert_eq!(desk.given("because<tab><tab><enter>"), [], "{}", desk.frame());
}

#[test]
fn a_waiver_below_the_fold_comes_into_sight_with_the_focus() {
    for size in [(80, 24), (60, 15), (40, 10)] {
        let mut desk = Desk::midday(size);
        desk.select("hedge_adjust");
        desk.press("F");
        for _ in 0..12 {
            desk.press("<tab>");
            let dialog = dialog(&desk);
            if let DialogFocus::Item(at) = dialog.spot {
                let start: String = dialog.items[at].text.chars().take(12).collect();
                assert!(desk.frame().contains(&start), "{size:?} {start}: {}", desk.frame());
            }
        }
    }
}

#[test]
fn keys_typed_before_the_dialog_is_there_do_nothing() {
    let mut desk = Desk::midday((120, 40));
    desk.select("hedge_adjust");
    let screen = desk.model.screen();
    let key = |c| Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    desk.after(500);
    let asked = tui::update(&mut desk.model, key('F'));
    assert!(matches!(asked.as_slice(), [Effect::Propose { .. }]), "{asked:?}");
    for c in ['q', 'H', 'P', '4'] {
        assert_eq!(tui::update(&mut desk.model, key(c)), [], "{c}");
    }
    assert!(desk.model.popups().is_empty(), "{}", desk.frame());
    assert_eq!(desk.model.screen(), screen);
}

#[test]
fn escape_and_a_key_in_one_piece_are_escape_then_the_key() {
    let mut desk = Desk::midday((120, 40));
    desk.press("?");
    assert!(!desk.model.popups().is_empty());
    let alt = KeyEvent::new(KeyCode::Char('!'), KeyModifiers::ALT);
    tui::update(&mut desk.model, Msg::Key(alt));
    assert!(desk.model.popups().is_empty(), "{}", desk.frame());
    let key = KeyEvent::new(KeyCode::Char('!'), KeyModifiers::NONE);
    let effects = tui::update(&mut desk.model, Msg::Key(key));
    assert!(matches!(effects.as_slice(), [Effect::Brake { .. }]), "{effects:?}");
}

#[test]
fn a_key_never_acts_on_the_task_that_took_the_row_of_another() {
    let mut desk = Desk::midday((120, 40));
    desk.press("/state:running<enter>");
    desk.select("order_status_sync");
    let sync = desk.ix("order_status_sync");
    desk.done("order_status_sync", "fine");
    desk.tick(1);
    assert_eq!(desk.model.selected_task(), None, "{}", desk.frame());
    assert_eq!(desk.given("H"), []);
    desk.press("j");
    assert!(desk.model.selected_task().is_some_and(|ix| ix != sync), "{}", desk.frame());
}

#[test]
fn leaving_names_the_running_tasks_and_the_way_back() {
    let mut desk = Desk::midday((80, 24));
    desk.press("q");
    let frame = desk.frame();
    assert!(frame.contains("running: order_status_sync, quote_refresh"), "{frame}");
    assert!(frame.contains("bellwether --recover ask"), "{frame}");
}

#[test]
fn leaves_without_a_question_once_the_run_has_ended() {
    let mut desk = Desk::midday((80, 24));
    desk.finish(|_| {});
    assert_eq!(desk.press("q"), [Effect::Quit(QuitMode::Now)], "{}", desk.frame());
}

#[test]
fn a_brake_dialog_can_be_read_and_pressed_in_the_smallest_window() {
    let mut desk = Desk::midday((25, 8));
    desk.press("K");
    let mut labels: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    for _ in 0..4 {
        labels.extend(
            ["Go back", "Reduce only", "Kill"]
                .iter()
                .filter(|label| desk.frame().contains(**label)),
        );
        desk.press("<tab>");
    }
    assert_eq!(labels.len(), 3, "{labels:?}: {}", desk.frame());
    desk.press("<esc>K");
    let given = desk.given("<enter>");
    let to = TradingState::ReduceOnly;
    assert_eq!(given, [(Command::TightenTrading { to }, None)]);
}
