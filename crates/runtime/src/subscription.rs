//! Subscription to a run: events in order, and a snapshot after missed events.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::handle::RunHandle;
use engine::{RecordedEvent, RunState};

/// Events buffered for slow subscribers. One that falls further behind receives a snapshot; the
/// driver never waits for it.
pub(super) const BEHIND_MAX: usize = 4_096;

/// An item of a subscription.
#[derive(Debug, Clone)]
pub enum SubscriptionItem {
    /// The run state; first, and after a gap.
    Snapshot(Box<RunState>),
    /// The next event, numbered consecutively.
    Event(Arc<RecordedEvent>),
}

/// A subscriber to the events of a run.
#[derive(Debug)]
pub struct Subscription {
    handle: RunHandle,
    events: broadcast::Receiver<Arc<RecordedEvent>>,
    /// Number of the last event seen; `None` before the first snapshot.
    seen: Option<u64>,
    missed: u64,
}

impl Subscription {
    pub(super) fn new(handle: RunHandle) -> Self {
        let events = match handle.events.upgrade() {
            Some(events) => events.subscribe(),
            // The run has ended: a closed channel reports that.
            None => broadcast::channel(1).1,
        };
        Self { handle, events, seen: None, missed: 0 }
    }

    /// Creates a subscription that receives every event of a run that is not driven yet.
    pub(super) fn from_start(handle: RunHandle) -> Self {
        Self { seen: Some(0), ..Self::new(handle) }
    }

    /// Returns the number of events missed because this subscriber was too slow.
    #[must_use]
    pub const fn missed_count(&self) -> u64 {
        self.missed
    }

    /// Returns the next item; `None` once the run has ended and every event was seen.
    pub async fn next(&mut self) -> Option<SubscriptionItem> {
        let Some(seen) = self.seen else { return self.request_snapshot().await };
        loop {
            match self.events.recv().await {
                // The snapshot already includes this event.
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

    /// Returns the next event if it has arrived; `None` if there is none, or a snapshot must come
    /// first.
    pub fn try_next(&mut self) -> Option<Arc<RecordedEvent>> {
        let seen = self.seen?;
        loop {
            match self.events.try_recv() {
                Ok(recorded) if recorded.seq <= seen => {}
                Ok(recorded) if recorded.seq == seen + 1 => {
                    self.seen = Some(recorded.seq);
                    return Some(recorded);
                }
                // A gap: the next call of `next` returns a snapshot.
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
