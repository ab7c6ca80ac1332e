//! What a process that died left on disk, held against what it had said and what was seen of it.

use std::sync::Arc;

use bellwether::{
    engine::{RecordedEvent, RunState},
    store::{JournalOwner, JournalReader, Store, StoreError},
};

use super::{day::Day, sabotage::Sabotage, told::Broken};

pub(crate) const DISK: &str = "the journal on disk is what was recorded";
pub(crate) const SEEN: &str = "what was seen before a crash is there after it";

fn wrong(error: &StoreError) -> Broken {
    Broken::new(DISK, error.to_string())
}

/// Every event of the one run in the present folder.
pub(crate) fn events(day: &Day) -> Result<Vec<RecordedEvent>, Broken> {
    let folder = day.world().disk.folder();
    let reader = match JournalReader::open(&folder) {
        Ok(reader) => reader,
        Err(StoreError::NoJournal { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(wrong(&error)),
    };
    let runs = reader.runs().map_err(|error| wrong(&error))?;
    let [run] = runs.as_slice() else {
        return if runs.is_empty() {
            Ok(Vec::new())
        } else {
            Err(Broken::new(DISK, format!("{} runs in the journal of one day", runs.len())))
        };
    };
    let entries = reader.events(run.id).map_err(|error| wrong(&error))?;
    let read = entries.iter().map(store::EventRow::to_recorded).collect::<Result<_, _>>();
    read.map_err(|error| Broken::new(DISK, error.to_string()))
}

/// Takes stock after a crash: the step that was being written is there whole or not at all.
pub(crate) fn after_crash(day: &mut Day) -> Result<(), Broken> {
    let folder = day.world().disk.folder();
    if day.sabotage == Sabotage::Forgets {
        forget(&folder.join("journal.db"));
    }
    // Whoever opens it for writing puts the log in order; the lock of the dead is free.
    let owner = JournalOwner { pid: 2, operator: "ana".into() };
    drop(Store::open(&folder, &owner).map_err(|error| wrong(&error))?);
    let found = events(day)?;
    let mut world = day.world();
    let cut = std::mem::take(&mut world.cut);
    if found.len() > world.told.journal.len() {
        world.written(&cut);
        world.told.step(&cut, None)?;
    }
    drop(world);
    check(day, &found)
}

/// Holds what stands on disk against what was recorded, folded and seen.
pub(crate) fn check(day: &Day, found: &[RecordedEvent]) -> Result<(), Broken> {
    // First, since nothing is worse: somebody may have acted on what they saw.
    for seen in day.seen() {
        let kept = usize::try_from(seen.seq - 1).ok().and_then(|place| found.get(place));
        if kept != Some(&**seen) {
            return Err(Broken::new(SEEN, format!("event {} was seen and is gone", seen.seq)));
        }
    }
    let world = day.world();
    let told = &world.told;
    let same = |(one, other): (&Arc<RecordedEvent>, &RecordedEvent)| **one == *other;
    let equal = told.journal.iter().zip(found).position(|pair| !same(pair));
    let difference = equal.or_else(|| {
        (told.journal.len() != found.len()).then(|| told.journal.len().min(found.len()))
    });
    if let Some(at) = difference {
        let lengths = format!("{} recorded, {} on disk", told.journal.len(), found.len());
        return Err(Broken::new(DISK, format!("they differ at event {}: {lengths}", at + 1)));
    }
    let mut fold: Option<RunState> = None;
    for recorded in found {
        let folded = match &mut fold {
            Some(run) => run.apply(recorded),
            None => RunState::from_first_event(recorded).map(|run| fold = Some(run)),
        };
        folded.map_err(|illegal| Broken::new(DISK, illegal.to_string()))?;
    }
    let bytes = |run: &Option<RunState>| serde_json::to_vec(run).unwrap_or_default();
    if bytes(&fold) != bytes(&told.fold) {
        return Err(Broken::new(DISK, "its fold is not the live state byte for byte"));
    }
    Ok(())
}

/// Loses the last event that stands in a journal.
fn forget(file: &std::path::Path) {
    let db = rusqlite::Connection::open(file).expect("the journal opens");
    let sql = "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)";
    let _nothing_there = db.execute_batch(sql);
}
