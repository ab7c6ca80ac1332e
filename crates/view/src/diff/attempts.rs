//! The attempts of a task as its events tell them, and what differs between two of them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    lines::{DiffLine, diff_lines},
    rows::DiffRow,
};
use crate::{format, pretty};
use engine::{Event, Failure, RecordedEvent, TaskResult, TaskState, TimeoutCause};
use planning::plan::TaskIx;

/// One attempt, with what it gave.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptFacts {
    /// Generation of the task, from 1.
    pub generation: u64,
    /// Number inside the generation, from 1.
    pub number: u32,
    /// The start of the attempt.
    pub started_at: DateTime<Utc>,
    /// The end of the attempt; `None` while it runs.
    pub ended_at: Option<DateTime<Utc>>,
    /// The state the task went to; RUNNING while it lives.
    pub state: TaskState,
    /// The failure, sanitized.
    pub failure: Option<String>,
    /// The result summary in one line, sanitized.
    pub summary: Option<String>,
    pub output: Option<Arc<Value>>,
}

/// The attempts of a task, oldest first, from the events of its run.
pub fn attempts_of<'a>(
    events: impl IntoIterator<Item = &'a RecordedEvent>,
    task: TaskIx,
) -> Vec<AttemptFacts> {
    let mut all: Vec<AttemptFacts> = Vec::new();
    for recorded in events.into_iter().filter(|r| r.event.task() == Some(task)) {
        if let Event::TaskStarted { attempt, .. } = &recorded.event {
            all.push(AttemptFacts {
                generation: recorded.corr.0 >> 32 & 0xff,
                number: *attempt,
                started_at: recorded.at,
                ended_at: None,
                state: TaskState::Running,
                failure: None,
                summary: None,
                output: None,
            });
        } else if let Some(last) = all.last_mut().filter(|last| last.ended_at.is_none())
            && let Some((state, end)) = end(&recorded.event)
        {
            last.state = state;
            last.ended_at = Some(recorded.at);
            match end {
                AttemptEnd::Completed(outcome) => {
                    last.summary = Some(format::sanitize(&outcome.summary).into_owned());
                    last.output = Some(Arc::clone(&outcome.output));
                }
                AttemptEnd::Failed(failure) => last.failure = Some(failed(failure)),
                AttemptEnd::Other(text) => last.failure = Some(text.to_owned()),
            }
        }
    }
    all
}

enum AttemptEnd<'a> {
    Completed(&'a TaskResult),
    Failed(&'a Failure),
    Other(&'static str),
}

fn failed(failure: &Failure) -> String {
    format!("{} ({})", format::sanitize(&failure.message), format::failure_kind_text(failure.kind))
}

/// Returns how an event ends the attempt at work, if it does.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other event leaves an attempt alive")]
fn end(event: &Event) -> Option<(TaskState, AttemptEnd<'_>)> {
    Some(match event {
        Event::TaskCompleted { outcome, .. } | Event::TaskRoundCompleted { outcome, .. } => {
            (TaskState::Completed, AttemptEnd::Completed(outcome))
        }
        Event::TaskRoundFailed { failure, .. } | Event::TaskFailed { failure, .. } => {
            (TaskState::Failed, AttemptEnd::Failed(failure))
        }
        Event::TaskRetrying { failure, .. } => (TaskState::Retrying, AttemptEnd::Failed(failure)),
        Event::TaskInDoubt { failure, .. } => (TaskState::InDoubt, AttemptEnd::Failed(failure)),
        Event::TaskTimedOut { clock, .. } => {
            let text = match clock {
                TimeoutCause::Queue => "queued too long",
                TimeoutCause::Run => "took too long",
                TimeoutCause::StageClose => "its window closed",
                TimeoutCause::Workflow => "the run was given up",
            };
            (TaskState::Timeout, AttemptEnd::Other(text))
        }
        Event::TaskCancelled { .. } => (TaskState::Cancelled, AttemptEnd::Other("cancelled")),
        _living => return None,
    })
}

/// The differences between two attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptDiff {
    /// Attempt, state, start, length, failure and summary of both.
    pub rows: Vec<DiffRow>,
    /// The outputs compared line by line; empty when neither gave any.
    pub output: Vec<DiffLine>,
}

/// Compares two attempts, the earlier on the left; of a living one the length so far.
#[must_use]
pub fn diff_attempts(left: &AttemptFacts, right: &AttemptFacts, at: DateTime<Utc>) -> AttemptDiff {
    let number = |a: &AttemptFacts| match a.generation {
        0 | 1 => a.number.to_string(),
        generation => format!("g{generation}.{}", a.number),
    };
    let took = |a: &AttemptFacts| format::format_age(a.started_at, a.ended_at.unwrap_or(at));
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let rows = vec![
        DiffRow::new("attempt", number(left), number(right)),
        DiffRow::new("state", left.state.as_str(), right.state.as_str()),
        DiffRow::new(
            "started",
            format::format_time(left.started_at),
            format::format_time(right.started_at),
        ),
        DiffRow::new("took", took(left), took(right)),
        DiffRow::new("failure", said(&left.failure), said(&right.failure)),
        DiffRow::new("gave", said(&left.summary), said(&right.summary)),
    ];
    let json = |a: &AttemptFacts| a.output.as_deref().map(pretty::plain_lines).unwrap_or_default();
    AttemptDiff { rows, output: diff_lines(&json(left), &json(right)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{AttemptOutcome, FailureKind, ResultQuality};
    use testkit::sample::{self, SampleRun, exchange_time, task};

    #[test]
    fn two_attempts_are_compared_with_what_each_gave() {
        let mut loops = task("loop", 2);
        loops.every = Some(planning::time::Span::mins(1));
        let mut day = SampleRun::start(sample::sample_plan(vec![loops]), "10:30");
        let gave = |regime: &str| {
            let output = Arc::new(serde_json::json!({ "regime": regime, "vix": 18 }));
            AttemptOutcome::Completed(TaskResult {
                quality: ResultQuality::Ok,
                summary: regime.into(),
                output,
            })
        };
        day.end_attempt("10:31", 0, gave("calm"));
        day.advance_to("10:31:30");
        day.advance_to("10:32");
        day.end_attempt("10:34", 0, gave("nervous"));
        day.advance_to("10:35");
        day.end_attempt("10:36", 0, sample::failed(FailureKind::BadInput, "no\u{1b}[2J data"));
        let all = attempts_of(&day.events, TaskIx(0));
        assert_eq!(all.len(), 3, "{all:?}");
        let diff = diff_attempts(&all[0], &all[1], exchange_time("10:40"));
        let told = |diff: &AttemptDiff| {
            let rows = diff.rows.iter().filter(|row| row.differs()).map(DiffRow::to_line);
            let output = diff.output.iter().map(|l| format!("{}{}", l.side.prefix(), l.text));
            rows.chain(output).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(told(&diff), @r#"
        attempt: 2, before 1
        started: 10:32:00, before 10:30:00
        took: 2m00s, before 1m00s
        gave: nervous, before calm
         {
        -  "regime": "calm",
        +  "regime": "nervous",
           "vix": 18
         }
        "#);
        insta::assert_snapshot!(told(&diff_attempts(&all[1], &all[2], exchange_time("10:40"))), @r#"
        attempt: 3, before 2
        state: FAILED, before COMPLETED
        started: 10:35:00, before 10:32:00
        took: 1m00s, before 2m00s
        failure: no data (bad input), before -
        gave: -, before nervous
        -{
        -  "regime": "nervous",
        -  "vix": 18
        -}
        "#);
    }

    #[test]
    fn a_living_attempt_counts_as_far_as_it_is() {
        let day = SampleRun::start(sample::sample_plan(vec![task("a", 2)]), "10:30");
        let all = attempts_of(&day.events, TaskIx(0));
        assert_eq!(all[0].state, TaskState::Running);
        let diff = diff_attempts(&all[0], &all[0], exchange_time("10:35"));
        assert!(diff.rows.iter().all(|row| !row.differs()) && diff.output.is_empty());
        assert!(diff.rows.iter().any(|row| row.to_line() == "took: 5m00s"));
        assert!(attempts_of(&day.events, TaskIx(7)).is_empty());
    }
}
