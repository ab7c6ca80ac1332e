//! The operator's hands and the driver's answers: keys by their names, and what is given to the engine.

use bellwether::{
    acting::{self, Guards, NotCommitted, Proposal},
    console::{self, Effect, Model, Msg},
    engine::{Actor, Command},
};
use chrono::{DateTime, Utc};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Answers what a console proposes, as the driver would; what follows from the answers.
pub(crate) fn answer(
    model: &mut Model,
    (now, guards): (DateTime<Utc>, Guards),
    effects: &[Effect],
) -> Vec<Effect> {
    let mut out = Vec::new();
    for effect in effects {
        let Effect::Propose { ticket, commands, seen } = effect else { continue };
        let proposal = Proposal {
            id: *ticket,
            by: Actor::Operator("ana".into()),
            commands: commands.clone(),
            seen: *seen,
        };
        let run = model.run().expect("what is proposed is proposed about a run");
        let plan = acting::propose(run, now, &proposal, guards);
        let answer = plan.map(Box::new).map_err(NotCommitted::from);
        let next = console::update(model, Msg::Proposed { ticket: *ticket, answer });
        out.extend(self::answer(model, (now, guards), &next));
        out.extend(next);
    }
    out
}

/// What is given to the engine, with its reason.
pub(crate) fn given(effects: &[Effect]) -> Vec<(Command, Option<String>)> {
    let mut all = Vec::new();
    for effect in effects {
        match effect {
            Effect::Brake { command, reason, .. } => all.push((command.clone(), reason.clone())),
            Effect::Commit { commit, .. } => {
                let commands = commit.proposal.commands.iter();
                all.extend(commands.map(|command| (command.clone(), commit.reason.clone())));
            }
            Effect::Propose { .. }
            | Effect::Arm { .. }
            | Effect::Disarm
            | Effect::Speed(_)
            | Effect::Resync
            | Effect::Quit(_)
            | Effect::Suspend
            | Effect::Notify { .. }
            | Effect::Mouse(_)
            | Effect::Copy(_)
            | Effect::Export { .. }
            | Effect::SaveFilters(_)
            | Effect::DryRun { .. }
            | Effect::Redraw => {}
        }
    }
    all
}

/// A key by the name it has in a macro.
fn named(name: &str) -> Option<(KeyCode, KeyModifiers)> {
    const KEYS: [(&str, KeyCode, KeyModifiers); 13] = [
        ("up", KeyCode::Up, KeyModifiers::NONE),
        ("down", KeyCode::Down, KeyModifiers::NONE),
        ("right", KeyCode::Right, KeyModifiers::NONE),
        ("c-p", KeyCode::Char('p'), KeyModifiers::CONTROL),
        ("esc", KeyCode::Esc, KeyModifiers::NONE),
        ("enter", KeyCode::Enter, KeyModifiers::NONE),
        ("tab", KeyCode::Tab, KeyModifiers::NONE),
        ("s-tab", KeyCode::BackTab, KeyModifiers::SHIFT),
        ("pgdn", KeyCode::PageDown, KeyModifiers::NONE),
        ("f1", KeyCode::F(1), KeyModifiers::NONE),
        ("f9", KeyCode::F(9), KeyModifiers::NONE),
        ("backspace", KeyCode::Backspace, KeyModifiers::NONE),
        ("c-c", KeyCode::Char('c'), KeyModifiers::CONTROL),
    ];
    KEYS.iter().find(|(key, ..)| *key == name).map(|(_, code, modifiers)| (*code, *modifiers))
}

/// The keys of a macro; see [`super::desk::Desk::press`].
pub(crate) fn parse(keys: &str) -> Vec<KeyEvent> {
    let mut out = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        let macro_key = rest
            .strip_prefix('<')
            .and_then(|tail| tail.split_once('>'))
            .and_then(|(name, tail)| Some((named(name)?, tail)));
        let ((code, modifiers), tail) = macro_key.unwrap_or_else(|| {
            ((KeyCode::Char(c), KeyModifiers::NONE), rest.split_at(c.len_utf8()).1)
        });
        rest = tail;
        out.push(KeyEvent::new(code, modifiers));
    }
    out
}
