//! Table schemas of the databases, with their migrations.

use std::path::Path;

use rusqlite::Connection;

use super::StoreError;

/// The migrations of the journal from each version to the next; the first creates an empty journal.
const STEPS: &[&str] = &[JOURNAL, TRAILS, KEEPING, FACTS];

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

/// The heads of the audit files. They outlive the events of a run and so do not refer to its row.
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

/// The time at which a run was first seen, for its age; archived runs; texts of damage findings;
/// rows cut from the end of a run.
const KEEPING: &str = "
ALTER TABLE runs ADD COLUMN seen_at INTEGER;
CREATE TABLE archived (
    run INTEGER PRIMARY KEY REFERENCES runs,
    events INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    sum BLOB NOT NULL,
    file TEXT
) STRICT;
CREATE TABLE remarks (id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, what TEXT NOT NULL) STRICT;
CREATE TABLE set_aside (
    id INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    corr INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    sum BLOB NOT NULL
) STRICT;
";

/// The application id that marks a database of this program: `bell`.
const APPLICATION: i32 = 0x6265_6c6c;

/// Fact logs, by run and name.
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

/// The migrations of the simulated broker's database.
const OUTSIDE: &[&str] = &[
    "
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO meta VALUES ('epoch', 0);
",
    FACTS,
];

/// The purpose of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatabaseKind {
    Journal,
    /// The facts of the simulated broker.
    Broker,
}

impl DatabaseKind {
    const fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Journal => STEPS,
            Self::Broker => OUTSIDE,
        }
    }
}

/// Returns the schema version of a database.
pub(super) fn schema_version(db: &Connection) -> rusqlite::Result<u32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Returns the newest schema version of this program.
pub(super) fn latest_version(kind: DatabaseKind) -> u32 {
    u32::try_from(kind.steps().len()).unwrap_or(u32::MAX)
}

/// Returns whether a table exists.
pub(super) fn has_table(db: &Connection, table: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    db.query_row(sql, [table], |row| row.get(0))
}

/// Returns whether a database is empty or belongs to this program.
fn ours(db: &Connection) -> rusqlite::Result<bool> {
    let mark: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    // Journals of early versions have no application id.
    Ok(mark == APPLICATION
        || mark == 0
            && (tables == 0
                || has_table(db, "meta")? && (has_table(db, "events")? || has_table(db, "facts")?)))
}

/// Refuses a database of another program, and a journal of a newer one; returns its version, 0 if
/// it is empty.
pub(super) fn ensure_supported(
    db: &Connection,
    kind: DatabaseKind,
    path: &Path,
) -> Result<u32, StoreError> {
    if !ours(db).map_err(StoreError::for_database(path))? {
        return Err(StoreError::NotAJournal { path: path.to_owned() });
    }
    let found = schema_version(db).map_err(StoreError::for_database(path))?;
    let known = latest_version(kind);
    if found > known {
        return Err(StoreError::NewerVersion { path: path.to_owned(), found, known });
    }
    Ok(found)
}

/// Migrates a database to the newest version, each step in a transaction.
pub(super) fn migrate(
    db: &mut Connection,
    kind: DatabaseKind,
    path: &Path,
) -> Result<(), StoreError> {
    let found = ensure_supported(db, kind, path)?;
    let wrong = StoreError::for_database(path);
    db.pragma_update(None, "application_id", APPLICATION).map_err(&wrong)?;
    for (version, step) in (1_u32..).zip(kind.steps()).filter(|(version, _)| *version > found) {
        let tx = db.transaction().map_err(&wrong)?;
        tx.execute_batch(step).map_err(&wrong)?;
        tx.pragma_update(None, "user_version", version).map_err(&wrong)?;
        tx.commit().map_err(&wrong)?;
    }
    Ok(())
}
