//! Sort keys of tasks as one number each, so that 100,000 tasks sort quickly.

use chrono::{DateTime, Utc};

use super::task_list::{AttentionRank, attention_rank};
use engine::{RunState, TaskState};
use planning::{
    plan::{DayPlan, TaskIx},
    workflow::TaskPriority,
};

/// By what a board is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SortKey {
    /// By `Rank`, then by what comes first within it.
    #[default]
    Severity,
    /// In the order of the plan.
    Plan,
    /// By name.
    Task,
    /// By state, in the order of [`TaskState::ALL`].
    State,
    /// By stage, then severity.
    Stage,
    /// By agent, then severity.
    Agent,
    /// Most urgent first.
    Priority,
    /// Most attempts first.
    Attempt,
    /// Started last first.
    Started,
    /// Longest in its state first.
    Age,
    /// By next change, soonest first.
    Next,
}

impl SortKey {
    /// All of them, in the order in which a key goes through them: that of the columns.
    pub const ALL: [Self; 11] = [
        Self::Severity,
        Self::Plan,
        Self::Task,
        Self::State,
        Self::Stage,
        Self::Agent,
        Self::Priority,
        Self::Attempt,
        Self::Started,
        Self::Age,
        Self::Next,
    ];

    /// The word on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Plan => "plan",
            Self::Task => "name",
            Self::State => "state",
            Self::Stage => "stage",
            Self::Agent => "agent",
            Self::Priority => "priority",
            Self::Attempt => "tries",
            Self::Started => "started",
            Self::Age => "age",
            Self::Next => "next",
        }
    }
}

/// An order of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    pub key: SortKey,
    /// Last first.
    pub reversed: bool,
}

/// Where a task stands in an order: the smaller comes first, and no two tasks have the same.
///
/// From the top: the sort's own figure (45 bits), rank (3), weight within the rank (8), the moment
/// that decides within the weight (45), and the task (27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortPosition(u128);

/// Bits of a figure and of a moment: a signed count of milliseconds, 550 years either way.
const WIDE: u32 = 45;
/// Bits of a task's place in the plan.
const TASK: u32 = 27;

/// A number in the order of the signed one, in [`WIDE`] bits; beyond them the outermost.
fn packed(figure: i64) -> u128 {
    let half = 1_i64 << (WIDE - 1);
    u128::try_from(figure.clamp(-half, half - 1) + half).unwrap_or(0)
}

/// Puts the tasks of one plan in one order.
#[derive(Debug, Clone)]
pub struct Sorter {
    sort: Sort,
    /// The place of each task among the names, while they are sorted by.
    names: Vec<u32>,
}

impl Sorter {
    /// An order of the tasks of a plan.
    #[must_use]
    pub fn new(plan: &DayPlan, sort: Sort) -> Self {
        let names = if sort.key == SortKey::Task { by_name(plan) } else { Vec::new() };
        Self { sort, names }
    }

    /// Returns what it sorts by.
    #[must_use]
    pub const fn sort(&self) -> Sort {
        self.sort
    }

    /// Returns where a task stands as it is now.
    #[must_use]
    pub fn position(&self, run: &RunState, ix: TaskIx) -> SortPosition {
        let figure = self.figure(run, ix);
        let plain = matches!(self.sort.key, SortKey::Plan | SortKey::Task);
        let (rank, weight, moment) =
            if plain { (AttentionRank::NeedsOperator, 0, 0) } else { severity(run, ix) };
        let place = packed(figure) << 83
            | place_of_rank(rank) << 80
            | u128::try_from(weight.clamp(0, 255)).unwrap_or(0) << 72
            | packed(moment) << TASK
            | u128::from(ix.0 & TASK_MASK);
        SortPosition(if self.sort.reversed { !place } else { place })
    }

    /// The task that stands at a place.
    #[must_use]
    pub fn task(&self, SortPosition(place): SortPosition) -> TaskIx {
        let place = if self.sort.reversed { !place } else { place };
        TaskIx(u32::try_from(place & u128::from(TASK_MASK)).unwrap_or(0))
    }

    /// Returns whether what a task waits for, where it stands, has come by `now`: an order of what
    /// comes next changes by time alone.
    #[must_use]
    pub fn is_due(&self, SortPosition(place): SortPosition, now: DateTime<Utc>) -> bool {
        let place = if self.sort.reversed { !place } else { place };
        self.sort.key == SortKey::Next && place >> 83 <= packed(now.timestamp_millis())
    }

    /// The sort's own figure: nothing for severity, which follows it anyway.
    fn figure(&self, run: &RunState, ix: TaskIx) -> i64 {
        let task = run.task(ix);
        match self.sort.key {
            SortKey::Severity | SortKey::Plan => 0,
            SortKey::Task => self.names.get(ix.at()).copied().map_or(0, i64::from),
            SortKey::Stage => i64::from(run.plan().task(ix).stage.0),
            SortKey::Agent => i64::from(run.plan().task(ix).agent.0),
            SortKey::State => i64::try_from(task.state.index()).unwrap_or(i64::MAX),
            SortKey::Priority => urgency(task.priority),
            SortKey::Attempt => -i64::from(task.attempt),
            SortKey::Started => task.started_at.map_or(i64::MAX, |t| -t.timestamp_millis()),
            SortKey::Age => task.since.timestamp_millis(),
            SortKey::Next => ms(super::task_row::next_at(run, ix)),
        }
    }
}

const TASK_MASK: u32 = (1 << TASK) - 1;

const fn place_of_rank(rank: AttentionRank) -> u128 {
    match rank {
        AttentionRank::NeedsOperator => 0,
        AttentionRank::Retrying => 1,
        AttentionRank::Running => 2,
        AttentionRank::Blocked => 3,
        AttentionRank::Queued => 4,
        AttentionRank::Waiting => 5,
        AttentionRank::Done => 6,
    }
}

/// The place of each task in the order of names. Sorted by the first twelve letters, which mostly
/// decide; by whole names only where they are the same.
fn by_name(plan: &DayPlan) -> Vec<u32> {
    let name = |ix: usize| plan.tasks[ix].id.as_str();
    let head = |ix: usize| {
        let mut head = [0; 16];
        for (to, from) in head.iter_mut().zip(name(ix).as_bytes().iter().take(12)) {
            *to = *from;
        }
        u128::from_be_bytes(head) | u128::try_from(ix).unwrap_or(0)
    };
    let mut heads: Vec<u128> = (0..plan.tasks.len()).map(head).collect();
    heads.sort_unstable();
    let at = |head: u128| usize::try_from(head & u128::from(u32::MAX)).unwrap_or(0);
    for same in heads.chunk_by_mut(|a, b| a >> 32 == b >> 32).filter(|same| same.len() > 1) {
        same.sort_unstable_by_key(|&head| name(at(head)));
    }
    let mut places = vec![0; plan.tasks.len()];
    for (place, head) in (0_u32..).zip(heads) {
        places[at(head)] = place;
    }
    places
}

fn ms(at: Option<DateTime<Utc>>) -> i64 {
    at.map_or(i64::MAX, |at| at.timestamp_millis())
}

fn urgency(priority: TaskPriority) -> i64 {
    TaskPriority::ALL
        .iter()
        .position(|&p| p == priority)
        .map_or(i64::MAX, |i| i64::try_from(i).unwrap_or(i64::MAX))
}

/// Rank, weight within the rank, and the moment that decides within the weight.
fn severity(run: &RunState, ix: TaskIx) -> (AttentionRank, i64, i64) {
    let (rank, task) = (attention_rank(run, ix), run.task(ix));
    let urgency = urgency(task.priority);
    let (weight, moment) = match rank {
        // The most harmful first, then the most urgent; the latest news above older.
        AttentionRank::NeedsOperator => {
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
        AttentionRank::Retrying => (0, ms(task.next_at)),
        AttentionRank::Running => (0, ms(task.started_at)),
        AttentionRank::Blocked => (urgency, task.since.timestamp_millis()),
        AttentionRank::Queued => (urgency, ms(task.ready_at)),
        AttentionRank::Waiting => (0, run.not_before(ix).timestamp_millis()),
        AttentionRank::Done => (0, -task.since.timestamp_millis()),
    };
    (rank, weight, moment)
}
