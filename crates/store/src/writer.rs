//! The single writer of a journal: a file lock excludes other processes, an epoch in the database
//! excludes a process that lost the lock.

use std::{
    fs::{DirBuilder, File, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{Arc, MutexGuard},
};

use rusqlite::{Params, Transaction, params};

use super::{
    DamageFinding, EventRow, RunFactLog, StoreError,
    committed_head::EventEnd,
    damage::{record_finding, repair_unfinished_runs},
    database::{Database, DatabaseInner, TransactionDurability},
    event_row::{EventSum, to_nanos},
    lost_end::{self, LostEnd},
    opened::{Lock, Opened},
    reader,
    schema::DatabaseKind,
};
use planning::plan::DayPlan;

/// The journal's database file.
pub(super) const FILE: &str = "journal.db";
/// The database of the simulated broker, which outlives every journal.
pub(super) const OUTSIDE: &str = "broker.db";
pub(super) const LOCK: &str = "lock";

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
        // Before SQLite opens the files for writing and overwrites what it cannot read.
        let lost = lost_end::set_aside(folder)?;
        let open = |file, kind| Database::open(folder.join(file), kind, Arc::clone(&lock));
        let (journal, outside) =
            (open(FILE, DatabaseKind::Journal)?, open(OUTSIDE, DatabaseKind::Broker)?);
        let store = Self { journal, outside, lock: Arc::clone(&lock) };
        store.look_for_damage(lost)?;
        Ok(store)
    }

    /// Records what was lost, sets aside damaged rows at the end of a run, and starts the heads anew
    /// from the rows that are there.
    fn look_for_damage(&self, lost: Vec<LostEnd>) -> Result<(), StoreError> {
        let run = {
            let mut inner = self.lock();
            let DatabaseInner { db, path, epoch, found, head, .. } = &mut *inner;
            let wrong = StoreError::for_database(path);
            for end in &lost {
                record_finding(db, *epoch, &end.to_string()).map_err(&wrong)?;
                end.mark(db).map_err(&wrong)?;
            }
            found.extend(lost.into_iter().map(DamageFinding::LostEnd));
            found.extend(repair_unfinished_runs(db, *epoch).map_err(&wrong)?);
            head.read_from(db, None).map_err(&wrong)?
        };
        let mut outside = self.outside.lock();
        let DatabaseInner { db, path, head, .. } = &mut *outside;
        head.read_from(db, run).map_err(StoreError::for_database(path))?;
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
        if let Some((entry, sum)) = entries.last() {
            let end = EventEnd::new((run, &plan.run), entry.seq, *sum);
            self.journal.note(|head| head.events = Some(end));
        }
        Ok(run)
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

/// Attempts to take a lock before it counts as taken.
const LOCK_ATTEMPTS: u32 = 1_000;

/// Takes the lock of a file unless another process has it. A child process has the open files of its
/// parent until its own program runs, and so holds a lock for an instant after the parent released it.
fn lock_or_busy(file: &File) -> Result<(), TryLockError> {
    for _ in 1..LOCK_ATTEMPTS {
        let locked = file.try_lock();
        if !matches!(locked, Err(TryLockError::WouldBlock)) {
            return locked;
        }
        std::thread::yield_now();
    }
    file.try_lock()
}

/// Takes the lock of a folder and writes the owner into it.
pub(super) fn take_lock(folder: &Path, owner: &JournalOwner) -> Result<File, StoreError> {
    let path = folder.join(LOCK);
    let wrong = || StoreError::for_folder(&path);
    let options = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = options.map_err(wrong())?;
    match lock_or_busy(&file) {
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
