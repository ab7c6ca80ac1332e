//! Why a day could not be settled, every reason at once.

use std::fmt;

use crate::id::{StageId, TaskId};

/// Why there is no plan for a day. Holds every problem, in order of discovery, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlanError {
    /// What is wrong.
    pub problems: Vec<DayPlanProblem>,
}

impl fmt::Display for DayPlanError {
    /// One problem per line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.problems.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for DayPlanError {}

/// One thing that keeps a day from being settled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DayPlanProblem {
    /// The day needs an overlay that the library does not have.
    #[error("this day needs the overlay `{overlay}` ({why}), which is not in the library")]
    UnknownOverlay {
        /// The overlay.
        overlay: String,
        /// What makes the day need it.
        why: String,
    },
    /// An overlay changes a task that no day has.
    #[error("{origin} changes `{task}`, which is not in the workflow")]
    UnknownTask {
        /// The overlay's file.
        origin: String,
        /// The task it names.
        task: TaskId,
    },
    /// An overlay names a stage that the workflow does not have.
    #[error("{origin} names stage `{stage}`, which is not in the workflow")]
    UnknownStage {
        /// The overlay's file.
        origin: String,
        /// The stage it names.
        stage: StageId,
    },
    /// Two files define the same task differently.
    #[error("{second} adds `{task}`, which {first} defines differently: change it with `set`")]
    DuplicateTask {
        /// The task.
        task: TaskId,
        /// The file that came first.
        first: String,
        /// The file that came second.
        second: String,
    },
    /// A task waits for a task that the day does not have and no overlay removed.
    #[error("task `{task}` waits for `{missing}`, which is not in the workflow")]
    UnknownDependency {
        /// The task that waits.
        task: TaskId,
        /// The task it waits for.
        missing: TaskId,
    },
    /// Tasks wait for each other in a ring.
    #[error("tasks wait for each other: {}", ring(cycle))]
    Cycle {
        /// The ring, starting at its least id; each waits for the next, the last for the first.
        cycle: Vec<TaskId>,
    },
    /// An approval is gone but what it guards is not.
    #[error("`{task}` must not run unasked: its approval `{approval}` is missing ({why})")]
    MissingApproval {
        /// The task that acts on the world.
        task: TaskId,
        /// The removed approval.
        approval: TaskId,
        /// Why it is gone.
        why: String,
    },
}

/// `a -> b -> a`.
fn ring(cycle: &[TaskId]) -> String {
    let ids: Vec<_> = cycle.iter().chain(cycle.first()).map(TaskId::as_str).collect();
    ids.join(" -> ")
}
