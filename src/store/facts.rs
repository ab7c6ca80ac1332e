//! A log of facts in a database: one row each, with a sum over it and everything before it.

use std::io;

use rusqlite::params;
use sha2::{Digest as _, Sha256};

use super::{
    StoreError,
    row::Sum,
    writer::{Database, Safety},
};
use crate::trading::facts::{Care, FactLog};

/// One log of one run. Two copies of it must not be written by turns: each counts for itself.
#[derive(Debug)]
pub struct Facts {
    db: Database,
    run: String,
    log: String,
    /// Number and sum of the last fact; `None` before the log was read, and after a failure, when
    /// it is not known what is there.
    last: Option<(i64, Sum)>,
}

impl Facts {
    pub(super) fn new(db: Database, run: &str, log: &str) -> Self {
        Self { db, run: run.to_owned(), log: log.to_owned(), last: None }
    }

    /// Every fact, each checked against what was written.
    fn all(&mut self) -> Result<Vec<String>, StoreError> {
        let rows = self.db.read(|db| {
            let sql = "SELECT seq, body, sum FROM facts WHERE run = ?1 AND log = ?2 ORDER BY seq";
            let mut ask = db.prepare_cached(sql)?;
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            let rows = ask.query_map(params![self.run, self.log], row)?;
            rows.collect::<rusqlite::Result<Vec<(i64, String, Sum)>>>()
        })?;
        let (mut facts, mut sum) = (Vec::with_capacity(rows.len()), Sum::default());
        for (expected, (seq, body, written)) in (1_i64..).zip(rows) {
            sum = self.sum(sum, (expected, &body));
            let what = if seq != expected {
                "it is missing"
            } else if sum != written {
                "it is not as it was written"
            } else {
                facts.push(body);
                continue;
            };
            let (run, log) = (self.run.clone(), self.log.clone());
            return Err(StoreError::DamagedFact { run, log, seq: expected, what });
        }
        self.last = Some((i64::try_from(facts.len()).unwrap_or(i64::MAX), sum));
        Ok(facts)
    }

    /// The sum up to a fact; another run's or log's facts have other sums.
    fn sum(&self, before: Sum, (seq, body): (i64, &str)) -> Sum {
        let mut digest = Sha256::new();
        digest.update(before);
        digest.update(seq.to_be_bytes());
        for text in [&self.run, &self.log] {
            digest.update(text.as_bytes());
            digest.update([0]);
        }
        digest.update(body.as_bytes());
        let mut sum = Sum::default();
        sum.copy_from_slice(&digest.finalize()[..16]);
        sum
    }

    fn add(&mut self, body: &str, safety: Safety) -> Result<(), StoreError> {
        if self.last.is_none() {
            self.all()?;
        }
        let (seq, before) = self.last.take().unwrap_or_default();
        let seq = seq + 1;
        let sum = self.sum(before, (seq, body));
        self.db.write(safety, |tx, _epoch| {
            let sql = "INSERT INTO facts (run, log, seq, body, sum) VALUES (?1, ?2, ?3, ?4, ?5)";
            tx.prepare_cached(sql)?.execute(params![self.run, self.log, seq, body, sum])
        })?;
        self.last = Some((seq, sum));
        Ok(())
    }
}

impl FactLog for Facts {
    fn append(&mut self, fact: &str, care: Care) -> io::Result<()> {
        let safety = match care {
            Care::Process => Safety::Process,
            Care::Power => Safety::Power,
        };
        self.add(fact, safety).map_err(io::Error::other)
    }

    fn read(&mut self) -> io::Result<Vec<String>> {
        self.all().map_err(io::Error::other)
    }
}
