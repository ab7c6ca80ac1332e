//! Retention of runs: first in the journal, then in an archive file each, finally as a row of
//! metadata.

use std::{fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::{
    EventRow, Store, StoreError, archive,
    database::{DatabaseInner, ensure_current_writer},
    event_chain::{ChainHealth, ROWS, check_run, entry_from_row},
    event_row::{EventSum, to_nanos},
    fact_archive::{self, FactDatabase},
    fact_log,
    reader::LEFT,
};

/// The retention periods of runs, in days since they were first seen; 0 means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Age at which the events of an ended run move from the journal to the archive.
    pub compact_after_days: u32,
    /// Age at which the archive file is deleted.
    pub keep_days: u32,
}

/// A run that was moved or deleted, or would be.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MovedRun {
    pub run: i64,
    pub name: String,
    /// Number of events of the run.
    pub events: u64,
    /// Name of the archive file.
    pub file: String,
}

/// The result of a retention pass.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct RetentionReport {
    /// Runs whose events were archived.
    pub archived: Vec<MovedRun>,
    /// Runs whose events were deleted.
    pub deleted: Vec<MovedRun>,
    /// Expired runs that were left unchanged, with the reason.
    pub left: Vec<(i64, String)>,
    /// Size of the database before and after vacuuming, in bytes; `None` if it was not vacuumed.
    pub packed: Option<(u64, u64)>,
}

/// A run older than a retention period.
struct ExpiredRun {
    run: i64,
    name: String,
    file: String,
}

impl Store {
    /// Returns the runs that [`Store::compact`] and [`Store::prune`] would process at `now`. The
    /// only change is that the age of runs not seen before starts to count.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn retention_preview(
        &self,
        retention: Retention,
        now: DateTime<Utc>,
    ) -> Result<RetentionReport, StoreError> {
        let inner = self.lock();
        let wrong = StoreError::for_database(&inner.path);
        let mut kept = RetentionReport::default();
        let moved = |ExpiredRun { run, name, file }, events| MovedRun { run, name, events, file };
        for old in inner.old_in_journal(retention, now)? {
            match check_run(&inner.db, old.run).map_err(&wrong)? {
                ChainHealth::Sound { events, .. } => kept.archived.push(moved(old, events)),
                ChainHealth::DamagedTail { from: seq, .. }
                | ChainHealth::DamagedMiddle { seq, .. } => {
                    kept.left.push((old.run, damaged(seq)));
                }
            }
        }
        for (old, events) in inner.old_in_archive(retention, now)? {
            kept.deleted.push(moved(old, events));
        }
        Ok(kept)
    }

    /// Archives the events of runs that are old enough at `now`, oldest first and at most `most`,
    /// each with the fact logs of its desk and simulated broker. An unfinished or damaged run is
    /// left unchanged. The files are on disk before the rows are deleted.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; runs archived before the error stay archived, all others are unchanged.
    pub fn compact(
        &self,
        retention: Retention,
        now: DateTime<Utc>,
        most: usize,
    ) -> Result<RetentionReport, StoreError> {
        let (mut inner, mut outside) = (self.lock(), self.outside.lock());
        let mut kept = RetentionReport::default();
        for old in inner.old_in_journal(retention, now)? {
            if kept.archived.len() >= most {
                break;
            }
            let run = old.run;
            match inner.archive(&mut outside, old)? {
                Ok(moved) => kept.archived.push(moved),
                Err(why) => kept.left.push((run, why)),
            }
        }
        let more = most.saturating_sub(kept.archived.len());
        kept.left.extend(inner.facts_behind(&mut outside, more)?);
        Ok(kept)
    }

    /// Deletes archive files that are old enough at `now`, and remaining facts of their runs. Row,
    /// end, number of events and checksum of each run are kept.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn prune(
        &self,
        retention: Retention,
        now: DateTime<Utc>,
    ) -> Result<RetentionReport, StoreError> {
        let (mut inner, mut outside) = (self.lock(), self.outside.lock());
        let mut kept = RetentionReport::default();
        for (old, events) in inner.old_in_archive(retention, now)? {
            let DatabaseInner { db, path, epoch, .. } = &mut *inner;
            let wrong = StoreError::for_database(path);
            let tx = db.transaction().map_err(&wrong)?;
            ensure_current_writer(&tx, *epoch, &wrong)?;
            let sql = "UPDATE archived SET file = NULL WHERE run = ?1";
            tx.execute(sql, params![old.run]).map_err(&wrong)?;
            // Deleted inside the transaction: if the file cannot be deleted, the index keeps it.
            fact_archive::delete_archived_facts(folder(path), &old.file)?;
            archive::delete_archive(folder(path), &old.file)?;
            tx.commit().map_err(&wrong)?;
            let ExpiredRun { run, name, file } = old;
            kept.deleted.push(MovedRun { run, name, events, file });
        }
        for name in inner.removed_runs()? {
            inner.forget(&name)?;
            outside.forget(&name)?;
        }
        Ok(kept)
    }

    /// Returns the space of deleted rows to the file system; returns the size before and after, in
    /// bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: vacuuming needs as much free space as the database has.
    pub fn vacuum(&self) -> Result<(u64, u64), StoreError> {
        let inner = self.lock();
        let wrong = StoreError::for_database(&inner.path);
        let size = || {
            fs::metadata(&inner.path)
                .map(|meta| meta.len())
                .map_err(StoreError::for_folder(&inner.path))
        };
        let shrink = "PRAGMA wal_checkpoint(TRUNCATE)";
        inner.db.query_row(shrink, [], |_row| Ok(())).map_err(&wrong)?;
        let before = size()?;
        inner.db.execute_batch("VACUUM").map_err(&wrong)?;
        inner.db.query_row(shrink, [], |_row| Ok(())).map_err(&wrong)?;
        Ok((before, size()?))
    }
}

impl DatabaseInner {
    /// Returns ended runs in the journal that are old enough. The age of runs not seen before
    /// starts to count.
    fn old_in_journal(
        &self,
        retention: Retention,
        now: DateTime<Utc>,
    ) -> Result<Vec<ExpiredRun>, StoreError> {
        let wrong = StoreError::for_database(&self.path);
        mark_seen(&self.db, now).map_err(&wrong)?;
        let Some(before) = cutoff(retention.compact_after_days, now) else { return Ok(Vec::new()) };
        let sql = "SELECT id, name, date FROM runs LEFT JOIN archived ON archived.run = id \
                   WHERE ended IS NOT NULL AND (ended <> ?2 OR mode IN ('SIM', 'DRY')) \
                   AND archived.run IS NULL AND seen_at < ?1 ORDER BY id";
        let mut ask = self.db.prepare_cached(sql).map_err(&wrong)?;
        let rows = ask.query_map(params![before, LEFT], |row| {
            let (run, date): (i64, String) = (row.get(0)?, row.get(2)?);
            Ok(ExpiredRun { run, name: row.get(1)?, file: archive::archive_name(run, &date) })
        });
        rows.map_err(&wrong)?.collect::<Result<_, _>>().map_err(&wrong)
    }

    /// Returns archived runs that are old enough, with their number of events.
    fn old_in_archive(
        &self,
        retention: Retention,
        now: DateTime<Utc>,
    ) -> Result<Vec<(ExpiredRun, u64)>, StoreError> {
        let wrong = StoreError::for_database(&self.path);
        let Some(before) = cutoff(retention.keep_days, now) else { return Ok(Vec::new()) };
        let sql = "SELECT id, name, file, events FROM runs JOIN archived ON archived.run = id \
                   WHERE file IS NOT NULL AND seen_at < ?1 ORDER BY id";
        let mut ask = self.db.prepare_cached(sql).map_err(&wrong)?;
        let rows = ask.query_map(params![before], |row| {
            let old = ExpiredRun { run: row.get(0)?, name: row.get(1)?, file: row.get(2)? };
            Ok((old, u64::try_from(row.get::<_, i64>(3)?).unwrap_or_default()))
        });
        rows.map_err(&wrong)?.collect::<Result<_, _>>().map_err(&wrong)
    }

    /// Archives facts that were left behind when their run was archived, by a crash or an older
    /// program. Returns the runs for which that fails, with the reason.
    fn facts_behind(
        &mut self,
        outside: &mut Self,
        most: usize,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let mut moved = 0;
        let mut damaged = Vec::new();
        for ExpiredRun { run, name, file } in self.archived_alone("file IS NOT NULL")? {
            if moved >= most {
                break;
            }
            if !self.has_facts(&name)? && !outside.has_facts(&name)? {
                continue;
            }
            match facts((&self.db, &self.path), outside, (&name, &file)) {
                Ok(()) => {
                    self.forget(&name)?;
                    outside.forget(&name)?;
                    moved += 1;
                }
                Err(error) => damaged.push((run, not_moved_reason(error)?)),
            }
        }
        Ok(damaged)
    }

    /// Returns the names of runs whose archive file was deleted.
    fn removed_runs(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.archived_alone("file IS NULL")?.into_iter().map(|old| old.name).collect())
    }

    /// Returns the archived runs whose name no other run has.
    fn archived_alone(&self, file: &str) -> Result<Vec<ExpiredRun>, StoreError> {
        let wrong = StoreError::for_database(&self.path);
        let sql = format!(
            "SELECT id, name, coalesce(file, '') FROM runs JOIN archived ON archived.run = id \
             WHERE {file} AND NOT EXISTS \
             (SELECT 1 FROM runs AS other WHERE other.name = runs.name AND other.id <> runs.id) \
             ORDER BY id"
        );
        let mut ask = self.db.prepare(&sql).map_err(&wrong)?;
        let old = |row: &rusqlite::Row<'_>| {
            Ok(ExpiredRun { run: row.get(0)?, name: row.get(1)?, file: row.get(2)? })
        };
        let rows = ask.query_map([], old).map_err(&wrong)?;
        rows.collect::<Result<_, _>>().map_err(&wrong)
    }

    fn has_facts(&self, name: &str) -> Result<bool, StoreError> {
        let logs =
            fact_log::log_names(&self.db, name).map_err(StoreError::for_database(&self.path))?;
        Ok(!logs.is_empty())
    }

    /// Deletes the facts of a run.
    fn forget(&mut self, name: &str) -> Result<(), StoreError> {
        if !self.has_facts(name)? {
            return Ok(());
        }
        let Self { db, path, epoch, head, .. } = self;
        let wrong = StoreError::for_database(path);
        // First, so that a crash in between is not taken for a loss.
        head.note(|head| head.forget_facts(name));
        db.pragma_update(None, "synchronous", "FULL").map_err(&wrong)?;
        let tx = db.transaction().map_err(&wrong)?;
        ensure_current_writer(&tx, *epoch, &wrong)?;
        fact_archive::remove(&tx, name).map_err(&wrong)?;
        tx.commit().map_err(&wrong)
    }

    /// Archives one run, or returns the reason for leaving it unchanged.
    fn archive(
        &mut self,
        outside: &mut Self,
        old: ExpiredRun,
    ) -> Result<Result<MovedRun, String>, StoreError> {
        let Self { db, path, epoch, head, .. } = self;
        let wrong = StoreError::for_database(path);
        let ExpiredRun { run, name, file } = old;
        let alone = fact_archive::facts_are_exclusive(db, (run, &name)).map_err(&wrong)?;
        let (events, sum) = match check_run(db, run).map_err(&wrong)? {
            ChainHealth::Sound { events, sum } if events > 0 => (events, sum),
            ChainHealth::Sound { .. } => return Ok(Err("it has no events".into())),
            ChainHealth::DamagedTail { from: seq, .. } | ChainHealth::DamagedMiddle { seq, .. } => {
                return Ok(Err(damaged(seq)));
            }
        };
        let copied = copy(db, (path, &file), run).and_then(|_bytes| {
            if alone { facts((db, path), outside, (&name, &file)) } else { Ok(()) }
        });
        if let Err(error) = copied {
            return not_moved_reason(error).map(Err);
        }
        db.pragma_update(None, "synchronous", "FULL").map_err(&wrong)?;
        let tx = db.transaction().map_err(&wrong)?;
        ensure_current_writer(&tx, *epoch, &wrong)?;
        let write = || -> rusqlite::Result<()> {
            tx.execute(
                "INSERT INTO archived (run, events, began_at, last_at, sum, file) \
                 SELECT ?1, ?2, min(at), max(at), ?3, ?4 FROM events WHERE run = ?1",
                params![run, i64::try_from(events).unwrap_or(i64::MAX), sum, file],
            )?;
            tx.execute("DELETE FROM events WHERE run = ?1", params![run])?;
            if alone {
                fact_archive::remove(&tx, &name)?;
            }
            Ok(())
        };
        write().map_err(&wrong)?;
        head.note(|head| head.forget_run(run, &name));
        tx.commit().map_err(&wrong)?;
        if alone {
            outside.forget(&name)?;
        }
        Ok(Ok(MovedRun { run, name, events, file }))
    }
}

/// Writes the fact logs of a run's desk and simulated broker to archive files.
fn facts(
    (db, path): (&Connection, &Path),
    outside: &DatabaseInner,
    of: (&str, &str),
) -> Result<(), StoreError> {
    fact_archive::archive_facts((db, path), FactDatabase::Desk, of)?;
    fact_archive::archive_facts((&outside.db, &outside.path), FactDatabase::Broker, of)
}

/// Returns the reason for leaving a run unchanged if the error means that; otherwise the error.
fn not_moved_reason(error: StoreError) -> Result<String, StoreError> {
    if let StoreError::Archive { what, .. } = error {
        return Ok(what);
    }
    if matches!(error, StoreError::DamagedFact { .. }) { Ok(error.to_string()) } else { Err(error) }
}

/// Writes the events of a run to its archive file.
fn copy(db: &Connection, (path, file): (&Path, &str), run: i64) -> Result<u64, StoreError> {
    let wrong = StoreError::for_database(path);
    let mut ask = db.prepare_cached(ROWS).map_err(&wrong)?;
    let rows = ask.query_map(params![run], entry_from_row).map_err(&wrong)?;
    let rows = rows.map(|row| -> Result<(EventRow, EventSum), StoreError> {
        let unreadable =
            || StoreError::Archive { path: path.to_owned(), what: "a row cannot be read".into() };
        row.map_err(&wrong)?.ok_or_else(unreadable)
    });
    archive::write_archive(folder(path), file, run, rows)
}

fn damaged(seq: u64) -> String {
    format!("it is damaged at event {seq}")
}

/// Returns the state folder of a journal.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// Sets the first-seen time of new runs, from which their age counts.
fn mark_seen(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<usize> {
    db.execute("UPDATE runs SET seen_at = ?1 WHERE seen_at IS NULL", params![to_nanos(now)])
}

/// Returns the moment `days` days ago, or `None` if there is no limit; runs first seen before it
/// are expired.
fn cutoff(days: u32, now: DateTime<Utc>) -> Option<i64> {
    let then = now.checked_sub_signed(TimeDelta::days(days.into()))?;
    (days > 0).then(|| to_nanos(then))
}
