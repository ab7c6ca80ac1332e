//! The state machine of a task: which event may follow in which state.
//!
//! This is the table of `ARCHITECTURE.md`, "The states of a task", and the only place that knows it.

use super::{
    event::Event,
    event_types::{NoRetryReason, Provenance, ResetCause, TimeoutCause},
    run_state::RunState,
    task_run::TaskRun,
    task_state::TaskState as S,
};
use planning::plan::TaskIx;

/// Whether an event about a task may follow now.
pub(super) fn is_legal(run: &RunState, ix: TaskIx, event: &Event) -> bool {
    let task = run.task(ix);
    let among = |states: &[S]| states.contains(&task.state);
    // A monitoring loop that has run may end, or be cut off, between two rounds.
    let between_rounds = task.rounds > 0 && among(&[S::Pending, S::Queued, S::Retrying, S::Held]);
    match event {
        Event::TaskQueued { .. } => among(&[S::Pending, S::Retrying]),
        Event::TaskDequeued { .. } => among(&[S::Queued]),
        Event::TaskStarted { attempt, .. } => among(&[S::Queued]) && *attempt == task.attempt + 1,
        Event::TaskCompleted { provenance, .. } => {
            may_complete(task.state, *provenance, (run.is_human_task(ix), between_rounds))
        }
        Event::TaskRoundCompleted { .. }
        | Event::TaskRoundFailed { .. }
        | Event::TaskRetrying { .. }
        | Event::TaskCancelling { .. } => among(&[S::Running]),
        Event::TaskFailed { why, .. } => may_fail(task.state, *why),
        Event::TaskTimedOut { clock, .. } => may_time_out(run, ix, *clock),
        Event::TaskInDoubt { .. } => among(&[S::Running, S::Cancelling]),
        Event::TaskRecovered { .. }
        | Event::TaskProbeStarted { .. }
        | Event::TaskProbeCompleted { .. } => may_be_found_out(run, ix, event),
        Event::TaskCancelled { .. } => {
            among(&[S::Pending, S::Queued, S::Retrying, S::Held, S::UpstreamFailed, S::Cancelling])
        }
        Event::TaskSkipped { .. } => {
            among(&[S::Pending, S::Queued, S::Retrying, S::Held, S::UpstreamFailed])
                || among(&[S::Failed, S::Timeout, S::Cancelled, S::Missed])
        }
        Event::TaskRejected { .. } => among(&[S::Running]) && run.is_human_task(ix),
        Event::TaskUpstreamFailed { .. } => among(&[S::Pending]),
        Event::TaskMissed { .. } => among(&[S::Pending, S::Queued, S::Held]) && task.attempt == 0,
        Event::TaskCaughtUp { .. } | Event::TaskExcused { .. } => of_a_late_start(task, event),
        Event::TaskHeld { .. } => among(&[S::Pending, S::Queued, S::Retrying, S::UpstreamFailed]),
        Event::TaskReleased { .. } => among(&[S::Held]),
        Event::TaskReset { cause, .. } => may_be_reset(task, *cause),
        Event::TaskForced { .. } | Event::TaskPriorityChanged { .. } => {
            among(&[S::Pending, S::Queued, S::Retrying, S::Held, S::UpstreamFailed])
        }
        Event::TaskProgress { attempt, .. } => among(&[S::Running]) && *attempt == task.attempt,
        // These say something of a task without moving it, or are about no task.
        Event::LateResult { .. }
        | Event::AgentError { .. }
        | Event::WorkflowStarted { .. }
        | Event::WorkflowCompleted { .. }
        | Event::WorkflowFailed { .. }
        | Event::WorkflowCancelled
        | Event::WorkflowTimedOut { .. }
        | Event::StageStarted { .. }
        | Event::StageCompleted { .. }
        | Event::StageFailed { .. }
        | Event::StageMissed { .. }
        | Event::StageStuck { .. }
        | Event::StageMoving { .. }
        | Event::StageForced { .. }
        | Event::RecoveryStarted { .. }
        | Event::RecoveryCompleted
        | Event::GateClosed { .. }
        | Event::GateOpened { .. }
        | Event::BreakerOpened { .. }
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. }
        | Event::SystemAlert { .. }
        | Event::MarketEvent { .. }
        | Event::CommandAccepted { .. }
        | Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. }
        | Event::TradingChanged { .. }
        | Event::ExitRequested { .. }
        | Event::OrdersCancelled { .. }
        | Event::CommandRefused { .. } => true,
    }
}

/// Nothing is caught up, and nothing excused, that ever began.
fn of_a_late_start(task: &TaskRun, event: &Event) -> bool {
    let waits = matches!(task.state, S::Pending | S::Missed | S::UpstreamFailed);
    let lets_go = matches!(event, Event::TaskExcused { .. });
    (waits || (lets_go && matches!(task.state, S::Queued | S::Held))) && task.attempt == 0
}

fn may_time_out(run: &RunState, ix: TaskIx, clock: TimeoutCause) -> bool {
    let task = run.task(ix);
    match clock {
        TimeoutCause::Queue => task.state == S::Queued,
        TimeoutCause::Run => task.state == S::Running,
        TimeoutCause::StageClose => match task.state {
            S::Retrying => true,
            S::Pending | S::Queued | S::Held => task.attempt > 0,
            S::Running
            | S::Cancelling
            | S::InDoubt
            | S::Completed
            | S::Failed
            | S::Timeout
            | S::Cancelled
            | S::Skipped
            | S::UpstreamFailed
            | S::Missed => false,
        },
        TimeoutCause::Workflow => !task.state.is_terminal() && !task.state.is_active(),
    }
}

fn may_complete(state: S, how: Provenance, (human, between_rounds): (bool, bool)) -> bool {
    match how {
        Provenance::Ran => matches!(state, S::Running | S::Cancelling) || between_rounds,
        Provenance::Approved => state == S::Running && human,
        Provenance::SetByOperator => {
            matches!(state, S::Failed | S::Timeout | S::Missed | S::Cancelled | S::UpstreamFailed)
        }
        Provenance::Reconciled => state == S::InDoubt,
    }
}

fn may_fail(state: S, why: NoRetryReason) -> bool {
    match why {
        NoRetryReason::Operator => {
            matches!(state, S::Completed | S::Retrying | S::Held | S::InDoubt)
        }
        NoRetryReason::AttemptsExhausted => matches!(state, S::Running | S::Retrying | S::InDoubt),
        NoRetryReason::NotIdempotent => {
            matches!(state, S::Running | S::Retrying | S::Cancelling)
        }
        NoRetryReason::NonRetryable
        | NoRetryReason::PastDeadline
        | NoRetryReason::BadOutput
        | NoRetryReason::BudgetExhausted
        | NoRetryReason::RecoveryExhausted => matches!(state, S::Running | S::Retrying),
    }
}

/// Whether a task may be taken up, or asked about outside.
fn may_be_found_out(run: &RunState, ix: TaskIx, event: &Event) -> bool {
    let task = run.task(ix);
    if let Event::TaskRecovered { attempt, again_at, .. } = event {
        let same = *attempt == task.attempt && run.is_recovering();
        return task.state == S::Running && same && !(run.is_human_task(ix) && again_at.is_some());
    }
    if let Event::TaskProbeStarted { probe, .. } = event {
        return run.in_doubt().get(&ix).is_some_and(|d| !d.asking && *probe == d.probes + 1);
    }
    matches!(event, Event::TaskProbeCompleted { probe, .. } if run.awaits_probe(ix, *probe))
}

fn may_be_reset(task: &TaskRun, cause: ResetCause) -> bool {
    let state = task.state;
    match cause {
        ResetCause::Retry => {
            matches!(state, S::Failed | S::Timeout | S::Cancelled | S::Missed) || task.is_rejected()
        }
        ResetCause::Rerun => state == S::Completed,
        ResetCause::UpstreamChanged => state == S::UpstreamFailed || task.skipped_with_upstream(),
        ResetCause::Unskip => state == S::Skipped,
        ResetCause::Requeued => state == S::Retrying,
        ResetCause::OperatorResolved
        | ResetCause::ProbeFoundNothing
        | ResetCause::FoundUnfinished => state == S::InDoubt,
    }
}
