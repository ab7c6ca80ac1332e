//! Audit trail derived from a run's events in the journal.

use crate::{JournalReader, StoreError};
use audit::{AuditEntry, TrailBuilder, TrailOpening};
use engine::{RecordedEvent, RunState};

/// The trail of a run, derived from its events.
pub(super) struct DerivedTrail {
    pub(super) entries: Vec<AuditEntry>,
    pub(super) ledger: TrailBuilder,
    /// State of the run after its last event; `None` without events.
    pub(super) run: Option<RunState>,
    /// Number of the last event.
    pub(super) events: u64,
}

/// Derives the trail of a run from its events.
///
/// # Errors
///
/// [`StoreError::Damaged`] if an event fails its checksum; [`StoreError::Unknown`] if this program
/// does not know it.
pub(super) fn derive_trail(
    reader: &JournalReader,
    run: i64,
    opening: TrailOpening,
) -> Result<DerivedTrail, StoreError> {
    let mut derived = DerivedTrail {
        entries: Vec::new(),
        ledger: TrailBuilder::new(opening),
        run: None,
        events: 0,
    };
    for row in reader.events(run)? {
        let damaged = |what: String| StoreError::Damaged { run, seq: row.seq, what };
        let recorded = row.to_recorded().map_err(|error| damaged(error.to_string()))?;
        derived.add_event(&recorded).map_err(damaged)?;
    }
    Ok(derived)
}

impl DerivedTrail {
    fn add_event(&mut self, recorded: &RecordedEvent) -> Result<(), String> {
        self.entries.extend(self.ledger.event(self.run.as_ref(), recorded));
        match &mut self.run {
            Some(run) => run.apply(recorded).map_err(|error| error.to_string())?,
            none => {
                *none =
                    Some(RunState::from_first_event(recorded).map_err(|error| error.to_string())?);
            }
        }
        self.events = recorded.seq;
        Ok(())
    }
}

/// Formats entries as text, one line each.
pub(super) fn to_lines<'a>(entries: impl IntoIterator<Item = &'a AuditEntry>) -> String {
    entries.into_iter().fold(String::new(), |text, entry| text + &entry.to_line() + "\n")
}
