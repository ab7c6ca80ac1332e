//! Looks at a journal: which runs there are, and what happened in one. Never writes, and hinders nobody who does.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags, Row, params};

use super::{Entry, StoreError, row::Sum, schema, writer::FILE};
use crate::engine::{Corr, RunState};

/// A run as the journal lists it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RunRow {
    /// Its number in this journal, from 1.
    pub id: i64,
    /// Its name, as the plan gives it.
    pub name: String,
    /// Trading date, exchange time.
    pub date: String,
    /// Mode, as in `SIM`.
    pub mode: String,
    /// The workflow's name.
    pub workflow: String,
    /// When it began, UTC, on the run's clock.
    pub began_at: DateTime<Utc>,
    /// When the last event happened, UTC, on the run's clock.
    pub last_at: DateTime<Utc>,
    /// How many events there are.
    pub events: u64,
    /// `completed`, `failed`, `cancelled`; `None`: it was left before its end, or goes on.
    pub ended: Option<String>,
}

impl RunRow {
    /// Which run of its date and workflow it is, from 1: the last part of its name.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.name.rsplit('-').next().and_then(|last| last.parse().ok()).unwrap_or(1)
    }

    /// Whether it was not brought to an end; one that a person left counts only when asked for.
    #[must_use]
    pub fn goes_on(&self, left_too: bool) -> bool {
        match self.ended.as_deref() {
            None => true,
            Some(LEFT) => left_too || !matches!(self.mode.as_str(), "SIM" | "DRY"),
            Some(_ended) => false,
        }
    }
}

/// How a run ended that a person left before its end.
pub(super) const LEFT: &str = "left";

/// What a run's events come to, so that more can be written after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail(pub(super) Sum);

/// A journal, open for looking.
#[derive(Debug)]
pub struct Reader {
    db: Connection,
    path: PathBuf,
}

impl Reader {
    /// Opens the journal of `folder`.
    ///
    /// # Errors
    ///
    /// [`StoreError::None`] where there is none; else as for writing.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        if !path.try_exists().map_err(StoreError::folder(&path))? {
            return Err(StoreError::None { path: folder.to_owned() });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&path, flags).map_err(StoreError::database(&path))?;
        schema::known(&db, schema::Kind::Journal, &path)?;
        Ok(Self { db, path })
    }

    /// Every run, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub fn runs(&self) -> Result<Vec<RunRow>, StoreError> {
        let wrong = StoreError::database(&self.path);
        let sql = "SELECT id, name, date, mode, workflow, ended, \
                   (SELECT at FROM events WHERE run = id ORDER BY seq LIMIT 1), \
                   (SELECT at FROM events WHERE run = id ORDER BY seq DESC LIMIT 1), \
                   (SELECT max(seq) FROM events WHERE run = id) FROM runs ORDER BY id";
        let mut ask = self.db.prepare(sql).map_err(&wrong)?;
        let rows = ask.query_map([], run_row).map_err(&wrong)?;
        rows.collect::<Result<_, _>>().map_err(&wrong)
    }

    /// The run of that number, the last run of that date, or with `last` the last run.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoRun`] when there is none.
    pub fn find(&self, asked: &str) -> Result<RunRow, StoreError> {
        let runs = self.runs()?.into_iter().rev();
        let fits = |run: &RunRow| {
            asked == "last" || run.date == asked || asked.parse() == Ok(run.id) || run.name == asked
        };
        let none = || StoreError::NoRun(crate::yaml::shown(asked));
        runs.into_iter().find(fits).ok_or_else(none)
    }

    /// A run as its events leave it, and the sum over them.
    ///
    /// # Errors
    ///
    /// As [`Reader::events`]; [`StoreError::Unknown`] for events that this program does not know or
    /// that do not follow from one another.
    pub fn fold(&self, run: i64) -> Result<(RunState, Tail), StoreError> {
        let (mut state, mut sum): (Option<RunState>, _) = (None, Sum::default());
        for entry in self.events(run)? {
            let unknown = |what: String| StoreError::Unknown { run, seq: entry.seq, what };
            let recorded = entry.recorded().map_err(|error| unknown(error.to_string()))?;
            let folded = match &mut state {
                None => RunState::begin(&recorded).map(|begun| state = Some(begun)),
                Some(state) => state.apply(&recorded),
            };
            folded.map_err(|illegal| unknown(illegal.to_string()))?;
            sum = entry.sum(sum);
        }
        let state = state.ok_or_else(|| StoreError::NoRun(run.to_string()))?;
        Ok((state, Tail(sum)))
    }

    /// Every event of a run, in order, each checked against what was written.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] at the first event that is missing or not as it was written.
    pub fn events(&self, run: i64) -> Result<Vec<Entry>, StoreError> {
        let wrong = StoreError::database(&self.path);
        let sql = "SELECT seq, at, corr, kind, body, sum FROM events WHERE run = ?1 ORDER BY seq";
        let mut ask = self.db.prepare(sql).map_err(&wrong)?;
        let mut rows = ask.query(params![run]).map_err(&wrong)?;
        let (mut entries, mut sum) = (Vec::new(), Sum::default());
        while let Some(row) = rows.next().map_err(&wrong)? {
            let (entry, written) = entry(row).map_err(&wrong)?;
            let expected = entries.last().map_or(0, |last: &Entry| last.seq) + 1;
            let damaged =
                |what: &str| Err(StoreError::Damaged { run, seq: expected, what: what.to_owned() });
            if entry.seq != expected {
                return damaged("it is missing");
            }
            sum = entry.sum(sum);
            if sum != written {
                return damaged("it is not as it was written");
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}

fn run_row(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    let at = |place| Ok::<_, rusqlite::Error>(DateTime::from_timestamp_nanos(row.get(place)?));
    Ok(RunRow {
        id: row.get(0)?,
        name: row.get(1)?,
        date: row.get(2)?,
        mode: row.get(3)?,
        workflow: row.get(4)?,
        ended: row.get(5)?,
        began_at: at(6)?,
        last_at: at(7)?,
        events: u64::try_from(row.get::<_, i64>(8)?).unwrap_or_default(),
    })
}

fn entry(row: &Row<'_>) -> rusqlite::Result<(Entry, Sum)> {
    let number = |place| Ok::<_, rusqlite::Error>(u64::try_from(row.get::<_, i64>(place)?));
    let entry = Entry {
        seq: number(0)?.unwrap_or_default(),
        at: DateTime::from_timestamp_nanos(row.get(1)?),
        corr: Corr(number(2)?.unwrap_or_default()),
        kind: row.get(3)?,
        body: row.get(4)?,
    };
    Ok((entry, row.get(5)?))
}
