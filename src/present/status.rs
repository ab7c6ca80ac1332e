//! The specification's status document, field for field, and the same as text.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::engine::RunState;

/// What the process knows beside its present run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Process {
    /// When it started, UTC.
    pub started_at: DateTime<Utc>,
    /// Earlier runs that ended well.
    pub runs_completed: u64,
    /// Earlier runs that did not.
    pub runs_failed: u64,
    /// Tasks that ended well in earlier runs.
    pub tasks_completed: u64,
    /// Tasks that ended badly in earlier runs.
    pub tasks_failed: u64,
    /// How long the completed ones took in all, in seconds.
    pub task_seconds: f64,
}

/// The document.
///
/// Source: specification, "System Status Response"; what is ours stands under `bellwether`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Whether a run goes on.
    pub system_running: bool,
    /// When the process started, exchange time, `2024-01-16T09:00:00`.
    pub startup_time: String,
    /// Whole seconds since then.
    pub uptime_seconds: u64,
    /// The agents.
    pub agents: Agents,
    /// The runs.
    pub workflow_engine: WorkflowEngine,
    /// Figures over all runs.
    pub statistics: Statistics,
    /// What the specification does not have.
    pub bellwether: Extra,
}

/// See [`Status::agents`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agents {
    /// How many.
    pub total: usize,
    /// How many are HEALTHY.
    pub healthy: usize,
    /// Their names, in order.
    pub names: Vec<String>,
}

/// See [`Status::workflow_engine`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WorkflowEngine {
    /// Runs that go on: 0 or 1.
    pub active_executions: u64,
    /// Runs that ended well.
    pub completed_executions: u64,
    /// Runs that did not.
    pub failed_executions: u64,
}

/// See [`Status::statistics`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Statistics {
    /// Runs that ended.
    pub workflows_executed: u64,
    /// Tasks that ended well.
    pub total_tasks_completed: u64,
    /// In seconds; 0 before the first.
    pub average_task_duration: f64,
    /// Share of the ended tasks that ended well, 0 to 1; 1 before the first.
    pub success_rate: f64,
}

/// What the specification does not have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Extra {
    /// The run's name.
    pub run: String,
}

/// The document at `at`; without a run when none was started.
#[must_use]
pub fn status(_run: Option<&RunState>, _process: &Process, _at: DateTime<Utc>) -> Status {
    todo!()
}

impl Status {
    /// As lines of text.
    #[must_use]
    pub fn text(&self) -> String {
        todo!()
    }
}
