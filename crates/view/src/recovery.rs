//! Recovery decisions about each task of a recovering run, as text.

use chrono::{DateTime, Utc};

use super::{format, why::StateReason};
use engine::control::CommandVerb;
use engine::{
    InDoubtEffect, Recovery, RecoveryDecision, RunState, TaskState, forecast::Downtime,
    recovery_decision,
};
use planning::plan::TaskIx;

/// A task of a recovering run: its last known state and the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryRow {
    pub task: TaskIx,
    pub id: String,
    pub state: TaskState,
    /// The last known state: `RUNNING, attempt 2 since 09:31:04`.
    pub last: String,
    /// The decision.
    pub decision: String,
    /// True if somebody should look at it first.
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
                (format!("retry at {at}, as scheduled"), false)
            }
            TaskState::Held => ("stays held".into(), false),
            TaskState::InDoubt => {
                let spent = |doubt: &InDoubtEffect| doubt.next_at.is_none() && !doubt.asking;
                let next = if run.in_doubt().get(&ix).is_some_and(spent) {
                    "an operator must resolve it"
                } else {
                    "probed again"
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
        RecoveryDecision::CheckStartAgain => ("start conditions are checked again".into(), false),
        RecoveryDecision::AskAgain => ("approval is requested again".into(), false),
        RecoveryDecision::Continue { recovery } => {
            (format!("restarts with its full timeout (recovery {recovery})"), false)
        }
        RecoveryDecision::Retry { recovery } => {
            (format!("retried with the same idempotency key (recovery {recovery})"), false)
        }
        RecoveryDecision::Fail => ("fails: lost in too many crashes in a row".into(), true),
        RecoveryDecision::MarkInDoubt => {
            ("IN_DOUBT: not sent again; the broker is probed".into(), true)
        }
        RecoveryDecision::Cancel => ("cancelled without confirmation".into(), false),
    };
    let attempt =
        if task.state.is_active() { format!(", attempt {}", task.attempt) } else { String::new() };
    let last = format!("{}{attempt} since {since}", task.state);
    let id = run.plan().task(ix).id.to_string();
    Some(RecoveryRow { task: ix, id, state: task.state, last, decision, grave })
}

/// Returns how long a run was left and what it missed, as seen at `at`: a line, and one on what to
/// do about it.
#[must_use]
pub fn downtime_lines(run: &RunState, at: DateTime<Utc>) -> Vec<String> {
    let Some(away) = Downtime::at(run, at) else { return Vec::new() };
    let plan = run.plan();
    std::iter::once(format!("downtime {}", away.describe(plan)))
        .chain(away.suggestion(plan))
        .collect()
}

/// Returns when the run was left and how far it was, in a sentence.
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

/// Returns how often the run was taken up, as seen at `wall` on the wall's clock or, while it
/// waits, as it was when it was taken up last; whether that is so often that only a person may let
/// it go on.
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
            "CRASH LOOP: {lately} recoveries in {minutes} minutes; an operator must recover the run"
        )
    } else {
        format!("recovered {times}, {lately} in the last {minutes} minutes")
    };
    (text, loops)
}

/// Returns why a run that is taken up stands still and what lets it go on; nothing of one that goes
/// on.
#[must_use]
pub fn recovery_wait_reason(run: &RunState) -> Option<String> {
    let recovery = run.recovery();
    let last = recovery.last_started_at().filter(|_| run.is_recovering())?;
    let why = if run.crash_looping(last) {
        let (lately, minutes) = (recovery.recent_count(last), Recovery::LOOP_MINUTES);
        format!("CRASH LOOP: {lately} recoveries in {minutes} minutes")
    } else {
        "the program restarted; an operator must review the run first".to_owned()
    };
    Some(format!(
        "RECOVERING, no task starts: {why}; `bellwether attach` shows the decisions, \
         `bellwether recover REASON` carries them out"
    ))
}

/// Returns why nothing of a run that is taken up starts.
pub(super) fn recovery_block_reason(run: &RunState, task: TaskIx) -> Option<StateReason> {
    let since = run.recovery().since?;
    let state = run.task(task).state;
    let waits = matches!(state, TaskState::Pending | TaskState::Queued | TaskState::Retrying);
    let text = "RECOVERING: no task starts".to_owned();
    waits.then(|| {
        StateReason::new("safe_mode", text).with_since(since).with_fix(CommandVerb::Recover)
    })
}

/// One sentence on the run, what it missed by `at`, then a line for each of its `rows`.
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

/// Returns whether what happens is recorded, in a line: why not, or that it is again.
#[must_use]
pub fn journal_status(why: Option<&str>) -> String {
    match why {
        Some(why) => {
            format!(
                "JOURNAL UNAVAILABLE: {}; no task starts until it is writable",
                format::sanitize(why)
            )
        }
        None => "journal writable again; the run continues".into(),
    }
}
