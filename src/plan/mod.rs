//! Today, settled: the workflow of one day with absolute moments, limits and their origins.

mod model;

pub use model::{
    AgentIx, Blackout, Dependency, Limits, Mode, Note, Plan, PlannedAgent, PlannedStage,
    PlannedTask, RetryStrategy, StageIx, TaskIx,
};
