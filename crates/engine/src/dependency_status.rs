//! What a task's state means for the tasks that wait for it.

use super::{
    task_run::{TaskEnding, TaskRun},
    task_state::TaskState,
};
use planning::workflow::DependencyKind;

/// What a dependency makes of the state of the task it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DependencyStatus {
    /// It may still go either way.
    Unmet,
    /// Dependants may go on.
    Satisfied,
    /// Dependants cannot go on.
    Impossible,
}

/// How a task stands towards those that wait for it.
///
/// A soft dependency is content with any end, and with an effect in doubt: what looks after the
/// damage (a reconciliation) must not wait for it to be repaired.
pub(super) const fn dependency_status(
    task: &TaskRun,
    hardness: DependencyKind,
) -> DependencyStatus {
    let soft = matches!(hardness, DependencyKind::Soft);
    match task.state {
        TaskState::Completed => DependencyStatus::Satisfied,
        TaskState::Skipped => {
            let satisfies =
                matches!(task.ending, Some(TaskEnding::Skipped { satisfies: true, .. }));
            if soft || satisfies {
                DependencyStatus::Satisfied
            } else {
                DependencyStatus::Impossible
            }
        }
        TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::UpstreamFailed
        | TaskState::Missed => {
            if soft {
                DependencyStatus::Satisfied
            } else {
                DependencyStatus::Impossible
            }
        }
        TaskState::InDoubt => {
            if soft {
                DependencyStatus::Satisfied
            } else {
                DependencyStatus::Unmet
            }
        }
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Running
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::Cancelling => DependencyStatus::Unmet,
    }
}
