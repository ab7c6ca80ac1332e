//! The tables of the databases, version by version.

use std::path::Path;

use rusqlite::Connection;

use super::StoreError;

/// What brings a journal from one version to the next; the first makes an empty one.
const STEPS: &[&str] = &[
    "
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
",
    FACTS,
];

/// Logs of facts, each by its run and its own name.
const FACTS: &str = "
CREATE TABLE facts (
    run TEXT NOT NULL,
    log TEXT NOT NULL,
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    sum BLOB NOT NULL,
    PRIMARY KEY (run, log, seq)
) STRICT, WITHOUT ROWID;
";

/// The same for what the simulated broker remembers, which is a world of its own.
const OUTSIDE: &[&str] = &[
    "
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO meta VALUES ('epoch', 0);
",
    FACTS,
];

/// What a database is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The journal.
    Journal,
    /// The simulated broker's memory.
    Outside,
}

impl Kind {
    const fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Journal => STEPS,
            Self::Outside => OUTSIDE,
        }
    }
}

/// The version of a database.
pub(super) fn version(db: &Connection) -> rusqlite::Result<u32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The newest version this program knows.
pub(super) fn newest(kind: Kind) -> u32 {
    u32::try_from(kind.steps().len()).unwrap_or(u32::MAX)
}

/// Refuses a database of a newer program.
pub(super) fn known(db: &Connection, kind: Kind, path: &Path) -> Result<u32, StoreError> {
    let found = version(db).map_err(StoreError::database(path))?;
    let known = newest(kind);
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(found)
}

/// Brings a database to the newest version, each step whole or not at all.
pub(super) fn migrate(db: &mut Connection, kind: Kind, path: &Path) -> Result<(), StoreError> {
    let found = known(db, kind, path)?;
    let wrong = StoreError::database(path);
    for (version, step) in (1_u32..).zip(kind.steps()).filter(|(version, _)| *version > found) {
        let tx = db.transaction().map_err(&wrong)?;
        tx.execute_batch(step).map_err(&wrong)?;
        tx.pragma_update(None, "user_version", version).map_err(&wrong)?;
        tx.commit().map_err(&wrong)?;
    }
    Ok(())
}
