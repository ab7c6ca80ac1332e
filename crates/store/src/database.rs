//! A database open for writing: one transaction at a time, under the epoch of this process.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, Transaction};

use super::{
    DamageFinding, StoreError,
    committed_head::{CommittedHead, HeadFile},
    opened::{Lock, Opened},
    schema::{self, DatabaseKind},
};

/// Longest wait of a transaction for a reader.
const BUSY: Duration = Duration::from_secs(2);

/// A database with the lock under which it is written.
#[derive(Debug, Clone)]
pub(super) struct Database(Arc<Mutex<DatabaseInner>>);

#[derive(Debug)]
pub(super) struct DatabaseInner {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
    pub(super) epoch: i64,
    /// The run last written to.
    pub(super) run: Option<i64>,
    /// The current durability of transactions; `None` before the first.
    safety: Option<TransactionDurability>,
    pub(super) found: Vec<DamageFinding>,
    /// The last rows committed, kept beside the database.
    pub(super) head: HeadFile,
    /// Held until the process ends.
    _lock: Arc<Lock>,
    /// The database files, as they were opened.
    pub(super) files: Vec<Opened>,
}

/// The failures that a written transaction must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransactionDurability {
    /// Survives the end of the process.
    SurvivesCrash,
    /// Survives a power failure.
    SurvivesPowerLoss,
}

impl Database {
    pub(super) fn open(
        path: PathBuf,
        kind: DatabaseKind,
        lock: Arc<Lock>,
    ) -> Result<Self, StoreError> {
        let wrong = StoreError::for_database(&path);
        let mut db = Connection::open(&path).map_err(&wrong)?;
        schema::ensure_supported(&db, kind, &path)?;
        db.busy_timeout(BUSY).map_err(&wrong)?;
        db.pragma_update(None, "journal_mode", "WAL").map_err(&wrong)?;
        schema::migrate(&mut db, kind, &path)?;
        let sql = "UPDATE meta SET value = value + 1 WHERE key = 'epoch' RETURNING value";
        let epoch = db.query_row(sql, [], |row| row.get(0)).map_err(&wrong)?;
        let head = HeadFile::open(&path)?;
        // Some file systems support no write-ahead log.
        let log = Some(log_path(&path)).filter(|log| log.exists());
        let opened = [Some(path.clone()), log].into_iter().flatten();
        let files = opened.map(|file| Opened::at(&file)).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Mutex::new(DatabaseInner {
            db,
            path,
            epoch,
            run: None,
            safety: None,
            found: Vec::new(),
            head,
            _lock: lock,
            files,
        }))))
    }

    /// Locks the database for one transaction. A panic in another thread rolled its transaction
    /// back.
    pub(super) fn lock(&self) -> MutexGuard<'_, DatabaseInner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` in one transaction, under the epoch of this process.
    pub(super) fn write<T>(
        &self,
        safety: TransactionDurability,
        work: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut inner = self.lock();
        let DatabaseInner { db, path, epoch, safety: present, files, .. } = &mut *inner;
        files.iter().try_for_each(Opened::stands)?;
        let wrong = StoreError::for_database(path);
        if *present != Some(safety) {
            let synchronous = match safety {
                TransactionDurability::SurvivesCrash => "NORMAL",
                TransactionDurability::SurvivesPowerLoss => "FULL",
            };
            db.pragma_update(None, "synchronous", synchronous).map_err(&wrong)?;
            *present = Some(safety);
        }
        let tx = db.transaction().map_err(&wrong)?;
        ensure_current_writer(&tx, *epoch, &wrong)?;
        let done = work(&tx, *epoch).map_err(&wrong)?;
        tx.commit().map_err(&wrong)?;
        Ok(done)
    }

    /// Notes the rows that a transaction has just committed, in the file beside the database.
    pub(super) fn note(&self, change: impl FnOnce(&mut CommittedHead)) {
        self.lock().head.note(change);
    }

    /// Runs a read-only query.
    pub(super) fn read<T>(
        &self,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let inner = self.lock();
        look(&inner.db).map_err(StoreError::for_database(&inner.path))
    }
}

/// Returns an error if a later process writes the journal.
pub(super) fn ensure_current_writer(
    tx: &Transaction<'_>,
    ours: i64,
    wrong: impl Fn(rusqlite::Error) -> StoreError,
) -> Result<(), StoreError> {
    let sql = "SELECT value FROM meta WHERE key = 'epoch'";
    let mut ask = tx.prepare_cached(sql).map_err(&wrong)?;
    let theirs: i64 = ask.query_row([], |row| row.get(0)).map_err(&wrong)?;
    if theirs == ours { Ok(()) } else { Err(StoreError::SupersededWriter { ours, theirs }) }
}

/// Returns the path of a database's write-ahead log.
pub(super) fn log_path(database: &Path) -> PathBuf {
    let mut log = database.to_owned().into_os_string();
    log.push("-wal");
    PathBuf::from(log)
}
