//! Why an ended task ended as it did, and why the machine does not try it again.

use std::collections::BTreeSet;

use super::{doubt, why::Why, words};
use crate::{
    engine::{Clock, Ending, Failure, Lateness, NoRetry, Rejection, RunState, SkipWhy, TaskState},
    plan::TaskIx,
};

/// Both reasons of an ended task (or of one in doubt), the cause first.
pub(super) fn why(run: &RunState, task: TaskIx) -> Vec<Why> {
    let state = run.task(task);
    let list = match &state.ending {
        Some(Ending::Completed(how)) => {
            let text = words::provenance(*how).to_owned();
            vec![Why::new("completed", text).verb("rerun")]
        }
        Some(Ending::Failed(failure, no_retry)) => failed(run, task, failure, *no_retry),
        Some(Ending::TimedOut(clock)) => timed_out(run, task, *clock),
        Some(Ending::InDoubt(failure)) => doubt::why(run, task, failure),
        Some(Ending::Cancelled { confirmed }) => cancelled(*confirmed),
        Some(Ending::Skipped { why, satisfies }) => vec![skipped(run, task, *why, *satisfies)],
        Some(Ending::Rejected(no)) => {
            vec![Why::new("rejected", words::rejection(no)).verb("retry")]
        }
        Some(Ending::UpstreamFailed(culprit)) => vec![upstream(run, *culprit)],
        Some(Ending::Missed) => missed(run, task),
        // A state without its ending cannot be folded; it is still told by its word.
        None => vec![Why::new("ended", words::lower(state.state).into())],
    };
    list.into_iter().map(|why| why.since(state.since)).collect()
}

fn failed(run: &RunState, task: TaskIx, failure: &Failure, no_retry: NoRetry) -> Vec<Why> {
    let attempts = words::plural(u64::from(run.task(task).spent()), "attempt");
    let kind = words::failure(failure.kind);
    let cause = format!("{} ({kind})", words::safe(&failure.message));
    let (code, text) = match no_retry {
        NoRetry::NonRetryable => ("non_retryable", format!("{kind} repeats itself")),
        NoRetry::AttemptsExhausted => ("attempts_exhausted", format!("{attempts} used up")),
        NoRetry::Deadline => {
            ("deadline", "the next attempt would start after its window".to_owned())
        }
        NoRetry::BadOutput => ("bad_output", "the agent's answer was no valid result".to_owned()),
        NoRetry::NotIdempotent => {
            ("not_idempotent", "it must not happen twice; this attempt did nothing".to_owned())
        }
        NoRetry::BudgetExhausted => {
            ("budget_exhausted", "the run used up its automatic retries".to_owned())
        }
        NoRetry::RecoveryExhausted => {
            ("recovery_exhausted", "the program ended with it too often in a row".to_owned())
        }
        NoRetry::Operator => ("operator", "a person said so".to_owned()),
    };
    let verb = if no_retry == NoRetry::Operator { "rerun" } else { "retry" };
    vec![
        Why::new("failed", cause).verb("retry"),
        Why::new(code, format!("not tried again: {text}")).verb(verb),
    ]
}

fn timed_out(run: &RunState, task: TaskIx, clock: Clock) -> Vec<Why> {
    let (planned, state) = (run.plan().task(task), run.task(task));
    let (code, text) = match clock {
        Clock::Queue => {
            let limit = planned.queue_timeout.map(|l| format!(" of {l}")).unwrap_or_default();
            ("queue_timeout", format!("waited for a slot past its limit{limit}"))
        }
        Clock::Run => ("run_timeout", format!("took longer than {}", planned.timeout)),
        Clock::StageClose => {
            let at = words::minute(planned.closes_at);
            ("stage_close", format!("its window closed at {at} before it was done"))
        }
        Clock::Workflow => {
            let limit = run.plan().limits.workflow_timeout;
            ("workflow_timeout", format!("the run stood still for {limit}"))
        }
    };
    let spent = clock == Clock::Run && state.spent() > planned.max_retries;
    let again = match clock {
        Clock::Queue => "no attempt was made".to_owned(),
        Clock::StageClose => "its window is over".to_owned(),
        Clock::Workflow => "the run was given up".to_owned(),
        Clock::Run if spent => {
            format!("{} used up", words::plural(u64::from(state.spent()), "attempt"))
        }
        Clock::Run => "its window or the run's retries left no room".to_owned(),
    };
    let exhausted = if spent { "attempts_exhausted" } else { "not_retried" };
    vec![
        Why::new(code, text).verb("retry"),
        Why::new(exhausted, format!("not tried again: {again}")).verb("retry"),
    ]
}

fn cancelled(confirmed: bool) -> Vec<Why> {
    let text = if confirmed {
        "called off"
    } else {
        "called off; its agent did not confirm that it stopped"
    };
    vec![Why::new("cancelled", text.into()).verb("retry")]
}

fn skipped(run: &RunState, task: TaskIx, why: SkipWhy, satisfies: bool) -> Why {
    let go_on = if satisfies { "; dependants go on" } else { "" };
    match why {
        SkipWhy::Operator => {
            Why::new("skipped", format!("skipped by a person{go_on}")).verb("unskip")
        }
        SkipWhy::Condition => {
            let condition = run.plan().task(task).when.as_ref();
            let condition = condition.map(|(_, c)| c.to_string()).unwrap_or_default();
            Why::new("condition_false", format!("`{condition}` does not hold{go_on}"))
                .verb("unskip")
        }
        SkipWhy::Upstream if let Some((on, no)) = no_above(run, task) => {
            let text =
                format!("needs a yes to {}: {}", run.plan().task(on).id, words::rejection(no));
            Why::new("upstream_rejected", text).verb("retry").on(on)
        }
        SkipWhy::Upstream => {
            Why::new("upstream_skipped", format!("a task it needs was skipped{go_on}"))
                .verb("unskip")
        }
        SkipWhy::Superseded => {
            Why::new("superseded", format!("its stage closed without it{go_on}")).verb("unskip")
        }
    }
}

/// The question above whose answer was no, if a task was skipped because of one.
fn no_above(run: &RunState, task: TaskIx) -> Option<(TaskIx, &Rejection)> {
    let mut seen = BTreeSet::from([task]);
    let mut next = vec![task];
    while let Some(ix) = next.pop() {
        match &run.task(ix).ending {
            Some(Ending::Rejected(no)) => return Some((ix, no)),
            _ if !run.task(ix).skipped_with_upstream() => continue,
            _ => {}
        }
        let above = run.plan().task(ix).dependencies.iter().map(|d| d.on);
        next.extend(above.filter(|on| seen.insert(*on)));
    }
    None
}

/// The task that began it, not merely the one above.
fn upstream(run: &RunState, culprit: TaskIx) -> Why {
    let mut root = culprit;
    // A plan has no rings; the bound keeps a damaged one from turning here for ever.
    for _ in 0..run.plan().tasks.len() {
        match run.task(root).ending {
            Some(Ending::UpstreamFailed(next)) => root = next,
            Some(
                Ending::Completed(_)
                | Ending::Failed(..)
                | Ending::TimedOut(_)
                | Ending::InDoubt(_)
                | Ending::Cancelled { .. }
                | Ending::Skipped { .. }
                | Ending::Rejected(_)
                | Ending::Missed,
            )
            | None => break,
        }
    }
    let state = run.task(root).state;
    let verb = if state == TaskState::InDoubt { "resolve" } else { "retry" };
    let text = format!("needs {} ({state})", run.plan().task(root).id);
    Why::new("dep_failed", text).verb(verb).on(root)
}

fn missed(run: &RunState, task: TaskIx) -> Vec<Why> {
    let planned = run.plan().task(task);
    let (from, to) = (words::minute(planned.opens_at), words::minute(planned.closes_at));
    let window = format!("its window {from}–{to} closed before it started");
    if let Some(Lateness::Left(why)) = run.lateness(task) {
        let text = format!("{window}; let go: {}", why.words(run.plan()));
        return vec![Why::new("let_go", text).verb("run now")];
    }
    vec![
        Why::new("window_missed", window).verb("run now"),
        Why::new("not_retried", "not tried again: no attempt was made in time".into())
            .verb("run now"),
    ]
}
