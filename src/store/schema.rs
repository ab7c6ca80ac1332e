//! The tables of the journal, version by version.

use std::path::Path;

use rusqlite::Connection;

use super::StoreError;

/// What brings a journal from one version to the next; the first makes an empty one.
const STEPS: [&str; 2] = [JOURNAL, TRAILS];

const JOURNAL: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO meta VALUES ('epoch', 0);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    date TEXT NOT NULL,
    mode TEXT NOT NULL,
    workflow TEXT NOT NULL,
    program TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    ended TEXT
) STRICT;
CREATE INDEX runs_by_date ON runs (date);
CREATE TABLE events (
    run INTEGER NOT NULL REFERENCES runs,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    corr INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    sum BLOB NOT NULL,
    PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;
";

/// The heads of the audit files. What a run's trail begins with and ends with stays known when its
/// events are thrown away, so it refers to no run.
const TRAILS: &str = "
CREATE TABLE trails (
    run INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    file TEXT NOT NULL,
    previous_run INTEGER,
    previous TEXT,
    head TEXT NOT NULL,
    events INTEGER NOT NULL
) STRICT;
";

/// The version of a database.
pub(super) fn version(db: &Connection) -> rusqlite::Result<u32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The newest version this program knows.
pub(super) fn newest() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// Refuses a journal of a newer program.
pub(super) fn known(db: &Connection, path: &Path) -> Result<u32, StoreError> {
    let found = version(db).map_err(StoreError::database(path))?;
    let known = newest();
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(found)
}

/// Brings a journal to the newest version, each step whole or not at all.
pub(super) fn migrate(db: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let found = known(db, path)?;
    let wrong = StoreError::database(path);
    for (version, step) in (1_u32..).zip(STEPS).filter(|(version, _)| *version > found) {
        let tx = db.transaction().map_err(&wrong)?;
        tx.execute_batch(step).map_err(&wrong)?;
        tx.pragma_update(None, "user_version", version).map_err(&wrong)?;
        tx.commit().map_err(&wrong)?;
    }
    Ok(())
}
