//! The record of a desk's books: one JSON object per line, each with the hash of the line before.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Name of the file in the state folder.
const FILE: &str = "books.ndjson";

/// One entry with its place in the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BookLogEntry {
    /// Its number, from 1.
    pub seq: u64,
    /// Hash of the entry before; empty for the first.
    pub before: String,
    /// SHA-256 of number, previous hash and content.
    pub hash: String,
    /// What the desk wrote.
    pub entry: Value,
}

/// The record of books of a state folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookLog {
    folder: PathBuf,
}

impl BookLog {
    /// Returns the record of `folder`, which need not exist.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Returns all entries, oldest first. A last line without its end was never written: it is left
    /// out.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or an entry is not as it was written.
    pub fn read(&self) -> io::Result<Vec<BookLogEntry>> {
        self.whole().map(|(entries, _length)| entries)
    }

    /// Returns all whole entries, and the length of the file up to their end.
    fn whole(&self) -> io::Result<(Vec<BookLogEntry>, u64)> {
        let bytes = match std::fs::read(self.path()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            Err(error) => return Err(error),
        };
        let mut entries: Vec<BookLogEntry> = Vec::new();
        let mut length = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if line.last() != Some(&b'\n') {
                break;
            }
            length += u64::try_from(line.len()).unwrap_or(u64::MAX);
            let number = entries.len() + 1;
            let entry = serde_json::from_slice::<BookLogEntry>(line).ok().filter(|found| {
                let before = entries.last().map_or("", |last| last.hash.as_str());
                found.before == before
                    && usize::try_from(found.seq) == Ok(number)
                    && found.hash == hash((found.seq, before), &found.entry)
            });
            let Some(entry) = entry else {
                let path = self.path();
                let text = format!(
                    "{}:{number}: the record of books is not as it was written; restore the file \
                     from a backup",
                    path.display()
                );
                return Err(io::Error::new(io::ErrorKind::InvalidData, text));
            };
            entries.push(entry);
        }
        Ok((entries, length))
    }

    /// Appends an entry and syncs it to disk, whole or not at all; returns it with its hash. Creates
    /// the folder if it does not exist. The caller owns the state folder.
    ///
    /// # Errors
    ///
    /// I/O errors, and those of [`read`](Self::read).
    pub fn append(&self, entry: Value) -> io::Result<BookLogEntry> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let (entries, length) = self.whole()?;
        let before = entries.last().map_or_else(String::new, |last| last.hash.clone());
        let seq = entries.last().map_or(1, |last| last.seq + 1);
        let hash = hash((seq, &before), &entry);
        let added = BookLogEntry { seq, before, hash, entry };
        let mut line = serde_json::to_vec(&added)?;
        line.push(b'\n');
        let mut options = OpenOptions::new();
        let mut file =
            options.create(true).append(true).read(true).mode(0o600).open(self.path())?;
        // A line cut off by a crash was never an entry.
        file.set_len(length)?;
        file.write_all(&line)?;
        file.sync_all()?;
        if seq == 1 {
            File::open(&self.folder)?.sync_all()?;
        }
        Ok(added)
    }
}

/// Returns the hash of an entry; keys of a JSON object are in one order always.
fn hash((seq, before): (u64, &str), entry: &Value) -> String {
    let mut sum = Sha256::new();
    sum.update(seq.to_be_bytes());
    sum.update(before.as_bytes());
    sum.update([0]);
    sum.update(entry.to_string().as_bytes());
    format!("{:x}", sum.finalize())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_torn_last_line_counts_as_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let log = BookLog::in_folder(&folder.path().join("state"));
        assert_eq!(log.read().unwrap(), []);
        let (first, second) =
            (log.append(json!({"cash": "1.50"})).unwrap(), log.append(json!({"b": 2})).unwrap());
        assert_eq!((second.seq, &second.before), (2, &first.hash));
        let whole = std::fs::read(log.path()).unwrap();
        let first_line = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for cut in first_line..whole.len() {
            std::fs::write(log.path(), &whole[..cut]).unwrap();
            assert_eq!(log.read().unwrap(), std::slice::from_ref(&first), "cut at {cut}");
        }
        let again = log.append(json!({"b": 2})).unwrap();
        assert_eq!((again, std::fs::read(log.path()).unwrap()), (second, whole));
    }

    #[test]
    fn an_entry_that_was_changed_is_told_by_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let log = BookLog::in_folder(folder.path());
        log.append(json!({"cash": "1.50"})).unwrap();
        log.append(json!({"cash": "2.50"})).unwrap();
        let text = std::fs::read_to_string(log.path()).unwrap();
        for (changed, line) in [(text.replace("1.50", "9.50"), 1), (text.replace("2.50", "3"), 2)] {
            std::fs::write(log.path(), &changed).unwrap();
            let told = log.read().unwrap_err().to_string();
            assert!(told.contains(&format!("books.ndjson:{line}: ")), "{told}");
            assert!(log.append(json!({})).is_err());
            assert_eq!(std::fs::read_to_string(log.path()).unwrap(), changed, "it is left alone");
        }
    }
}
