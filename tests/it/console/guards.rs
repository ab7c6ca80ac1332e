//! What stands between a wish and an act: arming, phrases, time to read, a world that moves.

use bellwether::{
    engine::{
        Command, Gate, PauseMode, TaskState,
        control::{Authority, GuardLevel, SessionStatus},
    },
    planning::plan::RunMode,
    tui::{self, ColorDepth, Effect, Msg, Popup},
};
use chrono::TimeDelta;

use super::desk::{Desk, plan};

/// A desk that is guarded as with real money.
fn guarded() -> Desk {
    let mut desk = Desk::midday((120, 40));
    desk.guards = GuardLevel::Live;
    desk
}

fn standing(desk: &mut Desk, authority: Authority, minutes: Option<i64>) {
    let until = minutes.map(|minutes| desk.wall + TimeDelta::minutes(minutes));
    tui::update(&mut desk.model, Msg::SessionStatus(SessionStatus { authority, until }));
}

/// The phrase the dialog on top wants.
fn phrase(desk: &Desk) -> String {
    let Some(Popup::Command(dialog)) = desk.model.popups().last() else {
        unreachable!("a dialog is open")
    };
    dialog.plan.as_ref().and_then(|plan| plan.phrase.clone()).expect("a phrase is wanted")
}

const FORCE: &str = "F<tab><tab> ";

#[test]
fn a_grave_act_goes_out_only_with_its_phrase_typed_exactly() {
    let mut desk = guarded();
    desk.select("hedge_adjust");
    desk.press(FORCE);
    let phrase = phrase(&desk);
    assert!(phrase.starts_with("hedge_adjust "), "{phrase}");
    // From the box: reason, phrase, the way back, the button.
    assert_eq!(desk.given("<tab>desk confirmed<tab>hedge_adjust<tab><tab><enter>"), []);
    let rest = phrase.strip_prefix("hedge_adjust").expect("it begins with the name");
    assert_eq!(desk.given(&format!("<s-tab><s-tab>{rest}x<tab><tab><enter>")), []);
    assert!(desk.frame().contains("exactly"), "{}", desk.frame());
    let given = desk.given("<s-tab><s-tab><backspace><tab><tab><enter>");
    assert!(matches!(given.as_slice(), [(Command::Force { .. }, Some(_))]), "{given:?}");
}

#[test]
fn the_button_of_a_grave_act_opens_only_after_there_was_time_to_read() {
    let mut desk = guarded();
    desk.select("hedge_adjust");
    desk.press("F");
    desk.press("<tab><tab>");
    desk.after(10_000);
    // A box is ticked: what would be done is another, and must be read again.
    desk.press(" ");
    assert!(desk.frame().contains("type `"), "{}", desk.frame());
    let Some(Popup::Command(dialog)) = desk.model.popups().last() else {
        unreachable!("the dialog is open")
    };
    assert!(dialog.opens_in(desk.wall).to_delta() > TimeDelta::milliseconds(1_000));
    assert!(desk.model.next_deadline().is_some(), "whoever keeps the time is told when it opens");
}

#[test]
fn who_observes_may_look_and_brake_and_is_told_how_to_arm() {
    let mut desk = guarded();
    standing(&mut desk, Authority::Observe, None);
    assert!(desk.frame().contains("OBSERVE"), "{}", desk.frame());
    desk.select("risk_recheck");
    for key in ["r", "R", "c", "x", "F", "X", "M", "i", "b", "Q"] {
        assert_eq!(desk.given(key), [], "{key}");
        assert!(desk.model.popups().is_empty(), "{key}: {}", desk.frame());
        assert!(desk.frame().contains("A arms"), "{key}: {}", desk.frame());
    }
    desk.select("daily_report");
    assert!(
        matches!(desk.given("H").as_slice(), [(Command::Hold { .. }, _)]),
        "holding back is safe"
    );
    assert!(matches!(desk.given("p<enter>").as_slice(), [(Command::Pause { .. }, _)]));
    assert!(matches!(desk.given("!!").as_slice(), [(Command::TightenTrading { .. }, _)]));
}

#[test]
fn a_read_only_session_does_nothing_at_all() {
    let mut desk = guarded();
    standing(&mut desk, Authority::ReadOnly, None);
    desk.select("risk_recheck");
    for keys in ["r", "H", "p<enter>", "P<enter>", "!!", "<f9><f9>", "Q", "A"] {
        assert_eq!(desk.given(keys), [], "{keys}");
    }
    assert!(desk.frame().contains("READ-ONLY"), "{}", desk.frame());
}

#[test]
fn arming_wants_a_reason_and_the_same_key_disarms() {
    let mut desk = guarded();
    standing(&mut desk, Authority::Observe, None);
    assert_eq!(desk.press("A<enter>"), [], "no reason, no arms");
    let reason = "provider outage".to_owned();
    assert_eq!(desk.press("provider outage<enter>"), [Effect::Arm { reason }]);
    standing(&mut desk, Authority::Armed, Some(5));
    assert!(desk.frame().contains("ARMED 5m00s"), "{}", desk.frame());
    assert_eq!(desk.press("A"), [Effect::Disarm]);
}

#[test]
fn an_armed_terminal_nobody_looks_at_is_disarmed_after_a_minute() {
    let mut desk = guarded();
    standing(&mut desk, Authority::Armed, Some(5));
    // What was held back when a person was called is told first.
    desk.after(10_000);
    tui::update(&mut desk.model, Msg::Focus(false));
    assert_eq!(desk.after(59_000), []);
    assert_eq!(desk.after(2_000), [Effect::Disarm]);
    assert_eq!(desk.after(60_000), [], "nothing to do");
    tui::update(&mut desk.model, Msg::Focus(false));
    tui::update(&mut desk.model, Msg::Focus(true));
    assert_eq!(desk.after(120_000), [], "somebody looks again");
}

#[test]
fn a_plan_that_changes_while_it_is_read_says_what_changed_and_forgets_the_phrase() {
    let mut desk = guarded();
    desk.select("hedge_adjust");
    desk.press(FORCE);
    let wanted = phrase(&desk);
    desk.press(&format!("<tab>desk confirmed<tab>{wanted}<tab><tab>"));
    desk.order(Command::Skip { task: desk.ix("hedge_adjust"), satisfies: false });
    assert!(desk.frame().contains("is SKIPPED now, it was UPSTREAM_FAILED"), "{}", desk.frame());
    assert!(desk.frame().contains("type `"), "the phrase is wanted again: {}", desk.frame());
    assert_eq!(desk.given("<enter>"), [], "the focus is on the way back again");
}

#[test]
fn an_act_whose_target_moved_in_its_grace_comes_back_instead_of_going_out() {
    let mut desk = Desk::midday((120, 40));
    desk.select("quote_refresh");
    desk.press("c<s-tab>no longer wanted<tab><tab><enter>");
    desk.done("quote_refresh", "calm");
    let effects = desk.after(3_500);
    assert!(matches!(effects.as_slice(), [Effect::Commit { .. }]));
    let before = desk.engine.state().last_seq();
    desk.perform(&effects);
    assert_eq!(desk.engine.state().last_seq(), before, "nothing was done");
    let task = desk.ix("quote_refresh");
    assert_eq!(desk.engine.state().task(task).state, TaskState::Completed);
    assert!(desk.frame().contains("refused"), "{}", desk.frame());
}

#[test]
fn an_engine_that_is_silent_is_stale_and_only_braked() {
    let mut desk = Desk::midday((120, 40));
    standing(&mut desk, Authority::Armed, None);
    tui::update(&mut desk.model, Msg::Heartbeat);
    desk.after(1_500);
    assert!(!desk.frame().contains("STALE"), "{}", desk.frame());
    desk.after(1_000);
    assert!(desk.frame().contains("STALE 2s"), "{}", desk.frame());
    desk.select("risk_recheck");
    assert_eq!(desk.given("r"), []);
    assert!(desk.frame().contains("was last heard"), "{}", desk.frame());
    assert_eq!(desk.given("!!").len(), 1, "the brake is tried all the same");
    tui::update(&mut desk.model, Msg::Heartbeat);
    desk.after(100);
    assert!(!desk.frame().contains("STALE"), "{}", desk.frame());
}

#[test]
fn what_is_typed_into_a_dialog_before_it_can_be_seen_is_passed_over() {
    let mut desk = Desk::midday((120, 40));
    desk.select("risk_recheck");
    desk.press("r");
    // Another key at the very moment the question appears.
    let answers = desk.key_at_once('y');
    assert_eq!(answers, []);
    assert!(!desk.model.popups().is_empty(), "it is still asked");
    assert_eq!(desk.given("y").len(), 1);
}

#[test]
fn a_key_held_down_is_one_wish() {
    let mut desk = Desk::midday((120, 40));
    desk.select("daily_report");
    assert_eq!(desk.press("H").len(), 1);
    assert_eq!(desk.key_at_once('i'), [], "another act is another wish, and opens its dialog");
    desk.press("<esc>");
    desk.press("i");
    desk.press("<esc>");
    assert!(desk.model.popups().is_empty());
}

#[test]
fn in_paper_a_session_is_guarded_and_in_a_simulated_day_it_is_not_asked_for_phrases() {
    let mut paper = plan();
    paper.mode = RunMode::Paper;
    let mut desk = Desk::new(paper, (120, 40), ColorDepth::Sixteen);
    desk.until("06:10:00");
    desk.select("market_analysis");
    desk.press("X");
    let Some(Popup::Command(dialog)) = desk.model.popups().last() else {
        unreachable!("a dialog is open")
    };
    let plan = dialog.plan.as_ref();
    assert!(plan.is_none_or(|plan| plan.phrase.is_some()), "{}", desk.frame());
    let gate = Gate::Engine;
    let mut desk = Desk::midday((120, 40));
    desk.order(Command::Pause { gate, mode: PauseMode::Drain, until: None });
    desk.select("hedge_adjust");
    desk.press(FORCE);
    let Some(Popup::Command(dialog)) = desk.model.popups().last() else {
        unreachable!("a dialog is open")
    };
    assert!(dialog.plan.as_ref().is_some_and(|plan| plan.phrase.is_none()), "{}", desk.frame());
}

#[test]
fn commits_at_any_size_only_once_every_row_was_in_sight() {
    let (mut at_once, mut scrolled) = (0, 0);
    for size in (10..=40).flat_map(|rows| [40, 60, 80, 120].map(|columns| (columns, rows))) {
        let mut desk = Desk::midday_in(RunMode::Live, size);
        desk.guards = GuardLevel::Live;
        desk.select("hedge_adjust");
        desk.press("F<tab><tab> ");
        let typed = phrase(&desk);
        desk.press(&format!("<tab>desk confirmed<tab>{typed}<tab><tab>"));
        desk.after(10_000);
        let unread = desk.frame().contains("read on");
        let given = desk.given("<enter>");
        assert_eq!(given.is_empty(), unread, "{size:?}: {}", desk.frame());
        if unread {
            let given = desk.given(
                "<pgdn><pgdn><pgdn><pgdn><pgdn><pgdn><pgdn><pgdn><pgdn><pgdn><pgdn><pgdn><enter>",
            );
            assert_eq!(given.len(), 1, "{size:?}: {}", desk.frame());
            scrolled += 1;
        } else {
            at_once += 1;
        }
    }
    assert!(at_once > 20 && scrolled > 5, "{at_once} at once, {scrolled} scrolled");
}

#[test]
fn a_window_that_changes_its_size_closes_the_button_again_and_one_too_small_keeps_it_closed() {
    let mut desk = guarded();
    desk.select("hedge_adjust");
    desk.press(FORCE);
    let typed = phrase(&desk);
    desk.press(&format!("<tab>desk confirmed<tab>{typed}<tab><tab>"));
    desk.after(10_000);
    desk.resize((60, 15));
    let opens = |desk: &Desk| match desk.model.popups().last() {
        Some(Popup::Command(dialog)) => dialog.opens_in(desk.wall).to_delta(),
        _other => unreachable!("the dialog is open"),
    };
    assert!(opens(&desk) > TimeDelta::milliseconds(1_000), "what stood elsewhere is read again");
    desk.after(10_000);
    assert_eq!(desk.given("<enter>"), [], "{}", desk.frame());
    desk.resize((120, 40));
    assert_eq!(desk.after(100), []);
    desk.after(10_000);
    assert_eq!(desk.given("<enter>").len(), 1, "nothing typed was lost: {}", desk.frame());
}

#[test]
fn who_observes_holds_all_marked_tasks_back_each_by_a_brake() {
    let mut desk = guarded();
    standing(&mut desk, Authority::Observe, None);
    desk.select("daily_report");
    desk.press(" ");
    desk.select("attribution");
    desk.press(" ");
    let held = [desk.ix("daily_report"), desk.ix("attribution")];
    let given = desk.given("H");
    let tasks: Vec<_> = given.iter().filter_map(|(command, _)| command.task()).collect();
    assert_eq!(tasks, held);
    assert!(given.iter().all(|(command, _)| matches!(command, Command::Hold { .. })), "{given:?}");
}

#[test]
fn a_screen_that_says_how_to_halt_or_to_arm_says_it_only_while_that_is_so() {
    let mut desk = guarded();
    standing(&mut desk, Authority::Observe, None);
    desk.press("!");
    assert!(desk.frame().contains("press the same key again"), "{}", desk.frame());
    desk.after(2_500);
    assert!(!desk.frame().contains("press the same key again"), "{}", desk.frame());
    desk.select("risk_recheck");
    desk.press("r");
    assert!(desk.frame().contains("A arms it"), "{}", desk.frame());
    standing(&mut desk, Authority::Armed, Some(5));
    assert!(!desk.frame().contains("A arms it"), "{}", desk.frame());
    assert!(desk.frame().contains("HALT"), "{}", desk.frame());
    standing(&mut desk, Authority::ReadOnly, None);
    for size in [(120, 40), (80, 24), (40, 10), (20, 8)] {
        desk.resize(size);
        assert!(!desk.frame().contains("HALT"), "{size:?}: {}", desk.frame());
    }
}
