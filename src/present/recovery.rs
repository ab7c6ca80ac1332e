//! What is decided about each task of a run that is taken up, in words.

use super::words;
use crate::{
    engine::{RunState, TakeUp, TaskState, take_up},
    plan::TaskIx,
};

/// A task of a run that is taken up: what was last known of it, and what is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub task: TaskIx,
    /// Its name.
    pub id: String,
    /// Where it stood.
    pub state: TaskState,
    /// What was last known of it: `RUNNING, attempt 2 since 09:31:04`.
    pub last: String,
    /// What is decided about it.
    pub decision: String,
    /// Whether somebody should look at it first.
    pub grave: bool,
}

/// The tasks that do not simply stand as they stood, and those that wait for something to come back:
/// in the order of the plan.
#[must_use]
pub fn rows(run: &RunState) -> Vec<Row> {
    run.tasks().filter_map(|(task, _)| row(run, task)).collect()
}

fn row(run: &RunState, ix: TaskIx) -> Option<Row> {
    let task = run.task(ix);
    let since = words::time(task.since);
    let (decision, grave) = match take_up(run, ix) {
        TakeUp::Stays => match task.state {
            TaskState::Retrying => {
                let at = task.next_at.map(words::time).unwrap_or_default();
                (format!("tries again at {at}, as planned"), false)
            }
            TaskState::Held => ("stays held".into(), false),
            TaskState::InDoubt => ("stays in doubt; the outside is asked again".into(), true),
            TaskState::Pending
            | TaskState::Queued
            | TaskState::Running
            | TaskState::Cancelling
            | TaskState::Completed
            | TaskState::Failed
            | TaskState::Timeout
            | TaskState::Cancelled
            | TaskState::Skipped
            | TaskState::UpstreamFailed
            | TaskState::Missed => return None,
        },
        TakeUp::LooksAgain => ("whether it still may start is looked at anew".into(), false),
        TakeUp::AsksAgain => ("the person is asked again".into(), false),
        TakeUp::GoesOn { recovery } => {
            (format!("is begun again; no time has passed (recovery {recovery})"), false)
        }
        TakeUp::TriesAgain { recovery } => {
            (format!("tried again under the same key (recovery {recovery})"), false)
        }
        TakeUp::GivesUp => ("fails: lost with the program too often in a row".into(), true),
        TakeUp::Doubts => {
            ("IN_DOUBT: not sent again; the outside is asked what happened".into(), true)
        }
        TakeUp::Stopped => ("called off; nobody confirms it".into(), false),
    };
    let attempt =
        if task.state.active() { format!(", attempt {}", task.attempt) } else { String::new() };
    let last = format!("{}{attempt} since {since}", task.state);
    let id = run.plan().task(ix).id.to_string();
    Some(Row { task: ix, id, state: task.state, last, decision, grave })
}

/// One sentence on the run, then a line for each of its [`rows`].
#[must_use]
pub fn lines(run: &RunState) -> Vec<String> {
    let (rows, plan) = (rows(run), run.plan());
    let ended = run.tasks().filter(|(_, task)| task.state.ended()).count();
    let mut lines = vec![format!(
        "{} was left at {} after {}: {ended} of {} tasks had ended, {} to decide",
        plan.run,
        words::time(run.at()),
        words::plural(run.last_seq(), "event"),
        plan.tasks.len(),
        rows.len(),
    )];
    let wide = |text: fn(&Row) -> &str| rows.iter().map(|row| text(row).len()).max().unwrap_or(0);
    let (id, last) = (wide(|row| &row.id), wide(|row| &row.last));
    lines.extend(rows.iter().map(|row| {
        let mark = if row.grave { "!" } else { " " };
        format!("{mark} {:id$}  {:last$}  -> {}", row.id, row.last, row.decision)
    }));
    lines
}
