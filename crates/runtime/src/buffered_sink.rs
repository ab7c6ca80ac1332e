//! A sink that keeps every event until somebody takes it: for those who may lose none, and do not
//! live long enough for that to matter.

use std::{io, sync::Arc};

use tokio::sync::mpsc;

use engine::port::EventSink;
use engine::{RecordedEvent, RunState};

/// See the module.
#[derive(Debug)]
pub struct BufferedSink(mpsc::UnboundedSender<Arc<RecordedEvent>>);

impl BufferedSink {
    /// A keeper, and where its events are taken, in order.
    #[must_use]
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Arc<RecordedEvent>>) {
        let (kept, events) = mpsc::unbounded_channel();
        (Self(kept), events)
    }
}

impl EventSink for BufferedSink {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        for event in events {
            // Whoever took them may have left; the day goes on until it is stopped.
            let _ = self.0.send(Arc::clone(event));
        }
        Ok(())
    }
}
