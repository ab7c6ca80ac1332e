//! How long runs are kept, and where: first in the journal, then in a file each, then only that they were.

use std::{fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::{
    EventRow, Store, StoreError, archive,
    event_chain::{ChainHealth, ROWS, check_run, entry_from_row},
    event_row::{EventSum, to_nanos},
    fact_archive::{self, FactDatabase},
    reader::LEFT,
    writer::{DatabaseInner, ensure_current_writer},
};

/// How long runs are kept, in days since they were first seen; 0: for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Then the events of a run that has ended go from the journal into a file of the archive.
    pub compact_after_days: u32,
    /// Then that file is deleted.
    pub keep_days: u32,
}

/// A run that was moved or deleted, or would be.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MovedRun {
    /// Number of the run.
    pub run: i64,
    /// Its name.
    pub name: String,
    /// How many events it has.
    pub events: u64,
    /// The file of the archive.
    pub file: String,
}

/// What was done to keep a journal small.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct RetentionReport {
    /// Runs whose events went into the archive.
    pub archived: Vec<MovedRun>,
    /// Runs whose events were deleted.
    pub deleted: Vec<MovedRun>,
    /// Runs that were old enough and were left as they are, and why.
    pub left: Vec<(i64, String)>,
    /// Size of the database before and after, bytes; `None`: it was not packed.
    pub packed: Option<(u64, u64)>,
}

/// A run that is old enough.
struct ExpiredRun {
    run: i64,
    name: String,
    file: String,
}

impl Store {
    /// What [`Store::compact`] and [`Store::prune`] would do at `now`; changes nothing but that runs never seen
    /// before count from now on.
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

    /// Moves the events of runs that are old enough at `now` into the archive, the oldest first and no more than
    /// `most`, and with each what its desk and its simulated broker wrote down. A run that has not ended, or is
    /// damaged, stays as it is. The files are on disk before the rows go.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; runs that were moved before stay moved, all others are as they were.
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

    /// Deletes files of the archive that are old enough at `now`, and what is left of the facts of such runs. That the runs were, how they ended, how many events
    /// they had and the sum over them stays.
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
            // Deleted inside the transaction: a file that cannot be deleted is not forgotten.
            fact_archive::delete_archived_facts(folder(path), &old.file)?;
            archive::delete_archive(folder(path), &old.file)?;
            tx.commit().map_err(&wrong)?;
            let ExpiredRun { run, name, file } = old;
            kept.deleted.push(MovedRun { run, name, events, file });
        }
        for name in inner.gone()? {
            inner.forget(&name)?;
            outside.forget(&name)?;
        }
        Ok(kept)
    }

    /// Gives the room that deleted rows left back to the disk; gives the size before and after, bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: it needs as much room again while it works.
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
    /// Runs in the journal that have ended and are old enough. Those not seen before are seen now.
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

    /// Runs in the archive that are old enough, and how many events they have.
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

    /// Moves facts that stayed behind when their run went into the archive: a crash came between, or an older
    /// program left them. Says which cannot be moved, and why.
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

    /// Names of runs of which only that they were is kept.
    fn gone(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.archived_alone("file IS NULL")?.into_iter().map(|old| old.name).collect())
    }

    /// Runs whose events are not here, and whose name no other run has.
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
        let logs = fact_archive::log_names(&self.db, name)
            .map_err(StoreError::for_database(&self.path))?;
        Ok(!logs.is_empty())
    }

    /// Takes the facts of a run out.
    fn forget(&mut self, name: &str) -> Result<(), StoreError> {
        if !self.has_facts(name)? {
            return Ok(());
        }
        let Self { db, path, epoch, .. } = self;
        let wrong = StoreError::for_database(path);
        db.pragma_update(None, "synchronous", "FULL").map_err(&wrong)?;
        let tx = db.transaction().map_err(&wrong)?;
        ensure_current_writer(&tx, *epoch, &wrong)?;
        fact_archive::remove(&tx, name).map_err(&wrong)?;
        tx.commit().map_err(&wrong)
    }

    /// Moves one run into the archive; or says why it stays.
    fn archive(
        &mut self,
        outside: &mut Self,
        old: ExpiredRun,
    ) -> Result<Result<MovedRun, String>, StoreError> {
        let Self { db, path, epoch, .. } = self;
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
        tx.commit().map_err(&wrong)?;
        if alone {
            outside.forget(&name)?;
        }
        Ok(Ok(MovedRun { run, name, events, file }))
    }
}

/// Writes what the desk of a run and its simulated broker wrote down into files beside that of its events.
fn facts(
    (db, path): (&Connection, &Path),
    outside: &DatabaseInner,
    of: (&str, &str),
) -> Result<(), StoreError> {
    fact_archive::archive_facts((db, path), FactDatabase::Desk, of)?;
    fact_archive::archive_facts((&outside.db, &outside.path), FactDatabase::Broker, of)
}

/// Why a run stays as it is, if that is what an error says.
fn not_moved_reason(error: StoreError) -> Result<String, StoreError> {
    if let StoreError::Archive { what, .. } = error {
        return Ok(what);
    }
    if matches!(error, StoreError::DamagedFact { .. }) { Ok(error.to_string()) } else { Err(error) }
}

/// Writes the events of a run into its file.
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

/// The state folder of a journal.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// Runs nobody has seen yet are seen now: their age counts from here.
fn mark_seen(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<usize> {
    db.execute("UPDATE runs SET seen_at = ?1 WHERE seen_at IS NULL", params![to_nanos(now)])
}

/// What was seen before this is as many days old.
fn cutoff(days: u32, now: DateTime<Utc>) -> Option<i64> {
    let then = now.checked_sub_signed(TimeDelta::days(days.into()))?;
    (days > 0).then(|| to_nanos(then))
}
