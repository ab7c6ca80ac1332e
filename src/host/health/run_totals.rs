//! Totals of all runs of a state folder, counted from the journal.
//!
//! The counts of a run that has ended never change. They are kept in `statistics.json` beside the
//! journal, so that a folder with hundreds of runs is not read again each time. The file can be deleted
//! at any time.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, Serialize};

use engine::{RunState, TaskState};
use planning::time::Span;
use store::{EventLocation, JournalReader, StoreError};
use view::status::ProcessInfo;

const FILE: &str = "statistics.json";

/// The counts of one run that has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct RunTotals {
    /// Number of events of the run: another number means another run.
    events: u64,
    completed: u64,
    failed: u64,
    seconds: f64,
}

/// Adds the ended runs of a folder to the counts of a process; `except` is counted elsewhere.
///
/// # Errors
///
/// [`StoreError`] if the journal cannot be read. Without a journal nothing is added.
pub(crate) fn totals_of_folder(
    folder: &Path,
    except: Option<&str>,
    process: &mut ProcessInfo,
) -> Result<(), StoreError> {
    let reader = match JournalReader::open(folder) {
        Ok(reader) => reader,
        Err(StoreError::NoJournal { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    let path = folder.join(FILE);
    // A file that is missing or damaged is counted anew.
    let kept: BTreeMap<i64, RunTotals> = fs::read(&path)
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let mut totals = BTreeMap::new();
    for run in reader.runs()? {
        let Some(ended) = run.ended.as_deref() else { continue };
        if except == Some(run.name.as_str()) {
            continue;
        }
        match ended {
            "completed" => process.runs_completed += 1,
            "failed" | "cancelled" => process.runs_failed += 1,
            // A run that its operator left has no result.
            _left => {}
        }
        let known = kept.get(&run.id).filter(|known| known.events == run.events).copied();
        let one = match known {
            Some(known) => known,
            // Its events are deleted.
            None if run.kept == EventLocation::Gone => continue,
            None => match reader.rebuild_state(run.id) {
                Ok((state, _tail)) => RunTotals { events: run.events, ..of_run(&state) },
                // `bellwether journal check` tells of it; the other runs are counted all the same.
                Err(error) => {
                    tracing::warn!("the tasks of run {} are not counted: {error}", run.id);
                    continue;
                }
            },
        };
        process.tasks_completed += one.completed;
        process.tasks_failed += one.failed;
        process.task_seconds += one.seconds;
        totals.insert(run.id, one);
    }
    if totals != kept
        && let Ok(text) = serde_json::to_vec(&totals)
    {
        // Without the file the next call counts again.
        let _ = fs::write(&path, text);
    }
    Ok(())
}

fn of_run(run: &RunState) -> RunTotals {
    let mut totals = RunTotals::default();
    for (ix, task) in run.tasks() {
        totals.failed += u64::from(matches!(task.state, TaskState::Failed | TaskState::Timeout));
        if task.state == TaskState::Completed {
            totals.completed += 1;
            if let Some(last) = task.history.back().filter(|_| !run.is_human_task(ix)) {
                totals.seconds += Span::between(&last.started_at, &last.ended_at).as_secs_f64();
            }
        }
    }
    totals
}
