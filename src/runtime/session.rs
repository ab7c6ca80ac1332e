//! One operator's way into a running day: what they may do is kept by the driver, not by their screen.

use tokio::sync::{mpsc, oneshot, watch};

use super::handle::Control;
use crate::{
    acting::{ActPlan, Authority, Commit, Committed, Denied, NotCommitted, Opening, Standing},
    engine::Command,
};

/// What a session asks of the driver; each with the way the answer goes back.
#[derive(Debug)]
pub(super) enum Ask {
    Open(Opening, Answer<(u64, watch::Receiver<Standing>)>),
    Propose(u64, Wish, Answer<Box<ActPlan>>),
    Commit(u64, Box<Commit>, Answer<Committed>),
    Give(u64, Given, Answer<()>),
}

pub(super) type Answer<T> = oneshot::Sender<Result<T, NotCommitted>>;

/// What a proposal is made of, but for what the driver adds.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) commands: Vec<Command>,
    pub(super) seen: u64,
}

/// What is done without a plan.
#[derive(Debug)]
pub(super) enum Given {
    Brake(Command, Option<String>),
    Arm(String),
    Disarm,
}

/// One operator's way into a running day. Cheap to copy; the copies are one session, and when the
/// last is gone the session is, and with it its arming.
#[derive(Debug, Clone)]
pub struct Session {
    control: mpsc::Sender<Control>,
    id: u64,
    standing: watch::Receiver<Standing>,
}

impl Session {
    /// Opens a session at the driver behind `control`.
    pub(super) async fn open(
        control: mpsc::Sender<Control>,
        opening: Opening,
    ) -> Result<Self, NotCommitted> {
        let (id, standing) = ask(&control, |answer| Ask::Open(opening, answer)).await?;
        Ok(Self { control, id, standing })
    }

    /// What the session may do now.
    #[must_use]
    pub fn authority(&self) -> Authority {
        self.standing.borrow().authority
    }

    /// The same, with the moment it ends by itself, to be watched for changes.
    #[must_use]
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// What doing all of `commands` would mean now. `seen` is the number of the last event the
    /// asker has folded in; what moved since is named in the plan.
    ///
    /// # Errors
    ///
    /// [`NotCommitted::Refused`] when the engine would take none of them, [`NotCommitted::Denied`]
    /// for a locked session, [`NotCommitted::Gone`] when the day is over.
    pub async fn propose(
        &self,
        commands: Vec<Command>,
        seen: u64,
    ) -> Result<Box<ActPlan>, NotCommitted> {
        let wish = Wish { commands, seen };
        ask(&self.control, |answer| Ask::Propose(self.id, wish, answer)).await
    }

    /// Does what was agreed to, if it is still what would happen. The same commit twice is one act
    /// with one answer.
    ///
    /// # Errors
    ///
    /// [`NotCommitted`]; nothing was then given to the engine.
    pub async fn commit(&self, commit: Commit) -> Result<Committed, NotCommitted> {
        ask(&self.control, |answer| Ask::Commit(self.id, Box::new(commit), answer)).await
    }

    /// Makes things safer at once, armed or not: a halt, a pause, a hold, a rejection.
    ///
    /// # Errors
    ///
    /// [`Denied::NoBrake`] for anything else, [`Denied::Locked`] for a session that may only look,
    /// the engine's refusal, or [`NotCommitted::Gone`].
    pub async fn brake(
        &self,
        command: Command,
        reason: Option<String>,
    ) -> Result<(), NotCommitted> {
        self.give(Given::Brake(command, reason)).await
    }

    /// Makes this session the armed one, in place of whichever was.
    ///
    /// # Errors
    ///
    /// [`Denied::Locked`] for a session that may only look, the engine's refusal of a blank reason,
    /// or [`NotCommitted::Gone`].
    pub async fn arm(&self, reason: impl Into<String>) -> Result<(), NotCommitted> {
        self.give(Given::Arm(reason.into())).await
    }

    /// Lets nobody be armed, this session or another.
    ///
    /// # Errors
    ///
    /// [`Denied::Locked`] for a session that may only look, the engine's refusal when nobody is
    /// armed, or [`NotCommitted::Gone`].
    pub async fn disarm(&self) -> Result<(), NotCommitted> {
        self.give(Given::Disarm).await
    }

    async fn give(&self, given: Given) -> Result<(), NotCommitted> {
        if self.authority() == Authority::Locked {
            return Err(Denied::Locked.into());
        }
        ask(&self.control, |answer| Ask::Give(self.id, given, answer)).await
    }
}

async fn ask<T>(
    control: &mpsc::Sender<Control>,
    question: impl FnOnce(Answer<T>) -> Ask,
) -> Result<T, NotCommitted> {
    let (answer, answered) = oneshot::channel();
    let sent = control.send(Control::Ask(question(answer))).await;
    sent.map_err(|_closed| NotCommitted::Gone)?;
    answered.await.unwrap_or(Err(NotCommitted::Gone))
}
