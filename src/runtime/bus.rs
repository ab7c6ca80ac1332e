//! Handlers that want to know of events of a kind, called one after the other beside the run.

use std::{
    collections::BTreeMap,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use tokio::sync::mpsc;

use crate::engine::{OrchestrationEvent, Recorded};

/// Notices waiting for handlers. When it is full further ones are dropped and counted: a handler
/// that hangs must not stop the day.
const WAITING_MAX: usize = 1_024;

/// What a handler is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Which kind of event.
    pub kind: OrchestrationEvent,
    /// The event, when it is one of the run.
    pub recorded: Option<Arc<Recorded>>,
    /// What [`EventBus::emit_event`] was given, when it is not.
    pub data: Value,
}

/// A handler: told of an event, it does something in its own time.
pub type Handler =
    Arc<dyn Fn(Arc<Notice>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Calls a handler in a task of its own: one that panics takes nobody with it.
async fn call(handler: &Handler, notice: &Arc<Notice>) {
    if let Err(error) = tokio::spawn(handler(Arc::clone(notice))).await {
        tracing::error!(kind = notice.kind.name(), %error, "an event handler failed");
    }
}

#[derive(Default)]
struct Shared {
    handlers: BTreeMap<OrchestrationEvent, Vec<Handler>>,
    dropped: u64,
}

/// Where handlers are registered and events given out.
#[derive(Clone)]
pub struct EventBus {
    /// Registration comes from any thread and is rare; nothing waits while it is held.
    shared: Arc<Mutex<Shared>>,
    queue: mpsc::Sender<Arc<Notice>>,
}

impl fmt::Debug for EventBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBus").field("dropped", &self.dropped()).finish_non_exhaustive()
    }
}

impl EventBus {
    /// A bus without handlers, and the task that calls them, to be spawned. It ends when the last
    /// copy of the bus is gone and everything waiting has been given out.
    #[must_use]
    pub fn new() -> (Self, impl Future<Output = ()> + Send) {
        let (queue, mut waiting) = mpsc::channel::<Arc<Notice>>(WAITING_MAX);
        let shared = Arc::new(Mutex::new(Shared::default()));
        let known = Arc::clone(&shared);
        let dispatch = async move {
            while let Some(notice) = waiting.recv().await {
                let handlers = {
                    let shared = known.lock().unwrap_or_else(PoisonError::into_inner);
                    shared.handlers.get(&notice.kind).cloned().unwrap_or_default()
                };
                for handler in handlers {
                    call(&handler, &notice).await;
                }
            }
        };
        (Self { shared, queue }, dispatch)
    }

    /// Registers a handler for events of a kind. Handlers of one kind are called in the order in
    /// which they were registered.
    pub fn register_event_handler(&self, event: OrchestrationEvent, handler: Handler) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.handlers.entry(event).or_default().push(handler);
    }

    /// Gives an event to all handlers registered for its kind.
    pub fn emit_event(&self, event: OrchestrationEvent, data: Value) {
        self.give(Notice { kind: event, recorded: None, data });
    }

    /// Gives an event of the run to its handlers.
    pub(super) fn publish(&self, recorded: &Arc<Recorded>) {
        let kind = recorded.event.kind();
        let wanted = {
            let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            shared.handlers.contains_key(&kind)
        };
        if wanted {
            let recorded = Some(Arc::clone(recorded));
            self.give(Notice { kind, recorded, data: Value::Null });
        }
    }

    /// Notices that found the queue full.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).dropped
    }

    fn give(&self, notice: Notice) {
        let kind = notice.kind;
        if self.queue.try_send(Arc::new(notice)).is_err() {
            self.shared.lock().unwrap_or_else(PoisonError::into_inner).dropped += 1;
            tracing::warn!(kind = kind.name(), "event handlers are behind: a notice was dropped");
        }
    }
}
