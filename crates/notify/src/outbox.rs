//! The outbox of a notifier: a folder with one file for each notification that is not delivered yet.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::notification::{Notification, Severity};

/// Most notifications that wait; beyond it the oldest of the least grave are dropped.
const WAITING_MAX: usize = 500;
/// The file with what came of the last attempts.
const STANDING: &str = "standing.json";

/// Why an outbox cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the outbox {} cannot be used: {source}", folder.display())]
pub struct OutboxError {
    folder: PathBuf,
    source: io::Error,
}

/// What came of a notifier's messages so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifierStanding {
    /// Notifications delivered.
    pub delivered: u64,
    /// Notifications given up or dropped.
    pub lost: u64,
    /// When a message was delivered last.
    pub last_delivered: Option<DateTime<Utc>>,
    /// When an attempt failed last, and why; `None` once one succeeds.
    pub last_error: Option<(DateTime<Utc>, String)>,
}

/// The outbox of one notifier.
#[derive(Debug)]
pub(crate) struct Outbox {
    folder: PathBuf,
    /// By number, the oldest first.
    waiting: BTreeMap<u64, Notification>,
    pub(crate) standing: NotifierStanding,
}

impl Outbox {
    /// Opens the outbox of the notifier `name`, with what an earlier process did not deliver.
    pub(crate) fn open(root: &Path, name: &str) -> Result<Self, OutboxError> {
        let folder = root.join(name);
        let wrong = |source| OutboxError { folder: folder.clone(), source };
        fs::create_dir_all(&folder).map_err(wrong)?;
        let mut waiting = BTreeMap::new();
        for entry in fs::read_dir(&folder).map_err(wrong)? {
            let path = entry.map_err(wrong)?.path();
            let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok());
            let Some(number) = number.filter(|_| path.extension().is_some_and(|end| end == "json"))
            else {
                continue;
            };
            // A file cut short by a full disk was never announced as kept.
            match fs::read(&path).map_err(wrong).map(|bytes| serde_json::from_slice(&bytes)) {
                Ok(Ok(notification)) => {
                    waiting.insert(number, notification);
                }
                Ok(Err(_cut)) => remove(&path),
                Err(error) => return Err(error),
            }
        }
        let standing = fs::read(folder.join(STANDING)).ok();
        let standing = standing.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(Self { folder: folder.clone(), waiting, standing: standing.unwrap_or_default() })
    }

    /// Returns what waits and what came of the rest, without opening the outbox for writing.
    pub(crate) fn peek(root: &Path, name: &str) -> (usize, NotifierStanding) {
        let folder = root.join(name);
        let files = fs::read_dir(&folder).into_iter().flatten().flatten();
        let waiting = files.filter(|file| file.file_name().to_string_lossy() != STANDING).count();
        let standing = fs::read(folder.join(STANDING)).ok();
        let standing = standing.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        (waiting, standing.unwrap_or_default())
    }

    /// Keeps a notification until it is delivered. It waits in memory alone where the disk takes nothing.
    pub(crate) fn add(&mut self, notification: Notification) {
        let number = self.waiting.keys().next_back().map_or(0, |last| last + 1);
        if let Err(error) = self.write(number, &notification) {
            tracing::warn!("a notification is kept in memory alone: {error}");
        }
        self.waiting.insert(number, notification);
        while self.waiting.len() > WAITING_MAX {
            let least = self.waiting.values().map(|one| one.severity).min();
            let oldest = self.waiting.iter().find(|(_, one)| Some(one.severity) == least);
            let Some(number) = oldest.map(|(number, _)| *number) else { break };
            self.standing.lost += 1;
            self.take(&[number]);
        }
    }

    /// Returns the oldest notifications, at most `most`, with their numbers; in quiet hours critical ones alone.
    pub(crate) fn next(&self, most: usize, quiet: bool) -> Vec<(u64, Notification)> {
        let passes = |one: &Notification| !quiet || one.severity == Severity::Critical;
        let passing = self.waiting.iter().filter(|(_, one)| passes(one)).take(most);
        passing.map(|(number, one)| (*number, one.clone())).collect()
    }

    /// Forgets notifications that were delivered or given up.
    pub(crate) fn take(&mut self, numbers: &[u64]) {
        for number in numbers {
            self.waiting.remove(number);
            remove(&self.path(*number));
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Writes down what came of the last attempt.
    pub(crate) fn note_standing(&self) {
        let bytes = serde_json::to_vec(&self.standing).unwrap_or_default();
        if let Err(error) = fs::write(self.folder.join(STANDING), bytes) {
            tracing::debug!("the standing of a notifier cannot be written: {error}");
        }
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number:020}.json"))
    }

    fn write(&self, number: u64, notification: &Notification) -> io::Result<()> {
        let (new, path) = (self.folder.join("new"), self.path(number));
        let written = serde_json::to_vec(notification).map_err(io::Error::from).and_then(|bytes| {
            let mut file = File::create(&new)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&new, &path)
        });
        if written.is_err() {
            remove(&new);
        }
        written
    }
}

/// Removes a file; one that stays is delivered a second time, under the same idempotency key.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::tests::sample;

    #[test]
    fn what_was_not_delivered_is_there_for_the_next_process() {
        let root = tempfile::tempdir().expect("a folder");
        let mut outbox = Outbox::open(root.path(), "desk").expect("an outbox");
        for number in 0..3 {
            outbox.add(sample(number, Severity::Warning));
        }
        outbox.take(&[0]);
        drop(outbox);
        fs::write(root.path().join("desk").join("00000000000000000009.json"), "{\"cut")
            .expect("written");
        let again = Outbox::open(root.path(), "desk").expect("an outbox");
        let left: Vec<_> = again.next(10, false).into_iter().map(|(_, one)| one.alert).collect();
        assert_eq!(left, ["2018-12-19-standard-1/1", "2018-12-19-standard-1/2"]);
        assert_eq!(Outbox::peek(root.path(), "desk").0, 2);
    }

    #[test]
    fn a_full_outbox_drops_the_least_grave_and_quiet_hours_pass_the_gravest() {
        let root = tempfile::tempdir().expect("a folder");
        let mut outbox = Outbox::open(root.path(), "desk").expect("an outbox");
        outbox.add(sample(0, Severity::Critical));
        for number in 1..=500 {
            outbox.add(sample(number, Severity::Warning));
        }
        assert_eq!((outbox.len(), outbox.standing.lost), (WAITING_MAX, 1));
        let quiet = outbox.next(10, true);
        assert_eq!(quiet.len(), 1, "and the critical one is kept");
    }
}
