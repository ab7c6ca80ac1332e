//! Where a console without a screen hears of the day: every event of it kept, or a watcher of a day that others drive.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::{
    engine::Recorded,
    runtime::{Seen, Watcher},
};

/// See the module.
#[derive(Debug)]
pub enum Told {
    /// Every event, from the first.
    Kept(mpsc::UnboundedReceiver<Arc<Recorded>>),
    /// The run as it is, and what happens from then on.
    Watched(Box<Watcher>),
}

impl Told {
    /// What happens next; `None` once everything has been told.
    pub(super) async fn next(&mut self) -> Option<Seen> {
        match self {
            Self::Kept(events) => events.recv().await.map(Seen::Event),
            Self::Watched(watcher) => watcher.next().await,
        }
    }

    /// What has happened already, without waiting.
    pub(super) fn ready(&mut self) -> Option<Arc<Recorded>> {
        match self {
            Self::Kept(events) => events.try_recv().ok(),
            Self::Watched(watcher) => watcher.ready(),
        }
    }
}
