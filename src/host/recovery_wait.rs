//! A served day that only a person may let go on: whoever looks after it is told why it stands still.

use std::io::{self, Write as _};

use tokio::sync::watch;

use engine::{Event, RunState};
use runtime::{RunHandle, SubscriptionItem};
use view::recovery;

/// Says why a day waits, once, and in what is given back for as long as it does. Must be called inside
/// a runtime.
pub(crate) fn watch_recovery_wait(day: &RunHandle) -> watch::Receiver<Option<String>> {
    let (told, heard) = watch::channel(None);
    let mut watcher = day.subscribe();
    tokio::spawn(async move {
        while let Some(seen) = watcher.next().await {
            match seen {
                SubscriptionItem::Snapshot(run) => {
                    if !publish_wait(&run, &told) {
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

/// Says it, unless it was said; gives whether the day waits at all.
fn publish_wait(run: &RunState, told: &watch::Sender<Option<String>>) -> bool {
    let why = recovery::recovery_wait_reason(run);
    if let Some(why) = why.as_ref().filter(|_| told.borrow().is_none()) {
        tracing::warn!("{why}");
        // Whoever closed it does not want to know.
        let _ = writeln!(io::stderr(), "bellwether: {why}");
    }
    let waits = why.is_some();
    told.send_replace(why);
    waits
}
