//! What a service manager hears: that the day is up, how it stands, and that its driver still lives.
//! Without one, nothing is said.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::sync::watch;

use runtime::{Heartbeat, instant_now};
use view::format::{self, count_noun};

/// A driver beats once so often.
const BEAT: Duration = Duration::from_secs(1);

/// Says that a run is up, and goes on saying how it stands, until it is over. The watchdog is fed
/// when the driver has beaten, at twice the rate that is asked for, and never otherwise: a driver that
/// hangs starves it.
pub(crate) async fn notify_until_end(
    run: String,
    (mut beats, mut guests, mut waits): (
        watch::Receiver<Heartbeat>,
        watch::Receiver<usize>,
        watch::Receiver<Option<String>>,
    ),
) {
    let every = sd_notify::watchdog_enabled().map(|limit| limit / 2);
    let (mut fed, mut told) = (instant_now(), String::new());
    notify(&[NotifyState::Ready]);
    loop {
        let beat = *beats.borrow_and_update();
        let there = u64::try_from(*guests.borrow_and_update()).unwrap_or(u64::MAX);
        let now = format::format_minute(beat.now);
        let mut status = format!("{run} at {now}, {}", count_noun(there, "console"));
        if let Some(why) = &*waits.borrow_and_update() {
            status = format!("{status}: {why}");
        }
        if status != told {
            notify(&[NotifyState::Status(&status)]);
            told = status;
        }
        tokio::select! {
            beaten = beats.changed() => {
                if beaten.is_err() {
                    return;
                }
                let since = instant_now().saturating_duration_since(fed);
                // The next beat may come too late.
                if every.is_some_and(|every| since + BEAT > every) {
                    notify(&[NotifyState::Watchdog]);
                    fed = instant_now();
                }
            }
            Ok(()) = guests.changed() => {}
            Ok(()) = waits.changed() => {}
        }
    }
}

/// Says that the end has begun.
pub(crate) fn notify_stopping() {
    notify(&[NotifyState::Stopping]);
}

fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!("the service manager cannot be told: {error}");
    }
}
