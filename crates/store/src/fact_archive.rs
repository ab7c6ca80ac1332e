//! The facts of an old run: from the databases into the archive, a file for each log beside that of the events.
//!
//! A log goes whole: its file is on disk before its rows go. The two databases cannot be changed as one, so
//! a crash may leave the broker's rows of a run whose events are gone already; the next upkeep moves them.

use std::{
    fs::{self, File},
    io::{self, BufReader},
    path::Path,
};

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::{
    StoreError, archive,
    fact_log::{FactRow, read_rows, verify_rows},
};

/// What stands before the fact's own text.
const BODY: &str = ",\"fact\":";
/// What the logs of the simulated broker are called by, in names of files.
const BROKER: &str = "broker-";

/// What stands before the fact in a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactLineHeader {
    run: String,
    log: String,
    seq: i64,
    sum: String,
}

/// Whose database a log is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FactDatabase {
    /// The journal: the desk's own.
    Desk,
    /// The simulated broker.
    Broker,
}

impl FactDatabase {
    /// The file of a log beside the file of the run's events.
    fn file(self, events: &str, log: &str) -> String {
        let log: String = log.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let whose = match self {
            Self::Desk => "",
            Self::Broker => BROKER,
        };
        format!("{}{whose}{log}.ndjson", stem(events))
    }
}

/// What the names of all files of a run begin with, the dot included: no other run's names do.
fn stem(events: &str) -> String {
    format!("{}.", events.strip_suffix(".ndjson").unwrap_or(events))
}

/// Whether a run of that name alone has facts by that name: what another still needs stays.
pub(super) fn facts_are_exclusive(
    db: &Connection,
    (run, name): (i64, &str),
) -> rusqlite::Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM runs WHERE name = ?1 AND id <> ?2)";
    db.query_row(sql, params![name, run], |row| row.get(0))
}

/// The logs of a run in a database.
pub(super) fn log_names(db: &Connection, name: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT DISTINCT log FROM facts WHERE run = ?1 ORDER BY log";
    db.prepare_cached(sql)?.query_map(params![name], |row| row.get(0))?.collect()
}

/// Writes every log of a run that a database has into its file; a log that is not as it was written into none.
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

/// Takes the facts of a run out of a database.
pub(super) fn remove(db: &Connection, name: &str) -> rusqlite::Result<usize> {
    db.execute("DELETE FROM facts WHERE run = ?1", params![name])
}

/// Deletes the files of a run beside that of its events.
pub(super) fn delete_archived_facts(folder: &Path, events: &str) -> Result<(), StoreError> {
    fact_files_of(folder, events)?.iter().try_for_each(|file| archive::delete_archive(folder, file))
}

/// Reads the files of a run beside that of its events, and finds what is not as it was written.
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

/// The files of a run beside that of its events, in order.
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
        return Err(format!("fact {seq} is no JSON on one line"));
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
