//! What a task's state means for the tasks that wait for it.

use super::{
    task_run::{Ending, TaskRun},
    task_state::TaskState,
};
use crate::definition::Hardness;

/// What a dependency makes of the state of the task it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It may still go either way.
    Open,
    /// Dependants may go on.
    Satisfied,
    /// Dependants cannot go on.
    Broken,
}

/// How a task stands towards those that wait for it.
///
/// A soft dependency is content with any end, and with an effect in doubt: what looks after the
/// damage (a reconciliation) must not wait for it to be repaired.
pub(super) const fn standing(task: &TaskRun, hardness: Hardness) -> Standing {
    match (hardness, task.state) {
        (Hardness::Soft, state) if state.ended() => Standing::Satisfied,
        (Hardness::Soft, TaskState::InDoubt) | (_, TaskState::Completed) => Standing::Satisfied,
        (_, TaskState::Skipped) => match task.ending {
            Some(Ending::Skipped { satisfies: true, .. }) => Standing::Satisfied,
            _ => Standing::Broken,
        },
        (_, state) if state.bad() => Standing::Broken,
        _moving => Standing::Open,
    }
}
