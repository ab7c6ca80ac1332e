//! One task as a row: attempt, age, what comes next, and a note.

use chrono::{DateTime, Utc};

use super::{
    badges::{self, Badge},
    format,
    task_list::{AttentionRank, attention_rank},
    why::state_reasons,
};
use engine::{RunState, TaskState};
use planning::{
    id::{AgentId, StageId, TaskId},
    plan::TaskIx,
    workflow::DependencyKind,
};

/// One task as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Its place in the plan; what a cursor and a command hold on to.
    pub ix: TaskIx,
    pub id: TaskId,
    pub stage: StageId,
    pub agent: AgentId,
    /// Its state; glyph and word come from `words`.
    pub state: TaskState,
    /// The urgency.
    pub rank: AttentionRank,
    /// Attempt of attempts, `2/3`; `0/3` before the first; `#17` for a monitoring loop's rounds.
    pub attempt: String,
    /// The time in the state, or the duration once completed; `-` while nothing counts.
    pub age: String,
    /// The reason, the progress or the result, in one line.
    pub note: String,
    /// Its priority in four letters.
    pub priority: &'static str,
    /// The start of the last attempt, exchange time; `-` before the first.
    pub started: String,
    /// The next change and its time: `at 14:45`, `retry in 4s`, `limit in 2m05s`; `-` if none.
    pub next: String,
    /// Further badges.
    pub badges: Vec<Badge>,
}

/// One row.
#[must_use]
pub fn task_row(run: &RunState, at: DateTime<Utc>, ix: TaskIx) -> TaskRow {
    let (plan, task) = (run.plan(), run.task(ix));
    let planned = plan.task(ix);
    let badges = badges::badges(run, ix, at);
    TaskRow {
        ix,
        id: planned.id.clone(),
        stage: plan.stage(planned.stage).id.clone(),
        agent: plan.agent(planned.agent).id.clone(),
        state: task.state,
        rank: attention_rank(run, ix),
        attempt: attempt_text(run, ix),
        age: age(run, ix, at),
        note: note(run, ix, at, &badges),
        priority: format::priority(task.priority),
        started: task.started_at.map_or_else(|| "-".into(), format::format_time),
        next: next(run, ix, at),
        badges,
    }
}

/// See [`TaskRow::attempt`].
pub(super) fn attempt_text(run: &RunState, ix: TaskIx) -> String {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    let spent = task.attempts_used();
    if planned.every.is_some() {
        let again = if spent > 1 { format!(".{spent}") } else { String::new() };
        let living = u32::from(spent > 0 && !task.state.is_terminal());
        return format!("#{}{again}", task.rounds + living);
    }
    format!("{spent}/{}", planned.max_retries.saturating_add(1))
}

/// See [`TaskRow::age`].
fn age(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> String {
    let task = run.task(ix);
    match task.state {
        TaskState::Pending | TaskState::Skipped | TaskState::UpstreamFailed | TaskState::Missed => {
            "-".into()
        }
        TaskState::Completed => match task.history.back() {
            Some(last) => format::format_age(last.started_at, last.ended_at),
            None => "-".into(),
        },
        TaskState::Queued => format::format_age(task.ready_at.unwrap_or(task.since), at),
        TaskState::Running => format::format_age(task.started_at.unwrap_or(task.since), at),
        TaskState::Retrying
        | TaskState::Held
        | TaskState::Cancelling
        | TaskState::InDoubt
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled => format::format_age(task.since, at),
    }
}

/// The moment a task waits for, or that ends its work, if there is one.
pub(super) fn next_at(run: &RunState, ix: TaskIx) -> Option<DateTime<Utc>> {
    next_moment(run, ix).map(|(_, moment)| moment)
}

/// [`next_at`], and what happens in so long; no word for a start, which is told by its time of day.
fn next_moment(run: &RunState, ix: TaskIx) -> Option<(Option<&'static str>, DateTime<Utc>)> {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    match task.state {
        TaskState::Pending => {
            Some((None, run.not_before(ix))).filter(|(_, start)| *start > run.last_event_at())
        }
        TaskState::Retrying => Some((Some("retry"), task.next_at?)),
        TaskState::Running => Some((Some("limit"), task.started_at? + planned.timeout.to_delta())),
        TaskState::Cancelling => {
            Some((Some("given up"), task.since + run.plan().limits.cancel_timeout.to_delta()))
        }
        TaskState::Queued
        | TaskState::Held
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => None,
    }
}

/// See [`TaskRow::next`].
fn next(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> String {
    match next_moment(run, ix) {
        None => "-".into(),
        Some((Some(what), moment)) => format!("{what} in {}", format::format_age(at, moment)),
        Some((None, moment)) => {
            let again = if run.task(ix).next_at.is_some() { "again " } else { "" };
            format!("{again}at {}", format::format_minute(moment))
        }
    }
}

/// See [`TaskRow::note`].
fn note(run: &RunState, ix: TaskIx, at: DateTime<Utc>, badges: &[Badge]) -> String {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    if task.state == TaskState::Running && !run.is_human_task(ix) {
        let slow = badges
            .contains(&Badge::Slow)
            .then(|| format!("slow: usually {}", format::format_duration(planned.estimate)));
        let far = task.progress.as_ref().map(|(percent, note)| {
            format!("{percent}% {}", format::sanitize(note)).trim_end().to_owned()
        });
        return slow.into_iter().chain(far).collect::<Vec<_>>().join("; ");
    }
    let gave = task.outcome.as_ref().filter(|o| !o.summary.is_empty());
    if let (TaskState::Completed, Some(outcome)) = (task.state, gave) {
        return format::sanitize(&outcome.summary).into_owned();
    }
    let reasons = state_reasons(run, ix, at);
    let text = reasons.first().map_or("", |why| why.text.as_str());
    // What is waited for has a row of its own that tells its state.
    let waits = reasons.first().is_some_and(|why| why.code == "dep_waiting");
    let text = if waits { text.split(" (").next().unwrap_or(text) } else { text }.to_owned();
    let harmful = matches!(task.state, TaskState::Failed | TaskState::Timeout | TaskState::InDoubt);
    match blocks(run, ix) {
        n @ 1.. if harmful => format!("{text}; blocks {n}"),
        _harmless => text,
    }
}

/// Tasks right below that cannot go on because of this one.
fn blocks(run: &RunState, ix: TaskIx) -> usize {
    let stuck = |&&(task, hardness): &&(TaskIx, DependencyKind)| {
        let state = run.task(task).state;
        hardness == DependencyKind::Hard
            && matches!(state, TaskState::Pending | TaskState::UpstreamFailed)
    };
    run.dependents(ix).iter().filter(stuck).count()
}
