//! Rows that were recorded and are gone from the end of a database, found with its head.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    StoreError,
    archive::sum_to_hex,
    committed_head::{CommittedHead, EventEnd, FactEnd, head_path, load_head},
    database::log_path,
    event_row::EventSum,
    reader,
    schema::{self, DatabaseKind},
    writer::{FILE, OUTSIDE},
};

/// The folder for copies of the files from which an end was lost.
const ASIDE: &str = "set-aside";

/// The end of a database that was recorded and is gone. Its text names the rows and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostEnd {
    /// The database file.
    file: &'static str,
    rows: LostRows,
    /// The folder with copies of the files, once there is one.
    kept: Option<PathBuf>,
}

/// The rows that are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
enum LostRows {
    /// Events after number `there` of a run; 0 if the run has none left.
    Events { end: EventEnd, there: u64 },
    /// Facts after number `there` of a log; 0 if the log has none left.
    Facts { end: FactEnd, there: i64 },
    /// The last row is another one than was recorded.
    Changed { row: String },
    /// The head is missing or cannot be read.
    Unknown { why: String },
}

impl fmt::Display for LostEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, rows, kept } = self;
        let broker = "compare its tasks and orders with the broker before it continues";
        match rows {
            LostRows::Events { end, there } => {
                let (from, EventEnd { name, seq, .. }) = (there + 1, end);
                let lost = seq.saturating_sub(*there);
                write!(
                    f,
                    "{file} lost its end: {lost} events of run {name} ({from} to {seq}) were recorded and are \
                     gone; what else was lost with them is unknown; {broker}"
                )?;
            }
            LostRows::Facts { end, there } => {
                let (from, FactEnd { run, log, seq, .. }) = (there + 1, end);
                let lost = seq.saturating_sub(*there);
                write!(
                    f,
                    "{file} lost its end: {lost} facts of the log {log} of run {run} ({from} to {seq}) were \
                     recorded and are gone; {broker}"
                )?;
            }
            LostRows::Changed { row } => write!(
                f,
                "{file} was changed, or replaced by another copy: {row} is not the one that was recorded; {broker}"
            )?,
            LostRows::Unknown { why } => {
                write!(f, "it is unknown whether {file} lost its end: {why}")?;
            }
        }
        kept.as_ref().map_or(Ok(()), |kept| {
            write!(f, "; the files are kept as they were found in {}", kept.display())
        })
    }
}

impl LostEnd {
    /// Marks the run that lost events, so that an operator reviews it before it continues.
    pub(super) fn mark(&self, db: &Connection) -> rusqlite::Result<()> {
        if let LostRows::Events { end, .. } = &self.rows {
            let seq = i64::try_from(end.seq).unwrap_or(i64::MAX);
            let sql = "INSERT OR REPLACE INTO meta VALUES ('lost-' || ?1, ?2)";
            db.execute(sql, params![end.run, seq])?;
        }
        Ok(())
    }
}

/// Refuses a database that is missing or empty although rows were recorded in it: `SQLite` would
/// delete its write-ahead log.
pub(super) fn ensure_not_emptied(path: &Path) -> Result<(), StoreError> {
    if bytes(path)? > 0 { Ok(()) } else { ensure_never_used(path) }
}

/// Refuses a database without tables of which a head or a log is left.
pub(super) fn ensure_never_used(path: &Path) -> Result<(), StoreError> {
    let log = bytes(&log_path(path))?;
    let emptied = |last| Err(StoreError::Emptied { path: path.to_owned(), last });
    match load_head(path) {
        Ok(Some(CommittedHead { events: Some(end), .. })) => {
            emptied(format!("event {} of run {} was recorded in it", end.seq, end.name))
        }
        Ok(Some(head)) if !head.is_empty() => emptied("facts were recorded in it".into()),
        Ok(_) if log == 0 => Ok(()),
        Ok(_) | Err(_) => emptied(format!("its write-ahead log holds {log} bytes")),
    }
}

fn bytes(path: &Path) -> Result<u64, StoreError> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(StoreError::for_folder(path)(error)),
    }
}

/// Finds the rows that a database lost from its end.
///
/// # Errors
///
/// An error of the database, if it cannot be read that far.
pub(super) fn lost_ends(
    (path, file): (&Path, &'static str),
    head: io::Result<Option<CommittedHead>>,
    db: &Connection,
    is_archived: impl Fn(&str) -> rusqlite::Result<bool>,
) -> rusqlite::Result<Vec<LostEnd>> {
    let lost = |rows| LostEnd { file, rows, kept: None };
    let head = match head {
        Ok(Some(head)) => head,
        Ok(None) => {
            let sql = "SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'head')";
            let had: bool = db.query_row(sql, [], |row| row.get(0))?;
            let why = format!("{} is missing", head_path(path).display());
            return Ok(if had { vec![lost(LostRows::Unknown { why })] } else { Vec::new() });
        }
        Err(error) => {
            let why = format!("cannot read {}: {error}", head_path(path).display());
            return Ok(vec![lost(LostRows::Unknown { why })]);
        }
    };
    let mut found = Vec::new();
    if let Some(end) = head.events.filter(|end| !is_archived(&end.name).unwrap_or(false)) {
        let of = "FROM events WHERE run = ?1";
        let (row, last) = row_and_last(db, of, params![end.run], end.seq.try_into().ok())?;
        let there = u64::try_from(last).unwrap_or_default();
        let named = format!("event {} of run {}", end.seq, end.name);
        found.extend(compare(row, &end.sum, named, LostRows::Events { end: end.clone(), there }));
    }
    for end in head.facts {
        if is_archived(&end.run)? {
            continue;
        }
        let of = "FROM facts WHERE run = ?1 AND log = ?2";
        let (row, there) = row_and_last(db, of, params![end.run, end.log], Some(end.seq))?;
        let named = format!("fact {} of the log {} of run {}", end.seq, end.log, end.run);
        found.extend(compare(row, &end.sum, named, LostRows::Facts { end: end.clone(), there }));
    }
    Ok(found.into_iter().map(lost).collect())
}

/// Returns the checksum of the row `seq`, if there is such a row, and the number of the last row.
fn row_and_last(
    db: &Connection,
    of: &str,
    params: &[&dyn rusqlite::ToSql],
    seq: Option<i64>,
) -> rusqlite::Result<(Option<String>, i64)> {
    let sql = format!("SELECT coalesce(max(seq), 0) {of}");
    let last = db.query_row(&sql, params, |row| row.get(0))?;
    let sql = format!("SELECT sum {of} AND seq = {}", seq.unwrap_or(i64::MAX));
    let row = db.query_row(&sql, params, |row| row.get::<_, EventSum>(0)).optional();
    match row {
        Ok(sum) => Ok((sum.map(sum_to_hex), last)),
        // A damaged row is there, and its checksum is another one.
        Err(error) if error.sqlite_error_code().is_none() => Ok((Some(String::new()), last)),
        Err(error) => Err(error),
    }
}

fn compare(row: Option<String>, sum: &str, named: String, lost: LostRows) -> Option<LostRows> {
    match row {
        Some(found) if found == sum => None,
        Some(_other) => Some(LostRows::Changed { row: named }),
        None => Some(lost),
    }
}

/// Finds what the databases of a folder lost, and copies their files before anything is written.
///
/// # Errors
///
/// [`StoreError::Emptied`], and errors of the folder: without a copy nothing is opened for writing.
pub(super) fn set_aside(folder: &Path) -> Result<Vec<LostEnd>, StoreError> {
    let mut lost = lost_in(folder, FILE, DatabaseKind::Journal)?;
    lost.extend(lost_in(folder, OUTSIDE, DatabaseKind::Broker)?);
    if lost.is_empty() {
        return Ok(lost);
    }
    let home = folder.join(ASIDE);
    let mut names = (1_u32..).map(|n| home.join(n.to_string()));
    let kept = names.find(|name| !name.exists()).unwrap_or_else(|| home.clone());
    copy_files(folder, &kept).map_err(StoreError::for_folder(&kept))?;
    for end in &mut lost {
        end.kept = Some(kept.clone());
    }
    Ok(lost)
}

/// Finds what one database of a folder lost. Errors of the database itself are left to its opening,
/// which gives the remedy.
pub(super) fn lost_in(
    folder: &Path,
    file: &'static str,
    kind: DatabaseKind,
) -> Result<Vec<LostEnd>, StoreError> {
    let path = folder.join(file);
    ensure_not_emptied(&path)?;
    if !path.exists() {
        return Ok(Vec::new());
    }
    // Before the database: rows committed meanwhile are no contradiction.
    let head = load_head(&path);
    let Ok(db) = reader::connect(&path) else { return Ok(Vec::new()) };
    match schema::ensure_supported(&db, kind, &path) {
        Ok(0) => return ensure_never_used(&path).map(|()| Vec::new()),
        Ok(_) => {}
        Err(_left_to_the_opening) => return Ok(Vec::new()),
    }
    let journal = folder.join(FILE);
    let journal = if kind == DatabaseKind::Journal || !journal.exists() {
        None
    } else {
        reader::connect(&journal).ok()
    };
    let archived = |name: &str| is_archived(journal.as_ref().unwrap_or(&db), name);
    Ok(lost_ends((&path, file), head, &db, archived).unwrap_or_else(|error| {
        let rows = LostRows::Unknown { why: error.to_string() };
        vec![LostEnd { file, rows, kept: None }]
    }))
}

fn is_archived(db: &Connection, name: &str) -> rusqlite::Result<bool> {
    if !schema::has_table(db, "archived")? {
        return Ok(false);
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM archived JOIN runs ON runs.id = archived.run WHERE name = ?1)";
    db.query_row(sql, [name], |row| row.get(0))
}

fn copy_files(folder: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for file in [FILE, OUTSIDE] {
        let database = folder.join(file);
        for path in [log_path(&database), head_path(&database), database] {
            let Some(name) = path.file_name().filter(|_| path.exists()) else { continue };
            fs::copy(&path, to.join(name))?;
            fs::File::open(to.join(name))?.sync_all()?;
        }
    }
    fs::File::open(to)?.sync_all()
}
