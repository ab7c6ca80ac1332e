//! What the rest of the program holds of a running day: a way to ask, and a way to watch.

use std::sync::Arc;

use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::{
    operator_session::{OperatorSession, ReplySender, SessionRequest},
    subscription::Subscription,
};
use crate::protocol::{ClockPace, Heartbeat};
use engine::{
    OrderReport, RecordedEvent, RunState,
    control::{CommitError, SessionOpening},
};

/// Questions waiting for the driver. A full queue makes the asker wait: an act of a person is never
/// dropped.
pub(super) const ASKED_MAX: usize = 64;

/// The day is over and nobody answers any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the run has ended and takes no orders; start a new one")]
pub struct DriverGone;

/// What a driver can be asked.
#[derive(Debug)]
pub(super) enum DriverRequest {
    Session(SessionRequest),
    Snapshot(oneshot::Sender<Box<RunState>>),
    Pace(ClockPace),
    LogFilter(String, ReplySender<()>),
    /// The desk, a flag file or a signal has something to tell.
    ReadOnlySession,
    Stop,
}

/// Asks a driver, and watches it. Cheap to copy. Acting on the run takes a `Session`: no command
/// reaches the engine past the guards but the program's own (the approver's, an unattended end).
#[derive(Debug, Clone)]
pub struct RunHandle {
    pub(super) control: mpsc::Sender<DriverRequest>,
    /// Weak, so that watchers see the end once the driver is gone.
    pub(super) events: broadcast::WeakSender<Arc<RecordedEvent>>,
    pub(super) beats: watch::Receiver<Heartbeat>,
    pub(super) frozen: watch::Receiver<Option<Arc<str>>>,
    pub(super) orders: watch::Receiver<Arc<OrderReport>>,
    /// Whether the run began before its driver did.
    pub(super) taken_up: bool,
}

impl RunHandle {
    /// The state of the run as it is now.
    ///
    /// # Errors
    ///
    /// `Gone` when the day is over.
    pub async fn snapshot(&self) -> Result<Box<RunState>, DriverGone> {
        let (answer, answered) = oneshot::channel();
        self.send_request(DriverRequest::Snapshot(answer)).await?;
        answered.await.map_err(|_closed| DriverGone)
    }

    /// Lets the run's clock run otherwise. A real clock does not listen.
    ///
    /// # Errors
    ///
    /// `Gone` when the day is over.
    pub async fn set_pace(&self, pace: ClockPace) -> Result<(), DriverGone> {
        self.send_request(DriverRequest::Pace(pace)).await
    }

    /// Changes the filter of the log of the process that drives the run.
    ///
    /// # Errors
    ///
    /// [`CommitError`] for a filter that is not understood, a process without a log, and a run that has
    /// ended.
    pub async fn set_log_filter(&self, filter: String) -> Result<(), CommitError> {
        let (answer, answered) = oneshot::channel();
        let sent = self.send_request(DriverRequest::LogFilter(filter, answer)).await;
        sent.map_err(|_gone| CommitError::EngineGone)?;
        answered.await.map_err(|_closed| CommitError::EngineGone)?
    }

    /// Ends the driver after the step it is in. The day stays as it is.
    ///
    /// # Errors
    ///
    /// `Gone` when it has ended already.
    pub async fn stop(&self) -> Result<(), DriverGone> {
        self.send_request(DriverRequest::Stop).await
    }

    /// Opens a session: the way of one operator to act, kept to what they may do.
    ///
    /// # Errors
    ///
    /// `NotCommitted::Denied` when too many are open, `NotCommitted::Gone` when the day is over.
    pub async fn open(&self, opening: SessionOpening) -> Result<OperatorSession, CommitError> {
        OperatorSession::open(self.control.clone(), opening).await
    }

    /// Changes about once a second of the wall while the run is driven, whatever the run's own clock
    /// does. When it stands still, what is on screen is old.
    #[must_use]
    pub fn heartbeats(&self) -> watch::Receiver<Heartbeat> {
        self.beats.clone()
    }

    /// Why nothing can be recorded, while it cannot: nothing is started then, and nothing told.
    #[must_use]
    pub fn journal_fault(&self) -> watch::Receiver<Option<Arc<str>>> {
        self.frozen.clone()
    }

    /// The orders of the desk, about once a second; none of a run that is replayed.
    #[must_use]
    pub fn orders(&self) -> watch::Receiver<Arc<OrderReport>> {
        self.orders.clone()
    }

    /// Watches events from the first on; asked for before the driver runs. Asked for later, or of a run
    /// that is taken up, a whole state comes first, as with `Handle::watch`.
    #[must_use]
    pub fn subscribe_from_start(&self) -> Subscription {
        if self.taken_up { self.subscribe() } else { Subscription::from_start(self.clone()) }
    }

    /// Watches events from now on; a whole state comes first.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        Subscription::new(self.clone())
    }

    async fn send_request(&self, control: DriverRequest) -> Result<(), DriverGone> {
        self.control.send(control).await.map_err(|_closed| DriverGone)
    }
}
