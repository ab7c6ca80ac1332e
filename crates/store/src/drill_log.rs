//! What came of drills: a line of JSON each, in a file of the state folder that is only appended to.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The file of a state folder.
const FILE: &str = "drills.ndjson";

/// One thing that a drill looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillCheck {
    /// Its name, for machines.
    pub name: String,
    /// Whether it was as it must be.
    pub ok: bool,
    /// What was seen, in words.
    pub told: String,
}

/// What came of a drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillResult {
    /// Of what: `kill`.
    pub drill: String,
    /// When, by the clock of the machine.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// Version of the program.
    pub program: String,
    /// The day that was played.
    pub date: NaiveDate,
    /// Whether all was as it must be.
    pub held: bool,
    /// All that was looked at.
    pub checks: Vec<DrillCheck>,
}

/// The drills of a state folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillLog {
    folder: PathBuf,
}

impl DrillLog {
    /// The drills of `folder`, which need not be there.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Where they are written.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Appends what came of a drill, on disk before this returns. Makes the folder where there is none.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being written.
    pub fn append(&self, drilled: &DrillResult) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let mut line = serde_json::to_vec(drilled)?;
        line.push(b'\n');
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(self.path())?;
        if file.seek(SeekFrom::End(0))? > 0 {
            let mut last = [0];
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
            // A line that a crash cut off keeps to itself.
            if last != [b'\n'] {
                line.insert(0, b'\n');
            }
        }
        file.write_all(&line)?;
        file.sync_all()
    }

    /// The last drill of that name; lines that cannot be read are no drills.
    ///
    /// # Errors
    ///
    /// A file that is there and cannot be read.
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
    fn the_last_drill_is_read_back_and_those_before_it_stay() {
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
    fn a_line_that_was_cut_off_hides_neither_the_one_before_nor_the_one_after() {
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
