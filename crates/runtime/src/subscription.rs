//! Watching a run from outside: events in order, and a whole state whenever some were missed.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::handle::RunHandle;
use engine::{RecordedEvent, RunState};

/// Events kept for watchers that are behind. One that falls further behind is given the whole
/// state instead; the driver never waits for it.
pub(super) const BEHIND_MAX: usize = 4_096;

/// What a watcher sees next.
#[derive(Debug, Clone)]
pub enum SubscriptionItem {
    /// The run as it is; first, and after a gap.
    Snapshot(Box<RunState>),
    /// The next event; its number follows that of what was seen before.
    Event(Arc<RecordedEvent>),
}

/// Sees a run go on.
#[derive(Debug)]
pub struct Subscription {
    handle: RunHandle,
    events: broadcast::Receiver<Arc<RecordedEvent>>,
    /// Number of the last event seen; `None` before the first state.
    seen: Option<u64>,
    missed: u64,
}

impl Subscription {
    pub(super) fn new(handle: RunHandle) -> Self {
        let events = match handle.events.upgrade() {
            Some(events) => events.subscribe(),
            // The run is over: a channel nobody sends on, which says so.
            None => broadcast::channel(1).1,
        };
        Self { handle, events, seen: None, missed: 0 }
    }

    /// One that will see every event, of a run whose driver does not run yet.
    pub(super) fn from_start(handle: RunHandle) -> Self {
        Self { seen: Some(0), ..Self::new(handle) }
    }

    /// Events passed over because this watcher was too slow.
    #[must_use]
    pub const fn missed_count(&self) -> u64 {
        self.missed
    }

    /// What happens next; `None` once the run is over and everything has been seen.
    pub async fn next(&mut self) -> Option<SubscriptionItem> {
        let Some(seen) = self.seen else { return self.request_snapshot().await };
        loop {
            match self.events.recv().await {
                // What a state has already told is not told again.
                Ok(recorded) if recorded.seq <= seen => {}
                Ok(recorded) if recorded.seq == seen + 1 => {
                    self.seen = Some(recorded.seq);
                    return Some(SubscriptionItem::Event(recorded));
                }
                Ok(recorded) => {
                    self.missed += recorded.seq - seen - 1;
                    return self.request_snapshot().await;
                }
                Err(broadcast::error::RecvError::Lagged(n)) => {
                    self.missed += n;
                    return self.request_snapshot().await;
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }

    /// What has happened already and was not seen yet, without waiting; `None` when there is
    /// nothing, or something else must be seen first.
    pub fn try_next(&mut self) -> Option<Arc<RecordedEvent>> {
        let seen = self.seen?;
        loop {
            match self.events.try_recv() {
                Ok(recorded) if recorded.seq <= seen => {}
                Ok(recorded) if recorded.seq == seen + 1 => {
                    self.seen = Some(recorded.seq);
                    return Some(recorded);
                }
                // A gap: the next call of `next` gives the whole state.
                Ok(_) | Err(broadcast::error::TryRecvError::Lagged(_)) => {
                    self.missed += 1;
                    self.seen = None;
                    return None;
                }
                Err(_empty_or_closed) => return None,
            }
        }
    }

    async fn request_snapshot(&mut self) -> Option<SubscriptionItem> {
        let state = self.handle.snapshot().await.ok()?;
        self.seen = Some(state.last_seq());
        Some(SubscriptionItem::Snapshot(state))
    }
}
