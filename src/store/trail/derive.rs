//! The trail that a run's events in the journal say there should be.

use crate::{
    audit::{Entry, Ledger, Opening},
    engine::{Recorded, RunState},
    store::{Reader, StoreError},
};

/// A run's trail, made anew of its events.
pub(super) struct Derived {
    pub(super) entries: Vec<Entry>,
    pub(super) ledger: Ledger,
    /// The run after its last event; `None`: there is no event.
    pub(super) run: Option<RunState>,
    /// The number of the last event.
    pub(super) events: u64,
}

/// Makes the trail of a run of its events.
///
/// # Errors
///
/// [`StoreError::Damaged`] where an event is not as it was written, or none that this program knows.
pub(super) fn derive(reader: &Reader, run: i64, opening: Opening) -> Result<Derived, StoreError> {
    let mut derived =
        Derived { entries: Vec::new(), ledger: Ledger::new(opening), run: None, events: 0 };
    for row in reader.events(run)? {
        let damaged = |what: String| StoreError::Damaged { run, seq: row.seq, what };
        let recorded = row.recorded().map_err(|error| damaged(error.to_string()))?;
        derived.take(&recorded).map_err(damaged)?;
    }
    Ok(derived)
}

impl Derived {
    fn take(&mut self, recorded: &Recorded) -> Result<(), String> {
        self.entries.extend(self.ledger.event(self.run.as_ref(), recorded));
        match &mut self.run {
            Some(run) => run.apply(recorded).map_err(|error| error.to_string())?,
            none => *none = Some(RunState::begin(recorded).map_err(|error| error.to_string())?),
        }
        self.events = recorded.seq;
        Ok(())
    }
}

/// The entries as text, a line each.
pub(super) fn lines<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> String {
    entries.into_iter().fold(String::new(), |text, entry| text + &entry.line() + "\n")
}
