//! Fact logs in a database: one row per fact, with a checksum over it and all earlier facts.

use std::io;

use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

use super::{
    StoreError,
    database::{Database, TransactionDurability},
    event_row::EventSum,
};
use engine::port::{Durability, FactLog};

/// A fact log of one run. Two instances for the same log must not write alternately, because each
/// caches the last number.
#[derive(Debug)]
pub struct RunFactLog {
    db: Database,
    run: String,
    log: String,
    /// Number and checksum of the last fact; `None` before the log is read, and after a failure,
    /// when the stored state is unknown.
    last: Option<(i64, EventSum)>,
}

impl RunFactLog {
    pub(super) fn new(db: Database, run: &str, log: &str) -> Self {
        Self { db, run: run.to_owned(), log: log.to_owned(), last: None }
    }

    /// Returns all facts after verifying their checksums.
    fn all(&mut self) -> Result<Vec<String>, StoreError> {
        let of = (self.run.as_str(), self.log.as_str());
        let rows = verify_rows(of, self.db.read(|db| read_rows(db, of))?)?;
        let sum = rows.last().map_or_else(EventSum::default, |(.., sum)| *sum);
        self.last = Some((i64::try_from(rows.len()).unwrap_or(i64::MAX), sum));
        Ok(rows.into_iter().map(|(_, body, _)| body).collect())
    }

    fn add(&mut self, body: &str, safety: TransactionDurability) -> Result<(), StoreError> {
        if self.last.is_none() {
            self.all()?;
        }
        let (seq, before) = self.last.take().unwrap_or_default();
        let seq = seq + 1;
        let sum = sum((&self.run, &self.log), before, (seq, body));
        self.db.write(safety, |tx, _epoch| {
            let sql = "INSERT INTO facts (run, log, seq, body, sum) VALUES (?1, ?2, ?3, ?4, ?5)";
            tx.prepare_cached(sql)?.execute(params![self.run, self.log, seq, body, sum])
        })?;
        self.last = Some((seq, sum));
        self.db.note(|head| head.add_fact((&self.run, &self.log), (seq, sum)));
        Ok(())
    }
}

/// A stored fact: number, text and checksum up to it.
pub(super) type FactRow = (i64, String, EventSum);

/// Returns the names of a run's logs in a database.
pub(super) fn log_names(db: &Connection, name: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT DISTINCT log FROM facts WHERE run = ?1 ORDER BY log";
    db.prepare_cached(sql)?.query_map(params![name], |row| row.get(0))?.collect()
}

/// Reads the rows of a log without verifying them.
pub(super) fn read_rows(
    db: &Connection,
    (run, log): (&str, &str),
) -> rusqlite::Result<Vec<FactRow>> {
    let sql = "SELECT seq, body, sum FROM facts WHERE run = ?1 AND log = ?2 ORDER BY seq";
    let mut ask = db.prepare_cached(sql)?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    ask.query_map(params![run, log], row)?.collect()
}

/// Returns the rows of a log if all match their checksums.
pub(super) fn verify_rows(
    (run, log): (&str, &str),
    rows: Vec<FactRow>,
) -> Result<Vec<FactRow>, StoreError> {
    let mut before = EventSum::default();
    for (expected, (seq, body, written)) in (1_i64..).zip(&rows) {
        before = sum((run, log), before, (expected, body));
        let what = if *seq != expected {
            "it is missing"
        } else if before != *written {
            "it does not match its checksum"
        } else {
            continue;
        };
        let (run, log) = (run.to_owned(), log.to_owned());
        return Err(StoreError::DamagedFact { run, log, seq: expected, what });
    }
    Ok(rows)
}

/// Returns the checksum up to a fact; it includes the names of run and log.
fn sum(of: (&str, &str), before: EventSum, (seq, body): (i64, &str)) -> EventSum {
    let mut digest = Sha256::new();
    digest.update(before);
    digest.update(seq.to_be_bytes());
    for text in [of.0, of.1] {
        digest.update(text.as_bytes());
        digest.update([0]);
    }
    digest.update(body.as_bytes());
    let mut sum = EventSum::default();
    sum.copy_from_slice(&digest.finalize()[..16]);
    sum
}

impl FactLog for RunFactLog {
    fn append(&mut self, fact: &str, care: Durability) -> io::Result<()> {
        let safety = match care {
            Durability::SurvivesCrash => TransactionDurability::SurvivesCrash,
            Durability::SurvivesPowerLoss => TransactionDurability::SurvivesPowerLoss,
        };
        self.add(fact, safety).map_err(io::Error::other)
    }

    fn read(&mut self) -> io::Result<Vec<String>> {
        self.all().map_err(io::Error::other)
    }
}
