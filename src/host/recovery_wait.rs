//! Reporting why a served run waits for an operator to recover it.

use tokio::sync::watch;

use super::stderr::write_stderr;
use engine::{Event, RunState};
use runtime::{RunHandle, SubscriptionItem};
use view::recovery;

/// Writes once why a run waits, and publishes it for as long as the run does. Must be called inside a
/// runtime.
pub(crate) fn watch_recovery_wait(day: &RunHandle) -> watch::Receiver<Option<String>> {
    let (told, heard) = watch::channel(None);
    let mut watcher = day.subscribe();
    tokio::spawn(async move {
        while let Some(seen) = watcher.next().await {
            match seen {
                SubscriptionItem::Snapshot(run) => {
                    if !publish_wait(&run, &told).await {
                        return;
                    }
                }
                SubscriptionItem::Event(recorded)
                    if matches!(recorded.event, Event::RecoveryCompleted) =>
                {
                    told.send_replace(None);
                    return;
                }
                SubscriptionItem::Event(_) => {}
            }
        }
    });
    heard
}

/// Publishes why the run waits, and writes it the first time; returns whether the run waits.
async fn publish_wait(run: &RunState, told: &watch::Sender<Option<String>>) -> bool {
    let why = recovery::recovery_wait_reason(run);
    let before = told.send_replace(why.clone());
    let waits = why.is_some();
    if let (Some(why), None) = (why, before) {
        tracing::warn!("{why}");
        write_stderr(why).await;
    }
    waits
}
