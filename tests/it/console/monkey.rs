//! A million inputs by somebody who sits on the keyboard, pastes, scrolls and pulls at the window.

use bellwether::{
    engine::control::{self, Authority, GuardLevel, RiskTier, SessionStatus},
    planning::plan::RunMode,
    tui::{Effect, LayoutDensity, Msg, Popup, update},
};
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::desk::Desk;
use crate::support::plans::Dice;

/// Inputs of each of the two monkeys.
const INPUTS: u32 = 500_000;
/// Inputs after which a monkey gets a new desk: the old day is over or halted.
const DESK: u32 = 2_500;

fn key(dice: &mut Dice) -> KeyEvent {
    const NAMED: [KeyCode; 12] = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::PageDown,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::F(9),
    ];
    let code = if dice.chance(45) {
        NAMED[usize::try_from(dice.below(12)).expect("below twelve")]
    } else {
        KeyCode::Char(char::from(u8::try_from(32 + dice.below(95)).expect("below 127")))
    };
    let modifiers = if dice.chance(5) { KeyModifiers::CONTROL } else { KeyModifiers::NONE };
    KeyEvent::new(code, modifiers)
}

fn other(dice: &mut Dice) -> Msg {
    let below = |dice: &mut Dice, n| u16::try_from(dice.below(n)).expect("a small number");
    match dice.below(4) {
        0 => Msg::Paste("y\r\n!!\u{1b}[2Jy\r".into()),
        1 => {
            let kinds = [
                MouseEventKind::ScrollUp,
                MouseEventKind::ScrollDown,
                MouseEventKind::Down(MouseButton::Left),
                MouseEventKind::Up(MouseButton::Left),
            ];
            let kind = kinds[usize::try_from(dice.below(4)).expect("below four")];
            let (column, row) = (below(dice, 130), below(dice, 45));
            Msg::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
        }
        2 => Msg::Resize(below(dice, 130), below(dice, 50)),
        _ => Msg::Focus(dice.chance(50)),
    }
}

/// A desk in PAPER, guarded as with real money.
fn desk(seed: u64, authority: Authority) -> Desk {
    let mut desk = Desk::midday_in(RunMode::Paper, (120, 40));
    desk.guards = GuardLevel::Live;
    let until = Some(desk.wall + chrono::TimeDelta::days(1));
    update(&mut desk.model, Msg::SessionStatus(SessionStatus { authority, until }));
    assert!(seed < u64::from(INPUTS));
    desk
}

/// Lets a monkey at desks of one kind; gives what left them.
fn monkey(authority: Authority, mut seen: impl FnMut(&Desk, &Effect)) {
    let mut dice = Dice(7);
    let mut seat = desk(0, authority);
    for step in 0..INPUTS {
        if step % DESK == 0 {
            seat = desk(u64::from(step), authority);
        }
        let effects = if dice.chance(90) {
            seat.key(key(&mut dice))
        } else {
            let msg = other(&mut dice);
            update(&mut seat.model, msg)
        };
        for effect in &effects {
            seen(&seat, effect);
        }
        seat.perform(&effects);
        if step % 500 == 0 {
            seat.frame();
            if LayoutDensity::for_size(seat.size) == LayoutDensity::TooSmall {
                seat.resize((120, 40));
            }
        }
    }
}

#[test]
fn half_a_million_inputs_of_one_who_observes_commit_nothing() {
    let mut braked = 0;
    monkey(Authority::Observe, |_, effect| {
        assert!(!matches!(effect, Effect::Commit { .. }), "{effect:?}");
        braked += u32::from(matches!(effect, Effect::Brake { .. }));
    });
    assert!(braked > 100, "the monkey found the brakes {braked} times");
}

#[test]
fn half_a_million_inputs_of_one_who_is_armed_commit_nothing_grave_without_its_phrase() {
    let (mut committed, mut questions) = (0, 0);
    monkey(Authority::Armed, |desk, effect| {
        questions += u32::from(matches!(desk.model.popups().last(), Some(Popup::Command(_))));
        let Effect::Commit { commit, .. } = effect else { return };
        committed += 1;
        let run = desk.engine.state();
        // Of what would be done, that is: a command that is refused needs no guard.
        let plan = control::propose(run, desk.now, &commit.proposal, desk.guards);
        let tier = plan.map_or(RiskTier::View, |plan| plan.tier);
        // The state may have moved since, but what needs a phrase is never given without one.
        let typed = commit.phrase.as_deref().is_some_and(|phrase| phrase.contains(' '));
        assert!(tier < RiskTier::HighRisk || typed, "{commit:?}");
        assert!(tier < RiskTier::Review || commit.reason.is_some(), "{commit:?}");
    });
    assert!(committed > 20, "the monkey never got to anything: {committed}, {questions}");
}
