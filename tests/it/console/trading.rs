//! The trading state on screen: seen everywhere, changed by the right keys and by no others.

use bellwether::{
    engine::{Command, TradingState, control::GuardLevel},
    planning::plan::RunMode,
    tui::ColorDepth,
    view::drill::LastDrill,
};

use super::desk::{Desk, plan};

fn tighten(to: TradingState) -> Command {
    Command::TightenTrading { to }
}

#[test]
fn the_trading_state_is_on_every_screen_as_sign_and_word() {
    for (state, told) in [
        (TradingState::ReduceOnly, "◐ REDUCE_ONLY"),
        (TradingState::Halted, "■ HALTED"),
        (TradingState::Killed, "✖ KILLED"),
    ] {
        let mut desk = Desk::midday((120, 40));
        assert!(desk.frame().contains("● ACTIVE"), "{}", desk.frame());
        desk.order(tighten(state));
        for screen in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
            desk.press(screen);
            for size in [(200, 50), (120, 40), (80, 24), (60, 15), (40, 10), (20, 8)] {
                desk.resize(size);
                let frame = desk.frame();
                assert!(frame.contains(told), "{state} on {screen} at {size:?}:\n{frame}");
            }
            desk.resize((120, 40));
        }
    }
}

#[test]
fn a_kill_shows_since_when_by_whom_why_and_what_may_still_fill_until_it_is_re_armed() {
    let mut desk = Desk::midday((120, 40));
    assert_eq!(desk.frame().lines().filter(|line| line.contains("re-enables")).count(), 0);
    desk.order(tighten(TradingState::Killed));
    let frame = desk.frame();
    insta::assert_snapshot!(frame.lines().take(3).collect::<Vec<_>>().join("\n"));
    desk.press("2");
    assert!(desk.frame().contains("KILLED working orders not known yet"), "{}", desk.frame());
}

#[test]
fn a_kill_is_given_only_after_its_word_and_with_what_follows_as_reason() {
    let mut desk = Desk::midday((120, 40));
    assert_eq!(desk.given("K<tab><tab><enter>"), [], "asks for the word");
    assert_eq!(desk.given("kill it<enter>"), []);
    assert!(desk.frame().contains("the first word must be KILL"), "{}", desk.frame());
    assert_eq!(desk.given("<esc>K<tab><tab><enter>KILLED<enter>"), [], "it is another word");
    let given = desk.given("<esc>K<tab><tab><enter>KILL rogue orders<enter>");
    assert_eq!(given, [(tighten(TradingState::Killed), Some("rogue orders".into()))]);
    assert!(desk.model.popups().is_empty());
}

#[test]
fn reducing_and_stopping_are_two_keys_away_for_whoever_only_observes() {
    let mut desk = Desk::midday_in(RunMode::Live, (120, 40));
    let given = desk.given("K<enter>");
    assert_eq!(given, [(tighten(TradingState::ReduceOnly), None)]);
    let given = desk.given("K<tab><enter>");
    assert_eq!(given, [(tighten(TradingState::Halted), None)]);
}

#[test]
fn re_arming_takes_a_reason_and_the_phrase_in_sim_too() {
    let mut desk = Desk::midday((120, 40));
    desk.guards = GuardLevel::Mode;
    desk.order(tighten(TradingState::Killed));
    desk.press("K<tab><enter>");
    let frame = desk.frame();
    assert!(frame.contains("trading goes from KILLED to HALTED"), "{frame}");
    assert!(frame.contains("working orders"), "{frame}");
    assert_eq!(desk.given("<tab><enter>"), [], "neither reason nor phrase");
    assert!(desk.frame().contains("type a reason first"), "{}", desk.frame());
    assert_eq!(desk.given("<s-tab><s-tab><s-tab>cause found<tab>no<tab><tab><enter>"), []);
    assert!(!desk.model.popups().is_empty(), "the phrase does not match");
}

#[test]
fn in_ascii_and_without_colour_the_four_states_are_four_texts() {
    let mut seen = std::collections::BTreeSet::new();
    for state in TradingState::ALL {
        let mut desk = Desk::new(plan(), (80, 24), ColorDepth::Mono);
        if state > TradingState::Active {
            desk.order(tighten(state));
        }
        let frame = desk.frame();
        seen.insert(frame.lines().next().unwrap_or_default().to_owned());
    }
    assert_eq!(seen.len(), TradingState::ALL.len(), "{seen:?}");
}

#[test]
fn the_question_of_the_trading_state_tells_how_long_ago_the_kill_was_drilled() {
    let mut desk = Desk::midday((120, 40));
    desk.press("K");
    assert!(desk.frame().contains("no kill drill yet"), "{}", desk.frame());
    for (days, told) in [(3, "kill drill 3 days ago"), (45, "kill drill 45 days ago, OVERDUE")] {
        let at = desk.wall - chrono::TimeDelta::days(days);
        let mut desk = Desk::drilled(Some(LastDrill { at, held: true }));
        desk.press("K");
        assert!(desk.frame().contains(told), "{}", desk.frame());
    }
}
