//! A run's way into the journal: every step a transaction, on disk before its work begins.

use std::{io, sync::Arc};

use super::{Entry, Store, StoreError, Tail, row::Sum, writer::Safety};
use crate::{
    definition::Effect,
    engine::{Event, Recorded, RunState, RunStatus},
    journal::Sink,
};

/// Keeps the events of one run. The run gets its number with its first event.
#[derive(Debug)]
pub struct Journal {
    store: Store,
    run: Option<i64>,
    sum: Sum,
}

impl Journal {
    /// A journal for a run that is about to begin.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, run: None, sum: Sum::default() }
    }

    /// A journal for a run that goes on after its events so far.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when that cannot be noted.
    pub fn resume(store: Store, run: i64, tail: Tail) -> Result<Self, StoreError> {
        store.taken_up(run)?;
        Ok(Self { store, run: Some(run), sum: tail.0 })
    }
}

impl Sink for Journal {
    fn record(&mut self, events: &[Arc<Recorded>], run: &RunState) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let (mut rows, mut sum) = (Vec::with_capacity(events.len()), self.sum);
        for recorded in events {
            let entry = Entry::of(recorded).map_err(io::Error::other)?;
            sum = entry.sum(sum);
            rows.push((entry, sum));
        }
        let grave = events.iter().any(|recorded| grave(&recorded.event, run));
        let safety = if grave { Safety::Power } else { Safety::Process };
        let ended = match run.status() {
            RunStatus::Running => None,
            RunStatus::Completed(_) => Some("completed"),
            RunStatus::Failed(_) => Some("failed"),
            RunStatus::Cancelled => Some("cancelled"),
        };
        let written = self.store.append(self.run, run.plan(), (&rows, safety), ended);
        self.run = Some(written.map_err(refused)?);
        self.sum = sum;
        Ok(())
    }

    fn stands(&self) -> io::Result<()> {
        self.store.stands().map_err(refused)
    }
}

/// Another process that took the journal over keeps it; all else may pass.
fn refused(error: StoreError) -> io::Error {
    let fenced = matches!(error, StoreError::Fenced { .. });
    let kind = if fenced { io::ErrorKind::BrokenPipe } else { io::ErrorKind::Other };
    io::Error::new(kind, error)
}

/// Whether losing an event with the power could make something happen twice, or lose a person's act.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "of most of the forty kinds of event only repeating work is lost"
)]
pub(super) fn grave(event: &Event, run: &RunState) -> bool {
    match event {
        Event::TaskStarted { task, .. } | Event::TaskCompleted { task, .. } => {
            match run.plan().task(*task).effect {
                Effect::Pure => false,
                Effect::Keyed | Effect::Effectful | Effect::Human => true,
            }
        }
        Event::WorkflowStarted { .. }
        | Event::WorkflowCompleted { .. }
        | Event::WorkflowFailed { .. }
        | Event::WorkflowCancelled
        | Event::TaskInDoubt { .. }
        | Event::TaskTakenUp { .. }
        | Event::RecoveryBegan { .. }
        | Event::RecoveryEnded
        | Event::OperatorActed { .. }
        | Event::GateClosed { .. }
        | Event::GateOpened { .. }
        | Event::TradingChanged { .. } => true,
        _repeatable => false,
    }
}
