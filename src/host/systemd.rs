//! Notifications to a service manager: readiness, status and the watchdog signal. Without a service
//! manager nothing is sent.

use std::{sync::mpsc, thread, time::Duration};

use sd_notify::NotifyState;
use tokio::sync::{oneshot, watch};

use runtime::{Heartbeat, instant_now};
use view::format::{self, count_noun};

/// How often a driver sends a heartbeat.
const BEAT: Duration = Duration::from_secs(1);
/// How long the end of a day waits for the service manager to take its last message.
const LAST_MESSAGE: Duration = Duration::from_secs(1);
/// Messages that may wait for a service manager that does not read them.
const WAITING_MAX: usize = 8;

#[derive(Debug)]
enum Message {
    Ready,
    Status(String),
    Watchdog,
    Stopping(oneshot::Sender<()>),
}

/// The way to the service manager. A manager that does not read blocks a thread of its own and never the
/// run: messages beyond [`WAITING_MAX`] are dropped.
#[derive(Debug, Clone)]
pub(crate) struct ServiceManager(mpsc::SyncSender<Message>);

impl ServiceManager {
    pub(crate) fn connect() -> std::io::Result<Self> {
        let (sender, messages) = mpsc::sync_channel(WAITING_MAX);
        thread::Builder::new().name("systemd".into()).spawn(move || {
            for message in messages {
                send(&message);
                // Its end tells who waits for the last message that it is sent.
                drop(message);
            }
        })?;
        Ok(Self(sender))
    }

    /// Reports the end of the day and waits a moment until the message is sent.
    pub(crate) async fn notify_stopping(&self) {
        let (sender, sent) = oneshot::channel();
        if self.notify(Message::Stopping(sender)) {
            // An end that the manager does not take in time is not waited for.
            let _ = tokio::time::timeout(LAST_MESSAGE, sent).await;
        }
    }

    /// Returns whether the message will be sent.
    fn notify(&self, message: Message) -> bool {
        let taken = self.0.try_send(message);
        if let Err(error) = &taken {
            tracing::warn!("the service manager does not take messages: {error}");
        }
        taken.is_ok()
    }
}

fn send(message: &Message) {
    let state = match message {
        Message::Ready => NotifyState::Ready,
        Message::Status(text) => NotifyState::Status(text),
        Message::Watchdog => NotifyState::Watchdog,
        Message::Stopping(_sent) => NotifyState::Stopping,
    };
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!("the service manager cannot be notified: {error}");
    }
}

/// Reports that a run is up, and then its status until it is over. The watchdog signal is sent after a
/// heartbeat of the driver, at twice the rate that is asked for, and never otherwise: a driver that hangs
/// sends none.
pub(crate) async fn notify_until_end(
    manager: ServiceManager,
    run: String,
    (mut beats, mut guests, mut waits): (
        watch::Receiver<Heartbeat>,
        watch::Receiver<usize>,
        watch::Receiver<Option<String>>,
    ),
) {
    let every = sd_notify::watchdog_enabled().map(|limit| limit / 2);
    let (mut fed, mut told) = (instant_now(), String::new());
    manager.notify(Message::Ready);
    loop {
        let beat = *beats.borrow_and_update();
        let there = u64::try_from(*guests.borrow_and_update()).unwrap_or(u64::MAX);
        let now = format::format_minute(beat.now);
        let mut status = format!("{run} at {now}, {}", count_noun(there, "console"));
        if let Some(why) = &*waits.borrow_and_update() {
            status = format!("{status}: {why}");
        }
        // A status that was not taken is sent again with the next change.
        if status != told && manager.notify(Message::Status(status.clone())) {
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
                    manager.notify(Message::Watchdog);
                    fed = instant_now();
                }
            }
            Ok(()) = guests.changed() => {}
            Ok(()) = waits.changed() => {}
        }
    }
}
