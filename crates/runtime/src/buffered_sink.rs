//! An unbounded sink for short-lived readers that must not miss events.

use std::{io, sync::Arc};

use tokio::sync::mpsc;

use engine::port::EventSink;
use engine::{RecordedEvent, RunState};

/// An event sink with an unbounded queue.
#[derive(Debug)]
pub struct BufferedSink(mpsc::UnboundedSender<Arc<RecordedEvent>>);

impl BufferedSink {
    /// Creates a sink and the receiver of its events, in order.
    #[must_use]
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Arc<RecordedEvent>>) {
        let (kept, events) = mpsc::unbounded_channel();
        (Self(kept), events)
    }
}

impl EventSink for BufferedSink {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        for event in events {
            // The receiver may be gone; the run continues.
            let _ = self.0.send(Arc::clone(event));
        }
        Ok(())
    }
}
