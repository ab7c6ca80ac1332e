//! A served day that only a person may let go on: whoever looks after it is told why it stands still.

use std::io::{self, Write as _};

use tokio::sync::watch;

use crate::{
    engine::{Event, RunState},
    present::recovery,
    runtime::{Handle, Seen},
};

/// Says why a day waits, once, and in what is given back for as long as it does. Must be called inside
/// a runtime.
pub(super) fn told(day: &Handle) -> watch::Receiver<Option<String>> {
    let (told, heard) = watch::channel(None);
    let mut watcher = day.watch();
    tokio::spawn(async move {
        while let Some(seen) = watcher.next().await {
            match seen {
                Seen::Whole(run) => {
                    if !tell(&run, &told) {
                        return;
                    }
                }
                Seen::Event(recorded) if matches!(recorded.event, Event::RecoveryEnded) => {
                    told.send_replace(None);
                    return;
                }
                Seen::Event(_) => {}
            }
        }
    });
    heard
}

/// Says it, unless it was said; gives whether the day waits at all.
fn tell(run: &RunState, told: &watch::Sender<Option<String>>) -> bool {
    let why = recovery::waits(run);
    if let Some(why) = why.as_ref().filter(|_| told.borrow().is_none()) {
        tracing::warn!("{why}");
        // Whoever closed it does not want to know.
        let _ = writeln!(io::stderr(), "bellwether: {why}");
    }
    let waits = why.is_some();
    told.send_replace(why);
    waits
}
