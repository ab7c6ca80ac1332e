//! Today, settled: the workflow of one day with absolute moments, limits and their origins.

mod build;
mod choose;
mod draft;
mod error;
mod graph;
mod hours;
mod ledger;
mod library;
mod model;
mod resolve;
mod settings;
mod settle;

pub use build::{BuildInput, build};
pub use choose::{Applied, DayFacts, Volatility, choose};
pub use error::{PlanError, PlanProblem};
pub use library::{Library, OVERLAYS, STANDARD, builtin};
pub use model::{
    AgentIx, Blackout, Dependency, Limits, Mode, Note, Plan, PlannedAgent, PlannedStage,
    PlannedTask, RetryStrategy, StageIx, TaskIx,
};
pub use settings::{Settings, Sourced};
