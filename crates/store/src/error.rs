//! Errors of the state folder, with their remedies.

use std::{
    io,
    path::{Path, PathBuf},
};

/// The reason for which a journal cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or a file in it cannot be created, opened or read.
    #[error("the state folder cannot be used: {}; make it writable or choose another with --set state_dir=FOLDER", path.display())]
    Folder {
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A file being written is no longer where it was opened.
    #[error("{} is gone ({how}) and writing to it would lose data: put it back, or end this process", path.display())]
    Displaced {
        path: PathBuf,
        /// The present state of the path.
        how: &'static str,
    },
    /// Another process writes this journal.
    #[error("another bellwether writes the journal in {} ({owner}); end it, or give this one its own folder with --set state_dir=FOLDER", path.display())]
    InUse {
        path: PathBuf,
        /// The process, as written in its lock file.
        owner: String,
    },
    /// A later process has taken over the journal; nothing more may be written.
    #[error(
        "the journal was taken over by another process (epoch {theirs}, ours {ours}); end this process"
    )]
    SupersededWriter {
        /// The epoch of this process.
        ours: i64,
        /// The epoch in the database.
        theirs: i64,
    },
    /// The folder has no journal.
    #[error("no journal in {}: no run was started with this state folder yet", path.display())]
    NoJournal { path: PathBuf },
    /// A database is missing or empty although rows were recorded in it.
    #[error("{} is empty or missing, but {last}; nothing was changed: put it back from a copy, or move it away with its -wal and its .head for inspection (a new one is then created)", path.display())]
    Emptied {
        path: PathBuf,
        /// The trace of what was recorded.
        last: String,
    },
    /// The journal was written by a newer program.
    #[error("the journal in {} has schema {found}, this program knows up to {known}: use the newer program", path.display())]
    NewerVersion {
        path: PathBuf,
        /// The schema version of the journal.
        found: u32,
        /// The newest schema version of this program.
        known: u32,
    },
    /// The database belongs to another program.
    #[error("{} is a database of another program; nothing was changed in it: choose another folder with --set state_dir=FOLDER", path.display())]
    NotAJournal { path: PathBuf },
    /// The events of a run have been deleted.
    #[error("the events of run {run} have been deleted; `bellwether runs` lists the run")]
    Gone { run: i64 },
    /// An archive file of an old run is unusable.
    #[error("cannot read the archive {}: {what}", path.display())]
    Archive {
        path: PathBuf,
        /// A description of the fault.
        what: String,
    },
    /// No run has that number, name or date.
    #[error("no run {0}; `bellwether runs` lists them")]
    NoRun(String),
    /// An event fails its checksum.
    #[error("run {run} is damaged at event {seq}: {what}; the events before it are intact: `bellwether export {run} --until {}` writes them", seq.saturating_sub(1))]
    Damaged {
        run: i64,
        seq: u64,
        /// A description of the damage.
        what: String,
    },
    /// A fact fails its checksum.
    #[error(
        "the log {log} of run {run} is damaged at fact {seq}: {what}; the journal's events are intact; compare the orders of the run with the broker, and begin another run with --recover never"
    )]
    DamagedFact {
        run: String,
        log: String,
        /// Number of the fact, from 1.
        seq: i64,
        /// A description of the damage.
        what: &'static str,
    },
    /// An event is unknown to this program, or does not follow from those before it.
    #[error(
        "cannot recover run {run}: event {seq}: {what}; start another run with --recover never, or use the program that wrote it"
    )]
    Unknown {
        run: i64,
        seq: u64,
        /// A description of the problem.
        what: String,
    },
    /// An audit file contradicts the journal's events.
    #[error("cannot continue the audit trail {}: {what}; move it away for inspection (it is rewritten from the journal)", path.display())]
    Trail {
        path: PathBuf,
        /// A description of the contradiction.
        what: String,
    },
    /// An error of the database.
    #[error("the journal {} cannot be used{}", path.display(), hint(path, source))]
    Database { path: PathBuf, source: rusqlite::Error },
}

/// Returns a remedy for an error of the database, where one is known.
fn hint(path: &Path, error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => ": the disk is full; free space".into(),
        Some(ErrorCode::ReadOnly) => {
            format!(": it is read-only; make it writable{}", owner_text(path))
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            ": it is damaged; `bellwether journal check` shows the intact parts; to begin a new one, \
             move it away with its -wal and its .head for inspection"
                .into()
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            format!(": it cannot be opened; check its owner and permissions{}", owner_text(path))
        }
        Some(ErrorCode::SystemIoFailure) => {
            ": the disk failed; check the system log and the free space".into()
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ": another program holds it open for long; end that".into()
        }
        Some(_) | None => String::new(),
    }
}

/// Returns the owners of a file and its folder, if the system provides them.
fn owner_text(path: &Path) -> String {
    let one = |path: &Path| {
        use std::os::unix::fs::MetadataExt as _;
        let meta = std::fs::metadata(path).ok()?;
        Some(format!(
            "{} belongs to user {}, mode {:o}",
            path.display(),
            meta.uid(),
            meta.mode() & 0o777
        ))
    };
    let known: Vec<_> = [Some(path), path.parent()].into_iter().flatten().filter_map(one).collect();
    if known.is_empty() { String::new() } else { format!(" ({})", known.join("; ")) }
}

impl StoreError {
    pub(super) fn for_folder(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| {
            let source = if source.kind() == io::ErrorKind::PermissionDenied {
                io::Error::new(source.kind(), format!("{source}{}", owner_text(&path)))
            } else {
                source
            };
            Self::Folder { path, source }
        }
    }

    pub(super) fn for_database(path: &Path) -> impl Fn(rusqlite::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Database { path: path.clone(), source }
    }
}
