//! Archiving of an old run's fact logs: one file per log, next to the file of its events.
//!
//! A log is moved as a whole: its file is on disk before its rows are deleted. The two databases
//! cannot share a transaction, so a crash may leave the broker's rows of a run whose events are
//! archived already; the next retention pass moves them.

use std::{
    fs::{self, File},
    io::{self, BufReader},
    path::Path,
};

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::{
    StoreError, archive,
    fact_log::{FactRow, log_names, read_rows, verify_rows},
};

/// The text before the fact's own JSON.
const BODY: &str = ",\"fact\":";
/// File name prefix for logs of the simulated broker.
const BROKER: &str = "broker-";

/// The fields before the fact in a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactLineHeader {
    run: String,
    log: String,
    seq: i64,
    sum: String,
}

/// The database that holds a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FactDatabase {
    /// The journal, with the logs of the desk.
    Desk,
    /// The database of the simulated broker.
    Broker,
}

impl FactDatabase {
    /// Returns the file name of a log, given that of the run's events.
    fn file(self, events: &str, log: &str) -> String {
        let log: String = log.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let whose = match self {
            Self::Desk => "",
            Self::Broker => BROKER,
        };
        format!("{}{whose}{log}.ndjson", stem(events))
    }
}

/// Returns the common prefix of all files of a run, including the dot, which makes it unique to the
/// run.
fn stem(events: &str) -> String {
    format!("{}.", events.strip_suffix(".ndjson").unwrap_or(events))
}

/// Returns whether no other run has the same name. Facts are stored by run name, so those that
/// another run needs are kept.
pub(super) fn facts_are_exclusive(
    db: &Connection,
    (run, name): (i64, &str),
) -> rusqlite::Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM runs WHERE name = ?1 AND id <> ?2)";
    db.query_row(sql, params![name, run], |row| row.get(0))
}

/// Writes every log of a run in a database to its file; a damaged log is not written.
pub(super) fn archive_facts(
    (db, path): (&Connection, &Path),
    whose: FactDatabase,
    (name, events): (&str, &str),
) -> Result<(), StoreError> {
    let wrong = StoreError::for_database(path);
    let folder = path.parent().unwrap_or(path);
    for log in log_names(db, name).map_err(&wrong)? {
        let of = (name, log.as_str());
        let rows = verify_rows(of, read_rows(db, of).map_err(&wrong)?)?;
        let file = whose.file(events, &log);
        let lines = rows.iter().map(|row| {
            line(of, row)
                .map_err(|what| StoreError::Archive { path: archive::path(folder, &file), what })
        });
        archive::write_lines(folder, &file, lines)?;
    }
    Ok(())
}

/// Deletes the facts of a run from a database.
pub(super) fn remove(db: &Connection, name: &str) -> rusqlite::Result<usize> {
    db.execute("DELETE FROM facts WHERE run = ?1", params![name])
}

/// Deletes the fact files of a run.
pub(super) fn delete_archived_facts(folder: &Path, events: &str) -> Result<(), StoreError> {
    fact_files_of(folder, events)?.iter().try_for_each(|file| archive::delete_archive(folder, file))
}

/// Reads the fact files of a run and returns the damage found.
pub(super) fn check_archived_facts(
    folder: &Path,
    name: &str,
    events: &str,
) -> Result<(), StoreError> {
    for file in fact_files_of(folder, events)? {
        let path = archive::path(folder, &file);
        let wrong = || StoreError::for_folder(&path);
        let mut lines = BufReader::new(File::open(&path).map_err(wrong())?);
        let (mut log, mut read) = (String::new(), Vec::new());
        while let Some(line) = archive::next(&mut lines).map_err(wrong())? {
            let what = "a line of it cannot be read".into();
            let damaged = StoreError::Archive { path: path.clone(), what };
            let (head, row) = parse(&line).filter(|(head, _)| head.run == name).ok_or(damaged)?;
            log = head.log;
            read.push(row);
        }
        verify_rows((name, &log), read)?;
    }
    Ok(())
}

/// Returns the names of a run's fact files, in order.
fn fact_files_of(folder: &Path, events: &str) -> Result<Vec<String>, StoreError> {
    let home = archive::path(folder, "");
    let wrong = || StoreError::for_folder(&home);
    let names = match fs::read_dir(&home) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(wrong()(error)),
    };
    let stem = stem(events);
    let mut found = Vec::new();
    for name in names {
        let name = name.map_err(wrong())?.file_name().to_string_lossy().into_owned();
        if name != events && name.starts_with(&stem) && name.ends_with(".ndjson") {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

fn line((run, log): (&str, &str), (seq, body, sum): &FactRow) -> Result<String, String> {
    let whole = serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok() && !body.contains('\n');
    if !whole {
        return Err(format!("fact {seq} is not JSON on one line"));
    }
    let head = FactLineHeader {
        run: run.into(),
        log: log.into(),
        seq: *seq,
        sum: archive::sum_to_hex(*sum),
    };
    let head = serde_json::to_string(&head).map_err(|error| error.to_string())?;
    Ok(format!("{}{BODY}{body}}}\n", head.trim_end_matches('}')))
}

fn parse(line: &[u8]) -> Option<(FactLineHeader, FactRow)> {
    let (head, body) = std::str::from_utf8(line).ok()?.split_once(BODY)?;
    let head: FactLineHeader = serde_json::from_str(&format!("{head}}}")).ok()?;
    let row = (head.seq, body.strip_suffix('}')?.to_owned(), archive::sum_from_hex(&head.sum)?);
    Some((head, row))
}
