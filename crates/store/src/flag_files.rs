//! Flag files: a trading state asked for from outside the process, and what the process answered.
//!
//! They work when nothing else does: whoever can make a file in the state folder can stop orders, with
//! `touch` alone. What cannot be read counts as raised.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use engine::{Actor, TighteningRequest, TradingState};

/// What a flag file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradingFlag {
    /// Who raised it, when that is known.
    pub by: Option<Actor>,
    /// Why, in words.
    pub why: String,
    /// When, by the clock of the machine; tells one raising from another.
    pub at: Option<DateTime<Utc>>,
}

/// What the process says to a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagResponse {
    /// Of which process.
    pub pid: u32,
    /// The state asked for.
    pub state: TradingState,
    /// When the flag was raised that is answered.
    pub flag_at: Option<DateTime<Utc>>,
    /// Orders withdrawn, and orders that may still fill; `None` while the desk is held by another call.
    pub orders: Option<(u32, u32)>,
    /// Whether the engine knows.
    pub engine: bool,
    /// When this was said first, by the clock of the machine.
    #[serde(default)]
    pub at: DateTime<Utc>,
}

/// How much of a flag is on disk.
#[derive(Debug)]
pub enum Raised {
    /// All of it.
    Whole,
    /// The file alone, which asks all the same: what kept who and why from being written.
    Bare(io::Error),
}

/// How much of a flag file is read.
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
    /// The flags of `folder`, which must be there.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file that asks for a state; none asks for ACTIVE.
    #[must_use]
    pub const fn file_name(state: TradingState) -> Option<&'static str> {
        match state {
            TradingState::Active => None,
            TradingState::ReduceOnly => Some("REDUCE_ONLY"),
            TradingState::Halted => Some("HALT"),
            TradingState::Killed => Some("KILL"),
        }
    }

    /// The strictest state a flag is raised for; reads no file, only looks whether they are there.
    ///
    /// # Errors
    ///
    /// When that cannot be told, a missing folder included: count it as raised.
    pub fn strictest_raised(&self) -> io::Result<TradingState> {
        for (state, path) in self.paths() {
            match fs::symlink_metadata(path) {
                Ok(_there) => return Ok(state),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        // No file in no folder proves nothing.
        fs::metadata(&self.folder).map(|_there| TradingState::Active)
    }

    /// What the strictest raised flag asks for, by whom and why; an empty file asks too.
    ///
    /// # Errors
    ///
    /// As [`Flags::strictest`]. A file that is there and cannot be read asks all the same.
    pub fn raised_flag(&self) -> io::Result<Option<(TradingState, TradingFlag)>> {
        let state = self.strictest_raised()?;
        let former = state == TradingState::ReduceOnly && !self.folder.join("REDUCE_ONLY").exists();
        let name = if former { Some(FORMER_REDUCE_ONLY) } else { Self::file_name(state) };
        Ok(name.map(|name| (state, self.read(name))))
    }

    /// Raises a flag, on disk before this returns. On a full disk the file is made empty, which takes no
    /// room for data and asks all the same.
    ///
    /// # Errors
    ///
    /// Whatever keeps the file from being made. ACTIVE has no flag, and nothing is written for it.
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

    /// Takes away every flag stricter than `to`; gives the strictest of them.
    ///
    /// # Errors
    ///
    /// Whatever keeps a file from being removed; those after it stay.
    pub fn lower_to(&self, to: TradingState) -> io::Result<Option<TradingState>> {
        let mut lowered = None;
        // The loosest first: what fails leaves the strictest raised.
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

    /// Says what the process does about a flag.
    ///
    /// # Errors
    ///
    /// Whatever keeps the file from being written.
    pub fn write_response(&self, answer: &FlagResponse) -> io::Result<()> {
        self.write(ANSWER, &serde_json::to_vec(answer)?)
    }

    /// What the process last said, if anything that can be read.
    #[must_use]
    pub fn read_response(&self) -> Option<FlagResponse> {
        serde_json::from_slice(&fs::read(self.folder.join(ANSWER)).ok()?).ok()
    }

    /// Writes down that the process lived at `at`.
    ///
    /// # Errors
    ///
    /// Whatever keeps the file from being written.
    pub fn write_heartbeat(&self, at: DateTime<Utc>) -> io::Result<()> {
        fs::write(self.folder.join(HEARTBEAT), format!("{}\n", at.to_rfc3339()))
    }

    /// When the process last wrote that it lived; `None` without a heartbeat that can be read.
    #[must_use]
    pub fn last_heartbeat(&self) -> Option<DateTime<Utc>> {
        let text = fs::read_to_string(self.folder.join(HEARTBEAT)).ok()?;
        Some(DateTime::parse_from_rfc3339(text.trim()).ok()?.to_utc())
    }

    /// Takes the heartbeat away: the process ends, or has begun anew.
    pub fn remove_heartbeat(&self) {
        // Whether there was one does not matter.
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
        let read = File::open(self.folder.join(name))
            .and_then(|file| file.take(READ_MAX).read_to_string(&mut text));
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

    /// Writes a file whole or not at all, and to disk.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let new = self.folder.join(format!("{name}.{}.new", std::process::id()));
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(bytes)?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&new, self.folder.join(name))
        });
        if written.is_err() {
            // Why it was not written matters more than what is left of it.
            let _ = fs::remove_file(&new);
        }
        sync(&self.folder);
        written
    }
}

impl TradingFlag {
    /// What it asks for, as a wish; `somebody` where it does not say who.
    #[must_use]
    pub fn to_request(self, to: TradingState) -> TighteningRequest {
        let by = self.by.unwrap_or_else(|| Actor::Operator("somebody".into()));
        TighteningRequest { to, by, why: self.why }
    }
}

/// Makes a change of names in a folder outlive the power, where the system can.
fn sync(folder: &Path) {
    // A folder that cannot be synced holds its files all the same.
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
    fn a_flag_whose_words_cannot_be_written_is_raised_without_them() {
        let (folder, flags) = flags();
        // What the words are written to first is taken.
        fs::create_dir(folder.path().join(format!("KILL.{}.new", std::process::id()))).unwrap();
        let flag = TradingFlag { by: None, why: "full".into(), at: None };
        let raised = flags.raise(TradingState::Killed, &flag).unwrap();
        assert!(matches!(raised, Raised::Bare(_)), "{raised:?}");
        let (state, flag) = flags.raised_flag().unwrap().unwrap();
        assert_eq!((state, flag.why.as_str()), (TradingState::Killed, "the flag file KILL"));
    }

    #[test]
    fn a_folder_that_is_gone_or_no_folder_is_an_error_and_never_a_clear_sky() {
        let (folder, flags) = flags();
        folder.close().unwrap();
        assert!(flags.strictest_raised().is_err());
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(FlagFiles::in_folder(file.path()).strictest_raised().is_err());
    }

    #[test]
    fn a_flag_that_is_a_folder_or_a_broken_link_asks_all_the_same() {
        let (folder, flags) = flags();
        fs::create_dir(folder.path().join("KILL")).unwrap();
        let (state, flag) = flags.raised_flag().unwrap().unwrap();
        assert_eq!(state, TradingState::Killed);
        assert!(flag.why.contains("cannot be read"), "{}", flag.why);
    }
}
