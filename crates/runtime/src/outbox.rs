//! Outbox between engine and effects: events are recorded before they are published and before
//! their work starts. While they cannot be recorded, nothing else happens.

use std::{fmt, io, sync::Arc};

use tokio::sync::{broadcast, watch};

use super::event_bus::EventBus;
use engine::{EngineStep, RecordedEvent, RunState, WorkItem, port::EventSink};

/// Most events recorded at once.
const BATCH_MAX: usize = 512;

/// Events waiting to be recorded, and the work that waits for them.
pub(super) struct EventOutbox {
    sinks: Vec<Box<dyn EventSink>>,
    bus: EventBus,
    events: broadcast::Sender<Arc<RecordedEvent>>,
    staged: Vec<Arc<RecordedEvent>>,
    work: Vec<WorkItem>,
    /// Number of staged events that each sink has taken, so that none is passed twice.
    taken: Vec<usize>,
    /// The reason for which events cannot be recorded, while that lasts.
    frozen: watch::Sender<Option<Arc<str>>>,
    refused: u32,
}

impl fmt::Debug for EventOutbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("staged", &self.staged.len()).finish_non_exhaustive()
    }
}

impl EventOutbox {
    pub(super) fn new(
        sinks: Vec<Box<dyn EventSink>>,
        bus: EventBus,
        events: broadcast::Sender<Arc<RecordedEvent>>,
    ) -> Self {
        let (frozen, _) = watch::channel(None);
        let (staged, work) = (Vec::new(), Vec::new());
        let taken = vec![0; sinks.len()];
        Self { sinks, bus, events, staged, work, taken, frozen, refused: 0 }
    }

    /// Returns the recording fault as a watch channel.
    pub(super) fn fault_updates(&self) -> watch::Receiver<Option<Arc<str>>> {
        self.frozen.subscribe()
    }

    /// Returns the recording fault, if there is one.
    pub(super) fn fault(&self) -> Option<Arc<str>> {
        self.frozen.borrow().clone()
    }

    /// Returns the number of consecutive recording failures.
    pub(super) const fn failures_in_a_row(&self) -> u32 {
        self.refused
    }

    /// Returns whether nothing waits to be recorded.
    pub(super) fn is_empty(&self) -> bool {
        self.staged.is_empty() && self.work.is_empty()
    }

    /// Stages the result of an input; returns whether it must be recorded before the next decision.
    pub(super) fn stage(&mut self, step: EngineStep) -> bool {
        self.staged.extend(step.events.into_iter().map(Arc::new));
        let stops = step.work.iter().any(|work| !matches!(work, WorkItem::Start { .. }));
        self.work.extend(step.work);
        stops || self.staged.len() >= BATCH_MAX
    }

    /// Discards the staged events; returns false if a sink already has some of them.
    pub(super) fn forget(&mut self) -> bool {
        let unknown = self.taken.iter().all(|taken| *taken == 0);
        if unknown {
            self.staged.clear();
            self.work.clear();
        }
        unknown
    }

    /// Records and publishes the staged events and returns the work they ask for; none if recording
    /// failed, which sets the fault.
    ///
    /// # Errors
    ///
    /// An error of a sink that is permanent.
    pub(super) fn flush(&mut self, run: &RunState) -> io::Result<Vec<WorkItem>> {
        if self.fault().is_some()
            && let Err(error) = self.sinks.iter().try_for_each(|sink| sink.stands())
        {
            return self.freeze(error);
        }
        for (sink, taken) in self.sinks.iter_mut().zip(&mut self.taken) {
            let Some(new) = self.staged.get(*taken..).filter(|new| !new.is_empty()) else {
                continue;
            };
            if let Err(error) = sink.record(new, run) {
                return self.freeze(error);
            }
            *taken = self.staged.len();
        }
        self.taken.fill(0);
        self.refused = 0;
        for event in self.staged.drain(..) {
            self.bus.publish(&event, run.plan());
            // There may be no subscriber.
            let _ = self.events.send(event);
        }
        self.frozen.send_if_modified(|frozen| frozen.take().is_some());
        Ok(std::mem::take(&mut self.work))
    }

    /// Sets the fault if a sink no longer keeps recorded events.
    ///
    /// # Errors
    ///
    /// As for [`EventOutbox::flush`].
    pub(super) fn look(&mut self) -> io::Result<()> {
        match self.sinks.iter().try_for_each(|sink| sink.stands()) {
            Ok(()) => Ok(()),
            Err(error) => self.freeze(error).map(drop),
        }
    }

    fn freeze(&mut self, error: io::Error) -> io::Result<Vec<WorkItem>> {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Err(error);
        }
        self.refused = self.refused.saturating_add(1);
        let why = error_chain(&error);
        tracing::error!("nothing can be recorded, so nothing is started: {why}");
        self.frozen.send_if_modified(|frozen| {
            let news = frozen.as_deref() != Some(why.as_str());
            *frozen = Some(why.into());
            news
        });
        Ok(Vec::new())
    }
}

/// Formats an error with its sources in one line.
fn error_chain(error: &io::Error) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}
