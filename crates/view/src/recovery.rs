//! What is decided about each task of a run that is taken up, in words.

use chrono::{DateTime, Utc};

use super::{format, why::StateReason};
use engine::control::CommandVerb;
use engine::{
    InDoubtEffect, Recovery, RecoveryDecision, RunState, TaskState, forecast::Downtime,
    recovery_decision,
};
use planning::plan::TaskIx;

/// A task of a run that is taken up: what was last known of it, and what is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryRow {
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
pub fn recovery_rows(run: &RunState) -> Vec<RecoveryRow> {
    run.tasks().filter_map(|(task, _)| row(run, task)).collect()
}

fn row(run: &RunState, ix: TaskIx) -> Option<RecoveryRow> {
    let task = run.task(ix);
    let since = format::format_time(task.since);
    let (decision, grave) = match recovery_decision(run, ix) {
        RecoveryDecision::Unchanged => match task.state {
            TaskState::Retrying => {
                let at = task.next_at.map(format::format_time).unwrap_or_default();
                (format!("tries again at {at}, as planned"), false)
            }
            TaskState::Held => ("stays held".into(), false),
            TaskState::InDoubt => {
                let spent = |doubt: &InDoubtEffect| doubt.next_at.is_none() && !doubt.asking;
                let next = if run.in_doubt().get(&ix).is_some_and(spent) {
                    "only a person can say more"
                } else {
                    "the outside is asked again"
                };
                (format!("stays in doubt; {next}"), true)
            }
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
        RecoveryDecision::CheckStartAgain => {
            ("whether it still may start is looked at anew".into(), false)
        }
        RecoveryDecision::AskAgain => ("the person is asked again".into(), false),
        RecoveryDecision::Continue { recovery } => {
            (format!("is begun again; no time has passed (recovery {recovery})"), false)
        }
        RecoveryDecision::Retry { recovery } => {
            (format!("tried again under the same key (recovery {recovery})"), false)
        }
        RecoveryDecision::Fail => ("fails: lost with the program too often in a row".into(), true),
        RecoveryDecision::MarkInDoubt => {
            ("IN_DOUBT: not sent again; the outside is asked what happened".into(), true)
        }
        RecoveryDecision::Cancel => ("called off; nobody confirms it".into(), false),
    };
    let attempt =
        if task.state.is_active() { format!(", attempt {}", task.attempt) } else { String::new() };
    let last = format!("{}{attempt} since {since}", task.state);
    let id = run.plan().task(ix).id.to_string();
    Some(RecoveryRow { task: ix, id, state: task.state, last, decision, grave })
}

/// How long a run was left and what it missed, as seen at `at`: a line, and one on what to do about it.
#[must_use]
pub fn downtime_lines(run: &RunState, at: DateTime<Utc>) -> Vec<String> {
    let Some(away) = Downtime::at(run, at) else { return Vec::new() };
    let plan = run.plan();
    std::iter::once(format!("you were {}", away.describe(plan)))
        .chain(away.suggestion(plan))
        .collect()
}

/// When the run was left and how far it was, in a sentence.
#[must_use]
pub fn last_known_state(run: &RunState) -> String {
    let (recovery, plan) = (run.recovery(), run.plan());
    let left_at = recovery.left_at.filter(|_| run.is_recovering()).unwrap_or(run.last_event_at());
    let ended = run.tasks().filter(|(_, task)| task.state.is_terminal()).count();
    // A simulated day stood still meanwhile.
    let gone = recovery.since.filter(|since| *since > left_at && !plan.mode.has_virtual_clock());
    let away = gone
        .map(|since| format!(", {} ago", format::format_age(left_at, since)))
        .unwrap_or_default();
    format!(
        "{} was left at {}{away}: {ended} of {} tasks had ended, {} to decide",
        plan.run,
        format::format_time(left_at),
        plan.tasks.len(),
        recovery_rows(run).len(),
    )
}

/// How often the run was taken up, as seen at `wall` on the wall's clock or, while it waits, as it was
/// when it was taken up last; whether that is so often that only a person may let it go on.
#[must_use]
pub fn recovery_count_text(run: &RunState, wall: DateTime<Utc>) -> (String, bool) {
    let (recovery, minutes) = (run.recovery(), Recovery::LOOP_MINUTES);
    // While it waits for a person it is what it was when it was taken up, however long they take.
    let wall = recovery.last_started_at().filter(|_| run.is_recovering()).unwrap_or(wall);
    let times = format::count_noun(recovery.times.into(), "time");
    let lately = recovery.recent_count(wall);
    let loops = run.crash_looping(wall);
    let text = if loops {
        format!(
            "CRASH LOOP: taken up {lately} times in {minutes} minutes; only a person lets it go on"
        )
    } else {
        format!("taken up {times}, {lately} of them in the last {minutes} minutes")
    };
    (text, loops)
}

/// Why a run that is taken up stands still and what lets it go on; nothing of one that goes on.
#[must_use]
pub fn recovery_wait_reason(run: &RunState) -> Option<String> {
    let recovery = run.recovery();
    let last = recovery.last_started_at().filter(|_| run.is_recovering())?;
    let why = if run.crash_looping(last) {
        let (lately, minutes) = (recovery.recent_count(last), Recovery::LOOP_MINUTES);
        format!("CRASH LOOP: taken up {lately} times in {minutes} minutes")
    } else {
        "the program had ended and a person is to look first".to_owned()
    };
    Some(format!(
        "RECOVERING, nothing is started: {why}; `bellwether attach` shows what is decided, \
         `bellwether recover REASON` lets it go on"
    ))
}

/// Why nothing of a run that is taken up starts.
pub(super) fn recovery_block_reason(run: &RunState, task: TaskIx) -> Option<StateReason> {
    let since = run.recovery().since?;
    let state = run.task(task).state;
    let waits = matches!(state, TaskState::Pending | TaskState::Queued | TaskState::Retrying);
    let text = "the run is being taken up: nothing is started".to_owned();
    waits.then(|| {
        StateReason::new("safe_mode", text).with_since(since).with_fix(CommandVerb::Recover)
    })
}

/// One sentence on the run, what it missed by `at`, then a line for each of its [`rows`].
#[must_use]
pub fn recovery_lines(run: &RunState, at: DateTime<Utc>) -> Vec<String> {
    let rows = recovery_rows(run);
    let mut lines = vec![last_known_state(run)];
    lines.extend(downtime_lines(run, at));
    let wide =
        |text: fn(&RecoveryRow) -> &str| rows.iter().map(|row| text(row).len()).max().unwrap_or(0);
    let (id, last) = (wide(|row| &row.id), wide(|row| &row.last));
    lines.extend(rows.iter().map(|row| {
        let mark = if row.grave { "!" } else { " " };
        format!("{mark} {:id$}  {:last$}  -> {}", row.id, row.last, row.decision)
    }));
    lines
}

/// Whether what happens is recorded, in a line: why not, or that it is again.
#[must_use]
pub fn journal_status(why: Option<&str>) -> String {
    match why {
        Some(why) => {
            format!(
                "NOTHING IS RECORDED: {}; nothing starts until it can be",
                format::sanitize(why)
            )
        }
        None => "it is recorded again; the day goes on".into(),
    }
}
