//! Verification of all audit files of a state folder: their hashes, heads, links to the previous
//! file, and agreement with the journal's events.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    derive::derive_trail,
    index::{self, TrailIndexRow},
};
use crate::{EventLocation, JournalReader, RunSummary, StoreError};
use audit::{AuditEntry, TrailFault, TrailHead, TrailOpening, TrailProblem, verify_from};

/// The result of verifying one audit file.
#[derive(Debug, Clone)]
pub struct TrailFileReport {
    /// The number of its run; `None` for a file without a run.
    pub run: Option<i64>,
    /// The path of the file, existing or expected.
    pub path: PathBuf,
    /// The readable entries, in order of lines.
    pub entries: Vec<AuditEntry>,
    pub problems: Vec<TrailProblem>,
    /// Remarks that are not problems.
    pub notes: Vec<String>,
}

impl TrailFileReport {
    /// Returns the head of the file.
    #[must_use]
    pub fn head(&self) -> Option<TrailHead> {
        self.entries.last().map(AuditEntry::head)
    }

    fn add_problem(&mut self, at: usize, fault: TrailFault) {
        self.problems.push(TrailProblem { line: at + 1, fault });
    }
}

/// Verifies every audit file of a state folder. Writes nothing; a run may continue meanwhile.
///
/// # Errors
///
/// [`StoreError`] if the journal or the folder cannot be read. Problems of a file are part of the
/// result.
pub fn verify_trails(state: &Path) -> Result<Vec<TrailFileReport>, StoreError> {
    let reader = JournalReader::open(state)?;
    let all = TrailInventory::read(&reader, state, index::all_rows(&reader)?)?;
    let mut found = Vec::new();
    for (row, bytes) in all.rows.iter().zip(&all.files) {
        found.push(all.file(&reader, row, bytes.as_deref()));
    }
    let links: Vec<_> = all.rows.iter().map(|row| unlinked_fault(row, &found)).collect();
    for (file, link) in found.iter_mut().zip(links) {
        file.problems.extend(link.map(|fault| TrailProblem { line: 1, fault }));
    }
    found.extend(all.files_not_indexed());
    found.extend(all.strays()?);
    Ok(found)
}

/// Verifies the audit file of the last run; `None` before the first. Writes nothing.
///
/// # Errors
///
/// As [`verify_trails`].
pub fn verify_last_trail(state: &Path) -> Result<Option<TrailFileReport>, StoreError> {
    let reader = JournalReader::open(state)?;
    let last = index::all_rows(&reader)?.pop();
    let all = TrailInventory::read(&reader, state, last.into_iter().collect())?;
    let files = all.rows.iter().zip(&all.files);
    Ok(files.map(|(row, bytes)| all.file(&reader, row, bytes.as_deref())).next())
}

struct TrailInventory {
    state: PathBuf,
    runs: BTreeMap<i64, RunSummary>,
    rows: Vec<TrailIndexRow>,
    /// Contents of the file of each row; `None` if the file is missing.
    files: Vec<Option<Vec<u8>>>,
}

impl TrailInventory {
    /// Reads heads first, then files: a run in progress makes files longer, never shorter.
    fn read(
        reader: &JournalReader,
        state: &Path,
        rows: Vec<TrailIndexRow>,
    ) -> Result<Self, StoreError> {
        let read = |row: &TrailIndexRow| {
            let path = row.path(state);
            match fs::read(&path) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(StoreError::for_folder(&path)(error)),
            }
        };
        let files = rows.iter().map(read).collect::<Result<_, _>>()?;
        let runs = reader.runs()?.into_iter().map(|run| (run.id, run)).collect();
        Ok(Self { state: state.to_owned(), runs, rows, files })
    }

    fn file(
        &self,
        reader: &JournalReader,
        row: &TrailIndexRow,
        bytes: Option<&[u8]>,
    ) -> TrailFileReport {
        let mut file = TrailFileReport {
            run: Some(row.run),
            path: row.path(&self.state),
            entries: bytes.map(entries).unwrap_or_default(),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let Some(bytes) = bytes else {
            file.add_problem(0, TrailFault::Missing { expected: Some(row.head.clone()) });
            return file;
        };
        if let Some(run) = self.owner(row, &file) {
            file.add_problem(0, TrailFault::Swapped { run });
            return file;
        }
        let start = TrailOpening::after(row.previous.clone()).initial_head();
        // Entries written after the head was saved are compared with the events instead.
        let longer = file.entries.len() > usize::try_from(row.head.seq).unwrap_or(usize::MAX);
        let expected = Some(&row.head).filter(|_| !longer);
        if let Err(problems) = verify_from(start, bytes, expected) {
            file.problems = problems;
            return file;
        }
        if longer && !file.entries.iter().any(|entry| entry.head() == row.head) && row.head.seq > 0
        {
            let at = usize::try_from(row.head.seq).unwrap_or(usize::MAX);
            file.add_problem(
                at.saturating_sub(1),
                TrailFault::HeadMismatch { expected: row.head.clone() },
            );
            return file;
        }
        match self.runs.get(&row.run) {
            Some(run) if run.kept != EventLocation::Gone => borne_out(&mut file, reader, row, run),
            _gone if longer => {
                let last = file.head().map_or(0, |head| head.seq);
                let at = file.entries.len() - 1;
                file.add_problem(
                    at,
                    TrailFault::HeadBeyondEnd { last, expected: row.head.clone() },
                );
            }
            _gone => file.notes.push("its events have been deleted".into()),
        }
        file
    }

    /// Returns the other run to which this trail belongs.
    fn owner(&self, row: &TrailIndexRow, file: &TrailFileReport) -> Option<i64> {
        let head = file.head()?;
        let other = self.rows.iter().find(|other| other.run != row.run && other.head == head)?;
        (row.head != head).then_some(other.run)
    }

    /// Returns a report for each run whose trail is not in the index.
    fn files_not_indexed(&self) -> Vec<TrailFileReport> {
        let known: BTreeSet<i64> = self.rows.iter().map(|row| row.run).collect();
        let without = self.runs.values().filter(|run| !known.contains(&run.id));
        let told = without.map(|run| {
            let path = index::trail_folder(&self.state).join(index::trail_file_name(run));
            let (entries, notes) = (Vec::new(), Vec::new());
            let mut file =
                TrailFileReport { run: Some(run.id), path, entries, problems: Vec::new(), notes };
            if run.ended.is_some() {
                file.add_problem(0, TrailFault::Missing { expected: None });
            } else {
                file.notes.push(BEHIND.into());
            }
            file
        });
        told.collect()
    }

    /// Returns a report for each file without a run.
    fn strays(&self) -> Result<Vec<TrailFileReport>, StoreError> {
        let folder = index::trail_folder(&self.state);
        let names = match fs::read_dir(&folder) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::for_folder(&folder)(error)),
        };
        let ours: BTreeSet<PathBuf> = self.rows.iter().map(|row| row.path(&self.state)).collect();
        let mut paths = BTreeSet::new();
        for name in names {
            paths.insert(name.map_err(StoreError::for_folder(&folder))?.path());
        }
        let strange = paths.into_iter().filter(|path| {
            let trail = path.extension().is_some_and(|extension| extension == "jsonl");
            trail && !ours.contains(path)
        });
        let told = strange.map(|path| {
            let entries = fs::read(&path).map(|bytes| entries(&bytes)).unwrap_or_default();
            let problems = vec![TrailProblem { line: 1, fault: TrailFault::Orphan }];
            TrailFileReport { run: None, path, entries, problems, notes: Vec::new() }
        });
        Ok(told.collect())
    }
}

const BEHIND: &str = "it is behind the journal: the next start adds the missing entries";

fn entries(bytes: &[u8]) -> Vec<AuditEntry> {
    let lines = bytes.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

/// Compares a consistent file with the entries derived from the run's events.
fn borne_out(
    file: &mut TrailFileReport,
    reader: &JournalReader,
    row: &TrailIndexRow,
    run: &RunSummary,
) {
    let opening = file.entries.first().and_then(TrailOpening::from_entry);
    let opening = opening.unwrap_or_else(|| TrailOpening::after(row.previous.clone()));
    if !opening.is_supported() {
        let (theirs, of) = (opening.rules, opening.program);
        let text =
            format!("entered by rules {theirs} of version {of}: not compared with the events");
        return file.notes.push(text);
    }
    let derived = match derive_trail(reader, row.run, opening) {
        Ok(derived) => derived.entries,
        Err(error) => return file.add_problem(0, TrailFault::Unproven { why: error.to_string() }),
    };
    let pairs = file.entries.iter().zip(&derived);
    if let Some(at) = pairs.clone().position(|(is, ought)| is != ought) {
        let seq = file.entries[at].seq;
        return file.add_problem(at, TrailFault::Forged { seq });
    }
    let (is, ought) = (file.entries.len(), derived.len());
    let last = file.head().map_or(0, |head| head.seq);
    let Some(expected) = derived.last().map(AuditEntry::head).filter(|_| is != ought) else {
        return;
    };
    if is > ought {
        file.add_problem(ought, TrailFault::HeadBeyondEnd { last, expected });
    } else if run.ended.is_none() {
        file.notes.push(BEHIND.into());
    } else {
        file.add_problem(is, TrailFault::Truncated { last, expected });
    }
}

/// Returns the fault if a trail does not continue from the previous one.
fn unlinked_fault(row: &TrailIndexRow, files: &[TrailFileReport]) -> Option<TrailFault> {
    let (run, head) = (row.previous_run?, row.previous.as_ref()?);
    let before = files.iter().find(|file| file.run == Some(run))?;
    // A missing file is already reported.
    let there = before.entries.is_empty()
        || head.seq == 0
        || before.entries.iter().any(|entry| entry.head() == *head);
    (!there).then_some(TrailFault::Unlinked { run, previous: head.seq })
}
