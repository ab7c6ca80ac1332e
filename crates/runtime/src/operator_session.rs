//! One operator's way into a running day: what they may do is kept by the driver, not by their screen.

use tokio::sync::{mpsc, oneshot, watch};

use super::handle::DriverRequest;
use engine::{
    Command,
    control::{
        Authority, Commit, CommitDenied, CommitError, CommitResult, Preview, SessionOpening,
        SessionStatus,
    },
};

/// What a session asks of the driver; each with the way the answer goes back.
#[derive(Debug)]
pub(super) enum SessionRequest {
    Open(SessionOpening, ReplySender<(u64, watch::Receiver<SessionStatus>)>),
    Propose(u64, ProposalRequest, ReplySender<Box<Preview>>),
    Commit(u64, Box<Commit>, ReplySender<CommitResult>),
    Direct(u64, DirectRequest, ReplySender<()>),
}

pub(super) type ReplySender<T> = oneshot::Sender<Result<T, CommitError>>;

/// What a proposal is made of, but for what the driver adds.
#[derive(Debug)]
pub(super) struct ProposalRequest {
    pub(super) commands: Vec<Command>,
    pub(super) seen: u64,
}

/// What is done without a plan.
#[derive(Debug)]
pub(super) enum DirectRequest {
    Brake(Command, Option<String>),
    Arm(String),
    Disarm,
}

/// One operator's way into a running day. Cheap to copy; the copies are one session, and when the
/// last is gone the session is, and with it its arming.
#[derive(Debug, Clone)]
pub struct OperatorSession {
    control: mpsc::Sender<DriverRequest>,
    id: u64,
    standing: watch::Receiver<SessionStatus>,
}

impl OperatorSession {
    /// Opens a session at the driver behind `control`.
    pub(super) async fn open(
        control: mpsc::Sender<DriverRequest>,
        opening: SessionOpening,
    ) -> Result<Self, CommitError> {
        let (id, standing) = send(&control, |answer| SessionRequest::Open(opening, answer)).await?;
        Ok(Self { control, id, standing })
    }

    /// What the session may do now.
    #[must_use]
    pub fn authority(&self) -> Authority {
        self.standing.borrow().authority
    }

    /// The same, with the moment it ends by itself, to be watched for changes.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<SessionStatus> {
        self.standing.clone()
    }

    /// What doing all of `commands` would mean now. `seen` is the number of the last event the
    /// asker has folded in; what moved since is named in the plan.
    ///
    /// # Errors
    ///
    /// `NotCommitted::Refused` when the engine would take none of them, `NotCommitted::Denied`
    /// for a locked session, `NotCommitted::Gone` when the day is over.
    pub async fn propose(
        &self,
        commands: Vec<Command>,
        seen: u64,
    ) -> Result<Box<Preview>, CommitError> {
        let wish = ProposalRequest { commands, seen };
        send(&self.control, |answer| SessionRequest::Propose(self.id, wish, answer)).await
    }

    /// Does what was agreed to, if it is still what would happen. The same commit twice is one act
    /// with one answer.
    ///
    /// # Errors
    ///
    /// `NotCommitted`; nothing was then given to the engine.
    pub async fn commit(&self, commit: Commit) -> Result<CommitResult, CommitError> {
        send(&self.control, |answer| SessionRequest::Commit(self.id, Box::new(commit), answer))
            .await
    }

    /// Makes things safer at once, armed or not: a halt, a pause, a hold, a rejection.
    ///
    /// # Errors
    ///
    /// `Denied::NoBrake` for anything else, `Denied::Locked` for a session that may only look,
    /// the engine's refusal, or `NotCommitted::Gone`.
    pub async fn brake(&self, command: Command, reason: Option<String>) -> Result<(), CommitError> {
        self.send_direct(DirectRequest::Brake(command, reason)).await
    }

    /// Makes this session the armed one, in place of whichever was.
    ///
    /// # Errors
    ///
    /// `Denied::Locked` for a session that may only look, the engine's refusal of a blank reason,
    /// or `NotCommitted::Gone`.
    pub async fn arm(&self, reason: impl Into<String>) -> Result<(), CommitError> {
        self.send_direct(DirectRequest::Arm(reason.into())).await
    }

    /// Lets nobody be armed, this session or another.
    ///
    /// # Errors
    ///
    /// `Denied::Locked` for a session that may only look, the engine's refusal when nobody is
    /// armed, or `NotCommitted::Gone`.
    pub async fn disarm(&self) -> Result<(), CommitError> {
        self.send_direct(DirectRequest::Disarm).await
    }

    async fn send_direct(&self, given: DirectRequest) -> Result<(), CommitError> {
        if self.authority() == Authority::ReadOnly {
            return Err(CommitDenied::ReadOnly.into());
        }
        send(&self.control, |answer| SessionRequest::Direct(self.id, given, answer)).await
    }
}

async fn send<T>(
    control: &mpsc::Sender<DriverRequest>,
    question: impl FnOnce(ReplySender<T>) -> SessionRequest,
) -> Result<T, CommitError> {
    let (answer, answered) = oneshot::channel();
    let sent = control.send(DriverRequest::Session(question(answer))).await;
    sent.map_err(|_closed| CommitError::EngineGone)?;
    answered.await.unwrap_or(Err(CommitError::EngineGone))
}
