//! What the console's loop waits for besides keys and events: what others tell, and moments.

use std::time::Duration;

use tokio::sync::watch;

use runtime::{Heartbeat, instant_now, wall_now};
use tui::Model;

/// The next change of what somebody else tells; without end once nobody tells it.
pub(super) async fn next_change<T: Clone>(told: &mut Option<watch::Receiver<T>>) -> Option<T> {
    let Some(receiver) = told else { return std::future::pending().await };
    if receiver.changed().await.is_err() {
        *told = None;
        return None;
    }
    current_value(told)
}

/// What somebody else tells now, if anybody does.
pub(super) fn current_value<T: Clone>(told: &mut Option<watch::Receiver<T>>) -> Option<T> {
    told.as_mut().map(|receiver| receiver.borrow_and_update().clone())
}

/// The next beat; `None` when there is none to come.
pub(super) async fn next_heartbeat(beats: &mut watch::Receiver<Heartbeat>) -> Option<Heartbeat> {
    beats.changed().await.ok()?;
    Some(*beats.borrow_and_update())
}

/// When the model changes by time alone.
pub(super) fn sleep_until_due(model: &Model) -> Option<tokio::time::Instant> {
    let left = (model.next_deadline()? - wall_now()).to_std().unwrap_or(Duration::ZERO);
    // A countdown on screen moves ten times a second.
    Some((instant_now() + left.min(Duration::from_millis(100))).into())
}

pub(super) async fn sleep_until(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
