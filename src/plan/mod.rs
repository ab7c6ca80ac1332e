//! Today, settled: the workflow of one day with absolute moments, limits and their origins.

mod at_once;
mod build;
mod choose;
mod draft;
mod error;
mod graph;
mod hours;
mod ledger;
mod library;
mod limits;
mod model;
mod resolve;
mod settings;
mod settle;

pub use at_once::Hourless;
pub use build::{BuildInput, build};
pub use choose::{Applied, DayFacts, Volatility, choose};
pub use error::{PlanError, PlanProblem};
pub use library::{Library, OVERLAYS, STANDARD, builtin};
pub use limits::{Limits, RetryStrategy};
pub use model::{
    AgentIx, Blackout, Dependency, Mode, Note, Plan, PlannedAgent, PlannedStage, PlannedTask,
    StageIx, TaskIx,
};
pub use settings::{Settings, Sourced};
