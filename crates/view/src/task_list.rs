//! The list of tasks: which of them, and in which order.

use chrono::{DateTime, Utc};

use super::filter::Filter;
pub use super::{
    sorter::{Sort, SortKey, SortPosition, Sorter},
    task_row::{TaskRow, task_row},
};
use engine::{RunState, TaskState};
use planning::plan::TaskIx;

/// The urgency of a task; the most urgent sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttentionRank {
    /// The task needs an operator: failed, timed out, in doubt, missed, or waiting for approval.
    NeedsOperator,
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

/// The tasks that pass a filter, in order, without their rows: cheap enough for 100,000 tasks.
#[must_use]
pub fn order(run: &RunState, at: DateTime<Utc>, sort: Sort, filter: &Filter) -> Vec<TaskIx> {
    let sorter = Sorter::new(run.plan(), sort);
    let passing = run.tasks().map(|(ix, _)| ix).filter(|&ix| filter.task(run, ix, at));
    let mut places: Vec<_> = passing.map(|ix| sorter.position(run, ix)).collect();
    places.sort_unstable();
    places.into_iter().map(|place| sorter.task(place)).collect()
}

/// Returns how much a task wants to be looked at.
#[must_use]
pub fn attention_rank(run: &RunState, ix: TaskIx) -> AttentionRank {
    match run.task(ix).state {
        TaskState::Failed | TaskState::Timeout | TaskState::InDoubt => AttentionRank::NeedsOperator,
        TaskState::Missed if run.plan().task(ix).required => AttentionRank::NeedsOperator,
        TaskState::Running if run.is_human_task(ix) => AttentionRank::NeedsOperator,
        TaskState::Retrying => AttentionRank::Retrying,
        TaskState::Running | TaskState::Cancelling => AttentionRank::Running,
        TaskState::UpstreamFailed | TaskState::Held => AttentionRank::Blocked,
        TaskState::Queued => AttentionRank::Queued,
        TaskState::Pending => AttentionRank::Waiting,
        TaskState::Completed | TaskState::Cancelled | TaskState::Skipped | TaskState::Missed => {
            AttentionRank::Done
        }
    }
}

/// All rows that pass a filter, in order.
#[must_use]
pub fn task_rows(run: &RunState, at: DateTime<Utc>, sort: Sort, filter: &Filter) -> Vec<TaskRow> {
    order(run, at, sort, filter).into_iter().map(|ix| task_row(run, at, ix)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format;
    use testkit::sample::{self, SampleRun, exchange_time, task};

    fn lines(day: &SampleRun, sort: Sort, filter: &str, time: &str) -> Vec<String> {
        let filter = Filter::parse(filter).unwrap();
        task_rows(day.run(), exchange_time(time), sort, &filter)
            .into_iter()
            .map(|row| {
                let mark = format::state_glyph(row.state, format::GlyphSet::Ascii);
                let badges: String = row.badges.iter().map(|b| b.letter()).collect();
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
        ? t_in_doubt        MED  1/1   10m07s 10:30:00 -                   |outcome unknown: no word from the broker
        x t_failed          MED  1/1   10m07s 10:30:00 -                   |no such symbol (bad input); blocks 1
        T t_timeout         MED  1/1    9m07s 10:30:00 -                   |took longer than 3m
        m t_missed          MED  0/1        - -        -                   |its window 09:00–09:05 closed before it started
        ~ t_retrying        MED  1/4       7s 10:30:00 retry in 53s      f |attempt 1/4 failed: LLM 429
        > t_running         HIGH 1/1   12m07s 10:30:00 limit in 17m53s   s |slow: usually 1m00s
        / t_cancelling      HIGH 1/1       4s 10:30:00 given up in 6s      |cancelling: the agent has not confirmed yet
        b t_upstream_failed MED  0/1        - -        -                   |needs t_failed (FAILED)
        = t_held            MED  0/1    8m07s -        -                   |held by ana (wait for the desk)
        o t_queued          LOW  0/1   12m07s -        -                   |agent economist is busy (2 of 2 slots)
        . t_pending         MED  0/1        - -        at 14:45            |window opens at 14:45
        c t_cancelled       MED  0/1    8m07s -        -                   |cancelled
        - t_skipped         MED  0/1        - -        -                   |skipped by an operator; dependent tasks can start
        + t_completed       MED  1/1    1m00s 10:30:00 -                   |regime calm
        "#);
    }

    #[test]
    fn every_sort_shows_every_task_once_and_backwards_when_reversed() {
        let day = sample::every_state();
        for key in SortKey::ALL {
            let order = |reversed| {
                order(
                    day.run(),
                    exchange_time("10:42:07"),
                    Sort { key, reversed },
                    &Filter::default(),
                )
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
        watch.every = Some(planning::time::Span::mins(1));
        let mut day = SampleRun::start(sample::sample_plan(vec![watch]), "10:30");
        assert_eq!(task_row(day.run(), exchange_time("10:30:05"), TaskIx(0)).attempt, "#1");
        day.end_attempt("10:30:10", 0, sample::completed("calm"));
        let waiting = task_row(day.run(), exchange_time("10:30:20"), TaskIx(0));
        assert_eq!(waiting.attempt, "#1");
        assert_eq!(waiting.next, "again at 10:31");
        assert_eq!(waiting.note, "round 2, one every 1m");
        day.advance_to("10:31");
        assert_eq!(task_row(day.run(), exchange_time("10:31:05"), TaskIx(0)).attempt, "#2");
    }

    #[test]
    fn an_approval_stands_among_what_needs_a_person() {
        let mut ask = task("approve_plan", 2);
        ask.effect = planning::workflow::EffectClass::Human;
        ask.max_retries = 0;
        let day = SampleRun::start(sample::sample_plan(vec![ask]), "10:30");
        let row = task_row(day.run(), exchange_time("10:31"), TaskIx(0));
        assert_eq!(
            (row.rank, row.note.as_str()),
            (AttentionRank::NeedsOperator, "waiting for approval")
        );
        assert_eq!(crate::day::needs_person(day.run()), 1);
    }
}
