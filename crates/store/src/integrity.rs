//! Looks at everything a journal holds, and says what of it is whole.

use super::{
    EventLocation, EventRow, JournalReader, RunSummary, StoreError, TornTail, fact_archive,
    reader::LEFT,
    schema, wal_tail,
    writer::{LOG, is_locked},
};
use engine::RunState;

/// Complaints of the database that are told; more say nothing new.
const COMPLAINTS_MAX: u32 = 20;

/// What was found of a run.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum RunIntegrity {
    /// Every event is as it was written, and they follow from one another.
    #[serde(rename = "whole")]
    Sound,
    /// Every event is as it was written; some are of kinds that this program does not know.
    Newer {
        /// How many.
        unknown: u64,
        /// Number of the first.
        first: u64,
    },
    /// An event is missing, not as it was written, or cannot be read.
    Damaged {
        /// In words.
        what: String,
    },
    /// Every event is as it was written, but one does not follow from those before it, or the end of the run is not
    /// among them.
    Broken {
        /// In words.
        what: String,
    },
    /// The events are no longer kept.
    Gone,
}

impl RunIntegrity {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        match self {
            Self::Sound | Self::Newer { .. } | Self::Gone => true,
            Self::Damaged { .. } | Self::Broken { .. } => false,
        }
    }
}

/// A run, and what was found of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RunCheck {
    /// The run.
    #[serde(flatten)]
    pub run: RunSummary,
    /// What was found.
    #[serde(flatten)]
    pub verdict: RunIntegrity,
}

/// What was found of a journal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct IntegrityReport {
    /// What the database complains of itself; empty: of nothing.
    pub database: Vec<String>,
    /// The end of its log that will be dropped when it is next opened for writing.
    pub torn: Option<TornTail>,
    /// Every run.
    pub runs: Vec<RunCheck>,
    /// What was found wrong before and dealt with, oldest first.
    pub remarks: Vec<String>,
    /// Rows that were cut from the end of a run and are kept aside: run, number, kind, text.
    pub set_aside: Vec<(i64, i64, String, String)>,
}

impl IntegrityReport {
    /// Whether nothing is wrong now; what was dealt with before does not count.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.database.is_empty()
            && self.torn.is_none()
            && self.runs.iter().all(|run| run.verdict.is_sound())
    }
}

impl JournalReader {
    /// Looks at the pages of the database, its log, and every event of every run, in the archive as well.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when not even the list of runs can be read.
    pub fn check(&self) -> Result<IntegrityReport, StoreError> {
        let log = self.folder.join(LOG);
        let torn = wal_tail::torn_tail(&log).map_err(StoreError::for_folder(&log))?;
        // While somebody writes, an unfinished end is what they are writing.
        let torn = torn.filter(|_| !is_locked(&self.folder));
        let database = self.pages();
        let runs = match self.runs() {
            Ok(runs) => runs,
            // The pages say more of why.
            Err(_error) if !database.is_empty() => Vec::new(),
            Err(error) => return Err(error),
        };
        let checked = |run: RunSummary| RunCheck { verdict: self.verdict(&run), run };
        let runs = runs.into_iter().map(checked).collect();
        let (remarks, set_aside) = (self.remarks(), self.set_aside());
        Ok(IntegrityReport { database, torn, runs, remarks, set_aside })
    }

    /// What the database complains of.
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
                // What was damaged need not be text any more.
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

/// Whether the events of a run follow from one another, and end as the run is said to have.
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
