//! One act on a day that others drive, from a line to what came of it: shown, agreed to, done.

use std::{io::Write, time::Duration};

use tokio::sync::mpsc;

use super::{
    console::{PlainError, answer_query},
    parse::{PlainInput, parse_input},
    preview_text,
};
use engine::{
    Actor, Command, RunState,
    control::{Authority, Commit, CommitError, Preview, SessionOpening},
};
use runtime::{OperatorSession, RunHandle, instant_now};
use view::{command_text, speech::spell_out};

/// Times an act that is agreed to beforehand is proposed anew because what it would do has changed.
const AGAIN_MAX: u32 = 5;

/// How an act is agreed to.
#[derive(Debug)]
pub enum Consent {
    /// Beforehand, with the phrase that a grave act asks for, if it was given.
    PhraseGiven(Option<String>),
    /// By a line that is typed once it was shown.
    Typed(mpsc::Receiver<String>),
}

/// What to do where somebody else is armed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArmingConflict {
    /// Leave them that.
    RefuseIfArmed,
    /// Be armed in their place.
    TakeOver,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandResult {
    /// It was done, or answered.
    Done,
    /// It was understood, and refused, or not agreed to.
    Refused,
    /// The line makes no sense.
    NotUnderstood,
    /// The day is over, or its engine is gone.
    EngineGone,
}

/// Somebody acting.
struct CommandRunner<'a> {
    out: &'a mut dyn Write,
    run: RunState,
    session: OperatorSession,
    operator: String,
    manners: ArmingConflict,
}

/// Does what a line says, after it was agreed to; says what came of it.
///
/// # Errors
///
/// [`PlainError::Write`] when nobody takes the lines.
pub async fn run_command_line(
    (handle, operator): (RunHandle, String),
    line: &str,
    (agreement, manners): (Consent, ArmingConflict),
    out: &mut dyn Write,
) -> Result<CommandResult, PlainError> {
    let Ok(run) = handle.snapshot().await else { return Ok(CommandResult::EngineGone) };
    let heard = match parse_input(&run, line) {
        Ok(heard) => heard,
        Err(problem) => {
            writeln!(out, "{problem}")?;
            return Ok(CommandResult::NotUnderstood);
        }
    };
    let opening = SessionOpening { operator: operator.clone(), authority: Authority::Armed };
    let session = match handle.open(opening).await {
        Ok(session) => session,
        Err(why) => return print_refusal(out, &why),
    };
    let mut acting = CommandRunner { out, run: *run, session, operator, manners };
    match heard {
        PlainInput::Brake(command, reason) => acting.brake(command, reason).await,
        PlainInput::Command(command, reason) => acting.agree(command, reason, agreement).await,
        PlainInput::Nothing | PlainInput::Help | PlainInput::Status | PlainInput::Why(_) => {
            let lines = answer_query(&acting.run, &heard);
            acting.print_lines(lines)?;
            Ok(CommandResult::Done)
        }
        PlainInput::Disarm => {
            let answer = acting.session.disarm().await;
            acting.print_done(answer, "disarmed")
        }
        PlainInput::Yes(_) | PlainInput::Arm(_) | PlainInput::Quit => {
            acting
                .print_lines(["that is for a console: `bellwether attach --plain`".to_owned()])?;
            Ok(CommandResult::NotUnderstood)
        }
    }
}

fn print_refusal(out: &mut dyn Write, why: &CommitError) -> Result<CommandResult, PlainError> {
    writeln!(out, "{}", spell_out(&format!("not done: {why}")))?;
    let gone = *why == CommitError::EngineGone;
    Ok(if gone { CommandResult::EngineGone } else { CommandResult::Refused })
}

impl CommandRunner<'_> {
    fn print_lines(&mut self, lines: impl IntoIterator<Item = String>) -> Result<(), PlainError> {
        for line in lines {
            writeln!(self.out, "{line}")?;
        }
        Ok(self.out.flush()?)
    }

    fn print_done(
        &mut self,
        answer: Result<(), CommitError>,
        word: &str,
    ) -> Result<CommandResult, PlainError> {
        match answer {
            Ok(()) => self.print_lines([word.to_owned()]).map(|()| CommandResult::Done),
            Err(why) => print_refusal(self.out, &why),
        }
    }

    async fn brake(
        &mut self,
        command: Command,
        reason: Option<String>,
    ) -> Result<CommandResult, PlainError> {
        let word = format!("done: {}", command_text::command_text(&command, self.run.plan()));
        let answer = self.session.brake(command, reason).await;
        self.print_done(answer, &spell_out(&word))
    }

    /// Shows what a command would do until it is agreed to as it is, and has it done.
    async fn agree(
        &mut self,
        command: Command,
        reason: Option<String>,
        mut agreement: Consent,
    ) -> Result<CommandResult, PlainError> {
        let seen = self.run.last_seq();
        let mut plan = match self.session.propose(vec![command], seen).await {
            Ok(plan) => plan,
            Err(why) => return print_refusal(self.out, &why),
        };
        if plan.needs_reason && reason.is_none() {
            self.print_lines(["it needs a reason: write it at the end of the line".to_owned()])?;
            return Ok(CommandResult::Refused);
        }
        for _ in 0..AGAIN_MAX {
            let shown = instant_now();
            self.print_lines(preview_text::preview_lines(Some(&self.run), &plan))?;
            let phrase = match &mut agreement {
                Consent::PhraseGiven(phrase) => phrase.clone(),
                Consent::Typed(lines) => {
                    let Some(phrase) = typed_phrase(lines.recv().await) else {
                        self.print_lines(["left undone".to_owned()])?;
                        return Ok(CommandResult::Refused);
                    };
                    Some(phrase).filter(|phrase| !phrase.is_empty())
                }
            };
            if !self.ensure_armed(&plan, reason.as_deref()).await? {
                return Ok(CommandResult::Refused);
            }
            let wait = plan.wait.to_duration().saturating_sub(shown.elapsed());
            if wait > Duration::ZERO {
                tokio::time::sleep(wait).await;
            }
            let commit = Commit {
                proposal: plan.proposal.clone(),
                hash: plan.hash,
                reason: reason.clone(),
                phrase,
            };
            match self.session.commit(commit).await {
                Ok(answer) => {
                    self.print_lines(preview_text::outcome_lines(&plan, &answer))?;
                    let done = answer.refused.is_empty();
                    return Ok(if done { CommandResult::Done } else { CommandResult::Refused });
                }
                Err(CommitError::PreviewStale(newer)) => {
                    let changed = plan.diff_lines(&newer);
                    self.print_lines(
                        changed.iter().map(|line| spell_out(&format!("changed: {line}"))),
                    )?;
                    plan = newer;
                }
                Err(why) => return print_refusal(self.out, &why),
            }
        }
        self.print_lines(["not done: what it would do changes all the time".to_owned()])?;
        Ok(CommandResult::Refused)
    }

    /// Makes sure that the session may do it. Who is armed elsewhere stays so, unless it is the same
    /// operator or they were to be taken over from.
    async fn ensure_armed(
        &mut self,
        plan: &Preview,
        reason: Option<&str>,
    ) -> Result<bool, PlainError> {
        if !plan.tier.needs_arming() || self.session.authority() == Authority::Armed {
            return Ok(true);
        }
        let other = self.run.armed_operator().map(|armed| armed.by.clone());
        let other = other.filter(|by| *by != Actor::Operator(self.operator.clone()));
        if let Some(by) = other.filter(|_| self.manners == ArmingConflict::RefuseIfArmed) {
            let line = format!("not done: {by} is armed; --take-over arms you in their place");
            self.print_lines([spell_out(&line)])?;
            return Ok(false);
        }
        let why = reason.unwrap_or(&plan.title).to_owned();
        match self.session.arm(why).await {
            Ok(()) => Ok(true),
            Err(why) => print_refusal(self.out, &why).map(|_| false),
        }
    }
}

/// The phrase after a yes, which may be empty; `None` for anything else.
fn typed_phrase(line: Option<String>) -> Option<String> {
    let line = line?;
    let line = line.trim();
    let rest = line.strip_prefix("yes").or_else(|| (line == "y").then_some(""))?;
    Some(rest.trim().to_owned())
}
