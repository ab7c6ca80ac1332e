//! One agent in full: its calls, its failures by kind, its breaker's history, its work and errors.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    agents::{self, AgentRow},
    format, task_row,
};
use engine::{Event, RecordedEvent, RunState, TaskState, TimeoutCause};
use planning::plan::{AgentIx, DayPlan, TaskIx};

/// One agent in full. Texts from outside are already made safe; times of day are the exchange's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentDetail {
    /// As in the list.
    pub row: AgentRow,
    /// Labels and values: health, calls, slots, usual lengths, breaker, last answer, …
    pub facts: Vec<(&'static str, String)>,
    /// How often it failed, by kind, the most frequent first.
    pub failures: Vec<(&'static str, u64)>,
    /// What became of its breaker, oldest first: `10:31:00 opened until 10:32:00`.
    pub breaker: Vec<String>,
    /// What it works on and what waits for it.
    pub work: Vec<String>,
    /// Its last errors, the newest first: `10:42:00 t_retrying: LLM 429`.
    pub errors: Vec<String>,
}

/// Longest list; of what is beyond the newest stays.
pub const LINES_MAX: usize = 50;

/// An agent in full at `at`; `events` are those of the run, as far as they are at hand.
pub fn agent_detail<'a>(
    run: &RunState,
    ix: AgentIx,
    at: DateTime<Utc>,
    events: impl IntoIterator<Item = &'a RecordedEvent>,
) -> Option<AgentDetail> {
    let row = agents::agents(run, at).into_iter().find(|row| row.ix == ix)?;
    let plan = run.plan();
    let (mut kinds, mut breaker, mut errors) = (BTreeMap::new(), Vec::new(), Vec::new());
    for recorded in events {
        let event = &recorded.event;
        if let Some(kind) = failure(event).filter(|(task, _)| plan.task(*task).agent == ix) {
            *kinds.entry(kind.1).or_insert(0) += 1;
        }
        if event.agent() == Some(ix) {
            breaker.extend(of_breaker(recorded));
            errors.extend(error(recorded, plan));
        }
    }
    let mut failures: Vec<_> = kinds.into_iter().collect();
    failures.sort_by_key(|&(kind, count): &(&str, u64)| (std::cmp::Reverse(count), kind));
    breaker.drain(..breaker.len().saturating_sub(LINES_MAX));
    errors.reverse();
    errors.truncate(LINES_MAX);
    let (facts, work) = (facts(run, &row, at), work(run, &row, at));
    Some(AgentDetail { row, facts, failures, breaker, work, errors })
}

fn facts(run: &RunState, row: &AgentRow, at: DateTime<Utc>) -> Vec<(&'static str, String)> {
    let span = |span: Option<_>| span.map_or_else(|| "-".into(), format::format_duration);
    let calls = row.done + row.failed;
    let answered = run.agent(row.ix).last_answer;
    let share = match calls {
        0 => "-".to_owned(),
        calls => format!("{} of {calls}", row.failed),
    };
    vec![
        ("health", row.health.as_str().to_owned()),
        ("calls", calls.to_string()),
        ("failed", share),
        ("slots", format!("{} of {} in use", row.running, row.slots)),
        ("median duration", span(row.p50)),
        ("95th percentile", span(row.p95)),
        ("breaker", row.breaker.clone()),
        (
            "last reply",
            answered.map_or_else(
                || "none yet".into(),
                |when| {
                    format!("{} ({} ago)", format::format_time(when), format::format_age(when, at))
                },
            ),
        ),
    ]
}

/// Returns what it works on, then what waits for a slot of it.
fn work(run: &RunState, row: &AgentRow, at: DateTime<Utc>) -> Vec<String> {
    let one = |ix: TaskIx, what: &str, from: DateTime<Utc>| {
        let id = &run.plan().task(ix).id;
        format!(
            "{id} {} {what} for {}",
            task_row::attempt_text(run, ix),
            format::format_age(from, at)
        )
    };
    let at_work = row.tasks.iter().map(|&ix| {
        let task = run.task(ix);
        one(ix, format::state_text(task.state), task.started_at.unwrap_or(task.since))
    });
    let mut lines: Vec<_> = at_work.take(LINES_MAX).collect();
    if run.count_in_state(TaskState::Queued) > 0 {
        let queued = run.tasks().filter(|(ix, task)| {
            task.state == TaskState::Queued && run.plan().task(*ix).agent == row.ix
        });
        let queued =
            queued.map(|(ix, task)| one(ix, "queued", task.ready_at.unwrap_or(task.since)));
        lines.extend(queued.take(LINES_MAX));
    }
    lines
}

/// The task of an attempt that failed, and the kind of the failure.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other event tells of no failed attempt")]
const fn failure(event: &Event) -> Option<(TaskIx, &'static str)> {
    match event {
        Event::TaskRetrying { task, failure, .. }
        | Event::TaskRoundFailed { task, failure, .. }
        | Event::TaskFailed { task, failure, .. }
        | Event::TaskInDoubt { task, failure } => {
            Some((*task, format::failure_kind_text(failure.kind)))
        }
        Event::TaskTimedOut { task, clock: TimeoutCause::Run } => Some((*task, "took too long")),
        _other => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other event tells of no breaker")]
fn of_breaker(recorded: &RecordedEvent) -> Option<String> {
    let what = match &recorded.event {
        Event::BreakerOpened { until, .. } => {
            format!("opened until {}", format::format_time(*until))
        }
        Event::BreakerHalfOpened { .. } => "half-open: one trial task".to_owned(),
        Event::BreakerClosed { .. } => "closed".to_owned(),
        _other => return None,
    };
    Some(format!("{} {what}", format::format_time(recorded.at)))
}

fn error(recorded: &RecordedEvent, plan: &DayPlan) -> Option<String> {
    let Event::AgentError { task, error, .. } = &recorded.event else { return None };
    let (time, id) = (format::format_time(recorded.at), &plan.task(*task).id);
    Some(format!("{time} {id}: {}", format::sanitize(error)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::FailureKind;
    use testkit::sample::{self, SampleRun, exchange_time, task};

    fn detail_text(detail: &AgentDetail) -> String {
        let facts = detail.facts.iter().map(|(label, value)| format!("{label}: {value}"));
        let failures =
            detail.failures.iter().map(|(kind, count)| format!("failed {kind}: {count}"));
        let breaker = detail.breaker.iter().map(|line| format!("breaker {line}"));
        let work = detail.work.iter().map(|line| format!("work {line}"));
        let errors = detail.errors.iter().map(|line| format!("error {line}"));
        let all = facts.chain(failures).chain(breaker).chain(work).chain(errors);
        all.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn an_agent_tells_its_calls_failures_work_and_errors() {
        let day = sample::every_state();
        let found = |ix| {
            agent_detail(day.run(), AgentIx(ix), exchange_time("10:42:07"), &day.events).unwrap()
        };
        insta::assert_snapshot!(detail_text(&found(1)), @"
        health: DEGRADED
        calls: 4
        failed: 3 of 4
        slots: 0 of 9 in use
        median duration: 3m00s
        95th percentile: 12m00s
        breaker: closed 2/5
        last reply: 10:42:00 (7s ago)
        failed bad input: 1
        failed took too long: 1
        failed transient: 1
        error 10:42:00 t_retrying: LLM 429
        error 10:33:00 t_timeout: no answer within 3m
        ");
        insta::assert_snapshot!(detail_text(&found(0)), @"
        health: HEALTHY
        calls: 0
        failed: -
        slots: 2 of 2 in use
        median duration: -
        95th percentile: -
        breaker: closed
        last reply: none yet
        work t_running 1/1 running for 12m07s
        work t_cancelling 1/1 cancelling for 12m07s
        work t_queued 0/1 queued for 12m07s
        ");
        assert_eq!(agent_detail(day.run(), AgentIx(9), exchange_time("10:42"), &day.events), None);
    }

    #[test]
    fn the_history_of_a_breaker_is_told_in_order() {
        let mut plan = sample::sample_plan(vec![task("a", 2), task("b", 2)]);
        plan.limits.breaker_failures = 1;
        let mut day = SampleRun::start(plan, "10:30");
        day.end_attempt("10:31", 0, sample::failed(FailureKind::Crash, "gone"));
        day.advance_to("10:33");
        day.advance_to("10:34");
        let found =
            agent_detail(day.run(), AgentIx(0), exchange_time("10:35"), &day.events).unwrap();
        assert_eq!(
            found.breaker.first().map(String::as_str),
            Some("10:31:00 opened until 10:32:00"),
            "{:?}",
            found.breaker
        );
        assert!(found.breaker[1].ends_with("half-open: one trial task"), "{:?}", found.breaker);
    }
}
