//! Index of audit files in the journal: start and head of each file.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Row, params};

use crate::{
    JournalReader, RunSummary, Store, StoreError, database::ensure_current_writer, schema,
};
use audit::{TrailHead, TrailOpening};

/// The folder of audit files in the state folder.
const FOLDER: &str = "audit";
/// The first schema version with an index of trails.
const SINCE: u32 = 2;

/// The index row of an audit file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailIndexRow {
    /// The number of its run.
    pub run: i64,
    /// The name of its run.
    pub name: String,
    /// Its file name in the audit folder.
    pub file: String,
    /// The run with the previous trail.
    pub previous_run: Option<i64>,
    /// Head of the previous trail when this one began.
    pub previous: Option<TrailHead>,
    pub head: TrailHead,
    /// The last event of the run covered by the trail.
    pub events: u64,
}

impl TrailIndexRow {
    /// Creates the row of a run without a trail, following the existing rows.
    pub(super) fn for_new_run(run: &RunSummary, rows: &[Self]) -> Self {
        let before = rows.iter().filter(|row| row.run < run.id).max_by_key(|row| row.run);
        let previous = before.map(|row| row.head.clone());
        Self {
            run: run.id,
            name: run.name.clone(),
            file: trail_file_name(run),
            previous_run: before.map(|row| row.run),
            head: TrailOpening::after(previous.clone()).initial_head(),
            previous,
            events: 0,
        }
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self, folder: &Path) -> PathBuf {
        trail_folder(folder).join(&self.file)
    }
}

/// Returns the audit folder of a state folder.
pub(super) fn trail_folder(state: &Path) -> PathBuf {
    state.join(FOLDER)
}

/// Returns the file name of a run; names sort in the order of the runs.
pub(super) fn trail_file_name(run: &RunSummary) -> String {
    format!("{:06}-{}.jsonl", run.id, run.date)
}

/// Returns all rows of the index, in the order of the runs.
pub(super) fn all_rows(reader: &JournalReader) -> Result<Vec<TrailIndexRow>, StoreError> {
    let wrong = StoreError::for_database(&reader.path);
    if schema::schema_version(&reader.db).map_err(&wrong)? < SINCE {
        return Ok(Vec::new());
    }
    select(&reader.db).map_err(&wrong)
}

/// Returns the index row of a run, if it has one.
///
/// # Errors
///
/// [`StoreError::Database`].
pub fn row_of_run(reader: &JournalReader, run: i64) -> Result<Option<TrailIndexRow>, StoreError> {
    Ok(all_rows(reader)?.into_iter().find(|row| row.run == run))
}

fn select(db: &Connection) -> rusqlite::Result<Vec<TrailIndexRow>> {
    let sql =
        "SELECT run, name, file, previous_run, previous, head, events FROM trails ORDER BY run";
    let mut ask = db.prepare(sql)?;
    ask.query_map([], trail_row)?.collect()
}

/// Parses a row. An invalid head matches no file, so the file is reported as replaced.
fn trail_row(row: &Row<'_>) -> rusqlite::Result<TrailIndexRow> {
    let none = || TrailHead { seq: 0, hash: String::new() };
    let head = |text: String| text.parse().unwrap_or_else(|_no_head| none());
    Ok(TrailIndexRow {
        run: row.get(0)?,
        name: row.get(1)?,
        file: row.get(2)?,
        previous_run: row.get(3)?,
        previous: row.get::<_, Option<String>>(4)?.map(head),
        head: head(row.get(5)?),
        events: u64::try_from(row.get::<_, i64>(6)?).unwrap_or_default(),
    })
}

/// Writes a row of the index.
pub(super) fn save_row(store: &Store, row: &TrailIndexRow) -> Result<(), StoreError> {
    let mut inner = store.lock();
    let (epoch, path) = (inner.epoch, inner.path.clone());
    let wrong = StoreError::for_database(&path);
    let tx = inner.db.transaction().map_err(&wrong)?;
    ensure_current_writer(&tx, epoch, &wrong)?;
    let sql = "INSERT INTO trails VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
               ON CONFLICT (run) DO UPDATE SET head = ?6, events = ?7";
    let TrailIndexRow { run, name, file, previous_run, previous, head, events } = row;
    let previous = previous.as_ref().map(ToString::to_string);
    let events = i64::try_from(*events).unwrap_or(i64::MAX);
    let all = params![run, name, file, previous_run, previous, head.to_string(), events];
    tx.prepare_cached(sql).and_then(|mut put| put.execute(all)).map_err(&wrong)?;
    tx.commit().map_err(&wrong)
}
