//! Read-only access to a journal: its runs and their events. Never blocks the writer.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};

use super::{
    EventRow, StoreError, archive,
    database::log_path,
    event_chain::{EventChain, ROWS, entry_from_row},
    event_row::{self, EventSum},
    lost_end::{ensure_never_used, ensure_not_emptied},
    schema,
    writer::FILE,
};
use engine::{RecordedEvent, RunState};

/// The location of a run's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventLocation {
    Journal,
    /// A file of the archive.
    Archive,
    /// Deleted; only the run's row is kept.
    Gone,
}

/// A run as listed by the journal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RunSummary {
    /// Its number in this journal, from 1.
    pub id: i64,
    /// Its name, from the plan.
    pub name: String,
    /// Trading date, exchange time.
    pub date: String,
    /// Mode, such as `SIM`.
    pub mode: String,
    pub workflow: String,
    /// Time of the first event, UTC, by the clock of the run.
    pub began_at: DateTime<Utc>,
    /// Time of the last event, UTC, by the clock of the run.
    pub last_at: DateTime<Utc>,
    /// Number of events of the run.
    pub events: u64,
    /// `completed`, `failed`, `cancelled` or `left`; `None` if the run is unfinished.
    pub ended: Option<String>,
    /// The location of its events.
    pub kept: EventLocation,
}

impl RunSummary {
    /// Returns the number of the run among those of its date and workflow, from 1: the last part of
    /// its name.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.name.rsplit('-').next().and_then(|last| last.parse().ok()).unwrap_or(1)
    }

    /// Returns whether the run has not ended. A simulated run that an operator left counts only
    /// with `left_too`.
    #[must_use]
    pub fn is_unfinished(&self, left_too: bool) -> bool {
        match self.ended.as_deref() {
            None => true,
            Some(LEFT) => left_too || !matches!(self.mode.as_str(), "SIM" | "DRY"),
            Some(_ended) => false,
        }
    }
}

/// The end of a run that an operator left before its end.
pub(super) const LEFT: &str = "left";

/// The checksum over a run's events, needed to append more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunTail(pub(super) EventSum);

/// A journal opened for reading.
#[derive(Debug)]
pub struct JournalReader {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
    pub(super) folder: PathBuf,
}

impl JournalReader {
    /// Opens the journal of `folder`.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoJournal`] if there is none; otherwise as for writing.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        ensure_not_emptied(&path)?;
        if !path.try_exists().map_err(StoreError::for_folder(&path))? {
            return Err(StoreError::NoJournal { path: folder.to_owned() });
        }
        let db = connect(&path)?;
        if schema::ensure_supported(&db, schema::DatabaseKind::Journal, &path)? == 0 {
            ensure_never_used(&path)?;
            return Err(StoreError::NoJournal { path: folder.to_owned() });
        }
        Ok(Self { db, path, folder: folder.to_owned() })
    }

    /// Returns all runs, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub fn runs(&self) -> Result<Vec<RunSummary>, StoreError> {
        let wrong = StoreError::for_database(&self.path);
        let sql = "SELECT id, name, date, mode, workflow, ended, \
                   coalesce((SELECT at FROM events WHERE run = id ORDER BY seq LIMIT 1), began_at, 0), \
                   coalesce((SELECT at FROM events WHERE run = id ORDER BY seq DESC LIMIT 1), last_at, 0), \
                   coalesce((SELECT max(seq) FROM events WHERE run = id), archived.events, 0), \
                   archived.run IS NOT NULL, archived.file \
                   FROM runs LEFT JOIN archived ON archived.run = id ORDER BY id";
        // A journal written by an older program has no archived runs.
        let none = "WITH archived (run, events, began_at, last_at, file) AS (SELECT 0, 0, 0, 0, '' WHERE 0) ";
        let archives = schema::has_table(&self.db, "archived").map_err(&wrong)?;
        let sql = &if archives { sql.to_owned() } else { format!("{none}{sql}") };
        let mut ask = self.db.prepare(sql).map_err(&wrong)?;
        let rows = ask.query_map([], run_row).map_err(&wrong)?;
        rows.collect::<Result<_, _>>().map_err(&wrong)
    }

    /// Finds a run by number or name, the last run of a date, or with `last` the last run.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoRun`] if there is none.
    pub fn find_run(&self, asked: &str) -> Result<RunSummary, StoreError> {
        let runs = self.runs()?.into_iter().rev();
        let fits = |run: &RunSummary| {
            asked == "last" || run.date == asked || asked.parse() == Ok(run.id) || run.name == asked
        };
        let none = || StoreError::NoRun(diag::quote(asked));
        runs.into_iter().find(fits).ok_or_else(none)
    }

    /// Returns whether rows were lost or cut from the end of a run that has not continued since:
    /// their content is unknown to it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub fn lost_its_end(&self, run: i64) -> Result<bool, StoreError> {
        let wrong = StoreError::for_database(&self.path);
        if !schema::has_table(&self.db, "set_aside").map_err(&wrong)? {
            return Ok(false);
        }
        let sql = "WITH last AS (SELECT max(seq) AS seq FROM events WHERE run = ?1) \
                   SELECT EXISTS (SELECT 1 FROM set_aside, last WHERE run = ?1 AND set_aside.seq > last.seq) \
                   OR EXISTS (SELECT 1 FROM meta, last WHERE key = 'lost-' || ?1 AND value > last.seq)";
        self.db.query_row(sql, params![run], |row| row.get(0)).map_err(&wrong)
    }

    /// Rebuilds the state of a run from its events; returns it with their checksum.
    ///
    /// # Errors
    ///
    /// As for [`JournalReader::events`]; [`StoreError::Unknown`] for events that this program does
    /// not know or that do not follow from one another.
    pub fn rebuild_state(&self, run: i64) -> Result<(RunState, RunTail), StoreError> {
        if let Some(kept) = self.archive_of(run)? {
            let what = "its events are in the archive".into();
            return Err(StoreError::Unknown { run, seq: kept.events, what });
        }
        let (mut state, mut sum): (Option<RunState>, _) = (None, EventSum::default());
        for entry in self.events(run)? {
            let unknown = |what: String| StoreError::Unknown { run, seq: entry.seq, what };
            let recorded = entry.to_recorded().map_err(|error| unknown(error.to_string()))?;
            let folded = match &mut state {
                None => RunState::from_first_event(&recorded).map(|begun| state = Some(begun)),
                Some(state) => state.apply(&recorded),
            };
            folded.map_err(|illegal| unknown(illegal.to_string()))?;
            sum = entry.chained_sum(sum);
        }
        let state = state.ok_or_else(|| StoreError::NoRun(run.to_string()))?;
        Ok((state, RunTail(sum)))
    }

    /// Returns all events of a run, in order, after verifying their checksums; reads the archive if
    /// they are there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] at the first event that is missing or fails its checksum,
    /// [`StoreError::Gone`] if the events were deleted, [`StoreError::Archive`].
    pub fn events(&self, run: i64) -> Result<Vec<EventRow>, StoreError> {
        let (entries, damage) = self.sound_events(run)?;
        damage.map_or(Ok(entries), Err)
    }

    /// Returns the events of a run up to number `last`, even if later ones are damaged.
    ///
    /// # Errors
    ///
    /// As for [`JournalReader::events`], for the events up to `last`.
    pub fn events_until(&self, run: i64, last: u64) -> Result<Vec<EventRow>, StoreError> {
        let (mut entries, damage) = self.sound_events(run)?;
        let there = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        match damage {
            Some(damage) if there < last => Err(damage),
            Some(_) | None => {
                entries.truncate(usize::try_from(last).unwrap_or(usize::MAX));
                Ok(entries)
            }
        }
    }

    /// Returns all events of a run in parsed form, for continuing it.
    ///
    /// # Errors
    ///
    /// As for [`JournalReader::events`]; [`StoreError::Unknown`] at the first event of a kind, or
    /// with parts, that this program does not know: a state rebuilt without it would be wrong.
    pub fn recorded_events(&self, run: i64) -> Result<Vec<RecordedEvent>, StoreError> {
        let entries = self.events(run)?;
        let known = |entry: &EventRow| {
            entry.to_recorded().map_err(|_what| StoreError::Unknown {
                run,
                seq: entry.seq,
                what: format!("{} of another version of the program", diag::quote(&entry.kind)),
            })
        };
        entries.iter().map(known).collect()
    }

    /// Returns the intact events of a run, and the damage after them.
    fn sound_events(&self, run: i64) -> Result<(Vec<EventRow>, Option<StoreError>), StoreError> {
        if let Some(kept) = self.archive_of(run)? {
            return Ok((archive::read_archive(&self.folder, &kept)?, None));
        }
        let wrong = StoreError::for_database(&self.path);
        let mut ask = self.db.prepare_cached(ROWS).map_err(&wrong)?;
        let mut rows = ask.query(params![run]).map_err(&wrong)?;
        let (mut entries, mut chain) = (Vec::new(), EventChain::default());
        while let Some(row) = rows.next().map_err(&wrong)? {
            let read = entry_from_row(row).map_err(&wrong)?;
            let next = match &read {
                Some((entry, written)) => chain.next(entry, *written),
                None => Err("it cannot be read"),
            };
            match (next, read) {
                (Ok(()), Some((entry, _))) => entries.push(entry),
                (Ok(()), None) => {}
                (Err(what), _) => {
                    let (seq, what) = (chain.events + 1, what.to_owned());
                    return Ok((entries, Some(StoreError::Damaged { run, seq, what })));
                }
            }
        }
        Ok((entries, None))
    }

    /// Returns the index entry of a run whose events are archived or deleted.
    pub(super) fn archive_of(&self, run: i64) -> Result<Option<archive::ArchivedRun>, StoreError> {
        let wrong = StoreError::for_database(&self.path);
        if !schema::has_table(&self.db, "archived").map_err(&wrong)? {
            return Ok(None);
        }
        let sql = "SELECT run, events, sum, file FROM archived WHERE run = ?1";
        let mut ask = self.db.prepare_cached(sql).map_err(&wrong)?;
        let kept = ask.query_row(params![run], |row| {
            let events = u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default();
            Ok(archive::ArchivedRun {
                run: row.get(0)?,
                events,
                sum: row.get(2)?,
                file: row.get(3)?,
            })
        });
        kept.optional().map_err(&wrong)
    }
}

/// Opens a database read-only; in a folder without write permission, as immutable.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let wrong = StoreError::for_database(path);
    let db = Connection::open_with_flags(path, flags).map_err(&wrong)?;
    let read: rusqlite::Result<i64> =
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
    match read {
        // SQLite needs to create files next to the database; otherwise the write-ahead log of a
        // killed process would be ignored.
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly)
            ) && !log_path(path).exists() =>
        {
            let name: String = path.to_string_lossy().chars().map(escape_char).collect();
            let uri = format!("file:{name}?immutable=1");
            Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI).map_err(&wrong)
        }
        Err(error) => Err(wrong(error)),
        Ok(_) => Ok(db),
    }
}

/// Escapes a character of a path for a URI.
fn escape_char(c: char) -> String {
    match c {
        '?' => "%3f".into(),
        '#' => "%23".into(),
        '%' => "%25".into(),
        other => other.into(),
    }
}

fn run_row(row: &Row<'_>) -> rusqlite::Result<RunSummary> {
    let at = |place| Ok::<_, rusqlite::Error>(event_row::from_nanos(row.get(place)?));
    let kept = match (row.get(9)?, row.get::<_, Option<String>>(10)?) {
        (false, _) => EventLocation::Journal,
        (true, Some(_)) => EventLocation::Archive,
        (true, None) => EventLocation::Gone,
    };
    Ok(RunSummary {
        id: row.get(0)?,
        name: row.get(1)?,
        date: row.get(2)?,
        mode: row.get(3)?,
        workflow: row.get(4)?,
        ended: row.get(5)?,
        began_at: at(6)?,
        last_at: at(7)?,
        events: u64::try_from(row.get::<_, i64>(8)?).unwrap_or_default(),
        kept,
    })
}
