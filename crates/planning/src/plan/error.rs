//! Errors of building a day plan, reported all at once.

use std::fmt;

use crate::id::{StageId, TaskId};

/// The reasons for which a day has no plan: at least one problem, in order of discovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlanError {
    pub problems: Vec<DayPlanProblem>,
}

impl fmt::Display for DayPlanError {
    /// Writes one problem per line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.problems.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for DayPlanError {}

/// One problem that prevents a day plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DayPlanProblem {
    /// The day needs an overlay that is not in the library.
    #[error("this day needs the overlay `{overlay}` ({why}), which is not in the library")]
    UnknownOverlay {
        overlay: String,
        /// The reason for which the day needs it.
        why: String,
    },
    /// An overlay changes a task that does not exist.
    #[error("{origin} changes `{task}`, which is not in the workflow")]
    UnknownTask {
        /// The file of the overlay.
        origin: String,
        task: TaskId,
    },
    /// An overlay names a stage that the workflow does not have.
    #[error("{origin} names stage `{stage}`, which is not in the workflow")]
    UnknownStage {
        /// The file of the overlay.
        origin: String,
        stage: StageId,
    },
    /// Two files define the same task differently.
    #[error("{second} adds `{task}`, which {first} defines differently: change it with `set`")]
    DuplicateTask {
        task: TaskId,
        /// The file applied first.
        first: String,
        /// The file applied second.
        second: String,
    },
    /// A task depends on a task that does not exist and was not removed by an overlay.
    #[error("task `{task}` depends on `{missing}`, which is not in the workflow")]
    UnknownDependency {
        /// The task with the dependency.
        task: TaskId,
        /// The task it depends on.
        missing: TaskId,
    },
    /// Tasks depend on each other in a cycle.
    #[error("tasks depend on each other: {}", ring(cycle))]
    Cycle {
        /// The cycle, starting at its least id; each task depends on the next, the last on the
        /// first.
        cycle: Vec<TaskId>,
    },
    /// An approval was removed, but not the task it guards.
    #[error("`{task}` must not run without approval: its approval `{approval}` is missing ({why})")]
    MissingApproval {
        /// The guarded task, which has an external effect.
        task: TaskId,
        approval: TaskId,
        /// The reason for its removal.
        why: String,
    },
}

/// Formats a cycle as `a -> b -> a`.
fn ring(cycle: &[TaskId]) -> String {
    let ids: Vec<_> = cycle.iter().chain(cycle.first()).map(TaskId::as_str).collect();
    ids.join(" -> ")
}
