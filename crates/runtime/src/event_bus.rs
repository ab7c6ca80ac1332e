//! Event bus: handlers for kinds of events, each called in its own task beside the run.

use std::{
    collections::BTreeMap,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::{sync::mpsc, task::JoinSet};

use engine::{OrchestrationEvent, RecordedEvent};
use planning::plan::DayPlan;

/// Capacity of a handler's queue. When it is full, the newest messages are lost: a handler that
/// hangs must delay neither the run nor other handlers.
const WAITING_MAX: usize = 1_024;

/// A message to a handler.
#[derive(Debug, Clone, PartialEq)]
pub struct BusMessage {
    /// The kind of event. A handler of [`OrchestrationEvent::TaskFailed`] also receives timed-out
    /// tasks, under their own kind.
    pub kind: OrchestrationEvent,
    /// The recorded event, if it is one of a run.
    pub recorded: Option<Arc<RecordedEvent>>,
    /// A run's event as printed by `bellwether run --json`; otherwise the data given to
    /// [`EventBus::emit_event`].
    pub data: Value,
    /// Number of messages this handler lost just before this one because it was too slow.
    pub lost: u64,
}

/// An asynchronous event handler.
pub type Handler =
    Arc<dyn Fn(Arc<BusMessage>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Calls a handler in a task of its own, so that a panic affects nothing else.
async fn call(handler: &Handler, notice: &Arc<BusMessage>) {
    if let Err(error) = tokio::spawn(handler(Arc::clone(notice))).await {
        tracing::error!(kind = notice.kind.name(), %error, "an event handler failed");
    }
}

/// Calls one handler, message by message, until its queue is closed.
async fn attend(handler: Handler, mut waiting: mpsc::Receiver<Arc<BusMessage>>) {
    while let Some(notice) = waiting.recv().await {
        call(&handler, &notice).await;
    }
}

/// A registered handler with its queue.
struct Registered {
    queue: mpsc::Sender<Arc<BusMessage>>,
    /// Messages lost since the last one it received.
    lost: u64,
}

#[derive(Default)]
struct BusState {
    handlers: BTreeMap<OrchestrationEvent, Vec<Registered>>,
    dropped: u64,
}

/// A registered handler that is not called yet.
type New = (Handler, mpsc::Receiver<Arc<BusMessage>>);

/// The registry of handlers, through which events are dispatched.
#[derive(Clone)]
pub struct EventBus {
    /// Locked for moments only, from any thread; registration is rare.
    shared: Arc<Mutex<BusState>>,
    new: mpsc::UnboundedSender<New>,
}

impl fmt::Debug for EventBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBus").field("dropped", &self.dropped_count()).finish_non_exhaustive()
    }
}

impl EventBus {
    /// Creates a bus without handlers, and the future that calls them, to be spawned. It completes
    /// when the last clone of the bus is dropped and every handler has received its queued
    /// messages.
    pub fn new() -> (Self, impl Future<Output = ()> + Send) {
        let (new, mut registered) = mpsc::unbounded_channel::<New>();
        let dispatch = async move {
            let mut attending = JoinSet::new();
            while let Some((handler, waiting)) = registered.recv().await {
                attending.spawn(attend(handler, waiting));
            }
            // The queues closed with the last clone of the bus; their remaining messages are still
            // delivered.
            while attending.join_next().await.is_some() {}
        };
        (Self { shared: Arc::default(), new }, dispatch)
    }

    fn lock_state(&self) -> MutexGuard<'_, BusState> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a handler for one kind of event. It receives its messages one at a time, in order,
    /// independently of other handlers.
    pub fn register_event_handler(&self, event: OrchestrationEvent, handler: Handler) {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        // Once the dispatching future is dropped, no handler is called.
        if self.new.send((handler, waiting)).is_ok() {
            self.lock_state()
                .handlers
                .entry(event)
                .or_default()
                .push(Registered { queue, lost: 0 });
        }
    }

    /// Dispatches an event to all handlers registered for its kind.
    pub fn emit_event(&self, event: OrchestrationEvent, data: Value) {
        self.dispatch(event, || BusMessage { kind: event, recorded: None, data, lost: 0 });
    }

    /// Dispatches an event of a run.
    pub(super) fn publish(&self, recorded: &Arc<RecordedEvent>, plan: &DayPlan) {
        let kind = recorded.event.kind();
        self.dispatch(kind, || {
            let data = serde_json::to_value(engine::event_json(recorded, plan)).unwrap_or_else(|error| {
                // An event that has no JSON form is dispatched all the same.
                tracing::error!(kind = kind.name(), %error, "an event cannot be written as JSON");
                Value::Null
            });
            BusMessage { kind, recorded: Some(Arc::clone(recorded)), data, lost: 0 }
        });
    }

    /// Returns the number of messages lost because of full queues.
    #[must_use]
    pub fn dropped_count(&self) -> u64 {
        self.lock_state().dropped
    }

    /// Puts a message, built only if needed, into the queue of every handler of its kind.
    fn dispatch(&self, kind: OrchestrationEvent, notice: impl FnOnce() -> BusMessage) {
        let mut shared = self.lock_state();
        let BusState { handlers, dropped } = &mut *shared;
        let kinds = [Some(kind), wider(kind)];
        if !kinds.iter().flatten().any(|kind| handlers.contains_key(kind)) {
            return;
        }
        let notice = Arc::new(notice());
        for kind in kinds.into_iter().flatten() {
            for handler in handlers.get_mut(&kind).into_iter().flatten() {
                let own = match handler.lost {
                    0 => Arc::clone(&notice),
                    lost => Arc::new(BusMessage { lost, ..(*notice).clone() }),
                };
                if handler.queue.try_send(own).is_ok() {
                    handler.lost = 0;
                    continue;
                }
                if handler.lost == 0 {
                    tracing::warn!(
                        kind = kind.name(),
                        "an event handler is slower than its events: it loses some"
                    );
                }
                handler.lost += 1;
                *dropped += 1;
            }
        }
    }
}

/// Returns the wider kind whose handlers are called as well: a timeout is also a failure.
const fn wider(kind: OrchestrationEvent) -> Option<OrchestrationEvent> {
    if matches!(kind, OrchestrationEvent::TaskTimedOut) {
        return Some(OrchestrationEvent::TaskFailed);
    }
    None
}
