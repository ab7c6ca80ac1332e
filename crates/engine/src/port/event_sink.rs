//! The first to hear of events: whoever must have them before their work begins.

use std::{io, sync::Arc};

use crate::{RecordedEvent, RunState};

/// Somebody who must have every event before its work begins: a journal, a report.
pub trait EventSink: Send {
    /// Takes the events of one step, in order. `run` is the state after them.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from taking them. The driver then starts nothing more and tries again. Only an
    /// error of the kind [`io::ErrorKind::BrokenPipe`] says that it never will take any again.
    fn record(&mut self, events: &[Arc<RecordedEvent>], run: &RunState) -> io::Result<()>;

    /// Says about once a second whether what it took is still kept.
    ///
    /// # Errors
    ///
    /// Whatever loses it. The driver then starts nothing more, as when nothing can be recorded.
    fn stands(&self) -> io::Result<()> {
        Ok(())
    }
}
