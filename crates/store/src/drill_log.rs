//! Results of drills, one JSON object per line, in an append-only file of the state folder.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Name of the file in the state folder.
const FILE: &str = "drills.ndjson";

/// A check performed by a drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillCheck {
    /// Its identifier, for scripts.
    pub name: String,
    /// True if the check passed.
    pub ok: bool,
    /// The observation, in words.
    pub told: String,
}

/// The result of a drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillResult {
    /// The kind of drill: `kill`.
    pub drill: String,
    /// Time by the system clock.
    pub at: DateTime<Utc>,
    /// The operator who ran it.
    pub by: String,
    pub program: String,
    /// The date of the simulated run.
    pub date: NaiveDate,
    /// True if all checks passed.
    pub held: bool,
    pub checks: Vec<DrillCheck>,
}

/// The log of drills of a state folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillLog {
    folder: PathBuf,
}

impl DrillLog {
    /// Returns the log of `folder`, which need not exist.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Appends a result and syncs it to disk. Creates the folder if it does not exist.
    ///
    /// # Errors
    ///
    /// I/O errors of creating the folder or writing the file.
    pub fn append(&self, drilled: &DrillResult) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let mut line = serde_json::to_vec(drilled)?;
        line.push(b'\n');
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(self.path())?;
        if file.seek(SeekFrom::End(0))? > 0 {
            let mut last = [0];
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
            // A line cut off by a crash must not merge with this one.
            if last != [b'\n'] {
                line.insert(0, b'\n');
            }
        }
        file.write_all(&line)?;
        file.sync_all()
    }

    /// Returns the last drill of that kind; unreadable lines are ignored.
    ///
    /// # Errors
    ///
    /// The file exists but cannot be read.
    pub fn last(&self, drill: &str) -> io::Result<Option<DrillResult>> {
        let bytes = match std::fs::read(self.path()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let lines = bytes.split(|byte| *byte == b'\n').rev();
        let mut drills = lines.filter_map(|line| serde_json::from_slice::<DrillResult>(line).ok());
        Ok(drills.find(|drilled| drilled.drill == drill))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drilled(by: &str) -> DrillResult {
        DrillResult {
            drill: "kill".into(),
            at: DateTime::UNIX_EPOCH,
            by: by.into(),
            program: "0".into(),
            date: NaiveDate::MIN,
            held: false,
            checks: vec![DrillCheck { name: "x".into(), ok: false, told: "a\nb".into() }],
        }
    }

    #[test]
    fn reads_last_drill_and_keeps_earlier_ones() {
        let folder = tempfile::tempdir().unwrap();
        let drills = DrillLog::in_folder(&folder.path().join("not").join("there"));
        assert_eq!(drills.last("kill").unwrap(), None);
        for by in ["ana", "ben"] {
            drills.append(&drilled(by)).unwrap();
        }
        assert_eq!(drills.last("kill").unwrap(), Some(drilled("ben")));
        assert_eq!(drills.last("other").unwrap(), None);
        assert_eq!(std::fs::read_to_string(drills.path()).unwrap().lines().count(), 2);
    }

    #[test]
    fn torn_drill_line_hides_no_other_line() {
        let folder = tempfile::tempdir().unwrap();
        let drills = DrillLog::in_folder(folder.path());
        drills.append(&drilled("ana")).unwrap();
        let whole = std::fs::read(drills.path()).unwrap();
        std::fs::write(drills.path(), [&whole, &whole[..20]].concat()).unwrap();
        assert_eq!(drills.last("kill").unwrap(), Some(drilled("ana")));
        drills.append(&drilled("ben")).unwrap();
        assert_eq!(drills.last("kill").unwrap(), Some(drilled("ben")));
    }
}
