//! The state machine of a task: which event may follow in which state.
//!
//! This is the table of `ARCHITECTURE.md`, "The states of a task", and the only place that knows it.

use super::{
    event::{Clock, Event, NoRetry, Provenance, ResetCause},
    state::{RunState, TaskState as S},
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
        Event::TaskCompleted { provenance, .. } => match provenance {
            Provenance::Ran => among(&[S::Running, S::Cancelling]) || between_rounds,
            Provenance::Approved => among(&[S::Running]) && run.human(ix),
            Provenance::SetOk => {
                among(&[S::Failed, S::Timeout, S::Missed, S::Cancelled, S::UpstreamFailed])
            }
            Provenance::Reconciled => among(&[S::InDoubt]),
        },
        Event::TaskTicked { .. } | Event::TaskRoundFailed { .. } | Event::TaskRetrying { .. } => {
            among(&[S::Running])
        }
        Event::TaskFailed { why: NoRetry::Operator, .. } => {
            among(&[S::Completed, S::Retrying, S::Held, S::InDoubt])
        }
        Event::TaskFailed { .. } => among(&[S::Running, S::Retrying]),
        Event::TaskTimedOut { clock, .. } => match clock {
            Clock::Queue => among(&[S::Queued]),
            Clock::Run => among(&[S::Running]),
            Clock::StageClose => {
                among(&[S::Retrying])
                    || (among(&[S::Running]) && run.human(ix))
                    || (among(&[S::Pending, S::Queued, S::Held]) && task.attempt > 0)
            }
            Clock::Workflow => !task.state.ended() && !task.state.active(),
        },
        Event::TaskInDoubt { .. } => among(&[S::Running, S::Cancelling]),
        Event::TaskCancelling { .. } => among(&[S::Running]),
        Event::TaskCancelled { .. } => {
            among(&[S::Pending, S::Queued, S::Retrying, S::Held, S::UpstreamFailed, S::Cancelling])
        }
        Event::TaskSkipped { .. } => {
            among(&[S::Pending, S::Queued, S::Retrying, S::Held, S::UpstreamFailed])
                || among(&[S::Failed, S::Timeout, S::Cancelled, S::Missed])
        }
        Event::TaskUpstreamFailed { .. } => among(&[S::Pending]),
        Event::TaskMissed { .. } => among(&[S::Pending, S::Queued, S::Held]) && task.attempt == 0,
        Event::TaskHeld { .. } => among(&[S::Pending, S::Queued, S::Retrying, S::UpstreamFailed]),
        Event::TaskReleased { .. } => among(&[S::Held]),
        Event::TaskReset { cause, .. } => match cause {
            ResetCause::Retry => among(&[S::Failed, S::Timeout, S::Cancelled, S::Missed]),
            ResetCause::Rerun => among(&[S::Completed]),
            ResetCause::UpstreamChanged => among(&[S::UpstreamFailed]),
            ResetCause::Unskip => among(&[S::Skipped]),
            ResetCause::Requeued => among(&[S::Retrying]),
            ResetCause::ProvenAbsent => among(&[S::InDoubt]),
        },
        Event::TaskForced { .. } | Event::TaskPrioritySet { .. } => {
            among(&[S::Pending, S::Queued, S::Retrying, S::Held, S::UpstreamFailed])
        }
        Event::TaskProgress { attempt, .. } => among(&[S::Running]) && *attempt == task.attempt,
        // Everything else says something of a task without moving it.
        _other => true,
    }
}
