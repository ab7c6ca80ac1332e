//! Inputs and reports of workflow executions.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer, ser::SerializeStruct as _};
use serde_json::Value;

use diag::Diagnostic;
use engine::{ResultQuality, RunState, RunStatus, TaskEnding, TaskRun, TaskState};
use planning::workflow::{self, AgentCatalog, WorkflowDefinition};

/// The file name in messages about a definition without a file.
const SOURCE: &str = "workflow";

/// A source of a workflow: a parsed definition, a JSON value, or text in YAML or JSON.
pub trait IntoDefinition {
    /// Returns the definition, checked against this catalog of agents.
    ///
    /// # Errors
    ///
    /// Every problem of the text.
    fn into_definition(
        self,
        registry: &AgentCatalog,
    ) -> Result<WorkflowDefinition, Vec<Diagnostic>>;
}

impl IntoDefinition for WorkflowDefinition {
    fn into_definition(
        self,
        _registry: &AgentCatalog,
    ) -> Result<WorkflowDefinition, Vec<Diagnostic>> {
        Ok(self)
    }
}

impl IntoDefinition for &WorkflowDefinition {
    fn into_definition(
        self,
        _registry: &AgentCatalog,
    ) -> Result<WorkflowDefinition, Vec<Diagnostic>> {
        Ok(self.clone())
    }
}

impl IntoDefinition for &str {
    fn into_definition(
        self,
        registry: &AgentCatalog,
    ) -> Result<WorkflowDefinition, Vec<Diagnostic>> {
        workflow::load_workflow(SOURCE, self, registry).map(|(definition, _warnings)| definition)
    }
}

impl IntoDefinition for &Value {
    fn into_definition(
        self,
        registry: &AgentCatalog,
    ) -> Result<WorkflowDefinition, Vec<Diagnostic>> {
        self.to_string().as_str().into_definition(registry)
    }
}

impl IntoDefinition for Value {
    fn into_definition(
        self,
        registry: &AgentCatalog,
    ) -> Result<WorkflowDefinition, Vec<Diagnostic>> {
        (&self).into_definition(registry)
    }
}

/// The result of one task of an execution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskReport {
    /// The final state of the task.
    pub state: TaskState,
    /// Number of attempts that were started.
    pub attempts: u32,
    /// Start of the first attempt; after very many attempts, of the first one still remembered.
    pub started_at: Option<DateTime<Utc>>,
    /// End of the task.
    pub ended_at: Option<DateTime<Utc>>,
    /// Quality of its result, if it has one.
    pub quality: Option<ResultQuality>,
    /// One-line summary of its result, or the reason for having none.
    pub summary: Option<String>,
    /// The output, if it has one.
    pub output: Option<Arc<Value>>,
}

impl TaskReport {
    fn of(run: &TaskRun) -> Self {
        let outcome = run.outcome.as_deref();
        let why = match &run.ending {
            Some(TaskEnding::Failed(failure, _) | TaskEnding::InDoubt(failure)) => {
                Some(failure.message.clone())
            }
            _other => run.history.back().map(|attempt| attempt.said.clone()),
        };
        Self {
            state: run.state,
            attempts: run.attempt,
            started_at: run.history.front().map(|attempt| attempt.started_at).or(run.started_at),
            ended_at: run.ended_at,
            quality: outcome.map(|outcome| outcome.quality),
            summary: outcome.map(|outcome| outcome.summary.clone()).or(why),
            output: outcome.map(|outcome| Arc::clone(&outcome.output)),
        }
    }
}

/// The result of an execution.
///
/// Its serialized form has the execution's name, its status, whether all required tasks succeeded,
/// and each task's [`TaskReport`] by name.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkflowReport {
    /// The final run state.
    pub state: RunState,
}

impl WorkflowReport {
    /// Returns whether all required tasks succeeded.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        matches!(self.state.status(), RunStatus::Completed(_))
    }

    /// Returns the final state of each task, by name.
    #[must_use]
    pub fn tasks(&self) -> BTreeMap<String, TaskState> {
        self.results().into_iter().map(|(name, task)| (name, task.state)).collect()
    }

    /// Returns the result of each task, by name: state, output, attempts and times.
    #[must_use]
    pub fn results(&self) -> BTreeMap<String, TaskReport> {
        let plan = self.state.plan();
        let named = self.state.tasks().map(|(ix, run)| (plan.task(ix).id.to_string(), run));
        named.map(|(name, run)| (name, TaskReport::of(run))).collect()
    }
}

impl Serialize for WorkflowReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("WorkflowReport", 4)?;
        report.serialize_field("execution", &self.state.plan().run)?;
        report.serialize_field("status", self.state.status())?;
        report.serialize_field("succeeded", &self.succeeded())?;
        report.serialize_field("tasks", &self.results())?;
        report.end()
    }
}
