//! The workflow as written: stages, tasks and the overlays that change a day.
//!
//! Nothing here knows a date. What a file says is read in full or not at all, with every
//! problem found in one pass; `plan` then settles it for one day.

mod agent_catalog;
mod check;
mod codes;
mod cycles;
mod load;
mod load_overlay;
mod model;
mod needs;
mod ordinary_day;
mod overlay_edit;
mod task_draft;
mod task_names;
mod task_rules;
mod values;

pub use check::{CheckReport, check_files};
pub use codes::CODES;
pub use load::load_workflow;
pub use model::{
    Condition, DependencyDef, DependencyKind, EffectClass, OnClose, Overlay, OverlayEdit, StageDef,
    TaskDef, TaskOverrides, TaskPriority, WorkflowDefinition,
};

pub use agent_catalog::{AgentCatalog, default_effect};
pub use load_overlay::load_overlay;
pub use values::{APPROVALS, FORBIDDEN, LIMITS, LOOPS_MIN, RETRIES_MAX};
