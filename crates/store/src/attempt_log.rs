//! Logs of attempts: one file per attempt in the state folder, a JSON object per line.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Folder of the logs inside the state folder.
const FOLDER: &str = "logs";
/// Ending of a file of lines, and of the earlier half of a log that became too long.
const ENDING: &str = "ndjson";
const EARLIER: &str = "ndjson.1";
/// Size from which a file becomes the earlier half. A log has at most twice as much.
const FILE_MAX: u64 = 2 << 20;
/// Size of all logs that one process writes for a run.
const RUN_MAX: u64 = 256 << 20;
/// Longest text of a line, in characters.
const TEXT_MAX: usize = 8_192;

/// A line of the log of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptLogLine {
    /// Wall clock time.
    pub at: DateTime<Utc>,
    /// Its origin.
    pub kind: AttemptLogKind,
    /// The level an agent gave it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// The text, as it was received.
    pub text: String,
}

/// The origin of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptLogKind {
    /// The start of the attempt.
    Start,
    /// A log line of the agent.
    Log,
    /// A progress report.
    Progress,
    /// Use of a model.
    Usage,
    /// Error output of the agent's process.
    ErrorOutput,
    /// A line of its standard output that is no message.
    Stray,
    /// The end of the attempt.
    End,
    /// A kind that this version does not know.
    #[serde(other)]
    Other,
}

impl AttemptLogKind {
    /// Returns the word for it, as it is shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Log => "log",
            Self::Progress => "progress",
            Self::Usage => "usage",
            Self::ErrorOutput => "stderr",
            Self::Stray => "stdout",
            Self::End => "end",
            Self::Other => "other",
        }
    }
}

/// The logs of attempts in a state folder.
#[derive(Debug, Clone)]
pub struct AttemptLogs {
    folder: PathBuf,
    /// Bytes written by this process.
    written: Arc<AtomicU64>,
}

impl AttemptLogs {
    /// Returns the logs in a state folder, whether there are some or not.
    #[must_use]
    pub fn in_folder(state: &Path) -> Self {
        Self { folder: state.join(FOLDER), written: Arc::default() }
    }

    /// Returns the writer of a log. Its file is created with the first line.
    #[must_use]
    pub fn writer(&self, run: &str, task: &str, attempt: u32) -> AttemptLogWriter {
        let path = self.path(run, task, attempt);
        AttemptLogWriter { path, written: Arc::clone(&self.written), file: Mutex::default() }
    }

    fn path(&self, run: &str, task: &str, attempt: u32) -> PathBuf {
        self.folder.join(file_name(run)).join(format!("{}.{attempt}.{ENDING}", file_name(task)))
    }

    /// Returns the tasks and attempts of a run that have a log, in order.
    ///
    /// # Errors
    ///
    /// An error of the file system.
    pub fn list(&self, run: &str) -> io::Result<Vec<(String, u32)>> {
        let entries = match fs::read_dir(self.folder.join(file_name(run))) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let name = name.to_string_lossy().into_owned();
            let stem = name.strip_suffix(ENDING).and_then(|name| name.strip_suffix('.'));
            let parts = stem.and_then(|stem| stem.rsplit_once('.'));
            found.extend(parts.and_then(|(task, n)| Some((task.to_owned(), n.parse().ok()?))));
        }
        found.sort();
        Ok(found)
    }

    /// Returns the number of the last attempt of a task that has a log.
    ///
    /// # Errors
    ///
    /// An error of the file system.
    pub fn last_attempt(&self, run: &str, task: &str) -> io::Result<Option<u32>> {
        let name = file_name(task);
        let all = self.list(run)?.into_iter();
        Ok(all.filter(|(task, _)| *task == name).map(|(_, attempt)| attempt).max())
    }

    /// Reads the log of an attempt; none if it has none. Lines that cannot be read are left out.
    ///
    /// # Errors
    ///
    /// An error of the file system.
    pub fn read(&self, run: &str, task: &str, attempt: u32) -> io::Result<Vec<AttemptLogLine>> {
        let path = self.path(run, task, attempt);
        let mut lines = read_lines(&path.with_extension(EARLIER))?;
        lines.extend(read_lines(&path)?);
        Ok(lines)
    }

    /// Returns the size of the newer file of a log: it changes with every line.
    #[must_use]
    pub fn size(&self, run: &str, task: &str, attempt: u32) -> u64 {
        fs::metadata(self.path(run, task, attempt)).map_or(0, |file| file.len())
    }

    /// Deletes the logs of a run.
    ///
    /// # Errors
    ///
    /// An error of the file system, other than that there are none.
    pub fn remove(&self, run: &str) -> io::Result<()> {
        match fs::remove_dir_all(self.folder.join(file_name(run))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Returns a name as a file name: characters that have a meaning in paths are replaced.
fn file_name(name: &str) -> String {
    let safe = |c: char| if c == '/' || c == '\\' || c.is_control() { '_' } else { c };
    let name: String = name.chars().map(safe).take(120).collect();
    if name.starts_with('.') { format!("_{name}") } else { name }
}

fn read_lines(path: &Path) -> io::Result<Vec<AttemptLogLine>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    // The last line may be in the middle of being written.
    let lines = bytes.split(|byte| *byte == b'\n');
    Ok(lines.filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

/// Writes the log of one attempt.
#[derive(Debug)]
pub struct AttemptLogWriter {
    path: PathBuf,
    written: Arc<AtomicU64>,
    file: Mutex<LogFile>,
}

#[derive(Debug, Default)]
enum LogFile {
    #[default]
    NotOpened,
    Open(File, u64),
    GivenUp,
}

impl AttemptLogWriter {
    /// Appends a line. A log that could not be written is given up: later lines are dropped.
    ///
    /// # Errors
    ///
    /// An error of the file system, once.
    pub fn write(&self, line: &AttemptLogLine) -> io::Result<()> {
        let mut line = line.clone();
        if line.text.chars().nth(TEXT_MAX).is_some() {
            line.text = line.text.chars().take(TEXT_MAX).chain(['…']).collect();
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        self.append(&mut file, &line).inspect_err(|_| *file = LogFile::GivenUp)
    }

    fn append(&self, file: &mut LogFile, line: &AttemptLogLine) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        if let LogFile::Open(_, size) = file
            && *size + length > FILE_MAX
        {
            fs::rename(&self.path, self.path.with_extension(EARLIER))?;
            *file = LogFile::NotOpened;
        }
        if matches!(file, LogFile::NotOpened) {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            let opened = OpenOptions::new().create(true).append(true).open(&self.path)?;
            let size = opened.metadata()?.len();
            *file = LogFile::Open(opened, size);
        }
        let LogFile::Open(open, size) = file else { return Ok(()) };
        if self.written.fetch_add(length, Ordering::Relaxed) > RUN_MAX {
            return Err(io::Error::other("the logs of this run are longer than 256 MiB"));
        }
        *size += length;
        open.write_all(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> AttemptLogLine {
        let (kind, level) = (AttemptLogKind::Log, "info".to_owned());
        AttemptLogLine { at: DateTime::UNIX_EPOCH, kind, level, text: text.to_owned() }
    }

    #[test]
    fn a_log_is_read_as_it_was_written_and_removed_with_its_run() {
        let state = tempfile::tempdir().unwrap();
        let logs = AttemptLogs::in_folder(state.path());
        let writer = logs.writer("a/../run", "score.news", 2);
        assert!(logs.list("a/../run").unwrap().is_empty());
        writer.write(&line("\u{1b}[2Jtwo\nlines")).unwrap();
        writer.write(&line("last")).unwrap();
        assert_eq!(logs.list("a/../run").unwrap(), [("score.news".to_owned(), 2)]);
        assert_eq!(logs.last_attempt("a/../run", "score.news").unwrap(), Some(2));
        assert_eq!(logs.last_attempt("a/../run", "score").unwrap(), None);
        let read = logs.read("a/../run", "score.news", 2).unwrap();
        assert_eq!(read, [line("\u{1b}[2Jtwo\nlines"), line("last")]);
        let file = fs::read(state.path().join("logs/a_.._run/score.news.2.ndjson")).unwrap();
        assert!(!file.contains(&0x1b), "the file may be printed on a terminal");
        logs.remove("a/../run").unwrap();
        logs.remove("a/../run").unwrap();
        assert!(logs.read("a/../run", "score.news", 2).unwrap().is_empty());
    }

    #[test]
    fn a_long_log_keeps_its_end_within_bounds() {
        let state = tempfile::tempdir().unwrap();
        let logs = AttemptLogs::in_folder(state.path());
        let writer = logs.writer("run", "t", 1);
        let long = "x".repeat(TEXT_MAX + 1);
        for number in 0..1_000 {
            writer.write(&line(&format!("{number} {long}"))).unwrap();
        }
        let read = logs.read("run", "t", 1).unwrap();
        assert!(read.last().unwrap().text.starts_with("999 x"), "the newest lines are kept");
        assert!(read.len() < 520 && read.len() > 240, "{}", read.len());
        assert_eq!(read[0].text.chars().count(), TEXT_MAX + 1, "a long line is cut");
        assert_eq!(logs.list("run").unwrap(), [("t".to_owned(), 1)], "it is one log");
    }
}
