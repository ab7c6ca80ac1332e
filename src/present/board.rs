//! The list of tasks: which of them, and in which order.

use chrono::{DateTime, Utc};

use super::filter::Filter;
pub use super::row::{TaskRow, row};
use crate::{
    definition::TaskPriority,
    engine::{RunState, TaskState},
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

impl SortKey {
    /// All of them, in the order in which a key goes through them.
    pub const ALL: [Self; 10] = [
        Self::Severity,
        Self::Plan,
        Self::Task,
        Self::Agent,
        Self::State,
        Self::Priority,
        Self::Attempt,
        Self::Started,
        Self::Age,
        Self::Next,
    ];
}

/// An order of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Last first.
    pub reversed: bool,
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
        SortKey::Next => {
            by(super::row::next_at(run, ix).map_or(i64::MAX, |t| t.timestamp_millis()))
        }
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

/// All rows that pass a filter, in order.
#[must_use]
pub fn board(run: &RunState, at: DateTime<Utc>, sort: Sort, filter: &Filter) -> Vec<TaskRow> {
    order(run, at, sort, filter).into_iter().map(|ix| row(run, at, ix)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sample::{self, Day, et, task};
    use crate::present::words;

    fn lines(day: &Day, sort: Sort, filter: &str, time: &str) -> Vec<String> {
        let filter = Filter::parse(filter).unwrap();
        board(day.run(), et(time), sort, &filter)
            .into_iter()
            .map(|row| {
                let mark = words::glyph(row.state, words::GlyphSet::Ascii);
                let badges: String = row.badges.iter().map(|b| b.mark()).collect();
                format!(
                    "{mark} {:<17} {:<4} {} {:>8} {:<8} {:<17} {badges:<2}|{}",
                    row.id, row.priority, row.attempt, row.age, row.started, row.next, row.note
                )
            })
            .collect()
    }

    #[test]
    fn what_needs_a_person_comes_first_and_what_is_done_last() {
        let day = sample::every_state();
        insta::assert_snapshot!(lines(&day, Sort::default(), "", "10:42:07").join("\n"), @r#"
        ? t_in_doubt        MED  1/1    10:07 10:30:00 -                   |nobody knows whether it happened: no word from the broker
        x t_failed          MED  1/1    10:07 10:30:00 -                   |no such symbol (bad input); blocks 1
        T t_timeout         MED  1/1    09:07 10:30:00 -                   |took longer than 3m
        m t_missed          MED  0/1        - -        -                   |its window 09:00–09:05 closed before it started
        ~ t_retrying        MED  1/4    00:07 10:30:00 retry in 00:53    f |attempt 1/4 failed: LLM 429
        > t_running         HIGH 1/1    12:07 10:30:00 limit in 17:53    s |slow: usually 01:00
        / t_cancelling      HIGH 1/1    00:04 10:30:00 given up in 00:06   |asked to stop; its agent has not confirmed
        b t_upstream_failed MED  0/1        - -        -                   |needs t_failed (FAILED)
        = t_held            MED  0/1    08:07 -        -                   |held by ana (wait for the desk)
        o t_queued          LOW  0/1    12:07 -        -                   |agent economist is busy (2/2)
        . t_pending         MED  0/1        - -        at 14:45            |window opens at 14:45
        c t_cancelled       MED  0/1    08:07 -        -                   |called off
        - t_skipped         MED  0/1        - -        -                   |skipped by a person; dependants go on
        + t_completed       MED  1/1    01:00 10:30:00 -                   |regime calm
        "#);
    }

    #[test]
    fn every_sort_shows_every_task_once_and_backwards_when_reversed() {
        let day = sample::every_state();
        for key in [
            SortKey::Severity,
            SortKey::Plan,
            SortKey::Task,
            SortKey::Agent,
            SortKey::State,
            SortKey::Priority,
            SortKey::Attempt,
            SortKey::Started,
            SortKey::Age,
            SortKey::Next,
        ] {
            let order = |reversed| {
                order(day.run(), et("10:42:07"), Sort { key, reversed }, &Filter::default())
            };
            let (forth, mut back) = (order(false), order(true));
            back.reverse();
            assert_eq!(forth, back, "{key:?}");
            let mut sorted = forth;
            sorted.sort_unstable();
            assert_eq!(sorted, (0..14).map(TaskIx::new).collect::<Vec<_>>(), "{key:?}");
        }
    }

    #[test]
    fn a_loop_counts_rounds_and_says_when_the_next_one_is() {
        let mut watch = task("watch", 2);
        watch.every = Some(crate::time::Span::mins(1));
        let mut day = Day::start(sample::plan(vec![watch]), "10:30");
        assert_eq!(row(day.run(), et("10:30:05"), TaskIx(0)).attempt, "#1");
        day.answer("10:30:10", 0, sample::done("calm"));
        let waiting = row(day.run(), et("10:30:20"), TaskIx(0));
        assert_eq!(waiting.attempt, "#1");
        assert_eq!(waiting.next, "again at 10:31");
        assert_eq!(waiting.note, "round 2, one every 1m");
        day.wake("10:31");
        assert_eq!(row(day.run(), et("10:31:05"), TaskIx(0)).attempt, "#2");
    }

    #[test]
    fn an_approval_stands_among_what_needs_a_person() {
        let mut ask = task("approve_plan", 2);
        ask.effect = crate::definition::Effect::Human;
        ask.max_retries = 0;
        let day = Day::start(sample::plan(vec![ask]), "10:30");
        let row = row(day.run(), et("10:31"), TaskIx(0));
        assert_eq!(
            (row.rank, row.note.as_str()),
            (Rank::NeedsPerson, "needs a person's yes or no")
        );
        assert_eq!(crate::present::day::needs_person(day.run()), 1);
    }
}
