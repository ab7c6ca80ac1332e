//! The state machine of a task: which event may follow in which state.
//!
//! This is the table of `ARCHITECTURE.md`, "The states of a task", and the only place that knows it.

use super::{
    event::Event,
    fact::{Clock, NoRetry, Provenance, ResetCause},
    state::RunState,
    task_run::TaskRun,
    task_state::TaskState as S,
};
use crate::plan::TaskIx;

/// Whether an event about a task may follow now.
pub(super) fn legal(run: &RunState, ix: TaskIx, event: &Event) -> bool {
    let task = run.task(ix);
    let among = |states: &[S]| states.contains(&task.state);
    // A monitoring loop that has run may end, or be cut off, between two rounds.
    let between_rounds = task.rounds > 0 && among(&[S::Pending, S::Queued, S::Retrying, S::Held]);
    match event {
        Event::TaskQueued { .. } => among(&[S::Pending, S::Retrying]),
        Event::TaskUnqueued { .. } => among(&[S::Queued]),
        Event::TaskStarted { attempt, .. } => among(&[S::Queued]) && *attempt == task.attempt + 1,
        Event::TaskCompleted { provenance, .. } => {
            may_complete(task.state, *provenance, (run.human(ix), between_rounds))
        }
        Event::TaskTicked { .. } | Event::TaskRoundFailed { .. } | Event::TaskRetrying { .. } => {
            among(&[S::Running])
        }
        Event::TaskFailed { why, .. } => may_fail(task.state, *why),
        Event::TaskTimedOut { clock, .. } => may_time_out(run, ix, *clock),
        Event::TaskInDoubt { .. } => among(&[S::Running, S::Cancelling]),
        Event::TaskTakenUp { .. } | Event::TaskProbing { .. } | Event::TaskProbed { .. } => {
            may_be_found_out(run, ix, event)
        }
        Event::TaskCancelling { .. } => among(&[S::Running]),
        Event::TaskCancelled { .. } => {
            among(&[S::Pending, S::Queued, S::Retrying, S::Held, S::UpstreamFailed, S::Cancelling])
        }
        Event::TaskSkipped { .. } => {
            among(&[S::Pending, S::Queued, S::Retrying, S::Held, S::UpstreamFailed])
                || among(&[S::Failed, S::Timeout, S::Cancelled, S::Missed])
        }
        Event::TaskRejected { .. } => among(&[S::Running]) && run.human(ix),
        Event::TaskUpstreamFailed { .. } => among(&[S::Pending]),
        Event::TaskMissed { .. } => among(&[S::Pending, S::Queued, S::Held]) && task.attempt == 0,
        Event::TaskCaughtUp { .. } | Event::TaskLeft { .. } => of_a_late_start(task, event),
        Event::TaskHeld { .. } => among(&[S::Pending, S::Queued, S::Retrying, S::UpstreamFailed]),
        Event::TaskReleased { .. } => among(&[S::Held]),
        Event::TaskReset { cause, .. } => may_be_reset(task, *cause),
        Event::TaskForced { .. } | Event::TaskPrioritySet { .. } => {
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
        | Event::StageStarted { .. }
        | Event::StageCompleted { .. }
        | Event::StageFailed { .. }
        | Event::StageMissed { .. }
        | Event::StageStuck { .. }
        | Event::StageUnstuck { .. }
        | Event::StageForced { .. }
        | Event::RecoveryBegan { .. }
        | Event::RecoveryEnded
        | Event::GateClosed { .. }
        | Event::GateOpened { .. }
        | Event::BreakerOpened { .. }
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. }
        | Event::SystemAlert { .. }
        | Event::MarketEvent { .. }
        | Event::OperatorActed { .. }
        | Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. }
        | Event::TradingChanged { .. }
        | Event::OrdersWithdrawn { .. }
        | Event::CommandRefused { .. } => true,
    }
}

/// Nothing is made up for, and nothing let go, that ever began.
fn of_a_late_start(task: &TaskRun, event: &Event) -> bool {
    let waits = matches!(task.state, S::Pending | S::Missed | S::UpstreamFailed);
    let lets_go = matches!(event, Event::TaskLeft { .. });
    (waits || (lets_go && matches!(task.state, S::Queued | S::Held))) && task.attempt == 0
}

fn may_time_out(run: &RunState, ix: TaskIx, clock: Clock) -> bool {
    let task = run.task(ix);
    match clock {
        Clock::Queue => task.state == S::Queued,
        Clock::Run => task.state == S::Running,
        Clock::StageClose => match task.state {
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
        Clock::Workflow => !task.state.ended() && !task.state.active(),
    }
}

fn may_complete(state: S, how: Provenance, (human, between_rounds): (bool, bool)) -> bool {
    match how {
        Provenance::Ran => matches!(state, S::Running | S::Cancelling) || between_rounds,
        Provenance::Approved => state == S::Running && human,
        Provenance::SetOk => {
            matches!(state, S::Failed | S::Timeout | S::Missed | S::Cancelled | S::UpstreamFailed)
        }
        Provenance::Reconciled => state == S::InDoubt,
    }
}

fn may_fail(state: S, why: NoRetry) -> bool {
    match why {
        NoRetry::Operator => matches!(state, S::Completed | S::Retrying | S::Held | S::InDoubt),
        NoRetry::AttemptsExhausted => matches!(state, S::Running | S::Retrying | S::InDoubt),
        NoRetry::NonRetryable
        | NoRetry::Deadline
        | NoRetry::BadOutput
        | NoRetry::NotIdempotent
        | NoRetry::BudgetExhausted
        | NoRetry::RecoveryExhausted => matches!(state, S::Running | S::Retrying),
    }
}

/// Whether a task may be taken up, or asked about outside.
fn may_be_found_out(run: &RunState, ix: TaskIx, event: &Event) -> bool {
    let task = run.task(ix);
    if let Event::TaskTakenUp { attempt, again_at, .. } = event {
        let same = *attempt == task.attempt && run.recovering();
        return task.state == S::Running && same && !(run.human(ix) && again_at.is_some());
    }
    if let Event::TaskProbing { probe, .. } = event {
        return run.doubts().get(&ix).is_some_and(|d| !d.asking && *probe == d.probes + 1);
    }
    matches!(event, Event::TaskProbed { probe, .. } if run.awaits(ix, *probe))
}

fn may_be_reset(task: &TaskRun, cause: ResetCause) -> bool {
    let state = task.state;
    match cause {
        ResetCause::Retry => {
            matches!(state, S::Failed | S::Timeout | S::Cancelled | S::Missed) || task.rejected()
        }
        ResetCause::Rerun => state == S::Completed,
        ResetCause::UpstreamChanged => state == S::UpstreamFailed || task.skipped_with_upstream(),
        ResetCause::Unskip => state == S::Skipped,
        ResetCause::Requeued => state == S::Retrying,
        ResetCause::ProvenAbsent | ResetCause::FoundAbsent | ResetCause::FoundUnfinished => {
            state == S::InDoubt
        }
    }
}
