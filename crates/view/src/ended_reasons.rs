//! Reasons for the end of a task, and for not retrying it.

use std::collections::BTreeSet;

use super::{format, in_doubt, why::StateReason};
use engine::control::CommandVerb;
use engine::{
    ApprovalRejection, Failure, FailureKind, LateStartOutcome, NoRetryReason, RunState, SkipReason,
    TaskEnding, TaskState, TimeoutCause,
};
use planning::plan::{DayPlan, TaskIx};

/// Both reasons of an ended task (or of one in doubt), the cause first.
pub(super) fn end_reasons(run: &RunState, task: TaskIx) -> Vec<StateReason> {
    let state = run.task(task);
    let list = match &state.ending {
        Some(TaskEnding::Completed(how)) => {
            let text = format::provenance_text(*how).to_owned();
            vec![StateReason::new("completed", text).with_fix(CommandVerb::Rerun)]
        }
        Some(TaskEnding::Failed(failure, no_retry)) => failed(run, task, failure, *no_retry),
        Some(TaskEnding::TimedOut(clock)) => timed_out(run, task, *clock),
        Some(TaskEnding::InDoubt(failure)) => in_doubt::in_doubt_reasons(run, task, failure),
        Some(TaskEnding::Cancelled { confirmed }) => cancelled_reasons(*confirmed),
        Some(TaskEnding::Skipped { why, satisfies }) => {
            vec![skipped_reasons(run, task, *why, *satisfies)]
        }
        Some(TaskEnding::Rejected(no)) => {
            vec![
                StateReason::new("rejected", format::rejection_text(no))
                    .with_fix(CommandVerb::Retry),
            ]
        }
        Some(TaskEnding::UpstreamFailed(culprit)) => vec![upstream(run, *culprit)],
        Some(TaskEnding::Missed) => missed_reasons(run, task),
        // A state without its ending cannot be folded; it is still told by its word.
        None => vec![StateReason::new("ended", format::state_text(state.state).into())],
    };
    list.into_iter().map(|why| why.with_since(state.since)).collect()
}

fn failed(
    run: &RunState,
    task: TaskIx,
    failure: &Failure,
    no_retry: NoRetryReason,
) -> Vec<StateReason> {
    let attempts = format::count_noun(u64::from(run.task(task).attempts_used()), "attempt");
    let kind = format::failure_kind_text(failure.kind);
    let cause = format!("{} ({kind})", format::sanitize(&failure.message));
    let (code, text) = match no_retry {
        NoRetryReason::NonRetryable => {
            ("non_retryable", format!("a retry would fail again ({kind})"))
        }
        NoRetryReason::AttemptsExhausted => ("attempts_exhausted", format!("{attempts} used up")),
        NoRetryReason::PastDeadline => {
            ("deadline", "the next attempt would start after its window".to_owned())
        }
        NoRetryReason::BadOutput => {
            ("bad_output", "the agent returned an invalid result".to_owned())
        }
        NoRetryReason::NotIdempotent if failure.kind == FailureKind::Cancelled => (
            "not_idempotent",
            "orders are never sent again automatically; a retry sends only the remainder"
                .to_owned(),
        ),
        NoRetryReason::NotIdempotent => (
            "not_idempotent",
            "the task is not safe to repeat; this attempt had no effect".to_owned(),
        ),
        NoRetryReason::BudgetExhausted => {
            ("budget_exhausted", "the run's automatic retries are used up".to_owned())
        }
        NoRetryReason::RecoveryExhausted => (
            "recovery_exhausted",
            "the program crashed during this task too many times in a row".to_owned(),
        ),
        NoRetryReason::Operator => ("operator", "set failed by an operator".to_owned()),
    };
    let verb =
        if no_retry == NoRetryReason::Operator { CommandVerb::Rerun } else { CommandVerb::Retry };
    vec![
        StateReason::new("failed", cause).with_fix(CommandVerb::Retry),
        StateReason::new(code, format!("not retried: {text}")).with_fix(verb),
    ]
}

fn timed_out(run: &RunState, task: TaskIx, clock: TimeoutCause) -> Vec<StateReason> {
    let (planned, state) = (run.plan().task(task), run.task(task));
    let (code, text) = match clock {
        TimeoutCause::Queue => {
            let limit = planned.queue_timeout.map(|l| format!(" of {l}")).unwrap_or_default();
            ("queue_timeout", format!("queued longer than its limit{limit}"))
        }
        TimeoutCause::Run => ("run_timeout", format!("took longer than {}", planned.timeout)),
        TimeoutCause::StageClose => {
            let at = format::format_minute(planned.closes_at);
            ("stage_close", format!("its window closed at {at} before it completed"))
        }
        TimeoutCause::Workflow => {
            let limit = run.plan().limits.workflow_timeout;
            ("workflow_timeout", format!("the run worked for {limit} without a break"))
        }
    };
    let spent = clock == TimeoutCause::Run && state.attempts_used() > planned.max_retries;
    let again = match clock {
        TimeoutCause::Queue => "no attempt started".to_owned(),
        TimeoutCause::StageClose => "its window has closed".to_owned(),
        TimeoutCause::Workflow => "the run was given up".to_owned(),
        TimeoutCause::Run if spent => {
            format!("{} used up", format::count_noun(u64::from(state.attempts_used()), "attempt"))
        }
        TimeoutCause::Run => "no time or retries left".to_owned(),
    };
    let exhausted = if spent { "attempts_exhausted" } else { "not_retried" };
    vec![
        StateReason::new(code, text).with_fix(CommandVerb::Retry),
        StateReason::new(exhausted, format!("not retried: {again}")).with_fix(CommandVerb::Retry),
    ]
}

fn cancelled_reasons(confirmed: bool) -> Vec<StateReason> {
    let text = if confirmed {
        "cancelled"
    } else {
        "cancelled; the agent did not confirm that it stopped"
    };
    vec![StateReason::new("cancelled", text.into()).with_fix(CommandVerb::Retry)]
}

fn skipped_reasons(run: &RunState, task: TaskIx, why: SkipReason, satisfies: bool) -> StateReason {
    let go_on = if satisfies { "; dependent tasks can start" } else { "" };
    match why {
        SkipReason::Operator => {
            StateReason::new("skipped", format!("skipped by an operator{go_on}"))
                .with_fix(CommandVerb::Unskip)
        }
        SkipReason::Condition => {
            let condition = run.plan().task(task).when.as_ref();
            let condition = condition.map(|(_, c)| c.to_string()).unwrap_or_default();
            StateReason::new("condition_false", format!("`{condition}` does not hold{go_on}"))
                .with_fix(CommandVerb::Unskip)
        }
        SkipReason::MissingField => {
            let text = format!("{}{go_on}", missing_field_text(run.plan(), task));
            StateReason::new("condition_field_missing", text).with_fix(CommandVerb::Unskip)
        }
        SkipReason::Upstream if let Some((on, no)) = no_above(run, task) => {
            let text = format!(
                "needs approval of {}: {}",
                run.plan().task(on).id,
                format::rejection_text(no)
            );
            StateReason::new("upstream_rejected", text)
                .with_fix(CommandVerb::Retry)
                .with_fix_target(on)
        }
        SkipReason::Upstream => {
            StateReason::new("upstream_skipped", format!("a task it needs was skipped{go_on}"))
                .with_fix(CommandVerb::Unskip)
        }
        SkipReason::NotNeeded => {
            StateReason::new("not_needed", format!("not needed: no operator asked for it{go_on}"))
        }
        SkipReason::Superseded => {
            StateReason::new("superseded", format!("its stage closed without it{go_on}"))
                .with_fix(CommandVerb::Unskip)
        }
    }
}

/// Returns which field of which result a task's condition asks in vain.
pub(super) fn missing_field_text(plan: &DayPlan, task: TaskIx) -> String {
    let when = plan.tasks.get(task.at()).and_then(|task| task.when.as_ref());
    when.map_or_else(
        || "its condition asks for a field that the result does not have".to_owned(),
        |(_, condition)| {
            let text =
                format!("the result of {} has no field `{}`", condition.task, condition.field);
            format!("{}, which its condition asks for", format::sanitize(&text))
        },
    )
}

/// The question above whose answer was no, if a task was skipped because of one.
fn no_above(run: &RunState, task: TaskIx) -> Option<(TaskIx, &ApprovalRejection)> {
    let mut seen = BTreeSet::from([task]);
    let mut next = vec![task];
    while let Some(ix) = next.pop() {
        match &run.task(ix).ending {
            Some(TaskEnding::Rejected(no)) => return Some((ix, no)),
            _ if !run.task(ix).skipped_with_upstream() => continue,
            _ => {}
        }
        let above = run.plan().task(ix).dependencies.iter().map(|d| d.on);
        next.extend(above.filter(|on| seen.insert(*on)));
    }
    None
}

/// The task that began it, not merely the one above.
fn upstream(run: &RunState, culprit: TaskIx) -> StateReason {
    let mut root = culprit;
    // A plan has no rings; the bound keeps a damaged one from turning here for ever.
    for _ in 0..run.plan().tasks.len() {
        match run.task(root).ending {
            Some(TaskEnding::UpstreamFailed(next)) => root = next,
            Some(
                TaskEnding::Completed(_)
                | TaskEnding::Failed(..)
                | TaskEnding::TimedOut(_)
                | TaskEnding::InDoubt(_)
                | TaskEnding::Cancelled { .. }
                | TaskEnding::Skipped { .. }
                | TaskEnding::Rejected(_)
                | TaskEnding::Missed,
            )
            | None => break,
        }
    }
    let state = run.task(root).state;
    let verb = if state == TaskState::InDoubt { CommandVerb::Resolve } else { CommandVerb::Retry };
    let text = format!("needs {} ({state})", run.plan().task(root).id);
    StateReason::new("dep_failed", text).with_fix(verb).with_fix_target(root)
}

fn missed_reasons(run: &RunState, task: TaskIx) -> Vec<StateReason> {
    let planned = run.plan().task(task);
    let (from, to) =
        (format::format_minute(planned.opens_at), format::format_minute(planned.closes_at));
    let window = format!("its window {from}–{to} closed before it started");
    if let Some(LateStartOutcome::Excused(why)) = run.late_start_outcome(task) {
        let text = format!("{window}; excused: {}", why.describe(run.plan()));
        return vec![StateReason::new("let_go", text).with_fix(CommandVerb::RunNow)];
    }
    vec![
        StateReason::new("window_missed", window).with_fix(CommandVerb::RunNow),
        StateReason::new("not_retried", "not retried: no attempt started in time".into())
            .with_fix(CommandVerb::RunNow),
    ]
}
