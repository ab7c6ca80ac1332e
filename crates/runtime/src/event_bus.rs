//! Handlers that want to know of events of a kind, each called in a task of its own beside the run.

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

/// Notices that wait for one handler. When there are more, the handler loses the newest: one that
/// hangs must stop neither the day nor any other handler.
const WAITING_MAX: usize = 1_024;

/// What a handler is told.
#[derive(Debug, Clone, PartialEq)]
pub struct BusMessage {
    /// Which kind of event. A handler of [`OrchestrationEvent::TaskFailed`] is also told of tasks
    /// whose time ran out, under their own kind.
    pub kind: OrchestrationEvent,
    /// The event, when it is one of a run.
    pub recorded: Option<Arc<RecordedEvent>>,
    /// The event of a run as `bellwether run --json` prints it; else what
    /// [`EventBus::emit_event`] was given.
    pub data: Value,
    /// How many notices this handler has lost just before this one, because it was slower than they
    /// came.
    pub lost: u64,
}

/// A handler: told of an event, it does something in its own time.
pub type Handler =
    Arc<dyn Fn(Arc<BusMessage>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Calls a handler in a task of its own: one that panics takes nobody with it.
async fn call(handler: &Handler, notice: &Arc<BusMessage>) {
    if let Err(error) = tokio::spawn(handler(Arc::clone(notice))).await {
        tracing::error!(kind = notice.kind.name(), %error, "an event handler failed");
    }
}

/// Calls one handler, notice by notice, until nobody can send it any more.
async fn attend(handler: Handler, mut waiting: mpsc::Receiver<Arc<BusMessage>>) {
    while let Some(notice) = waiting.recv().await {
        call(&handler, &notice).await;
    }
}

/// A handler as it is registered.
struct Registered {
    queue: mpsc::Sender<Arc<BusMessage>>,
    /// Notices lost since it last took one.
    lost: u64,
}

#[derive(Default)]
struct BusState {
    handlers: BTreeMap<OrchestrationEvent, Vec<Registered>>,
    dropped: u64,
}

/// A handler that nobody calls yet.
type New = (Handler, mpsc::Receiver<Arc<BusMessage>>);

/// Where handlers are registered and events given out.
#[derive(Clone)]
pub struct EventBus {
    /// Registration comes from any thread and is rare; nothing waits while it is held.
    shared: Arc<Mutex<BusState>>,
    new: mpsc::UnboundedSender<New>,
}

impl fmt::Debug for EventBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBus").field("dropped", &self.dropped_count()).finish_non_exhaustive()
    }
}

impl EventBus {
    /// A bus without handlers, and the task that calls them, to be spawned. It ends when the last
    /// copy of the bus is gone and every handler has had what waited for it.
    pub fn new() -> (Self, impl Future<Output = ()> + Send) {
        let (new, mut registered) = mpsc::unbounded_channel::<New>();
        let dispatch = async move {
            let mut attending = JoinSet::new();
            while let Some((handler, waiting)) = registered.recv().await {
                attending.spawn(attend(handler, waiting));
            }
            // The queues went with the last copy of the bus; what waits in them is still given out.
            while attending.join_next().await.is_some() {}
        };
        (Self { shared: Arc::default(), new }, dispatch)
    }

    fn shared(&self) -> MutexGuard<'_, BusState> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a handler for events of a kind. It is called with one notice after the other, in
    /// order, and independently of all other handlers.
    pub fn register_event_handler(&self, event: OrchestrationEvent, handler: Handler) {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        // Without the task that calls handlers, nobody is called: its owner has dropped it.
        if self.new.send((handler, waiting)).is_ok() {
            self.shared().handlers.entry(event).or_default().push(Registered { queue, lost: 0 });
        }
    }

    /// Gives an event to all handlers registered for its kind.
    pub fn emit_event(&self, event: OrchestrationEvent, data: Value) {
        self.dispatch(event, || BusMessage { kind: event, recorded: None, data, lost: 0 });
    }

    /// Gives an event of a run to its handlers.
    pub(super) fn publish(&self, recorded: &Arc<RecordedEvent>, plan: &DayPlan) {
        let kind = recorded.event.kind();
        self.dispatch(kind, || {
            let data = serde_json::to_value(engine::event_json(recorded, plan)).unwrap_or_else(|error| {
                // An event that has no JSON is told of all the same.
                tracing::error!(kind = kind.name(), %error, "an event cannot be written as JSON");
                Value::Null
            });
            BusMessage { kind, recorded: Some(Arc::clone(recorded)), data, lost: 0 }
        });
    }

    /// Notices that found their handler's queue full.
    #[must_use]
    pub fn dropped_count(&self) -> u64 {
        self.shared().dropped
    }

    /// Puts a notice, made only if somebody wants it, before every handler of its kind.
    fn dispatch(&self, kind: OrchestrationEvent, notice: impl FnOnce() -> BusMessage) {
        let mut shared = self.shared();
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

/// The kind whose handlers are told as well: a time-out is a failure to whoever asks for failures.
const fn wider(kind: OrchestrationEvent) -> Option<OrchestrationEvent> {
    if matches!(kind, OrchestrationEvent::TaskTimedOut) {
        return Some(OrchestrationEvent::TaskFailed);
    }
    None
}
