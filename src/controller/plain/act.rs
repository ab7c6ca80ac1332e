//! One act on a day that others drive, from a line to what came of it: shown, agreed to, done.

use std::{io::Write, time::Duration};

use tokio::sync::mpsc;

use super::{
    ask,
    heard::{Heard, heard},
    talk::{PlainError, look},
};
use crate::{
    acting::{ActPlan, Authority, Commit, NotCommitted, Opening},
    engine::{Actor, Command, RunState},
    present::{acts, plain::spoken},
    runtime::{Handle, Session, instant},
};

/// Times an act that is agreed to beforehand is proposed anew because what it would do has changed.
const AGAIN_MAX: u32 = 5;

/// How an act is agreed to.
#[derive(Debug)]
pub enum Agreement {
    /// Beforehand, with the phrase that a grave act asks for, if it was given.
    Given(Option<String>),
    /// By a line that is typed once it was shown.
    Typed(mpsc::Receiver<String>),
}

/// What to do where somebody else is armed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manners {
    /// Leave them that.
    Polite,
    /// Be armed in their place.
    TakeOver,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acted {
    /// It was done, or answered.
    Done,
    /// It was understood, and refused, or not agreed to.
    Refused,
    /// The line makes no sense.
    Misunderstood,
    /// The day is over, or its engine is gone.
    Gone,
}

/// Somebody acting.
struct Acting<'a> {
    out: &'a mut dyn Write,
    run: RunState,
    session: Session,
    operator: String,
    manners: Manners,
}

/// Does what a line says, after it was agreed to; says what came of it.
///
/// # Errors
///
/// [`PlainError::Write`] when nobody takes the lines.
pub async fn act(
    (handle, operator): (Handle, String),
    line: &str,
    (agreement, manners): (Agreement, Manners),
    out: &mut dyn Write,
) -> Result<Acted, PlainError> {
    let Ok(run) = handle.snapshot().await else { return Ok(Acted::Gone) };
    let heard = match heard(&run, line) {
        Ok(heard) => heard,
        Err(problem) => {
            writeln!(out, "{problem}")?;
            return Ok(Acted::Misunderstood);
        }
    };
    let opening = Opening { operator: operator.clone(), authority: Authority::Armed };
    let session = match handle.open(opening).await {
        Ok(session) => session,
        Err(why) => return refused(out, &why),
    };
    let mut acting = Acting { out, run: *run, session, operator, manners };
    match heard {
        Heard::Brake(command, reason) => acting.brake(command, reason).await,
        Heard::Act(command, reason) => acting.agree(command, reason, agreement).await,
        Heard::Nothing | Heard::Help | Heard::Status | Heard::Why(_) => {
            let lines = look(&acting.run, &heard);
            acting.say(lines)?;
            Ok(Acted::Done)
        }
        Heard::Disarm => {
            let answer = acting.session.disarm().await;
            acting.done(answer, "disarmed")
        }
        Heard::Yes(_) | Heard::Arm(_) | Heard::Quit => {
            acting.say(["that is for a console: `bellwether attach --plain`".to_owned()])?;
            Ok(Acted::Misunderstood)
        }
    }
}

fn refused(out: &mut dyn Write, why: &NotCommitted) -> Result<Acted, PlainError> {
    writeln!(out, "{}", spoken(&format!("not done: {why}")))?;
    let gone = *why == NotCommitted::Gone;
    Ok(if gone { Acted::Gone } else { Acted::Refused })
}

impl Acting<'_> {
    fn say(&mut self, lines: impl IntoIterator<Item = String>) -> Result<(), PlainError> {
        for line in lines {
            writeln!(self.out, "{line}")?;
        }
        Ok(self.out.flush()?)
    }

    fn done(&mut self, answer: Result<(), NotCommitted>, word: &str) -> Result<Acted, PlainError> {
        match answer {
            Ok(()) => self.say([word.to_owned()]).map(|()| Acted::Done),
            Err(why) => refused(self.out, &why),
        }
    }

    async fn brake(
        &mut self,
        command: Command,
        reason: Option<String>,
    ) -> Result<Acted, PlainError> {
        let word = format!("done: {}", acts::command(&command, self.run.plan()));
        let answer = self.session.brake(command, reason).await;
        self.done(answer, &spoken(&word))
    }

    /// Shows what a command would do until it is agreed to as it is, and has it done.
    async fn agree(
        &mut self,
        command: Command,
        reason: Option<String>,
        mut agreement: Agreement,
    ) -> Result<Acted, PlainError> {
        let seen = self.run.last_seq();
        let mut plan = match self.session.propose(vec![command], seen).await {
            Ok(plan) => plan,
            Err(why) => return refused(self.out, &why),
        };
        if plan.needs_reason && reason.is_none() {
            self.say(["it needs a reason: write it at the end of the line".to_owned()])?;
            return Ok(Acted::Refused);
        }
        for _ in 0..AGAIN_MAX {
            let shown = instant();
            self.say(ask::lines(Some(&self.run), &plan))?;
            let phrase = match &mut agreement {
                Agreement::Given(phrase) => phrase.clone(),
                Agreement::Typed(lines) => {
                    let Some(phrase) = said(lines.recv().await) else {
                        self.say(["left undone".to_owned()])?;
                        return Ok(Acted::Refused);
                    };
                    Some(phrase).filter(|phrase| !phrase.is_empty())
                }
            };
            if !self.armed(&plan, reason.as_deref()).await? {
                return Ok(Acted::Refused);
            }
            let wait = plan.wait.std().saturating_sub(shown.elapsed());
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
                    self.say(ask::outcome(&plan, &answer))?;
                    let done = answer.refused.is_empty();
                    return Ok(if done { Acted::Done } else { Acted::Refused });
                }
                Err(NotCommitted::Changed(newer)) => {
                    let changed = plan.difference(&newer);
                    self.say(changed.iter().map(|line| spoken(&format!("changed: {line}"))))?;
                    plan = newer;
                }
                Err(why) => return refused(self.out, &why),
            }
        }
        self.say(["not done: what it would do changes all the time".to_owned()])?;
        Ok(Acted::Refused)
    }

    /// Makes sure that the session may do it. Who is armed elsewhere stays so, unless it is the same
    /// operator or they were to be taken over from.
    async fn armed(&mut self, plan: &ActPlan, reason: Option<&str>) -> Result<bool, PlainError> {
        if !plan.tier.needs_arming() || self.session.authority() == Authority::Armed {
            return Ok(true);
        }
        let other = self.run.armed().map(|armed| armed.by.clone());
        let other = other.filter(|by| *by != Actor::Operator(self.operator.clone()));
        if let Some(by) = other.filter(|_| self.manners == Manners::Polite) {
            let line = format!("not done: {by} is armed; --take-over arms you in their place");
            self.say([spoken(&line)])?;
            return Ok(false);
        }
        let why = reason.unwrap_or(&plan.title).to_owned();
        match self.session.arm(why).await {
            Ok(()) => Ok(true),
            Err(why) => refused(self.out, &why).map(|_| false),
        }
    }
}

/// The phrase after a yes, which may be empty; `None` for anything else.
fn said(line: Option<String>) -> Option<String> {
    let line = line?;
    let line = line.trim();
    let rest = line.strip_prefix("yes").or_else(|| (line == "y").then_some(""))?;
    Some(rest.trim().to_owned())
}
