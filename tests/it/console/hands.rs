//! The operator's hands and the driver's answers: keys by their names, and what is given to the engine.

use bellwether::{
    engine::{
        Actor, Command,
        control::{self, CommitError, GuardLevel, Proposal},
    },
    tui::{self, Effect, KeyScript, Model, Msg},
};
use chrono::{DateTime, Utc};
use ratatui::crossterm::event::KeyEvent;

/// Answers what a console proposes, as the driver would; what follows from the answers.
pub(crate) fn answer(
    model: &mut Model,
    (now, guards): (DateTime<Utc>, GuardLevel),
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
        let plan = control::propose(run, now, &proposal, guards);
        let answer = plan.map(Box::new).map_err(CommitError::from);
        let next = tui::update(model, Msg::Preview { ticket: *ticket, answer });
        out.extend(self::answer(model, (now, guards), &next));
        out.extend(next);
    }
    out
}

/// What is given to the engine, with its reason.
pub(crate) fn given(effects: &[Effect]) -> Vec<(Command, Option<String>)> {
    let mut all = Vec::new();
    for effect in effects {
        if let Effect::Brake { command, reason, .. } = effect {
            all.push((command.clone(), reason.clone()));
        }
        if let Effect::Commit { commit, .. } = effect {
            let commands = commit.proposal.commands.iter();
            all.extend(commands.map(|command| (command.clone(), commit.reason.clone())));
        }
    }
    all
}

/// The keys of a macro, as the tour reads them; see [`super::desk::Desk::press`].
pub(crate) fn parse(keys: &str) -> Vec<KeyEvent> {
    let keys = KeyScript::parse(keys).expect("keys that have names");
    let pressed =
        keys.messages().filter_map(|msg| if let Msg::Key(key) = msg { Some(key) } else { None });
    pressed.collect()
}
