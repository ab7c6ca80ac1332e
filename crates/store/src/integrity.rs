//! Integrity check of a whole journal.

use super::{
    EventLocation, EventRow, JournalReader, RunSummary, StoreError, TornTail, fact_archive,
    reader::LEFT,
    schema, wal_tail,
    writer::{LOG, is_locked},
};
use engine::RunState;

/// Most database errors reported; further ones add nothing.
const COMPLAINTS_MAX: u32 = 20;

/// The result of checking one run.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum RunIntegrity {
    /// Every event matches its checksum and follows from the previous ones.
    #[serde(rename = "whole")]
    Sound,
    /// Every event matches its checksum; some are of kinds unknown to this program.
    Newer {
        /// Number of unknown events.
        unknown: u64,
        /// Number of the first unknown event.
        first: u64,
    },
    /// An event is missing, fails its checksum, or cannot be read.
    Damaged {
        /// A description of the damage.
        what: String,
    },
    /// Every event matches its checksum, but one does not follow from the previous ones, or the
    /// recorded end of the run is missing.
    Broken {
        /// A description of the contradiction.
        what: String,
    },
    /// The events have been deleted.
    Gone,
}

impl RunIntegrity {
    /// Returns whether the check found nothing wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        match self {
            Self::Sound | Self::Newer { .. } | Self::Gone => true,
            Self::Damaged { .. } | Self::Broken { .. } => false,
        }
    }
}

/// A run with the result of its check.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RunCheck {
    #[serde(flatten)]
    pub run: RunSummary,
    #[serde(flatten)]
    pub verdict: RunIntegrity,
}

/// The result of checking a journal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct IntegrityReport {
    /// Errors reported by the database itself; empty if there are none.
    pub database: Vec<String>,
    /// The end of the write-ahead log that will be dropped at the next opening for writing.
    pub torn: Option<TornTail>,
    /// The results of all runs.
    pub runs: Vec<RunCheck>,
    /// Earlier findings that were repaired, oldest first.
    pub remarks: Vec<String>,
    /// Rows cut from the end of a run and set aside: run, number, kind, text.
    pub set_aside: Vec<(i64, i64, String, String)>,
}

impl IntegrityReport {
    /// Returns whether nothing is wrong now; repaired findings do not count.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.database.is_empty()
            && self.torn.is_none()
            && self.runs.iter().all(|run| run.verdict.is_sound())
    }
}

impl JournalReader {
    /// Checks the database pages, the write-ahead log, and every event of every run, including
    /// archived ones.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if not even the list of runs can be read.
    pub fn check(&self) -> Result<IntegrityReport, StoreError> {
        let log = self.folder.join(LOG);
        let torn = wal_tail::torn_tail(&log).map_err(StoreError::for_folder(&log))?;
        // While another process writes, an unfinished end of the log is normal.
        let torn = torn.filter(|_| !is_locked(&self.folder));
        let database = self.pages();
        let runs = match self.runs() {
            Ok(runs) => runs,
            // The errors of the pages explain the failure.
            Err(_error) if !database.is_empty() => Vec::new(),
            Err(error) => return Err(error),
        };
        let checked = |run: RunSummary| RunCheck { verdict: self.verdict(&run), run };
        let runs = runs.into_iter().map(checked).collect();
        let (remarks, set_aside) = (self.remarks(), self.set_aside());
        Ok(IntegrityReport { database, torn, runs, remarks, set_aside })
    }

    /// Returns the errors reported by the database.
    fn pages(&self) -> Vec<String> {
        let ask = || -> rusqlite::Result<Vec<String>> {
            let mut ask = self.db.prepare(&format!("PRAGMA integrity_check({COMPLAINTS_MAX})"))?;
            ask.query_map([], |row| row.get(0))?.collect()
        };
        let said = ask().unwrap_or_else(|error| vec![error.to_string()]);
        said.into_iter().filter(|line| line != "ok").collect()
    }

    fn verdict(&self, run: &RunSummary) -> RunIntegrity {
        if run.kept == EventLocation::Gone {
            return RunIntegrity::Gone;
        }
        let facts = || -> Result<(), StoreError> {
            match self.archive_of(run.id)?.and_then(|kept| kept.file) {
                Some(file) => fact_archive::check_archived_facts(&self.folder, &run.name, &file),
                None => Ok(()),
            }
        };
        match self.events(run.id).and_then(|entries| facts().map(|()| entries)) {
            Ok(entries) => check_sequence(&entries, run),
            Err(error) => {
                let mut what = error.to_string();
                if let Some(source) = std::error::Error::source(&error) {
                    what = format!("{what}: {source}");
                }
                RunIntegrity::Damaged { what }
            }
        }
    }

    fn remarks(&self) -> Vec<String> {
        let ask = || -> rusqlite::Result<Vec<String>> {
            if !schema::has_table(&self.db, "remarks")? {
                return Ok(Vec::new());
            }
            let mut ask = self.db.prepare("SELECT what FROM remarks ORDER BY id")?;
            ask.query_map([], |row| row.get(0))?.collect()
        };
        ask().unwrap_or_default()
    }

    fn set_aside(&self) -> Vec<(i64, i64, String, String)> {
        let ask = || -> rusqlite::Result<Vec<_>> {
            if !schema::has_table(&self.db, "set_aside")? {
                return Ok(Vec::new());
            }
            let text = "CAST(kind AS BLOB), CAST(body AS BLOB)";
            let sql = format!("SELECT run, seq, {text} FROM set_aside ORDER BY id");
            let mut ask = self.db.prepare(&sql)?;
            let rows = ask.query_map([], |row| {
                // A damaged column need not be valid text.
                let text = |place| {
                    let bytes: Vec<u8> = row.get(place)?;
                    Ok::<_, rusqlite::Error>(String::from_utf8_lossy(&bytes).into_owned())
                };
                Ok((row.get(0)?, row.get(1)?, text(2)?, text(3)?))
            })?;
            rows.collect()
        };
        ask().unwrap_or_default()
    }
}

/// Checks that the events of a run follow from one another and end as the run's row says.
fn check_sequence(entries: &[EventRow], run: &RunSummary) -> RunIntegrity {
    let unknown: Vec<u64> = entries
        .iter()
        .filter(|entry| entry.to_recorded().is_err())
        .map(|entry| entry.seq)
        .collect();
    if let Some(&first) = unknown.first() {
        let unknown = u64::try_from(unknown.len()).unwrap_or(u64::MAX);
        return RunIntegrity::Newer { unknown, first };
    }
    let broken = |what: String| RunIntegrity::Broken { what };
    let mut state: Option<RunState> = None;
    for recorded in entries.iter().filter_map(|entry| entry.to_recorded().ok()) {
        let folded = match &mut state {
            None => RunState::from_first_event(&recorded).map(|begun| state = Some(begun)),
            Some(state) => state.apply(&recorded),
        };
        if let Err(illegal) = folded {
            return broken(illegal.to_string());
        }
    }
    match (state, &run.ended) {
        (None, _) => broken("it has no events".into()),
        (Some(state), Some(ended)) if !state.has_ended() && ended != LEFT => {
            broken(format!("it is {ended}, but its last events are missing"))
        }
        (Some(_), _) => RunIntegrity::Sound,
    }
}
