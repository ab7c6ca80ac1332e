//! Repair of an audit file from the journal: an incomplete last line is cut, missing entries are
//! added.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{
    derive::{DerivedTrail, derive_trail, to_lines},
    index::{self, TrailIndexRow},
};
use crate::{JournalReader, RunSummary, Store, StoreError};
use audit::{AuditEntry, EntryChain, TrailBuilder, TrailOpening};
use engine::RunState;

/// An audit file open for appending, in agreement with the journal.
#[derive(Debug)]
pub(super) struct RepairedTrail {
    pub(super) row: TrailIndexRow,
    pub(super) file: File,
    pub(super) ledger: TrailBuilder,
    pub(super) run: RunState,
    /// A text about the repairs made, if any.
    pub(super) remark: Option<String>,
}

/// Repairs the trail of a run from the journal's events, which are the source of truth.
///
/// # Errors
///
/// [`StoreError::Trail`] if the file contradicts the events; it is not changed then.
pub(super) fn repair_trail(
    store: &Store,
    state: &Path,
    run: &RunSummary,
) -> Result<RepairedTrail, StoreError> {
    let reader = JournalReader::open(state)?;
    let rows = index::all_rows(&reader)?;
    let known = rows.iter().find(|row| row.run == run.id).cloned();
    let mut row = known.clone().unwrap_or_else(|| TrailIndexRow::for_new_run(run, &rows));
    if known.is_none() {
        // Saved before the file exists, so that its starting point is known.
        index::save_row(store, &row)?;
    }
    let path = row.path(state);
    let (mut file, bytes) = open(&path).map_err(StoreError::for_folder(&path))?;
    let conflict = |what: String| StoreError::Trail { path: path.clone(), what };
    let opening = opening(&bytes, &row).map_err(conflict)?;
    let known = opening.is_supported();
    let derived = derive_trail(&reader, run.id, opening)?;
    let RepairPlan { kept, rest, ledger, beyond } =
        plan(&bytes, &derived, known).map_err(conflict)?;
    let aside = if beyond { Some(set_aside_path(&path)) } else { None };
    let mut wrote = || -> io::Result<()> {
        if let Some(aside) = &aside {
            fs::copy(&path, aside)?;
        }
        if kept < bytes.len() {
            file.set_len(u64::try_from(kept).unwrap_or(u64::MAX))?;
        }
        file.write_all(rest.as_bytes())?;
        file.sync_all()
    };
    wrote().map_err(StoreError::for_folder(&path))?;
    let remark = match &aside {
        Some(aside) => Some(beyond_the_journal(&row, aside)),
        None => remark(&row, kept, (bytes.len() - kept, rest.lines().count())),
    };
    (row.head, row.events) = (ledger.head().clone(), derived.events);
    index::save_row(store, &row)?;
    let run = derived.run.ok_or(StoreError::NoRun(run.id.to_string()))?;
    Ok(RepairedTrail { row, file, ledger, run, remark })
}

/// Opens the file, creating it if needed, and reads its contents.
fn open(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let made = !path.try_exists()?;
    let file = File::options().append(true).create(true).open(path)?;
    if made {
        // A new file survives a power failure only once its folder is synced.
        File::open(folder)?.sync_all()?;
    }
    Ok((file, fs::read(path)?))
}

/// Returns the opening found in the file, or a new one.
fn opening(bytes: &[u8], row: &TrailIndexRow) -> Result<TrailOpening, String> {
    let ours = TrailOpening::after(row.previous.clone());
    let Some(first) = bytes.split_inclusive(|byte| *byte == b'\n').next() else { return Ok(ours) };
    let read = serde_json::from_slice::<AuditEntry>(first).ok();
    match read.as_ref().and_then(TrailOpening::from_entry) {
        Some(opening) if opening.previous == ours.previous => Ok(opening),
        Some(_other) => Err("line 1: it does not continue the previous trail".into()),
        None if first.ends_with(b"\n") => Err("line 1 is not the opening of a trail".into()),
        None => Ok(ours),
    }
}

/// The repair of a file.
struct RepairPlan {
    /// Number of bytes kept.
    kept: usize,
    /// The text to append.
    rest: String,
    /// The builder for the entries that follow.
    ledger: TrailBuilder,
    /// True if the file has entries beyond the journal, which lost its end through power failure or
    /// damage.
    beyond: bool,
}

fn plan(bytes: &[u8], derived: &DerivedTrail, known: bool) -> Result<RepairPlan, String> {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let there = &bytes[..whole];
    if !known {
        return other_rules(there, derived);
    }
    let (text, ledger) = (to_lines(&derived.entries), derived.ledger.clone());
    if let Some(rest) = text.as_bytes().strip_prefix(there) {
        let rest = String::from_utf8_lossy(rest).into_owned();
        return Ok(RepairPlan { kept: whole, rest, ledger, beyond: false });
    }
    if there.starts_with(text.as_bytes()) {
        return Ok(RepairPlan { kept: text.len(), rest: String::new(), ledger, beyond: true });
    }
    let pairs = there.split(|byte| *byte == b'\n').zip(text.split('\n'));
    let line = pairs.take_while(|(is, ought)| *is == ought.as_bytes()).count() + 1;
    Err(format!("line {line} contradicts the journal's events"))
}

/// Plans the repair of a file begun under other rules: existing entries stay, entries for later
/// events follow.
fn other_rules(there: &[u8], derived: &DerivedTrail) -> Result<RepairPlan, String> {
    let last = there.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty());
    let last: AuditEntry = serde_json::from_slice(last.unwrap_or_default())
        .map_err(|error| format!("its last line is not an entry: {error}"))?;
    let told = last.act.event_seq.unwrap_or(0);
    let mut chain = EntryChain::from_head(last.head());
    let later = derived.entries.iter().filter(|entry| entry.act.event_seq > Some(told));
    let added: Vec<AuditEntry> = later.map(|entry| chain.append(entry.act.clone())).collect();
    let ledger = derived.ledger.clone().chained_to(chain.head().clone());
    Ok(RepairPlan { kept: there.len(), rest: to_lines(&added), ledger, beyond: false })
}

/// Returns the text about a file with entries beyond the journal.
fn beyond_the_journal(row: &TrailIndexRow, aside: &Path) -> String {
    format!(
        "the audit trail {} had more entries than the journal, which lost its end: the old file is kept \
         as {}, and the trail ends with the journal",
        row.file,
        aside.display()
    )
}

/// Returns the text about a repaired file of which `kept` bytes are left, if anything was repaired.
fn remark(row: &TrailIndexRow, kept: usize, (cut, entered): (usize, usize)) -> Option<String> {
    if cut == 0 && entered == 0 {
        return None;
    }
    let was = if kept == 0 { "was missing" } else { "was behind the journal" };
    let torn =
        if cut > 0 { format!(", a torn line of {cut} bytes was cut off") } else { String::new() };
    let many = if entered == 1 { "entry was" } else { "entries were" };
    Some(format!(
        "the audit trail {} {was}{torn}: {entered} {many} added from its events",
        row.file
    ))
}

/// Rewrites the trail of a run from the journal's events and keeps the old file next to it. Returns
/// the new name of the old file, if there was one.
///
/// # Errors
///
/// [`StoreError`] if the journal or the folder is unusable.
pub fn rebuild_trail(store: &Store, run: &RunSummary) -> Result<Option<String>, StoreError> {
    let state = store.folder();
    let path = index::trail_folder(&state).join(index::trail_file_name(run));
    let wrong = || StoreError::for_folder(&path);
    let mut kept = None;
    if path.try_exists().map_err(wrong())? {
        let aside = set_aside_path(&path);
        fs::rename(&path, &aside).map_err(wrong())?;
        kept = Some(aside.display().to_string());
    }
    repair_trail(store, &state, run)?;
    Ok(kept)
}

/// Returns an unused name for the old file.
fn set_aside_path(path: &Path) -> PathBuf {
    let mut names = (1_u32..).map(|n| path.with_extension(format!("aside-{n}")));
    names.find(|name| !name.exists()).unwrap_or_else(|| path.with_extension("aside"))
}
