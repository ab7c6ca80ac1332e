//! A desk whose engine does what was agreed to at the console, as the driver would let it.

use bellwether::{
    engine::{
        Actor, Command, CommandRequest, EngineInput,
        control::{self, CommitError, CommitResult},
    },
    tui::{self, Effect, Msg},
};
use ratatui::crossterm::event::KeyEvent;

use super::{
    desk::Desk,
    hands::{given, parse},
};

impl Desk {
    /// As [`Desk::given`], and the engine does it.
    pub(crate) fn obeyed(&mut self, keys: &str) -> Vec<Command> {
        let mut effects = self.press(keys);
        effects.extend(self.after(3_500));
        self.perform(&effects);
        given(&effects).into_iter().map(|(command, _)| command).collect()
    }

    /// As [`Desk::press`], and what is agreed to reaches the engine, whose answer comes back.
    pub(crate) fn obey(&mut self, keys: &str) -> Vec<Effect> {
        parse(keys).into_iter().flat_map(|key| self.key_obeyed(key)).collect()
    }

    pub(crate) fn key_obeyed(&mut self, key: KeyEvent) -> Vec<Effect> {
        let effects = self.key(key);
        self.perform(&effects);
        effects
    }

    /// Lets the engine do what was agreed to, if it is still what would happen.
    pub(crate) fn perform(&mut self, effects: &[Effect]) {
        for effect in effects {
            let (ticket, commands, reason) = if let Effect::Brake { ticket, command, reason } =
                effect
            {
                (*ticket, vec![command.clone()], reason.clone())
            } else if let Effect::Commit { ticket, commit } = effect {
                let proposal = &commit.proposal;
                let plan = control::propose(self.engine.state(), self.now, proposal, self.guards);
                let agreed = match plan {
                    Ok(plan) if control::check_commit(&plan, commit).is_ok() => Ok(()),
                    Ok(plan) => Err(CommitError::PreviewStale(Box::new(plan))),
                    Err(refusal) => Err(CommitError::Refused(refusal)),
                };
                if let Err(why) = agreed {
                    let msg = Msg::Committed { ticket: *ticket, answer: Err(why) };
                    tui::update(&mut self.model, msg);
                    continue;
                }
                (*ticket, proposal.commands.clone(), commit.reason.clone())
            } else {
                continue;
            };
            let mut answer = CommitResult { proposal: 0, done: Vec::new(), refused: Vec::new() };
            for command in commands {
                let id = 1_000_000 + self.engine.state().last_seq();
                let by = Actor::Operator("ana".into());
                let (reason, given) = (reason.clone(), command.clone());
                let order = CommandRequest { id, by, reason, command: given };
                let step = self.engine.step(self.now, EngineInput::Command(order));
                match step.refusal.clone() {
                    Some(refusal) => answer.refused.push((command, refusal)),
                    None => answer.done.push((id, command)),
                }
                self.told(step);
            }
            tui::update(&mut self.model, Msg::Committed { ticket, answer: Ok(answer) });
        }
    }
}
