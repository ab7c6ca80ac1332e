//! Where a console without a screen hears of the day: every event of it kept, or a watcher of a day that others drive.

use std::sync::Arc;

use tokio::sync::mpsc;

use engine::RecordedEvent;
use runtime::{Subscription, SubscriptionItem};

/// See the module.
#[derive(Debug)]
pub enum PlainEventSource {
    /// Every event, from the first.
    FromJournal(mpsc::UnboundedReceiver<Arc<RecordedEvent>>),
    /// The run as it is, and what happens from then on.
    FromSubscription(Box<Subscription>),
}

impl PlainEventSource {
    /// What happens next; `None` once everything has been told.
    pub(super) async fn next(&mut self) -> Option<SubscriptionItem> {
        match self {
            Self::FromJournal(events) => events.recv().await.map(SubscriptionItem::Event),
            Self::FromSubscription(watcher) => watcher.next().await,
        }
    }

    /// What has happened already, without waiting.
    pub(super) fn try_next(&mut self) -> Option<Arc<RecordedEvent>> {
        match self {
            Self::FromJournal(events) => events.try_recv().ok(),
            Self::FromSubscription(watcher) => watcher.try_next(),
        }
    }
}
