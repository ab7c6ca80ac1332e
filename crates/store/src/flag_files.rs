//! Flag files: trading states requested from outside the process, with its responses and heartbeat.
//!
//! They work when nothing else does: a file created in the state folder, even with `touch`, stops
//! orders. A file that cannot be read counts as raised.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::heartbeat::HeartbeatStamp;
use engine::{Actor, TighteningRequest, TradingState};

/// The contents of a flag file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradingFlag {
    /// The actor who raised it, if known.
    pub by: Option<Actor>,
    /// The reason in words.
    pub why: String,
    /// Time by the system clock; distinguishes successive flags.
    pub at: Option<DateTime<Utc>>,
}

/// The response of the process to a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagResponse {
    /// Id of the responding process.
    pub pid: u32,
    /// The state requested by the flag.
    pub state: TradingState,
    /// Time at which the answered flag was raised.
    pub flag_at: Option<DateTime<Utc>>,
    /// Numbers of cancelled orders and of working orders; `None` while another call holds the desk.
    pub orders: Option<(u32, u32)>,
    /// True once the engine has processed the request.
    pub engine: bool,
    /// Time of the first response, by the system clock.
    #[serde(default)]
    pub at: DateTime<Utc>,
}

/// The outcome of raising a flag.
#[derive(Debug)]
pub enum Raised {
    /// The flag with its actor and reason.
    Whole,
    /// An empty file, which is effective too; holds the error that prevented writing its contents.
    Bare(io::Error),
}

/// Largest number of bytes read from a flag file.
const READ_MAX: u64 = 4_096;
const FORMER_REDUCE_ONLY: &str = "REDUCE";
const ANSWER: &str = "answer";
const HEARTBEAT: &str = "heartbeat";

/// The flag files of a state folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagFiles {
    folder: PathBuf,
}

impl FlagFiles {
    /// Returns the flag files of `folder`, which must exist.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the file name that requests a state; `None` for ACTIVE.
    #[must_use]
    pub const fn file_name(state: TradingState) -> Option<&'static str> {
        match state {
            TradingState::Active => None,
            TradingState::ReduceOnly => Some("REDUCE_ONLY"),
            TradingState::Halted => Some("HALT"),
            TradingState::Killed => Some("KILL"),
        }
    }

    /// Returns the strictest state for which a flag is raised; tests only the existence of files.
    ///
    /// # Errors
    ///
    /// The existence cannot be determined, for example because the folder is missing: treat it as
    /// raised.
    pub fn strictest_raised(&self) -> io::Result<TradingState> {
        for (state, path) in self.paths() {
            match fs::symlink_metadata(path) {
                Ok(_there) => return Ok(state),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        // Absent files in an absent folder prove nothing.
        fs::metadata(&self.folder).map(|_there| TradingState::Active)
    }

    /// Returns the strictest raised flag with its contents; an empty file counts too.
    ///
    /// # Errors
    ///
    /// As for [`FlagFiles::strictest_raised`]. A file that exists but cannot be read counts as
    /// raised.
    pub fn raised_flag(&self) -> io::Result<Option<(TradingState, TradingFlag)>> {
        let state = self.strictest_raised()?;
        let former = state == TradingState::ReduceOnly && !self.folder.join("REDUCE_ONLY").exists();
        let name = if former { Some(FORMER_REDUCE_ONLY) } else { Self::file_name(state) };
        Ok(name.map(|name| (state, self.read(name))))
    }

    /// Raises a flag and syncs it to disk. On a full disk the file is created empty, which needs no
    /// data blocks and is equally effective.
    ///
    /// # Errors
    ///
    /// The file cannot be created. ACTIVE has no flag, and nothing is written for it.
    pub fn raise(&self, state: TradingState, flag: &TradingFlag) -> io::Result<Raised> {
        let Some(name) = Self::file_name(state) else { return Ok(Raised::Whole) };
        let Err(full) = self.write(name, &serde_json::to_vec(flag)?) else {
            return Ok(Raised::Whole);
        };
        let path = self.folder.join(name);
        if fs::symlink_metadata(&path).is_err() {
            File::options().append(true).create(true).open(path)?.sync_all()?;
            sync(&self.folder);
        }
        Ok(Raised::Bare(full))
    }

    /// Removes every flag stricter than `to`; returns the strictest of them.
    ///
    /// # Errors
    ///
    /// A file cannot be removed; the stricter ones stay raised.
    pub fn lower_to(&self, to: TradingState) -> io::Result<Option<TradingState>> {
        let mut lowered = None;
        // The least strict flag is removed first, so that a failure leaves the strictest raised.
        for (state, path) in self.paths().into_iter().rev().filter(|(state, _)| *state > to) {
            match fs::remove_file(path) {
                Ok(()) => lowered = Some(state),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        if lowered.is_some() {
            sync(&self.folder);
        }
        Ok(lowered)
    }

    /// Writes the response of the process to a flag.
    ///
    /// # Errors
    ///
    /// I/O errors of writing the file.
    pub fn write_response(&self, answer: &FlagResponse) -> io::Result<()> {
        self.write(ANSWER, &serde_json::to_vec(answer)?)
    }

    /// Returns the last response of the process, if there is a readable one.
    #[must_use]
    pub fn read_response(&self) -> Option<FlagResponse> {
        serde_json::from_slice(&fs::read(self.folder.join(ANSWER)).ok()?).ok()
    }

    /// Writes a sign of life of the process.
    ///
    /// # Errors
    ///
    /// Whatever keeps the file from being written.
    pub fn write_heartbeat(&self, beat: &HeartbeatStamp) -> io::Result<()> {
        fs::write(self.folder.join(HEARTBEAT), format!("{beat}\n"))
    }

    /// Returns the last sign of life of the process; `None` without a heartbeat that can be read.
    #[must_use]
    pub fn last_heartbeat(&self) -> Option<HeartbeatStamp> {
        HeartbeatStamp::parse(&fs::read_to_string(self.folder.join(HEARTBEAT)).ok()?)
    }

    /// Removes the heartbeat, when the process ends or starts.
    pub fn remove_heartbeat(&self) {
        // A missing file is fine.
        let _ = fs::remove_file(self.folder.join(HEARTBEAT));
    }

    /// The files, the strictest first. `REDUCE` is the former name of `REDUCE_ONLY`: a state folder
    /// of an earlier version may still hold one.
    fn paths(&self) -> Vec<(TradingState, PathBuf)> {
        let all = TradingState::ALL.into_iter().rev();
        let files = all.filter_map(|state| Some((state, Self::file_name(state)?)));
        let former = (TradingState::ReduceOnly, FORMER_REDUCE_ONLY);
        files.chain([former]).map(|(state, name)| (state, self.folder.join(name))).collect()
    }

    fn read(&self, name: &str) -> TradingFlag {
        let mut text = String::new();
        let path = self.folder.join(name);
        let read = fs::metadata(&path).and_then(|about| {
            // Reading a pipe would wait for a writer, and a flag must never wait.
            if !about.is_file() {
                return Err(io::Error::other("it is no regular file"));
            }
            File::open(&path)?.take(READ_MAX).read_to_string(&mut text)
        });
        serde_json::from_str(&text).unwrap_or_else(|_by_hand| {
            let line = text.lines().next().map(str::trim).filter(|line| !line.is_empty());
            let why = match (&read, line) {
                (Ok(_), Some(line)) => format!("the flag file {name}: {line}"),
                (Ok(_), None) => format!("the flag file {name}"),
                (Err(error), _) => format!("the flag file {name}, which cannot be read: {error}"),
            };
            TradingFlag { by: None, why, at: None }
        })
    }

    /// Writes a file atomically and syncs it to disk.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let new = self.folder.join(format!("{name}.{}.new", std::process::id()));
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(bytes)?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&new, self.folder.join(name))
        });
        if written.is_err() {
            // The original error matters more than the leftover file.
            let _ = fs::remove_file(&new);
        }
        sync(&self.folder);
        written
    }
}

impl TradingFlag {
    /// Converts the flag to a request; the actor is `somebody` if unknown.
    #[must_use]
    pub fn to_request(self, to: TradingState) -> TighteningRequest {
        let by = self.by.unwrap_or_else(|| Actor::Operator("somebody".into()));
        TighteningRequest { to, by, why: self.why }
    }
}

/// Syncs a folder, so that a rename survives a power failure where the system allows it.
fn sync(folder: &Path) {
    // A folder that cannot be synced still holds its files.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> (tempfile::TempDir, FlagFiles) {
        let folder = tempfile::tempdir().unwrap();
        let flags = FlagFiles::in_folder(folder.path());
        (folder, flags)
    }

    #[test]
    fn a_flag_that_is_no_file_asks_without_being_read() {
        let (folder, flags) = flags();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("KILL")).unwrap();
        let (state, flag) = flags.raised_flag().unwrap().unwrap();
        assert_eq!(state, TradingState::Killed);
        assert!(flag.why.contains("no regular file"), "{}", flag.why);
    }

    #[test]
    fn an_empty_file_asks_and_the_strictest_wins() {
        let (folder, flags) = flags();
        assert_eq!(flags.raised_flag().unwrap(), None);
        fs::write(folder.path().join("REDUCE_ONLY"), "").unwrap();
        fs::write(folder.path().join("KILL"), "rogue orders\nsecond line").unwrap();
        let (state, flag) = flags.raised_flag().unwrap().unwrap();
        assert_eq!(state, TradingState::Killed);
        assert_eq!(flag.why, "the flag file KILL: rogue orders");
        assert_eq!(flags.lower_to(TradingState::ReduceOnly).unwrap(), Some(TradingState::Killed));
        assert_eq!(flags.strictest_raised().unwrap(), TradingState::ReduceOnly);
    }

    #[test]
    fn the_former_flag_reduce_still_asks_and_is_lowered() {
        let (folder, flags) = flags();
        fs::write(folder.path().join("REDUCE"), "size limits").unwrap();
        let (state, flag) = flags.raised_flag().unwrap().unwrap();
        assert_eq!(state, TradingState::ReduceOnly);
        assert_eq!(flag.why, "the flag file REDUCE: size limits");
        let lowered = flags.lower_to(TradingState::Active).unwrap();
        assert_eq!(lowered, Some(TradingState::ReduceOnly));
        assert_eq!(flags.strictest_raised().unwrap(), TradingState::Active);
    }

    #[test]
    fn what_was_raised_is_read_back_whole() {
        let (_folder, flags) = flags();
        let flag = TradingFlag {
            by: Some(Actor::Operator("ana".into())),
            why: "a \"test\"\nof two lines".into(),
            at: Some(DateTime::UNIX_EPOCH),
        };
        assert!(matches!(flags.raise(TradingState::Halted, &flag).unwrap(), Raised::Whole));
        assert_eq!(flags.raised_flag().unwrap(), Some((TradingState::Halted, flag)));
    }

    #[test]
    fn raises_flag_even_if_contents_cannot_be_written() {
        let (folder, flags) = flags();
        // Blocks the name of the temporary file.
        fs::create_dir(folder.path().join(format!("KILL.{}.new", std::process::id()))).unwrap();
        let flag = TradingFlag { by: None, why: "full".into(), at: None };
        let raised = flags.raise(TradingState::Killed, &flag).unwrap();
        assert!(matches!(raised, Raised::Bare(_)), "{raised:?}");
        let (state, flag) = flags.raised_flag().unwrap().unwrap();
        assert_eq!((state, flag.why.as_str()), (TradingState::Killed, "the flag file KILL"));
    }

    #[test]
    fn missing_folder_is_error_and_not_active() {
        let (folder, flags) = flags();
        folder.close().unwrap();
        assert!(flags.strictest_raised().is_err());
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(FlagFiles::in_folder(file.path()).strictest_raised().is_err());
    }

    #[test]
    fn folder_or_broken_link_counts_as_flag() {
        let (folder, flags) = flags();
        fs::create_dir(folder.path().join("KILL")).unwrap();
        let (state, flag) = flags.raised_flag().unwrap().unwrap();
        assert_eq!(state, TradingState::Killed);
        assert!(flag.why.contains("cannot be read"), "{}", flag.why);
    }
}
