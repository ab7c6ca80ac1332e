//! Puts the six agents into a roster, each a table of task types and the functions that do them.

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

/// Does a task.
pub(super) type TaskFn = fn(&TaskContext<'_>) -> Result<TaskOutput, Failure>;

/// A task type and who does it.
pub(super) type TaskTypeEntry = (&'static str, TaskFn);

/// The six, by name.
const AGENTS: [(&str, &[TaskTypeEntry]); 6] = [
    ("junior_analyst", junior_analyst::ROWS),
    ("senior_analyst", senior_analyst::ROWS),
    ("economist", economist::ROWS),
    ("portfolio_manager", portfolio_manager::ROWS),
    ("trade_execution", trade_execution::ROWS),
    ("analytics_reporting", analytics_reporting::ROWS),
];

/// Who does tasks of a built-in type.
pub(super) fn act_of(task_type: &str) -> Option<TaskTypeEntry> {
    let mut rows = AGENTS.into_iter().flat_map(|(_, rows)| rows.iter().copied());
    rows.find(|(name, _)| *name == task_type)
}

/// The six built-in agents at work on this data and this desk.
///
/// They read no clock and no network: equal requests at equal moments of the desk get equal answers.
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

/// One of the six.
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
            return not_found(format!("{} does no {asked}; it does {known}", request.agent)).into();
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
        answer
    }

    fn lookup(&self, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeFuture<'_> {
        let found = if request.task_type.as_str() == "execute_orders" {
            trade_execution::lookup(&TaskContext::new(request, &self.context), at)
        } else {
            // Everything else only computes, or is repeated without harm: it changes nothing outside.
            let evidence = format!("{} changes nothing outside", request.task_type);
            ProbeResult::DidNotHappen { evidence }
        };
        Box::pin(async { found })
    }

    fn describe(&self) -> &[&str] {
        &self.types
    }
}
