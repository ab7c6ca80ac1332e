//! Damage found when a journal is opened for writing, and its repair.

use std::fmt;

use rusqlite::{Connection, params};

use super::{
    LostEnd,
    event_chain::{ChainHealth, check_run},
    reader::LEFT,
};
use diag::quote;

/// A finding about damage. Its text names the damage, its place and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DamageFinding {
    /// Rows that were recorded are gone from the end of a database.
    LostEnd(LostEnd),
    /// Rows at the end of an unfinished run failed their checksum and were set aside.
    CutShort {
        run: i64,
        /// Number of the first such event.
        from: u64,
        /// Number of rows set aside.
        rows: u64,
        /// The event kinds given in the rows, escaped for display.
        kinds: String,
    },
    /// An unfinished run is damaged in the middle and was left unchanged.
    Damaged {
        run: i64,
        /// Number of the first damaged event.
        seq: u64,
    },
}

impl fmt::Display for DamageFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LostEnd(lost) => lost.fmt(f),
            Self::CutShort { run, from, rows, kinds } => write!(
                f,
                "run {run} was damaged at its end: {rows} rows from event {from} on were set aside ({kinds}) and are \
                 no longer part of the run; compare its tasks and orders with the broker before it continues; \
                 `bellwether journal check` lists them"
            ),
            Self::Damaged { run, seq } => write!(
                f,
                "run {run} is damaged at event {seq}, in its middle, and cannot be recovered; it was left unchanged: \
                 `bellwether export {run} --until {}` writes the intact events",
                seq.saturating_sub(1)
            ),
        }
    }
}

/// Checks every unfinished run. Damage at the end is set aside, in one transaction per run.
pub(super) fn repair_unfinished_runs(
    db: &mut Connection,
    epoch: i64,
) -> rusqlite::Result<Vec<DamageFinding>> {
    let open: Vec<i64> = {
        let mut ask =
            db.prepare("SELECT id FROM runs WHERE ended IS NULL OR ended = ?1 ORDER BY id")?;
        let ids = ask.query_map([LEFT], |row| row.get(0))?;
        ids.collect::<Result<_, _>>()?
    };
    let mut found = Vec::new();
    for run in open {
        match check_run(db, run)? {
            ChainHealth::Sound { .. } => {}
            ChainHealth::DamagedMiddle { seq, .. } => {
                found.push(DamageFinding::Damaged { run, seq });
            }
            ChainHealth::DamagedTail { from, .. } => {
                found.push(cut_off_events(db, run, from, epoch)?);
            }
        }
    }
    Ok(found)
}

fn cut_off_events(
    db: &mut Connection,
    run: i64,
    from: u64,
    epoch: i64,
) -> rusqlite::Result<DamageFinding> {
    db.pragma_update(None, "synchronous", "FULL")?;
    let tx = db.transaction()?;
    let first = i64::try_from(from).unwrap_or(i64::MAX);
    let kinds: Vec<String> = {
        let sql = "SELECT DISTINCT CAST(kind AS BLOB) FROM events WHERE run = ?1 AND seq >= ?2 ORDER BY seq";
        let mut ask = tx.prepare(sql)?;
        let kinds = ask.query_map(params![run, first], |row| row.get::<_, Vec<u8>>(0))?;
        kinds
            .map(|kind| Ok(quote(&String::from_utf8_lossy(&kind?))))
            .collect::<rusqlite::Result<_>>()?
    };
    let rows = tx.execute(
        "INSERT INTO set_aside (epoch, run, seq, at, corr, kind, body, sum) \
         SELECT ?1, run, seq, at, corr, kind, body, sum FROM events WHERE run = ?2 AND seq >= ?3 ORDER BY seq",
        params![epoch, run, first],
    )?;
    tx.execute("DELETE FROM events WHERE run = ?1 AND seq >= ?2", params![run, first])?;
    let rows = u64::try_from(rows).unwrap_or(u64::MAX);
    let found = DamageFinding::CutShort { run, from, rows, kinds: kinds.join(", ") };
    record_finding(&tx, epoch, &found.to_string())?;
    tx.commit()?;
    Ok(found)
}

/// Stores a finding for later reports.
pub(super) fn record_finding(db: &Connection, epoch: i64, what: &str) -> rusqlite::Result<()> {
    db.execute("INSERT INTO remarks (epoch, what) VALUES (?1, ?2)", params![epoch, what])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{JournalOwner, Store, StoreError};

    #[test]
    fn reports_full_disk_and_continues_once_space_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let store =
            Store::open(folder.path(), &JournalOwner { pid: 1, operator: "ana".into() }).unwrap();
        let inner = store.lock();
        inner.db.pragma_update(None, "max_page_count", 1).unwrap();
        let full =
            (0..9).find_map(|_| record_finding(&inner.db, 1, &"x".repeat(9_000)).err()).unwrap();
        let text = StoreError::for_database(&inner.path)(full).to_string();
        assert!(text.contains("the disk is full; free space"), "{text}");
        inner.db.pragma_update(None, "max_page_count", 1_000_000).unwrap();
        record_finding(&inner.db, 1, "again").unwrap();
        let whole: String =
            inner.db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
    }
}
