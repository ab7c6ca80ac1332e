//! Prints the events of a run, and its summary.

use std::{io::Write, sync::Arc};

use chrono::{DateTime, Utc};

use super::{CliError, Exit};
use crate::host::print_queue::PrintItem;
use audit::TrailHead;
use engine::{RecordedEvent, RunState};
use view::report::Reporter;

/// Prints one run. It applies the events itself, so that its text follows from the events alone.
pub(super) struct RunPrinter<'a> {
    run: Option<RunState>,
    at: Option<DateTime<Utc>>,
    reporter: Reporter<&'a mut dyn Write>,
}

impl<'a> RunPrinter<'a> {
    /// A printer that starts at `begun`, or without it at the first event of the run.
    pub(super) const fn new(
        begun: Option<RunState>,
        reporter: Reporter<&'a mut dyn Write>,
    ) -> Self {
        Self { run: begun, at: None, reporter }
    }

    /// Prints the entries of a queue until it ends.
    ///
    /// # Errors
    ///
    /// [`CliError`] for an event that does not follow from those before it, or a stream that fails.
    pub(super) fn print(
        &mut self,
        items: impl IntoIterator<Item = PrintItem>,
    ) -> Result<(), CliError> {
        items.into_iter().try_for_each(|item| match item {
            PrintItem::Event(recorded) => self.event(&recorded),
            PrintItem::Gap { missed, run } => self.gap(missed, *run),
        })
    }

    fn event(&mut self, recorded: &RecordedEvent) -> Result<(), CliError> {
        apply_event(&mut self.run, recorded)?;
        self.at = Some(recorded.at);
        if let Some(run) = &self.run {
            self.reporter.event(run, recorded)?;
        }
        Ok(())
    }

    /// Prints that events were dropped, and continues with the run after them.
    pub(super) fn gap(&mut self, missed: u64, run: RunState) -> Result<(), CliError> {
        let at = run.last_event_at();
        self.reporter.gap(&run, missed, at)?;
        (self.run, self.at) = (Some(run), Some(at));
        Ok(())
    }

    /// Prints the summary.
    ///
    /// # Errors
    ///
    /// [`CliError`] when the stream fails.
    pub(super) fn close(&mut self, head: Option<TrailHead>) -> Result<(), CliError> {
        if let (Some(run), Some(at)) = (&self.run, self.at) {
            self.reporter.set_trail_head(head);
            self.reporter.close(run, at)?;
        }
        Ok(())
    }

    /// Returns the moment of the last printed event.
    pub(super) const fn last_event_at(&self) -> Option<DateTime<Utc>> {
        self.at
    }
}

/// Prints a recorded run and its summary.
pub(super) fn print_run(
    events: impl IntoIterator<Item = Arc<RecordedEvent>>,
    reporter: Reporter<&mut dyn Write>,
    head: Option<TrailHead>,
) -> Result<(), CliError> {
    let mut printer = RunPrinter::new(None, reporter);
    printer.print(events.into_iter().map(PrintItem::Event))?;
    printer.close(head)
}

/// Applies an event to a run, or begins the run with it.
pub(super) fn apply_event(
    run: &mut Option<RunState>,
    recorded: &RecordedEvent,
) -> Result<(), CliError> {
    let applied = match run {
        None => RunState::from_first_event(recorded).map(|state| *run = Some(state)),
        Some(state) => state.apply(recorded),
    };
    applied.map_err(|illegal| CliError::new(Exit::Internal, illegal.to_string()))
}
