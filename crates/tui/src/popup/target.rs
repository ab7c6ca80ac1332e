//! What the dialog of an act is about: commands bound to ids, or what may be chosen of.

use engine::{Command, ReviewedPlan};
use planning::plan::{StageIx, TaskIx};

/// What an act is aimed at. Ids, never rows: a list may be sorted under it.
#[derive(Debug, Clone, PartialEq)]
pub enum DialogTarget {
    /// These commands.
    Fixed(Vec<Command>),
    /// Starting a task despite the conditions that are ticked.
    ForceTask(TaskIx),
    /// Starting a stage despite the conditions that are ticked.
    ForceStage(StageIx),
    /// The act that is ticked, of several.
    OneOf,
    /// The answer to what a task asks: a yes to the orders that are ticked, or a no.
    Approval {
        /// Which task.
        task: TaskIx,
        /// The plan whose orders are in sight.
        of: Option<ReviewedPlan>,
    },
}
