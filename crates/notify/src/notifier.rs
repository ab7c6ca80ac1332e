//! The threads that deliver notifications, one for each notifier.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveTime, Utc};

use crate::{
    declaration::{NotifierDeclaration, Notifiers},
    delivery::{DeliveryError, RetryDelays, Sender},
    message,
    notification::Notification,
    outbox::{NotifierStanding, Outbox, OutboxError},
};

/// Notifications that may wait for a thread; what is beyond is dropped and counted.
const QUEUE_MAX: usize = 256;
/// How long notifications are gathered into one message.
const GATHER: Duration = Duration::from_millis(500);
/// How often a thread looks whether quiet hours or an hour's bound are over.
const LOOK: Duration = Duration::from_secs(30);
/// How long the end of a process waits for what can be delivered at once.
const LAST_WAIT: Duration = Duration::from_secs(3);
const HOUR: Duration = Duration::from_hours(1);

/// The clock of the machine, and the time of the day that quiet hours are in.
#[derive(Clone, Copy)]
pub struct NotifierClock {
    pub now: fn() -> DateTime<Utc>,
    /// The monotonic clock, for waits and bounds.
    pub instant: fn() -> Instant,
    pub time_of_day: fn(DateTime<Utc>) -> NaiveTime,
}

impl std::fmt::Debug for NotifierClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NotifierClock")
    }
}

enum Input {
    Tell(Box<Notification>),
    End,
}

/// A handle for telling every notifier; never waits.
#[derive(Debug, Clone, Default)]
pub struct NotifierHandle(Arc<Vec<Queue>>);

#[derive(Debug)]
struct Queue {
    declaration: NotifierDeclaration,
    sender: SyncSender<Input>,
    dropped: AtomicU64,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Tell(_) => "Tell",
            Self::End => "End",
        })
    }
}

impl NotifierHandle {
    /// Tells every notifier whose rules let the notification pass.
    pub fn tell(&self, notification: &Notification) {
        for queue in self.0.iter().filter(|queue| queue.declaration.wants(notification)) {
            let input = Input::Tell(Box::new(notification.clone()));
            if let Err(TrySendError::Full(_)) = queue.sender.try_send(input) {
                let dropped = queue.dropped.fetch_add(1, Ordering::Relaxed) + 1;
                let name = &queue.declaration.name;
                tracing::error!("notifier {name} is too slow: {dropped} notifications dropped");
            }
        }
    }

    /// Returns whether there is no notifier.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What is known of a notifier, for showing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifierReport {
    /// Notifications that wait.
    pub waiting: usize,
    pub standing: NotifierStanding,
}

impl NotifierReport {
    /// Reads what the processes of a state folder left of a notifier; `root` is the folder of outboxes.
    #[must_use]
    pub fn read(root: &Path, name: &str) -> Self {
        let (waiting, standing) = Outbox::peek(root, name);
        Self { waiting, standing }
    }
}

/// The running threads. Dropping this ends them, after a last attempt to deliver.
#[derive(Debug, Default)]
pub struct NotifierThreads {
    handle: NotifierHandle,
    threads: Vec<(JoinHandle<()>, Receiver<()>)>,
    instant: Option<fn() -> Instant>,
}

impl NotifierThreads {
    /// Starts a thread for each notifier, with outboxes under `root`.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] for an outbox that cannot be read or created.
    pub fn start(
        notifiers: Notifiers,
        root: &Path,
        (delays, clock): (RetryDelays, NotifierClock),
    ) -> Result<Self, OutboxError> {
        let (mut queues, mut threads) = (Vec::new(), Vec::new());
        for declaration in notifiers.0 {
            let outbox = Outbox::open(root, &declaration.name)?;
            let (sender, inputs) = mpsc::sync_channel(QUEUE_MAX);
            let (ended, end) = mpsc::sync_channel(1);
            let worker = Worker {
                declaration: declaration.clone(),
                outbox,
                sender: Sender::default(),
                delays,
                clock,
                failures: 0,
                not_before: None,
                sent: VecDeque::new(),
            };
            let thread = thread::Builder::new().name("notifier".into()).spawn(move || {
                worker.run(&inputs);
                // Nobody may wait for the end any more.
                let _ = ended.send(());
            });
            match thread {
                Ok(thread) => threads.push((thread, end)),
                Err(error) => {
                    tracing::error!("notifier {} has no thread: {error}", declaration.name);
                }
            }
            queues.push(Queue { declaration, sender, dropped: AtomicU64::new(0) });
        }
        let instant = Some(clock.instant);
        Ok(Self { handle: NotifierHandle(Arc::new(queues)), threads, instant })
    }

    /// Returns a handle for telling the notifiers.
    #[must_use]
    pub fn handle(&self) -> NotifierHandle {
        self.handle.clone()
    }

    /// Delivers one notification to one notifier now, without an outbox: to try it.
    ///
    /// # Errors
    ///
    /// [`DeliveryError`], in words for the person who tries.
    pub fn try_once(to: &NotifierDeclaration, told: &Notification) -> Result<(), DeliveryError> {
        Sender::default().deliver(to, std::slice::from_ref(told))
    }

    /// Returns the folder of outboxes in a state folder.
    #[must_use]
    pub fn outboxes(state: &Path) -> PathBuf {
        state.join("outbox")
    }
}

impl Drop for NotifierThreads {
    fn drop(&mut self) {
        for queue in self.handle.0.iter() {
            // A full queue means a slow receiver: the outbox keeps what it has got.
            let _ = queue.sender.try_send(Input::End);
        }
        let Some(instant) = self.instant else { return };
        let until = instant() + LAST_WAIT;
        for (thread, end) in self.threads.drain(..) {
            let left = until.saturating_duration_since(instant());
            // A thread in the middle of an attempt is left behind: its outbox outlives the process.
            if end.recv_timeout(left).is_ok() {
                let _ = thread.join();
            }
        }
    }
}

struct Worker {
    declaration: NotifierDeclaration,
    outbox: Outbox,
    sender: Sender,
    delays: RetryDelays,
    clock: NotifierClock,
    /// Failed attempts in a row.
    failures: u32,
    /// No attempt is made earlier.
    not_before: Option<Instant>,
    /// When messages of the last hour were sent.
    sent: VecDeque<Instant>,
}

impl Worker {
    fn run(mut self, inputs: &Receiver<Input>) {
        loop {
            let wait = self.next_attempt();
            let input = match wait {
                Some(wait) => inputs.recv_timeout(wait),
                None => inputs.recv().map_err(|_gone| RecvTimeoutError::Disconnected),
            };
            let ends = match input {
                Ok(Input::Tell(notification)) => {
                    self.outbox.add(*notification);
                    self.gather(inputs)
                }
                Ok(Input::End) | Err(RecvTimeoutError::Disconnected) => true,
                Err(RecvTimeoutError::Timeout) => false,
            };
            // At the end, what waits for its turn after a failure is left to the next process.
            let due = self.not_before.is_none_or(|at| at <= (self.clock.instant)());
            if due && !(ends && self.failures > 0) {
                self.attempt_all();
            }
            if ends {
                return;
            }
        }
    }

    /// Makes attempts until nothing waits or one fails.
    fn attempt_all(&mut self) {
        while self.attempt() {}
    }

    /// Takes in what comes within a moment, so that a burst becomes one message. Returns whether the end came.
    fn gather(&mut self, inputs: &Receiver<Input>) -> bool {
        let until = (self.clock.instant)() + GATHER;
        loop {
            match inputs.recv_timeout(until.saturating_duration_since((self.clock.instant)())) {
                Ok(Input::Tell(notification)) => self.outbox.add(*notification),
                Ok(Input::End) | Err(RecvTimeoutError::Disconnected) => return true,
                Err(RecvTimeoutError::Timeout) => return false,
            }
        }
    }

    /// Returns how long to wait for the next attempt; `None` when nothing waits.
    fn next_attempt(&self) -> Option<Duration> {
        if self.outbox.len() == 0 {
            return None;
        }
        let now = (self.clock.instant)();
        Some(self.not_before.map_or(LOOK, |at| at.saturating_duration_since(now).min(LOOK)))
    }

    /// Makes one attempt. Returns whether another one may follow at once.
    fn attempt(&mut self) -> bool {
        let now = (self.clock.instant)();
        while self.sent.front().is_some_and(|at| now.duration_since(*at) >= HOUR) {
            self.sent.pop_front();
        }
        let spent = u32::try_from(self.sent.len()).unwrap_or(u32::MAX);
        let quiet = self
            .declaration
            .quiet_hours
            .is_some_and(|hours| hours.contains((self.clock.time_of_day)((self.clock.now)())));
        let most = message::batch_max(self.declaration.kind);
        let (numbers, told): (Vec<u64>, Vec<Notification>) =
            self.outbox.next(most, quiet).into_iter().unzip();
        if told.is_empty() || spent >= self.declaration.per_hour {
            return false;
        }
        self.sent.push_back(now);
        let name = &self.declaration.name;
        let count = u64::try_from(told.len()).unwrap_or(u64::MAX);
        let goes_on = match self.sender.deliver(&self.declaration, &told) {
            Ok(()) => {
                (self.failures, self.not_before) = (0, None);
                self.outbox.standing.delivered += count;
                self.outbox.standing.last_delivered = Some((self.clock.now)());
                self.outbox.standing.last_error = None;
                self.outbox.take(&numbers);
                true
            }
            Err(error @ DeliveryError::Never(_)) => {
                tracing::error!("notifier {name}: {error}");
                self.outbox.standing.lost += count;
                self.outbox.standing.last_error = Some(((self.clock.now)(), error.to_string()));
                self.outbox.take(&numbers);
                true
            }
            Err(error @ DeliveryError::Later(_)) => {
                self.failures += 1;
                let wait = self.delays.after(self.failures);
                tracing::warn!("notifier {name}: {error} in {} s", wait.as_secs());
                self.outbox.standing.last_error = Some(((self.clock.now)(), error.to_string()));
                self.not_before = Some(now + wait);
                false
            }
        };
        self.outbox.note_standing();
        goes_on
    }
}
