//! Types and functions for workflow and overlay files: reading, checking, model.
//!
//! Nothing here depends on a date. A file is read completely or not at all, with all problems found
//! in one pass; `plan` then resolves it for one day.

mod agent_catalog;
mod check;
mod codes;
mod cycles;
mod load;
mod load_overlay;
mod model;
mod needs;
mod ordinary_day;
mod output_fields;
mod overlay_edit;
mod task_draft;
mod task_names;
mod task_rules;
mod values;

pub use check::{CheckReport, check_files};
pub use codes::CODES;
pub use load::load_workflow;
pub use model::{
    Condition, DependencyDef, DependencyKind, EffectClass, ForbiddenOrders, OnClose, Overlay,
    OverlayEdit, StageDef, TaskDef, TaskOverrides, TaskPriority, WorkflowDefinition,
};

pub use agent_catalog::{AgentCatalog, default_effect};
pub use load_overlay::load_overlay;
pub use output_fields::output_fields;
pub use values::{APPROVALS, LIMITS, LOOPS_MIN, RETRIES_MAX};
