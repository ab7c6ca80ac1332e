//! The list of tasks: which order, and one row of each.

use chrono::{DateTime, Utc};

use super::{
    badges::{self, Badge},
    filter::Filter,
    why::why,
    words,
};
use crate::{
    definition::{Hardness, TaskPriority},
    engine::{RunState, TaskState},
    id::{AgentId, StageId, TaskId},
    plan::TaskIx,
};

/// How much a task wants to be looked at; sorts the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Nothing more happens without a person: failed, timed out, in doubt, missed, to be approved.
    NeedsPerson,
    /// An attempt failed, another follows.
    Retrying,
    /// At work, or being stopped.
    Running,
    /// Waits on something that ended badly, or is held.
    Blocked,
    /// Waits for a slot or a gate.
    Queued,
    /// Waits for its time or its inputs.
    Waiting,
    /// Over, and nothing to do.
    Done,
}

/// By what a board is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SortKey {
    /// By [`Rank`], then by what comes first within it.
    #[default]
    Severity,
    /// In the order of the plan.
    Plan,
    /// By name.
    Task,
    /// By agent, then severity.
    Agent,
    /// By state, in the order of [`TaskState::ALL`].
    State,
    /// Most urgent first.
    Priority,
    /// Most attempts first.
    Attempt,
    /// Started last first.
    Started,
    /// Longest in its state first.
    Age,
    /// What comes next first.
    Next,
}

/// An order of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Last first.
    pub reversed: bool,
}

/// One task as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Its place in the plan; what a cursor and a command hold on to.
    pub ix: TaskIx,
    /// Its name.
    pub id: TaskId,
    /// Its stage.
    pub stage: StageId,
    /// Its agent.
    pub agent: AgentId,
    /// Its state; glyph and word come from `words`.
    pub state: TaskState,
    /// How much it wants to be looked at.
    pub rank: Rank,
    /// Attempt of attempts, `2/3`; `0/3` before the first; `#17` for a monitoring loop's rounds.
    pub attempt: String,
    /// How long it has been in its state, or how long it took once it is done; `-` while nothing counts.
    pub age: String,
    /// Why it does not run, how far it is, or what it gave; one line.
    pub note: String,
    /// Its priority in four letters.
    pub priority: &'static str,
    /// When the last attempt started, exchange time; `-` before the first.
    pub started: String,
    /// What comes next and when: `at 14:45`, `retry in 00:04`, `limit in 02:05`; `-` if nothing does.
    pub next: String,
    /// What else is to be said.
    pub badges: Vec<Badge>,
}

/// The tasks that pass a filter, in order, without their rows: cheap enough for 100,000 tasks.
#[must_use]
pub fn order(run: &RunState, at: DateTime<Utc>, sort: Sort, filter: &Filter) -> Vec<TaskIx> {
    let passing = run.tasks().map(|(ix, _)| ix).filter(|&ix| filter.task(run, ix, at));
    let mut keyed: Vec<_> = passing.map(|ix| (key(run, sort.key, ix), ix)).collect();
    if sort.key == SortKey::Task {
        keyed.sort_unstable_by_key(|&(_, ix)| run.plan().task(ix).id.as_str());
    } else {
        keyed.sort_unstable();
    }
    if sort.reversed {
        keyed.reverse();
    }
    keyed.into_iter().map(|(_, ix)| ix).collect()
}

/// What a task sorts by: the sort's own figure, then severity.
type Key = (i64, Rank, i64, i64);

fn key(run: &RunState, sort: SortKey, ix: TaskIx) -> Key {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    let by = |figure: i64| {
        let (rank, weight, moment) = severity(run, ix);
        (figure, rank, weight, moment)
    };
    match sort {
        SortKey::Severity => by(0),
        SortKey::Plan | SortKey::Task => (i64::from(ix.0), Rank::Done, 0, 0),
        SortKey::Agent => by(i64::from(planned.agent.0)),
        SortKey::State => by(place(task.state)),
        SortKey::Priority => by(urgency(task.priority)),
        SortKey::Attempt => by(-i64::from(task.attempt)),
        SortKey::Started => by(task.started_at.map_or(i64::MAX, |t| -t.timestamp_millis())),
        SortKey::Age => by(task.since.timestamp_millis()),
        SortKey::Next => by(next_at(run, ix).map_or(i64::MAX, |t| t.timestamp_millis())),
    }
}

fn place(state: TaskState) -> i64 {
    i64::try_from(state.place()).unwrap_or(i64::MAX)
}

fn urgency(priority: TaskPriority) -> i64 {
    TaskPriority::ALL
        .iter()
        .position(|&p| p == priority)
        .map_or(i64::MAX, |i| i64::try_from(i).unwrap_or(i64::MAX))
}

/// Rank, weight within the rank, and the moment that decides within the weight.
fn severity(run: &RunState, ix: TaskIx) -> (Rank, i64, i64) {
    let (rank, task) = (rank(run, ix), run.task(ix));
    let urgency = urgency(task.priority);
    let ms = |at: Option<DateTime<Utc>>| at.map_or(i64::MAX, |at| at.timestamp_millis());
    let (weight, moment) = match rank {
        // The most harmful first, then the most urgent; the latest news above older.
        Rank::NeedsPerson => {
            let harm = match task.state {
                TaskState::InDoubt => 0,
                TaskState::Failed => 1,
                TaskState::Timeout => 2,
                TaskState::Running => 3,
                TaskState::Pending
                | TaskState::Queued
                | TaskState::Retrying
                | TaskState::Held
                | TaskState::Cancelling
                | TaskState::Completed
                | TaskState::Cancelled
                | TaskState::Skipped
                | TaskState::UpstreamFailed
                | TaskState::Missed => 4,
            };
            (harm * 10 + urgency, -task.since.timestamp_millis())
        }
        Rank::Retrying => (0, ms(task.next_at)),
        Rank::Running => (0, ms(task.started_at)),
        Rank::Blocked => (urgency, task.since.timestamp_millis()),
        Rank::Queued => (urgency, ms(task.ready_at)),
        Rank::Waiting => (0, run.not_before(ix).timestamp_millis()),
        Rank::Done => (0, -task.since.timestamp_millis()),
    };
    (rank, weight, moment)
}

/// How much a task wants to be looked at.
#[must_use]
pub fn rank(run: &RunState, ix: TaskIx) -> Rank {
    match run.task(ix).state {
        TaskState::Failed | TaskState::Timeout | TaskState::InDoubt => Rank::NeedsPerson,
        TaskState::Missed if run.plan().task(ix).required => Rank::NeedsPerson,
        TaskState::Running if run.human(ix) => Rank::NeedsPerson,
        TaskState::Retrying => Rank::Retrying,
        TaskState::Running | TaskState::Cancelling => Rank::Running,
        TaskState::UpstreamFailed | TaskState::Held => Rank::Blocked,
        TaskState::Queued => Rank::Queued,
        TaskState::Pending => Rank::Waiting,
        TaskState::Completed | TaskState::Cancelled | TaskState::Skipped | TaskState::Missed => {
            Rank::Done
        }
    }
}

/// One row.
#[must_use]
pub fn row(run: &RunState, at: DateTime<Utc>, ix: TaskIx) -> TaskRow {
    let (plan, task) = (run.plan(), run.task(ix));
    let planned = plan.task(ix);
    let badges = badges::badges(run, ix, at);
    TaskRow {
        ix,
        id: planned.id.clone(),
        stage: plan.stage(planned.stage).id.clone(),
        agent: plan.agent(planned.agent).id.clone(),
        state: task.state,
        rank: rank(run, ix),
        attempt: attempt(run, ix),
        age: age(run, ix, at),
        note: note(run, ix, at, &badges),
        priority: words::priority(task.priority),
        started: task.started_at.map_or_else(|| "-".into(), words::time),
        next: next(run, ix, at),
        badges,
    }
}

/// All rows that pass a filter, in order.
#[must_use]
pub fn board(run: &RunState, at: DateTime<Utc>, sort: Sort, filter: &Filter) -> Vec<TaskRow> {
    order(run, at, sort, filter).into_iter().map(|ix| row(run, at, ix)).collect()
}

/// See [`TaskRow::attempt`].
pub(super) fn attempt(run: &RunState, ix: TaskIx) -> String {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    let spent = task.spent();
    if planned.every.is_some() {
        let again = if spent > 1 { format!(".{spent}") } else { String::new() };
        let living = u32::from(spent > 0 && !task.state.ended());
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
            Some(last) => words::age(last.started_at, last.ended_at),
            None => "-".into(),
        },
        TaskState::Queued => words::age(task.ready_at.unwrap_or(task.since), at),
        TaskState::Running => words::age(task.started_at.unwrap_or(task.since), at),
        TaskState::Retrying
        | TaskState::Held
        | TaskState::Cancelling
        | TaskState::InDoubt
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled => words::age(task.since, at),
    }
}

/// The moment a task waits for, or that ends its work, if there is one.
fn next_at(run: &RunState, ix: TaskIx) -> Option<DateTime<Utc>> {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    match task.state {
        TaskState::Pending => Some(run.not_before(ix)).filter(|&start| start > run.at()),
        TaskState::Retrying => task.next_at,
        TaskState::Running => task.started_at.map(|from| from + planned.timeout.delta()),
        TaskState::Cancelling => Some(task.since + run.plan().limits.cancel_timeout.delta()),
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
    let Some(moment) = next_at(run, ix) else { return "-".into() };
    let within = words::age(at, moment);
    match run.task(ix).state {
        TaskState::Retrying => format!("retry in {within}"),
        TaskState::Running => format!("limit in {within}"),
        TaskState::Cancelling => format!("given up in {within}"),
        _waiting if run.task(ix).next_at.is_some() => format!("again at {}", words::minute(moment)),
        _waiting => format!("at {}", words::minute(moment)),
    }
}

/// See [`TaskRow::note`].
fn note(run: &RunState, ix: TaskIx, at: DateTime<Utc>, badges: &[Badge]) -> String {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    let said = match task.state {
        TaskState::Running if !run.human(ix) => {
            let slow = badges
                .contains(&Badge::Slow)
                .then(|| format!("slow: usually {}", words::duration(planned.estimate)));
            let far = task.progress.as_ref().map(|(percent, note)| {
                format!("{percent} % {}", words::safe(note)).trim_end().to_owned()
            });
            return slow.into_iter().chain(far).collect::<Vec<_>>().join("; ");
        }
        TaskState::Completed => {
            task.outcome.as_ref().map(|o| words::safe(&o.summary).into_owned()).unwrap_or_default()
        }
        _not_running => String::new(),
    };
    if !said.is_empty() {
        return said;
    }
    let reasons = why(run, ix, at);
    let text = reasons.first().map(|why| why.text.clone()).unwrap_or_default();
    match (task.state, blocks(run, ix)) {
        (TaskState::Failed | TaskState::Timeout | TaskState::InDoubt, n @ 1..) => {
            format!("{text}; blocks {n}")
        }
        _otherwise => text,
    }
}

/// Tasks right below that cannot go on because of this one.
fn blocks(run: &RunState, ix: TaskIx) -> usize {
    let stuck = |&&(task, hardness): &&(TaskIx, Hardness)| {
        let state = run.task(task).state;
        hardness == Hardness::Hard
            && matches!(state, TaskState::Pending | TaskState::UpstreamFailed)
    };
    run.dependents(ix).iter().filter(stuck).count()
}
