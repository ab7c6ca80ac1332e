//! The workflow as written: stages, tasks and the overlays that change a day.
//!
//! Nothing here knows a date. What a file says is read in full or not at all, with every
//! problem found in one pass; `plan` then settles it for one day.

mod check;
mod code;
mod cycle;
mod edit;
mod hours;
mod law;
mod load;
mod model;
mod names;
mod needs;
mod overlay;
mod read;
mod registry;
mod task;

pub use check::{Report, check};
pub use code::CODES;
pub use load::load;
pub use model::{
    Condition, Definition, DependencyDef, Edit, Effect, Hardness, OnClose, Overlay, StageDef,
    TaskDef, TaskPriority, TaskSet,
};

pub use overlay::load_overlay;
pub use read::{APPROVALS, FORBIDDEN, LIMITS, LOOPS_MIN, RETRIES_MAX};
pub use registry::{Registry, default_effect};
