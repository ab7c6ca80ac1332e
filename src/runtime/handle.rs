//! What the rest of the program holds of a running day: a way to ask, and a way to watch.

use std::sync::Arc;

use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::{
    feed::Watcher,
    session::{Ask, Session},
};
use crate::{
    acting::{NotCommitted, Opening},
    engine::{Recorded, RunState},
    wire::{Beat, Pace},
};

/// Questions waiting for the driver. A full queue makes the asker wait: an act of a person is never
/// dropped.
pub(super) const ASKED_MAX: usize = 64;

/// The day is over and nobody answers any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the run has ended and takes no orders; start a new one")]
pub struct Gone;

/// What a driver can be asked.
#[derive(Debug)]
pub(super) enum Control {
    Ask(Ask),
    Snapshot(oneshot::Sender<Box<RunState>>),
    Pace(Pace),
    /// The desk, a flag file or a signal has something to tell.
    Look,
    Stop,
}

/// Asks a driver, and watches it. Cheap to copy. Acting on the run takes a [`Session`]: no command
/// reaches the engine past the guards but the program's own (the approver's, an unattended end).
#[derive(Debug, Clone)]
pub struct Handle {
    pub(super) control: mpsc::Sender<Control>,
    /// Weak, so that watchers see the end once the driver is gone.
    pub(super) events: broadcast::WeakSender<Arc<Recorded>>,
    pub(super) beats: watch::Receiver<Beat>,
    pub(super) frozen: watch::Receiver<Option<Arc<str>>>,
    /// Whether the run began before its driver did.
    pub(super) taken_up: bool,
}

impl Handle {
    /// The state of the run as it is now.
    ///
    /// # Errors
    ///
    /// [`Gone`] when the day is over.
    pub async fn snapshot(&self) -> Result<Box<RunState>, Gone> {
        let (answer, answered) = oneshot::channel();
        self.ask(Control::Snapshot(answer)).await?;
        answered.await.map_err(|_closed| Gone)
    }

    /// Lets the run's clock run otherwise. A real clock does not listen.
    ///
    /// # Errors
    ///
    /// [`Gone`] when the day is over.
    pub async fn set_pace(&self, pace: Pace) -> Result<(), Gone> {
        self.ask(Control::Pace(pace)).await
    }

    /// Ends the driver after the step it is in. The day stays as it is.
    ///
    /// # Errors
    ///
    /// [`Gone`] when it has ended already.
    pub async fn stop(&self) -> Result<(), Gone> {
        self.ask(Control::Stop).await
    }

    /// Opens a session: the way of one operator to act, kept to what they may do.
    ///
    /// # Errors
    ///
    /// [`NotCommitted::Denied`] when too many are open, [`NotCommitted::Gone`] when the day is over.
    pub async fn open(&self, opening: Opening) -> Result<Session, NotCommitted> {
        Session::open(self.control.clone(), opening).await
    }

    /// Changes about once a second of the wall while the run is driven, whatever the run's own clock
    /// does. When it stands still, what is on screen is old.
    #[must_use]
    pub fn beats(&self) -> watch::Receiver<Beat> {
        self.beats.clone()
    }

    /// Why nothing can be recorded, while it cannot: nothing is started then, and nothing told.
    #[must_use]
    pub fn frozen(&self) -> watch::Receiver<Option<Arc<str>>> {
        self.frozen.clone()
    }

    /// Watches events from the first on; asked for before the driver runs. Asked for later, or of a run
    /// that is taken up, a whole state comes first, as with [`Handle::watch`].
    #[must_use]
    pub fn follow(&self) -> Watcher {
        if self.taken_up { self.watch() } else { Watcher::first(self.clone()) }
    }

    /// Watches events from now on; a whole state comes first.
    #[must_use]
    pub fn watch(&self) -> Watcher {
        Watcher::new(self.clone())
    }

    async fn ask(&self, control: Control) -> Result<(), Gone> {
        self.control.send(control).await.map_err(|_closed| Gone)
    }
}
