//! Types and functions for the day plan: the workflow of one day with absolute moments, limits and
//! origins.

mod at_once;
mod blackout;
mod build;
mod day_draft;
mod day_hours;
mod dependencies;
mod error;
mod limits;
mod model;
mod note;
mod notes;
mod plan_settings;
mod precedence;
mod resolve_task;
mod select_overlays;
mod workflow_library;

pub use at_once::Hourless;
pub use blackout::Blackout;
pub use build::{BuildInput, build_day_plan};
pub use error::{DayPlanError, DayPlanProblem};
pub use limits::{EngineLimits, RetryStrategy};
pub use model::{
    AgentIx, DayPlan, Dependency, PlannedAgent, PlannedStage, PlannedTask, RunMode, StageIx, TaskIx,
};
pub use note::{NotedValue, PlanNote};
pub use plan_settings::{PlanSettings, Sourced};
pub use select_overlays::{AppliedOverlay, MorningVolatility, PlanningFacts, select_overlays};
pub use workflow_library::{OVERLAYS, STANDARD, WorkflowLibrary, builtin_files};
