//! The one writer of a journal: a lock on a file keeps others out, an epoch in the database keeps out one that has lost it.

use std::{
    fs::{self, File, TryLockError},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, Params, Transaction, params};

use super::{
    Entry, Facts, StoreError, reader,
    row::{Sum, nanos},
    schema::{self, Kind},
};
use crate::{
    plan::Plan,
    trading::{broker::Faults, desk::Backing},
};

/// The database of a state folder.
pub(super) const FILE: &str = "journal.db";
/// What the simulated broker remembers: the world outside, which outlives every journal.
const OUTSIDE: &str = "broker.db";
const LOCK: &str = "lock";
/// How long a transaction waits for somebody who is looking at the journal.
const BUSY: Duration = Duration::from_secs(2);

/// Who writes: for the words another process is refused with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Process id.
    pub pid: u32,
    /// The operator's name.
    pub operator: String,
}

/// The databases of a state folder, open for writing. Cheap to copy; the lock ends with the last copy.
#[derive(Debug, Clone)]
pub struct Store {
    journal: Database,
    outside: Database,
}

/// A database and the lock it is written under.
#[derive(Debug, Clone)]
pub(super) struct Database(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    db: Connection,
    path: PathBuf,
    epoch: i64,
    /// Held until the process ends, however it ends.
    _lock: Arc<File>,
}

/// How safe a transaction must be before it counts as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Safety {
    /// It outlives the process.
    Process,
    /// It outlives the power.
    Power,
}

impl Store {
    /// Opens the journal of `folder` for writing, making both where there are none.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the folder cannot be used, another process writes there, the journal is
    /// damaged or was written by a newer program.
    pub fn open(folder: &Path, owner: &Owner) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::folder(folder))?;
        let lock = Arc::new(lock(folder, owner)?);
        let open = |file, kind| Database::open(folder.join(file), kind, Arc::clone(&lock));
        Ok(Self { journal: open(FILE, Kind::Journal)?, outside: open(OUTSIDE, Kind::Outside)? })
    }

    /// Where the desk of the run called `run` and its simulated broker are kept; names of runs are
    /// never used again for another.
    #[must_use]
    pub fn backing(&self, run: &str) -> Backing {
        let (desk, broker) = (self.facts(run, "desk"), self.broker(run));
        Backing { desk: Box::new(desk), broker: Box::new(broker), faults: Faults::default() }
    }

    /// The log called `log` of the run called `run`, in the journal; its facts are checked when read.
    #[must_use]
    pub fn facts(&self, run: &str, log: &str) -> Facts {
        Facts::new(self.journal.clone(), run, log)
    }

    /// What the simulated broker remembers of the run called `run`, in a database of its own.
    #[must_use]
    pub fn broker(&self, run: &str) -> Facts {
        Facts::new(self.outside.clone(), run, "asked")
    }

    /// Notes that whoever drove the run of this process left it before its end, if one is unfinished.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when that cannot be written.
    pub fn left(&self) -> Result<(), StoreError> {
        self.note("UPDATE runs SET ended = ?1 WHERE epoch = ?2 AND ended IS NULL", |epoch| {
            (reader::LEFT.to_owned(), epoch)
        })
    }

    /// Notes that a run goes on, in this process.
    pub(super) fn taken_up(&self, run: i64) -> Result<(), StoreError> {
        self.note("UPDATE runs SET ended = NULL, epoch = ?2 WHERE id = ?1", |epoch| (run, epoch))
    }

    fn note<P: Params>(&self, sql: &str, params: impl FnOnce(i64) -> P) -> Result<(), StoreError> {
        self.journal.write(Safety::Process, |tx, epoch| tx.execute(sql, params(epoch)))?;
        Ok(())
    }

    /// Writes entries of a run, which begins with them when `run` is none; gives its number.
    pub(super) fn append(
        &self,
        run: Option<i64>,
        plan: &Plan,
        (entries, safety): (&[(Entry, Sum)], Safety),
        ended: Option<&str>,
    ) -> Result<i64, StoreError> {
        self.journal.write(safety, |tx, epoch| {
            let run = match run {
                Some(run) => run,
                None => begin(tx, plan, epoch)?,
            };
            let sql = "INSERT INTO events (run, seq, at, corr, kind, body, sum) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let mut insert = tx.prepare_cached(sql)?;
            for (entry, sum) in entries {
                let seq = i64::try_from(entry.seq).unwrap_or(i64::MAX);
                let corr = i64::try_from(entry.corr.0).unwrap_or(i64::MAX);
                let at = nanos(entry.at);
                insert.execute(params![run, seq, at, corr, entry.kind, entry.body, sum])?;
            }
            if let Some(how) = ended {
                tx.execute("UPDATE runs SET ended = ?1 WHERE id = ?2", params![how, run])?;
            }
            Ok(run)
        })
    }
}

impl Database {
    fn open(path: PathBuf, kind: Kind, lock: Arc<File>) -> Result<Self, StoreError> {
        let wrong = StoreError::database(&path);
        let mut db = Connection::open(&path).map_err(&wrong)?;
        db.busy_timeout(BUSY).map_err(&wrong)?;
        db.pragma_update(None, "journal_mode", "WAL").map_err(&wrong)?;
        schema::migrate(&mut db, kind, &path)?;
        let sql = "UPDATE meta SET value = value + 1 WHERE key = 'epoch' RETURNING value";
        let epoch = db.query_row(sql, [], |row| row.get(0)).map_err(&wrong)?;
        Ok(Self(Arc::new(Mutex::new(Inner { db, path, epoch, _lock: lock }))))
    }

    /// The database, for one transaction. A panic elsewhere leaves one undone, not half done.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One transaction, under the epoch of this process: whole, or not at all.
    pub(super) fn write<T>(
        &self,
        safety: Safety,
        work: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut inner = self.lock();
        let Inner { db, path, epoch, .. } = &mut *inner;
        let wrong = StoreError::database(path);
        let synchronous = match safety {
            Safety::Process => "NORMAL",
            Safety::Power => "FULL",
        };
        db.pragma_update(None, "synchronous", synchronous).map_err(&wrong)?;
        let tx = db.transaction().map_err(&wrong)?;
        fenced(&tx, *epoch, &wrong)?;
        let done = work(&tx, *epoch).map_err(&wrong)?;
        tx.commit().map_err(&wrong)?;
        Ok(done)
    }

    /// Looks without changing anything.
    pub(super) fn read<T>(
        &self,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let inner = self.lock();
        look(&inner.db).map_err(StoreError::database(&inner.path))
    }
}

fn begin(tx: &Transaction<'_>, plan: &Plan, epoch: i64) -> rusqlite::Result<i64> {
    let (date, mode) = (plan.date.to_string(), plan.mode.to_string());
    tx.execute(
        "INSERT INTO runs (name, date, mode, workflow, program, epoch) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![plan.run, date, mode, plan.workflow, env!("CARGO_PKG_VERSION"), epoch],
    )?;
    Ok(tx.last_insert_rowid())
}

/// Refuses to write where a later process does.
fn fenced(
    tx: &Transaction<'_>,
    ours: i64,
    wrong: impl Fn(rusqlite::Error) -> StoreError,
) -> Result<(), StoreError> {
    let sql = "SELECT value FROM meta WHERE key = 'epoch'";
    let mut ask = tx.prepare_cached(sql).map_err(&wrong)?;
    let theirs: i64 = ask.query_row([], |row| row.get(0)).map_err(&wrong)?;
    if theirs == ours { Ok(()) } else { Err(StoreError::Fenced { ours, theirs }) }
}

/// Takes the lock of a folder and writes down who has it.
fn lock(folder: &Path, owner: &Owner) -> Result<File, StoreError> {
    let path = folder.join(LOCK);
    let wrong = || StoreError::folder(&path);
    let options = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = options.map_err(wrong())?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            // Who it is only makes the refusal plainer.
            let _ = file.read_to_string(&mut owner);
            let owner = owner.trim().to_owned();
            return Err(StoreError::Owned { path: folder.to_owned(), owner });
        }
        Err(TryLockError::Error(error)) => return Err(wrong()(error)),
    }
    let text = format!("process {}, started by {}\n", owner.pid, owner.operator);
    file.set_len(0).map_err(wrong())?;
    file.seek(SeekFrom::Start(0)).map_err(wrong())?;
    file.write_all(text.as_bytes()).map_err(wrong())?;
    Ok(file)
}
