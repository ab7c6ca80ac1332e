//! Twenty thousand keys by somebody who sits on the keyboard.

use bellwether::{
    console::{Density, Effect, Msg, Overlay, update},
    engine::{Command, PauseMode, RetryScope},
};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::desk::Desk;
use crate::support::plans::Dice;

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

/// Whether a command may be sent without a question.
fn light(command: &Command) -> bool {
    match command {
        Command::Hold { .. }
        | Command::Release { .. }
        | Command::Retry { scope: RetryScope::Task, .. }
        | Command::Pause { mode: PauseMode::Halt, .. }
        | Command::Acknowledge { .. } => true,
        Command::Pause { .. }
        | Command::Resume { .. }
        | Command::Retry { .. }
        | Command::RetryFailed { .. }
        | Command::Rerun { .. }
        | Command::RunNow { .. }
        | Command::Force { .. }
        | Command::ForceStage { .. }
        | Command::Skip { .. }
        | Command::Unskip { .. }
        | Command::Cancel { .. }
        | Command::SetOk { .. }
        | Command::SetFailed { .. }
        | Command::Approve { .. }
        | Command::Reject { .. }
        | Command::Resolve { .. }
        | Command::SetPriority { .. }
        | Command::CancelRun
        | Command::Arm
        | Command::Disarm => false,
    }
}

/// Whether a command must come with a typed reason.
fn grave(command: &Command) -> bool {
    matches!(
        command,
        Command::Force { .. }
            | Command::ForceStage { .. }
            | Command::SetOk { .. }
            | Command::SetFailed { .. }
            | Command::Resolve { .. }
            | Command::CancelRun
    )
}

#[test]
fn a_monkey_sends_nothing_dangerous_without_a_question_and_crashes_nothing() {
    let mut sent = 0;
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let mut desk = Desk::midday((120, 40));
        let hedge = desk.ix("hedge_adjust");
        for step in 0..500 {
            let asked = matches!(
                desk.model.overlays().last(),
                Some(Overlay::Dialog(_) | Overlay::Force(_))
            );
            let pressed = key(&mut dice);
            let effects = desk.key_obeyed(pressed);
            for effect in &effects {
                let Effect::Send(order) = effect else { continue };
                sent += 1;
                let pure = order.command.task() != Some(hedge);
                let at_once = light(&order.command) && pure;
                let question = asked && pressed.code == KeyCode::Enter;
                let brake = matches!(order.command, Command::Pause { mode: PauseMode::Halt, .. });
                let eases = matches!(order.command, Command::Hold { .. } | Command::Release { .. });
                assert!(at_once || question || brake || eases, "{:?}", order.command);
                let reason = order.reason.as_deref().unwrap_or("");
                let typed = reason.chars().filter(|c| !c.is_whitespace()).count() >= 3;
                assert!(!grave(&order.command) || typed, "{order:?}");
            }
            if dice.chance(3) {
                let (w, h) = (dice.below(130), dice.below(50));
                desk.resize((u16::try_from(w).unwrap(), u16::try_from(h).unwrap()));
            }
            if dice.chance(2) {
                update(&mut desk.model, Msg::Paste("x\r\n!!\u{1b}[2J".into()));
            }
            if step % 25 == 0 {
                desk.tick(i64::from(step));
                desk.frame();
            }
            if step % 60 == 0 && Density::of(desk.size) == Density::Card {
                desk.resize((120, 40));
            }
        }
    }
    assert!(sent > 20, "the monkey never got to anything: {sent}");
}
