//! What follows when the outside says what became of an effect in doubt.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::refusal::refuse_state;
use crate::{
    command::{CommandRefusal, Waiver},
    event::Event,
    event_types::{NoRetryReason, Provenance, ResetCause},
    in_doubt::ProbeFinding,
    outcome::{Failure, FailureKind, ProbeResult},
    run_state::RunState,
    task_run::TaskEnding,
};
use planning::plan::TaskIx;

/// Decides what an answer to a probe leads to. One that nobody awaits changes nothing.
pub(crate) fn decide_probe_result(
    state: &RunState,
    at: DateTime<Utc>,
    (task, probe): (TaskIx, u32),
    lookup: ProbeResult,
) -> Vec<Event> {
    let (brief, evidence) = lookup.summary();
    let evidence = evidence.to_owned();
    if !state.awaits_probe(task, probe) {
        let attempt = state.task(task).attempt;
        return vec![Event::LateResult { task, attempt, said: format!("probe: {evidence}") }];
    }
    let told = Event::TaskProbeCompleted {
        task,
        probe,
        probed: brief,
        evidence: evidence.clone(),
        next_at: None,
    };
    match lookup {
        ProbeResult::Happened { outcome, .. } => {
            let provenance = Provenance::Reconciled;
            vec![told, Event::TaskCompleted { task, provenance, outcome: Arc::new(outcome) }]
        }
        ProbeResult::DidNotHappen { .. } if at >= state.settled_at(task) => {
            let end = if exhausted(state, task) {
                let message = format!("it provably did nothing, again: {evidence}");
                let failure = Box::new(Failure::new(FailureKind::Transient, message));
                Event::TaskFailed { task, failure, why: NoRetryReason::AttemptsExhausted }
            } else {
                Event::TaskReset { task, cause: ResetCause::ProbeFoundNothing }
            };
            vec![told, end]
        }
        ProbeResult::Unfinished { .. } => {
            let end = if resumable(state, at, task) {
                Event::TaskReset { task, cause: ResetCause::FoundUnfinished }
            } else {
                let failure = Box::new(Failure::new(FailureKind::Rejected, evidence));
                Event::TaskFailed { task, failure, why: NoRetryReason::AttemptsExhausted }
            };
            vec![told, end]
        }
        ProbeResult::InProgress { until, .. } => {
            let next_at = Some(until.max(at + TimeDelta::seconds(1)));
            vec![Event::TaskProbeCompleted {
                task,
                probe,
                probed: ProbeFinding::InProgress,
                evidence,
                next_at,
            }]
        }
        ProbeResult::DidNotHappen { .. } | ProbeResult::Unknown { .. } => {
            state.inconclusive_probe_event(at, task, (brief, evidence)).into_iter().collect()
        }
    }
}

/// Whether no further attempt is due. One that was lost with the program is no failure of its own.
fn exhausted(state: &RunState, task: TaskIx) -> bool {
    let plan = state.plan();
    let most = plan.task(task).max_retries.max(plan.limits.recovery_attempts);
    state.task(task).attempts_used() > most
}

/// Whether the rest of an attempt is done without asking anybody: it was lost with its program, and was
/// neither being stopped nor is its time over.
fn resumable(state: &RunState, at: DateTime<Utc>, task: TaskIx) -> bool {
    let ending = &state.task(task).ending;
    let lost = matches!(ending, Some(TaskEnding::InDoubt(why)) if why.kind == FailureKind::Crash);
    let open =
        at < state.plan().task(task).closes_at || state.task(task).has_waiver_for(Waiver::Window);
    lost && open && !exhausted(state, task)
}

/// A person asks the outside now.
pub(super) fn probe(state: &RunState, task: TaskIx) -> Result<Vec<Event>, CommandRefusal> {
    if !state.in_doubt().contains_key(&task) {
        return Err(refuse_state(state, task, "nothing about it is in doubt"));
    }
    match state.probe_event(task) {
        Some(event) => Ok(vec![event]),
        None => Err(refuse_state(state, task, "it is being asked about")),
    }
}
