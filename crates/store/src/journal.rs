//! Event sink of the journal: each step of a run is one transaction, on disk before its work
//! starts.

use std::{io, sync::Arc};

use super::{
    EventRow, RunTail, Store, StoreError, database::TransactionDurability, event_row::EventSum,
};
use engine::{Event, RecordedEvent, RunState, RunStatus, port::EventSink};
use planning::workflow::EffectClass;

/// The journal of one run, as an event sink. The run is numbered when its first event is recorded.
#[derive(Debug)]
pub struct Journal {
    store: Store,
    run: Option<i64>,
    sum: EventSum,
}

impl Journal {
    /// Creates a journal for a new run.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, run: None, sum: EventSum::default() }
    }

    /// Creates a journal for a recovered run, which continues after its last event.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the continuation cannot be recorded.
    pub fn for_recovered_run(store: Store, run: i64, tail: RunTail) -> Result<Self, StoreError> {
        store.mark_recovered(run)?;
        Ok(Self { store, run: Some(run), sum: tail.0 })
    }
}

impl EventSink for Journal {
    fn record(&mut self, events: &[Arc<RecordedEvent>], run: &RunState) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let (mut rows, mut sum) = (Vec::with_capacity(events.len()), self.sum);
        for recorded in events {
            let entry = EventRow::from_recorded(recorded).map_err(io::Error::other)?;
            sum = entry.chained_sum(sum);
            rows.push((entry, sum));
        }
        let grave = events.iter().any(|recorded| needs_full_sync(&recorded.event, run));
        let safety = if grave {
            TransactionDurability::SurvivesPowerLoss
        } else {
            TransactionDurability::SurvivesCrash
        };
        let ended = match run.status() {
            RunStatus::Running => None,
            RunStatus::Completed(_) => Some("completed"),
            RunStatus::Failed(_) => Some("failed"),
            RunStatus::Cancelled => Some("cancelled"),
        };
        let written = self.store.append(self.run, run.plan(), (&rows, safety), ended);
        self.run = Some(written.map_err(refused_error)?);
        self.sum = sum;
        Ok(())
    }

    fn stands(&self) -> io::Result<()> {
        self.store.stands().map_err(refused_error)
    }
}

/// Converts an error: only a takeover by another process is permanent, all others are retried.
fn refused_error(error: StoreError) -> io::Error {
    let fenced = matches!(error, StoreError::SupersededWriter { .. });
    let kind = if fenced { io::ErrorKind::BrokenPipe } else { io::ErrorKind::Other };
    io::Error::new(kind, error)
}

/// Returns whether losing an event in a power failure could repeat an effect, or lose an operator's
/// command.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "losing any other kind of event only repeats work"
)]
pub(super) fn needs_full_sync(event: &Event, run: &RunState) -> bool {
    match event {
        Event::TaskStarted { task, .. } | Event::TaskCompleted { task, .. } => {
            match run.plan().task(*task).effect {
                EffectClass::Pure => false,
                EffectClass::Idempotent | EffectClass::Effectful | EffectClass::Human => true,
            }
        }
        Event::WorkflowStarted { .. }
        | Event::WorkflowCompleted { .. }
        | Event::WorkflowFailed { .. }
        | Event::WorkflowCancelled
        | Event::WorkflowTimedOut { .. }
        | Event::TaskInDoubt { .. }
        | Event::TaskRecovered { .. }
        | Event::RecoveryStarted { .. }
        | Event::RecoveryCompleted
        | Event::CommandAccepted { .. }
        | Event::GateClosed { .. }
        | Event::GateOpened { .. }
        | Event::TradingChanged { .. } => true,
        _repeatable => false,
    }
}
