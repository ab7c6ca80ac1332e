//! A run in one row among others: which day, how it stands, how much of it went well.

use chrono::{DateTime, NaiveDate, Utc};

use super::{day, format};
use engine::{RunState, TaskState};
use planning::{plan::RunMode, time::Span};

/// One run as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunListRow {
    /// Trading date, in exchange time.
    pub date: NaiveDate,
    /// The workflow with its overlays: `Standard Trading Day + fomc`.
    pub workflow: String,
    /// True if orders were real.
    pub mode: RunMode,
    /// `RUNNING`, `COMPLETED`, …
    pub status: &'static str,
    /// Tasks that ended well.
    pub done: u32,
    pub all: u32,
    /// Tasks that ended badly, or whose effect is in doubt.
    pub failed: u32,
    /// Attempts after the first, of all tasks. Rounds of a loop are none.
    pub retried: u32,
    /// Since when its events are kept, UTC.
    pub started: DateTime<Utc>,
    /// The end, UTC; `None` while it runs.
    pub ended: Option<DateTime<Utc>>,
    /// The duration so far.
    pub took: Span,
    pub events: u64,
}

/// The row of a run that began at `started`, at `at`.
#[must_use]
pub fn run_list_row(run: &RunState, started: DateTime<Utc>, at: DateTime<Utc>) -> RunListRow {
    let plan = run.plan();
    let sum = |wanted: fn(TaskState) -> bool| {
        TaskState::ALL
            .into_iter()
            .filter(|state| wanted(*state))
            .map(|state| run.count_in_state(state))
            .sum()
    };
    let names = std::iter::once(&plan.workflow).chain(&plan.overlays);
    let names: Vec<_> = names.map(|name| format::sanitize(name)).collect();
    let again = |failed: TaskState| failed == TaskState::Retrying;
    let retried = run
        .tasks()
        .map(|(_, task)| task.history.iter().filter(|attempt| again(attempt.ended_as)).count());
    let ended = run.has_ended().then(|| run.last_event_at());
    RunListRow {
        date: plan.date,
        workflow: names.join(" + "),
        mode: plan.mode,
        status: day::run_status(run.status()),
        done: run.count_in_state(TaskState::Completed),
        all: u32::try_from(run.tasks().len()).unwrap_or(u32::MAX),
        failed: sum(TaskState::is_bad_end),
        retried: u32::try_from(retried.sum::<usize>()).unwrap_or(u32::MAX),
        started,
        ended,
        took: Span::between(&started, &ended.unwrap_or(at)),
        events: run.last_seq(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample::{self, SampleRun, exchange_time, task};

    #[test]
    fn a_run_tells_what_went_well_what_did_not_and_what_was_tried_again() {
        let mut short = task("short", 0);
        short.max_retries = 0;
        let mut day = SampleRun::start(
            sample::sample_plan(vec![task("fine", 0), short, task("later", 2)]),
            "06:00",
        );
        let failed = || sample::failed(engine::FailureKind::Transient, "no answer");
        day.end_attempt("06:01", 0, failed());
        day.end_attempt("06:01", 1, failed());
        day.advance_to("06:10");
        day.end_attempt("06:11", 0, sample::completed("ok"));
        let row = run_list_row(day.run(), exchange_time("06:00"), exchange_time("06:30"));
        assert_eq!((row.done, row.failed, row.retried, row.all), (1, 1, 1, 3));
        assert_eq!((row.status, row.ended), ("RUNNING", None));
        assert_eq!(row.took, Span::mins(30));
        assert_eq!(row.events, day.run().last_seq());
    }
}
