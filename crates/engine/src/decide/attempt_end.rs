//! What follows when an agent ends an attempt, or a clock does it for the agent.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::readiness::approval_expired;
use crate::{
    agent_run::Breaker,
    command::Waiver,
    event::Event,
    event_types::{AlertSeverity, ApprovalRejection, NoRetryReason, Provenance, TimeoutCause},
    outcome::{AttemptOutcome, Failure, FailureKind, TaskResult},
    retry_budget::RetryBudget,
    run_state::RunState,
    step::is_repeatable,
    task_state::TaskState,
};
use planning::{plan::TaskIx, workflow::EffectClass};

/// Decides what an answer leads to and adds it to `decided`. One that is not for the living attempt
/// changes nothing.
pub(crate) fn decide_attempt_end(
    state: &RunState,
    at: DateTime<Utc>,
    (task, attempt): (TaskIx, u32),
    answer: AttemptOutcome,
    decided: &mut Vec<Event>,
) {
    let run = state.task(task);
    if !run.state.is_active() || run.attempt != attempt {
        decided.push(Event::LateResult { task, attempt, said: describe_outcome(&answer) });
        return;
    }
    if run.state == TaskState::Cancelling {
        decided.push(while_cancelling(state, task, answer));
        return;
    }
    match answer {
        AttemptOutcome::Completed(outcome) => complete_task(state, at, task, outcome, decided),
        AttemptOutcome::Failed(failure) => decided.extend(failed(state, at, task, &failure)),
        AttemptOutcome::InDoubt(failure) => decided.extend(unclear(state, at, task, &failure)),
        AttemptOutcome::Stopped => {
            let failure = Failure::new(FailureKind::Cancelled, "stopped without being asked to");
            decided.extend(unclear(state, at, task, &failure));
        }
    }
}

/// Decides what follows from an attempt that may have had its effect: it said that it does not
/// know, or stopped in the middle.
fn unclear(state: &RunState, at: DateTime<Utc>, task: TaskIx, failure: &Failure) -> Vec<Event> {
    if state.plan().task(task).effect != EffectClass::Effectful {
        return failed(state, at, task, failure);
    }
    let doubt = Event::TaskInDoubt { task, failure: Box::new(failure.clone()) };
    with_breaker(state, at, task, failure, vec![doubt])
}

fn describe_outcome(answer: &AttemptOutcome) -> String {
    match answer {
        AttemptOutcome::Completed(outcome) => format!("done: {}", outcome.summary),
        AttemptOutcome::Failed(failure) => format!("failed: {}", failure.message),
        AttemptOutcome::Stopped => "stopped".into(),
        AttemptOutcome::InDoubt(failure) => format!("unknown: {}", failure.message),
    }
}

/// An attempt that was asked to stop has ended: what it says counts, a result above all.
fn while_cancelling(state: &RunState, task: TaskIx, answer: AttemptOutcome) -> Event {
    match answer {
        AttemptOutcome::Completed(outcome) => {
            let provenance =
                if state.is_human_task(task) { Provenance::Approved } else { Provenance::Ran };
            // A person's late yes to a question that was withdrawn is no approval.
            if provenance == Provenance::Approved {
                return Event::TaskCancelled { task, confirmed: true };
            }
            Event::TaskCompleted { task, provenance, outcome: Arc::new(outcome) }
        }
        AttemptOutcome::InDoubt(failure)
            if state.plan().task(task).effect == EffectClass::Effectful =>
        {
            Event::TaskInDoubt { task, failure: Box::new(failure) }
        }
        // An order task that was stopped says how far it got; a retry does the rest.
        AttemptOutcome::Failed(failure)
            if state.plan().task(task).effect == EffectClass::Effectful =>
        {
            let why = NoRetryReason::NotIdempotent;
            Event::TaskFailed { task, failure: Box::new(failure), why }
        }
        AttemptOutcome::Failed(_) | AttemptOutcome::Stopped | AttemptOutcome::InDoubt(_) => {
            Event::TaskCancelled { task, confirmed: true }
        }
    }
}

fn complete_task(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
    outcome: TaskResult,
    decided: &mut Vec<Event>,
) {
    let outcome = Arc::new(outcome);
    let agent = state.task_brief(task).agent;
    if matches!(state.agent(agent).breaker, Breaker::HalfOpen { .. }) {
        decided.push(Event::BreakerClosed { agent });
    }
    decided.push(if let Some(next_at) = next_round(state, at, task) {
        Event::TaskRoundCompleted { task, outcome, next_at }
    } else {
        let human = state.is_human_task(task);
        let provenance = if human { Provenance::Approved } else { Provenance::Ran };
        Event::TaskCompleted { task, provenance, outcome }
    });
}

/// When the next round of a loop may start, if it is a loop and its window leaves room. Rounds
/// that were missed are not caught up.
fn next_round(state: &RunState, at: DateTime<Utc>, task: TaskIx) -> Option<DateTime<Utc>> {
    if state.task_brief(task).plain {
        return None;
    }
    let (plan, run) = (state.plan().task(task), state.task(task));
    let every = plan.every?.to_delta();
    let first = plan.opens_at.min(run.started_at?);
    let passed = (at - first).num_milliseconds().div_euclid(every.num_milliseconds().max(1));
    let rounds = i32::try_from(passed.saturating_add(1)).unwrap_or(i32::MAX);
    let next = first + every.checked_mul(rounds)?;
    (next < plan.closes_at).then_some(next)
}

/// Decides what a failure without effect leads to: another attempt, the next round, or the end.
fn failed(state: &RunState, at: DateTime<Utc>, task: TaskIx, failure: &Failure) -> Vec<Event> {
    let end = retry_or(state, at, task, failure, |why| Event::TaskFailed {
        task,
        failure: Box::new(failure.clone()),
        why,
    });
    with_breaker(state, at, task, failure, end)
}

/// Decides what follows when an attempt took too long.
pub(super) fn timed_out(state: &RunState, at: DateTime<Utc>, task: TaskIx) -> Vec<Event> {
    let plan = state.plan().task(task);
    let failure = Failure::new(FailureKind::TimedOut, format!("no answer within {}", plan.timeout));
    let timeout = Event::TaskTimedOut { task, clock: TimeoutCause::Run };
    let end = match plan.effect {
        EffectClass::Human => {
            return vec![approval_expired(task, &format!("within {}", plan.timeout))];
        }
        EffectClass::Effectful => {
            vec![Event::TaskInDoubt { task, failure: Box::new(failure.clone()) }]
        }
        EffectClass::Pure | EffectClass::Idempotent => {
            retry_or(state, at, task, &failure, |_why| timeout.clone())
        }
    };
    with_breaker(state, at, task, &failure, end)
}

/// Another attempt if there may be one; otherwise the next round of a loop, or `end`. What people
/// must know of it follows.
fn retry_or(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
    failure: &Failure,
    end: impl Fn(NoRetryReason) -> Event,
) -> Vec<Event> {
    let (plan, run) = (state.plan().task(task), state.task(task));
    if plan.effect == EffectClass::Human {
        let rejection =
            Box::new(ApprovalRejection { by: None, reason: Some(failure.message.clone()) });
        return vec![Event::TaskRejected { task, rejection }];
    }
    let why = if !is_repeatable(plan.effect) {
        NoRetryReason::NotIdempotent
    } else if failure.kind == FailureKind::BadOutput {
        NoRetryReason::BadOutput
    } else if !failure.kind.is_retryable() {
        NoRetryReason::NonRetryable
    } else if run.attempts_used() > plan.max_retries {
        NoRetryReason::AttemptsExhausted
    } else {
        let delay =
            state.plan().limits.retry.get_retry_delay(run.attempts_used().saturating_sub(1));
        let retry_at = at + delay.to_delta();
        if retry_at >= plan.closes_at && !run.has_waiver_for(Waiver::Window) {
            NoRetryReason::PastDeadline
        } else if state.retry_budget().used_at(at) >= state.retry_budget().attempts_allowed() {
            NoRetryReason::BudgetExhausted
        } else {
            let attempt = run.attempt;
            let failure = Box::new(failure.clone());
            return vec![Event::TaskRetrying { task, attempt, failure, retry_at }];
        }
    };
    let mut events = Vec::new();
    if let Some(next_at) = next_round(state, at, task) {
        let (failure, in_a_row) = (Box::new(failure.clone()), run.bad_rounds + 1);
        events.push(Event::TaskRoundFailed { task, failure, in_a_row, next_at });
        if in_a_row == state.plan().limits.loop_failures {
            let text = format!("{} failed {in_a_row} rounds in a row", plan.id);
            events.push(critical("loop_failing", text));
        }
    } else {
        events.push(end(why));
    }
    if why == NoRetryReason::BudgetExhausted && !state.retry_budget().alert_raised() {
        let text = format!(
            "{} automatic retries in {} minutes: until fewer fail, what fails stays failed",
            state.retry_budget().used_at(at),
            RetryBudget::MINUTES,
        );
        events.push(critical(RetryBudget::ALERT, text));
    }
    events
}

fn critical(code: &str, text: String) -> Event {
    Event::SystemAlert { severity: AlertSeverity::Critical, code: code.into(), text }
}

/// `ends`, with what the failure means for the agent before them.
fn with_breaker(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
    failure: &Failure,
    ends: Vec<Event>,
) -> Vec<Event> {
    let mut events = breaker_events(state, at, task, failure);
    events.extend(ends);
    events
}

/// What a failure means for the agent: a mark against it, and perhaps its breaker.
fn breaker_events(
    state: &RunState,
    at: DateTime<Utc>,
    task: TaskIx,
    failure: &Failure,
) -> Vec<Event> {
    let agent = state.plan().task(task).agent;
    if state.is_human_task(task) {
        return Vec::new();
    }
    if !failure.kind.is_infrastructure() {
        // An agent that says no, says something: it works.
        let probed = matches!(state.agent(agent).breaker, Breaker::HalfOpen { .. });
        return probed.then_some(Event::BreakerClosed { agent }).into_iter().collect();
    }
    let limits = &state.plan().limits;
    let horizon = at - limits.breaker_window.to_delta();
    let run = state.agent(agent);
    let before = run.failures.iter().filter(|&&moment| moment > horizon).count();
    let recent = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    let error = failure.message.clone();
    let mut events = vec![Event::AgentError { agent, task, error, recent }];
    let trips = match run.breaker {
        Breaker::Closed => recent >= limits.breaker_failures,
        Breaker::HalfOpen { .. } => true,
        Breaker::Open { .. } => false,
    };
    if trips {
        events.push(Event::BreakerOpened { agent, until: at + limits.breaker_cooldown.to_delta() });
    }
    events
}
