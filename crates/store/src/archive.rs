//! Archive files with the events of old runs, outside the database: a JSON object per line, in
//! which the event's own text comes last and unchanged, so that the checksums still hold.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    EventRow, StoreError,
    event_chain::EventChain,
    event_row::{EventSum, from_nanos, to_nanos},
};
use engine::CorrelationId;

/// The archive folder inside the state folder.
const FOLDER: &str = "archive";
/// The text before the event's own JSON.
const BODY: &str = ",\"event\":";
/// Longest line accepted; this program never writes a longer one.
const LINE_MAX: u64 = 64 << 20;

/// The fields before the event in a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventLineHeader {
    run: i64,
    seq: u64,
    at: i64,
    corr: u64,
    kind: String,
    sum: String,
}

/// The index entry of a run whose events are in an archive file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArchivedRun {
    pub(super) run: i64,
    pub(super) events: u64,
    pub(super) sum: EventSum,
    /// Name of the file; `None` if it was deleted.
    pub(super) file: Option<String>,
}

/// Returns the path of an archive file.
pub(super) fn path(folder: &Path, file: &str) -> PathBuf {
    folder.join(FOLDER).join(file)
}

/// Returns the archive file name of a run.
pub(super) fn archive_name(run: i64, date: &str) -> String {
    // The date comes from the plan; the filter keeps any other text from leaving the folder.
    let date: String = date.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("{date}-run{run}.ndjson")
}

/// Writes the events of a run and syncs them to disk; returns the number of bytes. An existing file
/// is replaced as a whole.
pub(super) fn write_archive(
    folder: &Path,
    file: &str,
    run: i64,
    rows: impl Iterator<Item = Result<(EventRow, EventSum), StoreError>>,
) -> Result<u64, StoreError> {
    let path = path(folder, file);
    let lines = rows.map(|row| {
        let (entry, sum) = row?;
        line(run, &entry, sum).map_err(|what| StoreError::Archive { path: path.clone(), what })
    });
    write_lines(folder, file, lines)
}

/// Writes an archive file line by line and syncs it to disk.
pub(super) fn write_lines(
    folder: &Path,
    file: &str,
    lines: impl Iterator<Item = Result<String, StoreError>>,
) -> Result<u64, StoreError> {
    let path = path(folder, file);
    let wrong = || StoreError::for_folder(&path);
    let home = folder.join(FOLDER);
    fs::create_dir_all(&home).map_err(StoreError::for_folder(&home))?;
    let part = path.with_extension("part");
    let mut out = BufWriter::new(File::create(&part).map_err(wrong())?);
    for line in lines {
        out.write_all(line?.as_bytes()).map_err(wrong())?;
    }
    let out = out.into_inner().map_err(|error| wrong()(error.into_error()))?;
    out.sync_all().map_err(wrong())?;
    let bytes = out.metadata().map_err(wrong())?.len();
    fs::rename(&part, &path).map_err(wrong())?;
    // The new name must be on disk before the rows are removed from the database.
    File::open(&home).and_then(|home| home.sync_all()).map_err(wrong())?;
    Ok(bytes)
}

fn line(run: i64, entry: &EventRow, sum: EventSum) -> Result<String, String> {
    let EventRow { seq, at, corr, kind, body } = entry;
    let whole = serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok() && !body.contains('\n');
    if !whole {
        return Err(format!("event {seq} is not JSON on one line"));
    }
    let head = EventLineHeader {
        run,
        seq: *seq,
        at: to_nanos(*at),
        corr: corr.0,
        kind: kind.clone(),
        sum: sum_to_hex(sum),
    };
    let head = serde_json::to_string(&head).map_err(|error| error.to_string())?;
    Ok(format!("{}{BODY}{body}}}\n", head.trim_end_matches('}')))
}

/// Reads all events of an archived run, verifying each checksum and the total against the journal.
pub(super) fn read_archive(folder: &Path, kept: &ArchivedRun) -> Result<Vec<EventRow>, StoreError> {
    let Some(file) = &kept.file else { return Err(StoreError::Gone { run: kept.run }) };
    let path = path(folder, file);
    let archive = |what: String| StoreError::Archive { path: path.clone(), what };
    let mut lines = BufReader::new(File::open(&path).map_err(StoreError::for_folder(&path))?);
    let (mut entries, mut chain) = (Vec::new(), EventChain::default());
    while let Some(line) = next(&mut lines).map_err(StoreError::for_folder(&path))? {
        let seq = chain.events + 1;
        let damaged = |what: &str| StoreError::Damaged { run: kept.run, seq, what: what.into() };
        let read = String::from_utf8(line).ok().and_then(|line| parse(&line, kept.run));
        let (entry, sum) = read.ok_or_else(|| damaged("its line in the archive cannot be read"))?;
        chain.next(&entry, sum).map_err(damaged)?;
        entries.push(entry);
    }
    if (chain.events, chain.sum) != (kept.events, kept.sum) {
        return Err(archive(format!(
            "it ends after {} events, or not as the journal remembers ({} events)",
            chain.events, kept.events
        )));
    }
    Ok(entries)
}

/// Returns the next line, of bounded length and without line break; `None` at the end.
pub(super) fn next(lines: &mut impl io::BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let got = io::Read::take(lines, LINE_MAX).read_until(b'\n', &mut line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok((got > 0).then_some(line))
}

/// Parses one line of an archive of `run`.
pub(super) fn parse(line: &str, run: i64) -> Option<(EventRow, EventSum)> {
    let (head, body) = line.split_once(BODY)?;
    let head: EventLineHeader = serde_json::from_str(&format!("{head}}}")).ok()?;
    let body = body.strip_suffix('}')?;
    let EventLineHeader { run: of, seq, at: nanos, corr, kind, sum } = head;
    let entry = EventRow {
        seq,
        at: from_nanos(nanos),
        corr: CorrelationId(corr),
        kind,
        body: body.to_owned(),
    };
    (of == run).then_some((entry, sum_from_hex(&sum)?))
}

pub(super) fn sum_to_hex(sum: EventSum) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16);
    sum.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(digit).collect()
}

pub(super) fn sum_from_hex(text: &str) -> Option<EventSum> {
    let mut sum = EventSum::default();
    let pairs = text.as_bytes().chunks_exact(2);
    if text.len() != 2 * sum.len() {
        return None;
    }
    for (byte, pair) in sum.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(sum)
}

/// Deletes an archive file; a missing one is not an error.
pub(super) fn delete_archive(folder: &Path, file: &str) -> Result<(), StoreError> {
    let path = path(folder, file);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::for_folder(&path)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
