//! The single writer of a journal: a file lock excludes other processes, an epoch in the database
//! excludes a process that lost the lock.

use std::{
    fs::{DirBuilder, File, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, Params, Transaction, params};

use super::{
    DamageFinding, EventRow, RunFactLog, StoreError,
    damage::{record_finding, repair_unfinished_runs},
    event_row::{EventSum, to_nanos},
    opened::{Lock, Opened},
    reader,
    schema::{self, DatabaseKind},
    wal_tail,
};
use planning::plan::DayPlan;

/// The journal's database file.
pub(super) const FILE: &str = "journal.db";
/// The write-ahead log of that database.
pub(super) const LOG: &str = "journal.db-wal";
/// The database of the simulated broker, which outlives every journal.
const OUTSIDE: &str = "broker.db";
pub(super) const LOCK: &str = "lock";
/// Longest wait of a transaction for a reader.
const BUSY: Duration = Duration::from_secs(2);

/// The writing process, named when another one is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalOwner {
    pub pid: u32,
    pub operator: String,
}

/// The databases of a state folder, open for writing. Cheap to clone; dropping the last clone
/// releases the lock.
#[derive(Debug, Clone)]
pub struct Store {
    journal: Database,
    pub(super) outside: Database,
    lock: Arc<Lock>,
}

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
    found: Vec<DamageFinding>,
    /// Held until the process ends.
    _lock: Arc<Lock>,
    /// The database files, as they were opened.
    files: Vec<Opened>,
}

/// The failures that a written transaction must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TransactionDurability {
    /// Survives the end of the process.
    SurvivesCrash,
    /// Survives a power failure.
    SurvivesPowerLoss,
}

impl Store {
    /// Opens the journal of `folder` for writing, creating both if needed.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the folder is unusable, another process writes there, or the journal is
    /// damaged or was written by a newer program.
    pub fn open(folder: &Path, owner: &JournalOwner) -> Result<Self, StoreError> {
        // The folder is private to its owner: it holds orders, and the socket that accepts
        // commands.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(StoreError::for_folder(folder))?;
        let lock = Arc::new(Lock::take(folder, owner)?);
        // Scanned before SQLite opens the file and drops the tail.
        let log = folder.join(LOG);
        let torn = wal_tail::torn_tail(&log).map_err(StoreError::for_folder(&log))?;
        let open = |file, kind| Database::open(folder.join(file), kind, Arc::clone(&lock));
        let (journal, outside) =
            (open(FILE, DatabaseKind::Journal)?, open(OUTSIDE, DatabaseKind::Broker)?);
        let store = Self { journal, outside, lock: Arc::clone(&lock) };
        store.look_for_damage(torn)?;
        Ok(store)
    }

    /// Records the dropped tail of the log, and sets aside damaged rows at the end of a run.
    fn look_for_damage(&self, torn: Option<wal_tail::TornTail>) -> Result<(), StoreError> {
        let mut inner = self.lock();
        let DatabaseInner { db, path, epoch, found, .. } = &mut *inner;
        let wrong = StoreError::for_database(path);
        found.extend(torn.map(DamageFinding::Torn));
        for torn in found.iter() {
            record_finding(db, *epoch, &torn.to_string()).map_err(&wrong)?;
        }
        found.extend(repair_unfinished_runs(db, *epoch).map_err(&wrong)?);
        Ok(())
    }

    /// Returns the damage found when the journal was opened, with its repair; each finding is worth
    /// showing to the operator.
    #[must_use]
    pub fn damage_findings(&self) -> Vec<DamageFinding> {
        self.lock().found.clone()
    }

    /// Checks that the files written to still exist under their names, and that other processes
    /// find the lock.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if a file was deleted, moved away or replaced, or another process took the
    /// folder.
    pub fn stands(&self) -> Result<(), StoreError> {
        self.lock.keep()?;
        for database in [&self.journal, &self.outside] {
            database.lock().files.iter().try_for_each(Opened::stands)?;
        }
        Ok(())
    }

    /// Locks the journal for one transaction.
    pub(super) fn lock(&self) -> MutexGuard<'_, DatabaseInner> {
        self.journal.lock()
    }

    /// Returns the fact log `log` of the run `run` in the journal; its facts are verified when
    /// read.
    #[must_use]
    pub fn fact_log(&self, run: &str, log: &str) -> RunFactLog {
        RunFactLog::new(self.journal.clone(), run, log)
    }

    /// Returns the simulated broker's fact log of the run `run`, in a database of its own.
    #[must_use]
    pub fn broker_fact_log(&self, run: &str) -> RunFactLog {
        RunFactLog::new(self.outside.clone(), run, "asked")
    }

    /// Marks the unfinished run of this process, if any, as left before its end.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the mark cannot be written.
    pub fn mark_left_unfinished(&self) -> Result<(), StoreError> {
        self.note("UPDATE runs SET ended = ?1 WHERE epoch = ?2 AND ended IS NULL", |epoch| {
            (reader::LEFT.to_owned(), epoch)
        })
    }

    /// Records that this process continues a run.
    pub(super) fn mark_recovered(&self, run: i64) -> Result<(), StoreError> {
        self.note("UPDATE runs SET ended = NULL, epoch = ?2 WHERE id = ?1", |epoch| (run, epoch))
    }

    fn note<P: Params>(&self, sql: &str, params: impl FnOnce(i64) -> P) -> Result<(), StoreError> {
        self.journal.write(TransactionDurability::SurvivesCrash, |tx, epoch| {
            tx.execute(sql, params(epoch))
        })?;
        Ok(())
    }

    /// Returns the state folder.
    pub(super) fn folder(&self) -> PathBuf {
        let path = self.lock().path.clone();
        path.parent().map(Path::to_owned).unwrap_or_default()
    }

    /// Returns the number of the run last written to.
    pub(super) fn last_run_written(&self) -> Option<i64> {
        self.lock().run
    }

    /// Appends event rows to a run, or to a new one if `run` is `None`; returns its number.
    pub(super) fn append(
        &self,
        run: Option<i64>,
        plan: &DayPlan,
        (entries, safety): (&[(EventRow, EventSum)], TransactionDurability),
        ended: Option<&str>,
    ) -> Result<i64, StoreError> {
        let run = self.journal.write(safety, |tx, epoch| {
            let run = match run {
                Some(run) => run,
                None => insert_run(tx, plan, epoch)?,
            };
            let sql = "INSERT INTO events (run, seq, at, corr, kind, body, sum) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let mut insert = tx.prepare_cached(sql)?;
            for (entry, sum) in entries {
                let seq = i64::try_from(entry.seq).unwrap_or(i64::MAX);
                let corr = i64::try_from(entry.corr.0).unwrap_or(i64::MAX);
                let at = to_nanos(entry.at);
                insert.execute(params![run, seq, at, corr, entry.kind, entry.body, sum])?;
            }
            if let Some(how) = ended {
                tx.execute("UPDATE runs SET ended = ?1 WHERE id = ?2", params![how, run])?;
            }
            Ok(run)
        })?;
        self.lock().run = Some(run);
        Ok(run)
    }
}

impl Database {
    fn open(path: PathBuf, kind: DatabaseKind, lock: Arc<Lock>) -> Result<Self, StoreError> {
        let wrong = StoreError::for_database(&path);
        let mut db = Connection::open(&path).map_err(&wrong)?;
        schema::ensure_supported(&db, kind, &path)?;
        db.busy_timeout(BUSY).map_err(&wrong)?;
        db.pragma_update(None, "journal_mode", "WAL").map_err(&wrong)?;
        schema::migrate(&mut db, kind, &path)?;
        let sql = "UPDATE meta SET value = value + 1 WHERE key = 'epoch' RETURNING value";
        let epoch = db.query_row(sql, [], |row| row.get(0)).map_err(&wrong)?;
        let mut log = path.clone().into_os_string();
        log.push("-wal");
        // Some file systems support no write-ahead log.
        let log = Some(PathBuf::from(log)).filter(|log| log.exists());
        let opened = [Some(path.clone()), log].into_iter().flatten();
        let files = opened.map(|file| Opened::at(&file)).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Mutex::new(DatabaseInner {
            db,
            path,
            epoch,
            run: None,
            safety: None,
            found: Vec::new(),
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

    /// Runs a read-only query.
    pub(super) fn read<T>(
        &self,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let inner = self.lock();
        look(&inner.db).map_err(StoreError::for_database(&inner.path))
    }
}

fn insert_run(tx: &Transaction<'_>, plan: &DayPlan, epoch: i64) -> rusqlite::Result<i64> {
    let (date, mode) = (plan.date.to_string(), plan.mode.to_string());
    tx.execute(
        "INSERT INTO runs (name, date, mode, workflow, program, epoch) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![plan.run, date, mode, plan.workflow, env!("CARGO_PKG_VERSION"), epoch],
    )?;
    Ok(tx.last_insert_rowid())
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

/// Returns the process that writes the journal of a folder, with its id if known; `None` if there
/// is none.
///
/// # Errors
///
/// [`StoreError::Folder`] if that cannot be determined.
pub fn journal_owner(folder: &Path) -> Result<Option<Option<u32>>, StoreError> {
    let path = folder.join(LOCK);
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::for_folder(&path)(error)),
    };
    // Shared, so that two processes that only look do not exclude each other.
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // The lock alone proves that a process writes.
            let _ = file.read_to_string(&mut text);
            let pid = text.strip_prefix("process ").and_then(|rest| rest.split(',').next());
            let pid = pid.and_then(|pid| pid.parse().ok());
            Ok(Some(pid.filter(|&pid| has_open(pid, &file))))
        }
        Err(TryLockError::Error(error)) => Err(StoreError::for_folder(&path)(error)),
    }
}

/// Returns whether the process has the file open. The text of a lock is not enough: it may name any
/// process, which would then be signalled. Where the machine does not list open files, the text is
/// believed.
fn has_open(pid: u32, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    if std::fs::metadata("/proc/self/fd").is_err() {
        return true;
    }
    let Ok(wanted) = file.metadata().map(|about| (about.dev(), about.ino())) else { return false };
    // A process that has ended, or that belongs to another user, lists nothing.
    let open = std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    open.filter_map(|entry| std::fs::metadata(entry.path()).ok())
        .any(|about| (about.dev(), about.ino()) == wanted)
}

/// Returns whether a process holds the lock of a folder. The lock is probed for a moment only,
/// because a process that starts meanwhile would be refused.
pub(super) fn is_locked(folder: &Path) -> bool {
    let lock = File::open(folder.join(LOCK));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Takes the lock of a folder and writes the owner into it.
pub(super) fn take_lock(folder: &Path, owner: &JournalOwner) -> Result<File, StoreError> {
    let path = folder.join(LOCK);
    let wrong = || StoreError::for_folder(&path);
    let options = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = options.map_err(wrong())?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            // The owner only makes the error message clearer.
            let _ = file.read_to_string(&mut owner);
            let owner = owner.trim().to_owned();
            return Err(StoreError::InUse { path: folder.to_owned(), owner });
        }
        Err(TryLockError::Error(error)) => return Err(wrong()(error)),
    }
    let text = format!("process {}, started by {}\n", owner.pid, owner.operator);
    file.set_len(0).map_err(wrong())?;
    file.seek(SeekFrom::Start(0)).map_err(wrong())?;
    file.write_all(text.as_bytes()).map_err(wrong())?;
    Ok(file)
}
