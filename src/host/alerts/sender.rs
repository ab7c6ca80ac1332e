//! The thread of the outbox, and one thread per notifier: a receiver that hangs delays nobody else.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    thread,
    time::Duration,
};

use chrono::{DateTime, Utc};

use super::{
    delivery::deliver,
    lane::{Batch, DeliveryError},
    message::AlertMessage,
    outbox::Outbox,
};
use config::Notifier;
use planning::calendar::LocalZone;
use runtime::wall_now;

/// Looks at a run that wait for the thread; more are left out, since the next one says all.
pub(super) const LOOKS_MAX: usize = 64;
/// How often waiting messages are looked at.
const SOON: Duration = Duration::from_millis(100);
/// How often alerts are looked at when no message waits.
const IDLE: Duration = Duration::from_secs(10);

/// News for the thread.
pub(super) enum SenderInput {
    /// All alerts of a run as they are now. `first`: of this process.
    Look { run: String, alerts: Vec<AlertMessage>, first: bool },
    /// One alert beside those of the state.
    One(Box<AlertMessage>),
    /// The result of a delivery, by place of the notifier.
    Delivered(usize, Batch, Result<(), DeliveryError>),
    /// The run is over: what waits is sent now, and the sender of this is dropped when nothing waits.
    Finish(tokio::sync::oneshot::Sender<()>),
}

/// What the thread is made of.
pub(super) struct SenderParts {
    pub(super) notifiers: Vec<Notifier>,
    pub(super) folder: PathBuf,
    pub(super) zone: Option<LocalZone>,
    pub(super) outbox: Outbox,
}

/// A notifier's thread takes one delivery at a time.
struct Courier {
    jobs: SyncSender<Batch>,
    busy: bool,
}

/// Starts the threads. They end when the returned sender and its clones are dropped.
pub(super) fn spawn(parts: SenderParts) -> std::io::Result<SyncSender<SenderInput>> {
    let (inputs, waiting) = sync_channel(LOOKS_MAX);
    let couriers = parts.notifiers.iter().enumerate().map(|(place, notifier)| {
        let (jobs, work) = sync_channel::<Batch>(1);
        let (notifier, results) = (notifier.clone(), inputs.clone());
        thread::Builder::new().name(format!("alert-{place}")).spawn(move || {
            for batch in work {
                let result = deliver(&notifier, &batch);
                if results.send(SenderInput::Delivered(place, batch, result)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Courier { jobs, busy: false })
    });
    let couriers = couriers.collect::<std::io::Result<Vec<_>>>()?;
    let sender = Sender { parts, couriers, finishing: None, unsaved: false };
    thread::Builder::new().name("alerts".into()).spawn(move || sender.run(&waiting))?;
    Ok(inputs)
}

struct Sender {
    parts: SenderParts,
    couriers: Vec<Courier>,
    finishing: Option<tokio::sync::oneshot::Sender<()>>,
    unsaved: bool,
}

impl Sender {
    fn run(mut self, inputs: &Receiver<SenderInput>) {
        loop {
            let pending = self.parts.outbox.has_waiting(&self.parts.notifiers);
            match inputs.recv_timeout(if pending { SOON } else { IDLE }) {
                Ok(input) => self.take(input),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let now = wall_now();
            self.parts.outbox.repeat(&self.parts.notifiers, now);
            self.dispatch(now);
            if self.unsaved {
                self.save();
            }
            let idle = !self.parts.outbox.has_waiting(&self.parts.notifiers);
            if self.finishing.is_some() && idle {
                // The end was waited for only so long.
                let _ = self.finishing.take().map(|done| done.send(()));
                return;
            }
        }
    }

    fn take(&mut self, input: SenderInput) {
        let SenderParts { notifiers, outbox, .. } = &mut self.parts;
        let now = wall_now();
        self.unsaved = true;
        match input {
            SenderInput::Look { run, alerts, first } => {
                if first {
                    outbox.forget_others(&run);
                }
                alerts.iter().for_each(|alert| outbox.offer(notifiers, alert, (first, now)));
                let live: BTreeSet<_> = alerts.into_iter().map(|alert| alert.key).collect();
                outbox.resolve_missing(notifiers, &live, now);
            }
            SenderInput::One(alert) => outbox.offer(notifiers, &alert, (true, now)),
            SenderInput::Delivered(place, batch, result) => {
                let Some(notifier) = notifiers.get(place) else { return };
                if let Some(courier) = self.couriers.get_mut(place) {
                    courier.busy = false;
                }
                if let Err(error) = &result {
                    tracing::warn!(
                        notifier = notifier.name,
                        "an alert was not delivered: {}",
                        error.text
                    );
                }
                outbox.finish(&notifier.name, &batch, (result, now));
            }
            SenderInput::Finish(done) => self.finishing = Some(done),
        }
    }

    fn dispatch(&mut self, now: DateTime<Utc>) {
        let flush = self.finishing.is_some();
        for place in 0..self.couriers.len() {
            let (Some(notifier), Some(courier)) =
                (self.parts.notifiers.get(place), self.couriers.get_mut(place))
            else {
                continue;
            };
            if courier.busy {
                continue;
            }
            let local = self.parts.zone.map_or_else(
                || now.time(),
                |zone| now.with_timezone(&zone.offset_at(now).0).time(),
            );
            let is_quiet = notifier.quiet.is_some_and(|hours| hours.contains(local));
            let Some(batch) = self.parts.outbox.next_batch(notifier, (now, is_quiet, flush)) else {
                continue;
            };
            // On disk before it is sent: after a crash it is sent again under the same id.
            if let Err(error) = self.parts.outbox.save(&self.parts.folder) {
                self.unsaved = true;
                tracing::warn!("the outbox of alerts cannot be written: {error}");
            }
            courier.busy = match courier.jobs.try_send(batch) {
                Ok(()) => true,
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                    tracing::error!(notifier = notifier.name, "the thread of a notifier is gone");
                    true
                }
            };
        }
    }

    fn save(&mut self) {
        match self.parts.outbox.save(&self.parts.folder) {
            Ok(()) => self.unsaved = false,
            // Sent all the same; tried again with the next change.
            Err(error) => tracing::warn!("the outbox of alerts cannot be written: {error}"),
        }
    }
}
