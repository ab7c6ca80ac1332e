//! What follows when the outside says what became of an effect in doubt.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::refusal::refuse_state;
use crate::{
    engine::{
        answer::{Failure, FailureKind, Lookup},
        command::{Refusal, Waiver},
        doubt::Probed,
        event::Event,
        fact::{NoRetry, Provenance, ResetCause},
        state::RunState,
        task_run::Ending,
    },
    plan::TaskIx,
};

/// Decides what an answer to a probe leads to. One that nobody awaits changes nothing.
pub(in crate::engine) fn probed(
    state: &RunState,
    at: DateTime<Utc>,
    (task, probe): (TaskIx, u32),
    lookup: Lookup,
) -> Vec<Event> {
    let (brief, evidence) = lookup.brief();
    let evidence = evidence.to_owned();
    if !state.awaits(task, probe) {
        let attempt = state.task(task).attempt;
        return vec![Event::LateResult { task, attempt, said: format!("probe: {evidence}") }];
    }
    let told =
        Event::TaskProbed { task, probe, probed: brief, evidence: evidence.clone(), next_at: None };
    match lookup {
        Lookup::Found { outcome, .. } => {
            let provenance = Provenance::Reconciled;
            vec![told, Event::TaskCompleted { task, provenance, outcome: Arc::new(outcome) }]
        }
        Lookup::Absent { .. } if at >= state.settled_at(task) => {
            let end = if exhausted(state, task) {
                let message = format!("it provably did nothing, again: {evidence}");
                let failure = Box::new(Failure::new(FailureKind::Transient, message));
                Event::TaskFailed { task, failure, why: NoRetry::AttemptsExhausted }
            } else {
                Event::TaskReset { task, cause: ResetCause::FoundAbsent }
            };
            vec![told, end]
        }
        Lookup::Unfinished { .. } => {
            let end = if resumable(state, at, task) {
                Event::TaskReset { task, cause: ResetCause::FoundUnfinished }
            } else {
                let failure = Box::new(Failure::new(FailureKind::Rejected, evidence));
                Event::TaskFailed { task, failure, why: NoRetry::AttemptsExhausted }
            };
            vec![told, end]
        }
        Lookup::Working { until, .. } => {
            let next_at = Some(until.max(at + TimeDelta::seconds(1)));
            vec![Event::TaskProbed { task, probe, probed: Probed::Working, evidence, next_at }]
        }
        Lookup::Absent { .. } | Lookup::Unknown { .. } => {
            state.unsettled(at, task, (brief, evidence)).into_iter().collect()
        }
    }
}

/// Whether no further attempt is due. One that was lost with the program is no failure of its own.
fn exhausted(state: &RunState, task: TaskIx) -> bool {
    let plan = state.plan();
    let most = plan.task(task).max_retries.max(plan.limits.recovery_attempts);
    state.task(task).spent() > most
}

/// Whether the rest of an attempt is done without asking anybody: it was lost with its program, and was
/// neither being stopped nor is its time over.
fn resumable(state: &RunState, at: DateTime<Utc>, task: TaskIx) -> bool {
    let lost = match &state.task(task).ending {
        Some(Ending::InDoubt(failure)) => failure.kind == FailureKind::Crash,
        _settled => false,
    };
    let open = at < state.plan().task(task).closes_at || state.task(task).waives(Waiver::Window);
    lost && open && !exhausted(state, task)
}

/// A person asks the outside now.
pub(super) fn probe(state: &RunState, task: TaskIx) -> Result<Vec<Event>, Refusal> {
    if !state.doubts().contains_key(&task) {
        return Err(refuse_state(state, task, "nothing about it is in doubt"));
    }
    match state.probing(task) {
        Some(event) => Ok(vec![event]),
        None => Err(refuse_state(state, task, "it is being asked about")),
    }
}
