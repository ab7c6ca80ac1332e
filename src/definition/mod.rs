//! The workflow as written: stages, tasks and the overlays that change a day.
//!
//! Nothing here knows a date. What a file says is read in full or not at all, with every
//! problem found in one pass; `plan` then settles it for one day.

mod model;

pub use model::{
    Condition, Definition, DependencyDef, Edit, Effect, Hardness, OnClose, Overlay, StageDef,
    TaskDef, TaskPriority, TaskSet,
};
