//! Registry of the six built-in agents, each a table of task types with their functions.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    analytics_reporting, economist,
    job::{AgentContext, TaskContext, not_found},
    junior_analyst, portfolio_manager, senior_analyst,
    task_output::TaskOutput,
    trade_execution,
};
use engine::{
    AttemptOutcome, Failure, ProbeResult,
    port::{Agent, AgentRegistry, AttemptFuture, AttemptReply, AttemptRequest, ProbeFuture},
};
use planning::id::AgentId;

/// The function that performs a task.
pub(super) type TaskFn = fn(&TaskContext<'_>) -> Result<TaskOutput, Failure>;

/// A task type with its function.
pub(super) type TaskTypeEntry = (&'static str, TaskFn);

/// The built-in agents, by name.
const AGENTS: [(&str, &[TaskTypeEntry]); 6] = [
    ("junior_analyst", junior_analyst::ROWS),
    ("senior_analyst", senior_analyst::ROWS),
    ("economist", economist::ROWS),
    ("portfolio_manager", portfolio_manager::ROWS),
    ("trade_execution", trade_execution::ROWS),
    ("analytics_reporting", analytics_reporting::ROWS),
];

/// Returns the table entry of a built-in task type.
pub(super) fn act_of(task_type: &str) -> Option<TaskTypeEntry> {
    let mut rows = AGENTS.into_iter().flat_map(|(_, rows)| rows.iter().copied());
    rows.find(|(name, _)| *name == task_type)
}

/// Builds the registry of the six agents for this data and desk.
///
/// The agents use no clock and no network: equal requests at equal states of the desk give equal
/// replies.
#[must_use]
pub fn builtin_agents(context: &AgentContext) -> AgentRegistry {
    let mut roster = AgentRegistry::new();
    for (name, rows) in AGENTS {
        if let Ok(id) = AgentId::parse(name) {
            let types = rows.iter().map(|(task_type, _)| *task_type).collect();
            roster.insert(id, Arc::new(BuiltinAgent { context: context.clone(), rows, types }));
        }
    }
    roster
}

struct BuiltinAgent {
    context: AgentContext,
    rows: &'static [TaskTypeEntry],
    types: Vec<&'static str>,
}

impl fmt::Debug for BuiltinAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builtin").field("types", &self.types).finish_non_exhaustive()
    }
}

impl BuiltinAgent {
    fn reply(&self, request: &AttemptRequest) -> AttemptReply {
        let job = TaskContext::new(request, &self.context);
        let asked = request.task_type.as_str();
        let Some((_, act)) = self.rows.iter().find(|(task_type, _)| *task_type == asked) else {
            let known = self.types.join(", ");
            return not_found(format!(
                "{} has no task type {asked}; use one of {known}",
                request.agent
            ))
            .into();
        };
        match act(&job) {
            Ok(done) => done.into_reply(&job),
            Err(failure) => failure.into(),
        }
    }
}

impl Agent for BuiltinAgent {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        Box::pin(async move { self.reply(&request) })
    }

    fn stop(&self, request: &AttemptRequest, at: DateTime<Utc>) -> AttemptOutcome {
        if request.task_type.as_str() == "execute_orders" {
            return trade_execution::stop_sending(&TaskContext::new(request, &self.context), at);
        }
        if trade_execution::is_exit(request.task_type.as_str()) {
            return trade_execution::stop_exit(&TaskContext::new(request, &self.context), at);
        }
        AttemptOutcome::Stopped
    }

    fn settle(
        &self,
        request: &AttemptRequest,
        at: DateTime<Utc>,
        answer: AttemptOutcome,
    ) -> AttemptOutcome {
        if request.task_type.as_str() == "execute_orders" {
            return trade_execution::settle(&TaskContext::new(request, &self.context), at, answer);
        }
        if trade_execution::is_exit(request.task_type.as_str()) {
            let job = TaskContext::new(request, &self.context);
            return trade_execution::settle_exit(&job, at, answer);
        }
        answer
    }

    fn lookup(&self, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeFuture<'_> {
        let found = if request.task_type.as_str() == "execute_orders" {
            trade_execution::lookup(&TaskContext::new(request, &self.context), at)
        } else if trade_execution::is_exit(request.task_type.as_str()) {
            trade_execution::lookup_exit(&TaskContext::new(request, &self.context), at)
        } else {
            // All other tasks have no external effect, or one that can be repeated without harm.
            let evidence = format!("{} has no external effect", request.task_type);
            ProbeResult::DidNotHappen { evidence }
        };
        Box::pin(async { found })
    }

    fn describe(&self) -> Vec<&str> {
        self.types.clone()
    }
}
