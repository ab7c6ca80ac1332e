//! Event sink that writes a run's audit entries right after the journal records its events.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    derive::to_lines,
    index,
    repair::{RepairedTrail, repair_trail},
};
use crate::{
    EventLocation, JournalReader, RunSummary, Store, StoreError, journal::needs_full_sync,
};
use audit::TrailHead;
use engine::{RecordedEvent, RunState, port::EventSink};

/// A shared handle to the head of the trail being written. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct TrailHeadHandle(Arc<Mutex<Option<TrailHead>>>);

impl TrailHeadHandle {
    /// Returns the last entry of this run on disk; `None` if there is none.
    #[must_use]
    pub fn head(&self) -> Option<TrailHead> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, head: &TrailHead) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(head.clone());
    }
}

/// The audit trail of a run, as an event sink. Must receive events right after the journal of the
/// same store.
#[derive(Debug)]
pub struct TrailWriter {
    store: Store,
    state: PathBuf,
    open: Option<RepairedTrail>,
    seal: TrailHeadHandle,
}

impl TrailWriter {
    /// Opens the trail for a new or recovered run. Files of earlier runs that disagree with the
    /// journal are repaired; the repairs are returned in words.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the journal cannot be read.
    pub fn open(store: &Store) -> Result<(Self, Vec<String>), StoreError> {
        let state = store.folder();
        let reader = JournalReader::open(&state)?;
        let (runs, rows) = (reader.runs()?, index::all_rows(&reader)?);
        let differs = |run: &&RunSummary| {
            let row = rows.iter().find(|row| row.run == run.id);
            let other = row.is_none_or(|row| row.events != run.events);
            run.kept != EventLocation::Gone && run.events > 0 && other
        };
        let mut remarks = Vec::new();
        for run in runs.iter().filter(differs) {
            // A file that contradicts the journal is reported and left unchanged; it does not
            // prevent a new run.
            match repair_trail(store, &state, run) {
                Ok(healed) => remarks.extend(healed.remark),
                Err(error) => remarks.push(error.to_string()),
            }
        }
        Ok((
            Self { store: store.clone(), state, open: None, seal: TrailHeadHandle::default() },
            remarks,
        ))
    }

    /// Returns a handle to the head of the trail.
    #[must_use]
    pub fn head_handle(&self) -> TrailHeadHandle {
        self.seal.clone()
    }

    /// Returns the head of the last trail, from which the next run's trail continues.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the journal cannot be read.
    pub fn previous_head(&self) -> Result<Option<TrailHead>, StoreError> {
        let rows = index::all_rows(&JournalReader::open(&self.state)?)?;
        Ok(rows.last().map(|row| row.head.clone()))
    }

    fn write_events(
        &mut self,
        events: &[Arc<RecordedEvent>],
        run: &RunState,
    ) -> Result<(), StoreError> {
        let number =
            self.store.last_run_written().ok_or_else(|| StoreError::NoRun("of now".into()))?;
        let open = match self.open.take().filter(|open| open.row.run == number) {
            Some(mut open) => {
                self.append(&mut open, events, run)?;
                open
            }
            // The journal already has these events; repairing the file from it enters them.
            None => repair_trail(&self.store, &self.state, &self.run(number)?)?,
        };
        self.seal.set(&open.row.head);
        self.open = Some(open);
        Ok(())
    }

    fn run(&self, number: i64) -> Result<RunSummary, StoreError> {
        let runs = JournalReader::open(&self.state)?.runs()?;
        let found = runs.into_iter().find(|run| run.id == number);
        found.ok_or_else(|| StoreError::NoRun(number.to_string()))
    }

    fn append(
        &self,
        open: &mut RepairedTrail,
        events: &[Arc<RecordedEvent>],
        run: &RunState,
    ) -> Result<(), StoreError> {
        let mut entries = Vec::new();
        let known = open.run.last_seq();
        let mut safe = false;
        for recorded in events.iter().filter(|recorded| recorded.seq > known) {
            entries.extend(open.ledger.event(Some(&open.run), recorded));
            let damaged = |error: engine::IllegalEvent| StoreError::Damaged {
                run: open.row.run,
                seq: recorded.seq,
                what: error.to_string(),
            };
            open.run.apply(recorded).map_err(damaged)?;
            safe |= needs_full_sync(&recorded.event, run);
        }
        if entries.is_empty() {
            return Ok(());
        }
        let path = open.row.path(&self.state);
        let wrong = StoreError::for_folder(&path);
        let written = open.file.write_all(to_lines(&entries).as_bytes());
        let written = written.and_then(|()| if safe { open.file.sync_data() } else { Ok(()) });
        written.map_err(wrong)?;
        (open.row.head, open.row.events) = (open.ledger.head().clone(), open.run.last_seq());
        index::save_row(&self.store, &open.row)
    }
}

impl EventSink for TrailWriter {
    /// After a failure nothing in memory is trusted: the next call repairs the file from the
    /// journal, so that a partly written entry does no harm.
    fn record(&mut self, events: &[Arc<RecordedEvent>], run: &RunState) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        self.write_events(events, run).map_err(io::Error::other)
    }
}
