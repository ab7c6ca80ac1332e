//! Writes a run's audit entries as its events are recorded, in the same order, right behind the journal.

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

/// Where the trail that is being written ends, for whoever prints it. Cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct TrailHeadHandle(Arc<Mutex<Option<TrailHead>>>);

impl TrailHeadHandle {
    /// The last entry on disk; `None`: none of this run is.
    #[must_use]
    pub fn head(&self) -> Option<TrailHead> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, head: &TrailHead) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(head.clone());
    }
}

/// Keeps the audit trail of a run. Must be told of events right after the journal of the same store.
#[derive(Debug)]
pub struct TrailWriter {
    store: Store,
    state: PathBuf,
    open: Option<RepairedTrail>,
    seal: TrailHeadHandle,
}

impl TrailWriter {
    /// The trail of a run that is about to begin or to go on. Files of earlier runs that do not end
    /// where the journal does are brought to that; what was wrong with them is told in words.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the journal cannot be read.
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
            // A file that contradicts the journal is told and left: it hinders no new day.
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

    /// Where it ends, as long as it is written.
    #[must_use]
    pub fn head_handle(&self) -> TrailHeadHandle {
        self.seal.clone()
    }

    /// Where the trail goes on from whose run comes next: the head of the last one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the journal cannot be read.
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
            // The journal has these events already: what it says is what is entered.
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
    /// After a failure nothing in memory is trusted: the next time the file is brought up to the
    /// journal, so that it does not matter how much of an entry was written.
    fn record(&mut self, events: &[Arc<RecordedEvent>], run: &RunState) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        self.write_events(events, run).map_err(io::Error::other)
    }
}
