//! Requests to close positions: the task that stands ready for them, and the latest one of a run.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{command::Actor, run_state::RunState};
use planning::plan::{PlannedTask, TaskIx};

/// A request to close positions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitRequest {
    /// The task that closes them.
    pub task: TaskIx,
    /// The one position to close; all of them where none is named.
    pub symbol: Option<Box<str>>,
    /// Who asked.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

impl ExitRequest {
    /// The type of the tasks that close positions.
    pub const TASK_TYPE: &'static str = "emergency_exit";
}

impl RunState {
    /// Returns the task that stands ready to close positions, if the plan has one.
    #[must_use]
    pub fn exit_task(&self) -> Option<TaskIx> {
        let stands = |task: &PlannedTask| {
            task.on_demand && task.task_type.as_str() == ExitRequest::TASK_TYPE
        };
        self.plan.tasks.iter().position(stands).map(TaskIx::new)
    }

    /// Returns the latest request to close positions, if an operator made one.
    #[must_use]
    pub const fn exit_request(&self) -> Option<&ExitRequest> {
        self.exit_request.as_ref()
    }

    /// Returns whether an exit was requested of a task since trading was halted.
    pub(super) fn may_exit_halted(&self, ix: TaskIx) -> bool {
        let since_halt = |request: &ExitRequest| request.at >= self.trading.since;
        self.exit_request.as_ref().is_some_and(|request| request.task == ix && since_halt(request))
    }
}
