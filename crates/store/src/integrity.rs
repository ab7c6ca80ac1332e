//! Integrity check of a whole journal.

use super::{
    EventLocation, EventRow, JournalReader, RunSummary, StoreError, fact_archive,
    fact_log::{log_names, read_rows, verify_rows},
    lost_end::lost_in,
    reader::{self, LEFT},
    schema::{self, DatabaseKind},
    writer::{FILE, OUTSIDE},
};
use engine::RunState;
use rusqlite::Connection;

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
    /// Rows that were recorded and are gone from the end of a database.
    pub lost_ends: Vec<String>,
    /// Number of facts of desks and simulated brokers that match their checksums.
    pub sound_facts: u64,
    /// Facts of desks and simulated brokers that are missing or fail their checksum.
    pub damaged_facts: Vec<String>,
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
            && self.lost_ends.is_empty()
            && self.damaged_facts.is_empty()
            && self.runs.iter().all(|run| run.verdict.is_sound())
    }
}

impl JournalReader {
    /// Checks the pages and the ends of both databases, every event of every run, including archived
    /// ones, and every fact.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if not even the list of runs can be read.
    pub fn check(&self) -> Result<IntegrityReport, StoreError> {
        let mut lost = lost_in(&self.folder, FILE, DatabaseKind::Journal)?;
        let mut database = pages(&self.db);
        let (sound, damaged) = check_facts(&self.db);
        let mut facts = (sound, damaged);
        let outside = self.folder.join(OUTSIDE);
        match lost_in(&self.folder, OUTSIDE, DatabaseKind::Broker) {
            Ok(more) => lost.extend(more),
            Err(error) => database.push(error.to_string()),
        }
        if outside.exists() {
            match reader::connect(&outside) {
                Ok(db) => {
                    database
                        .extend(pages(&db).into_iter().map(|what| format!("{OUTSIDE}: {what}")));
                    let (sound, damaged) = check_facts(&db);
                    facts.0 += sound;
                    facts.1.extend(damaged);
                }
                Err(error) => database.push(with_source(&error)),
            }
        }
        let (sound_facts, damaged_facts) = facts;
        let lost_ends = lost.iter().map(ToString::to_string).collect();
        let runs = match self.runs() {
            Ok(runs) => runs,
            // The errors of the pages explain the failure.
            Err(_error) if !database.is_empty() => Vec::new(),
            Err(error) => return Err(error),
        };
        let checked = |run: RunSummary| RunCheck { verdict: self.verdict(&run), run };
        let runs = runs.into_iter().map(checked).collect();
        let (remarks, set_aside) = (self.remarks(), self.set_aside());
        Ok(IntegrityReport {
            database,
            lost_ends,
            sound_facts,
            damaged_facts,
            runs,
            remarks,
            set_aside,
        })
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
            Err(error) => RunIntegrity::Damaged { what: with_source(&error) },
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

/// Returns the errors reported by a database about its pages.
fn pages(db: &Connection) -> Vec<String> {
    let ask = || -> rusqlite::Result<Vec<String>> {
        let mut ask = db.prepare(&format!("PRAGMA integrity_check({COMPLAINTS_MAX})"))?;
        ask.query_map([], |row| row.get(0))?.collect()
    };
    let said = ask().unwrap_or_else(|error| vec![error.to_string()]);
    said.into_iter().filter(|line| line != "ok").collect()
}

/// Checks every fact log of a database; returns the number of intact facts and a text about each
/// damaged log.
fn check_facts(db: &Connection) -> (u64, Vec<String>) {
    let (mut sound, mut damaged) = (0, Vec::new());
    let mut check = || -> rusqlite::Result<()> {
        if !schema::has_table(db, "facts")? {
            return Ok(());
        }
        let runs: Vec<String> = {
            let mut ask = db.prepare("SELECT DISTINCT run FROM facts ORDER BY run")?;
            ask.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        for run in runs {
            for log in log_names(db, &run)? {
                match read_rows(db, (&run, &log)).map(|rows| verify_rows((&run, &log), rows)) {
                    Ok(Ok(rows)) => sound += u64::try_from(rows.len()).unwrap_or(u64::MAX),
                    Ok(Err(error)) => damaged.push(error.to_string()),
                    Err(error) => {
                        damaged.push(format!("the log {log} of run {run} cannot be read: {error}"));
                    }
                }
            }
        }
        Ok(())
    };
    if let Err(error) = check() {
        damaged.push(error.to_string());
    }
    (sound, damaged)
}

/// Returns an error and its cause on one line.
fn with_source(error: &StoreError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
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
