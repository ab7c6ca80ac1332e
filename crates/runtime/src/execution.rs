//! What is handed to the workflow engine to execute, and what became of it.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer, ser::SerializeStruct as _};
use serde_json::Value;

use diag::Diagnostic;
use engine::{ResultQuality, RunState, RunStatus, TaskEnding, TaskRun, TaskState};
use planning::workflow::{self, AgentCatalog, WorkflowDefinition};

/// The name that messages about a definition without a file give to it.
const SOURCE: &str = "workflow";

/// Whatever a workflow can be created from: a definition that was read, a JSON value, or a text in
/// YAML or JSON.
pub trait IntoDefinition {
    /// The definition, read with these agents known.
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

/// What became of one task of an execution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskReport {
    /// The state it ended in.
    pub state: TaskState,
    /// How often an agent was asked to do it.
    pub attempts: u32,
    /// When an agent was first asked; of a task that was tried very often, of the attempts still
    /// remembered.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How good its result is, if it gave one.
    pub quality: Option<ResultQuality>,
    /// Its result in one line, or why there is none.
    pub summary: Option<String>,
    /// The result itself, if it gave one.
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

/// What became of an execution.
///
/// Written with serde it gives the execution's name, its status, whether all required work was done,
/// and each task's [`TaskReport`] by name.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkflowReport {
    /// The run's last state.
    pub state: RunState,
}

impl WorkflowReport {
    /// Whether all required work was done.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        matches!(self.state.status(), RunStatus::Completed(_))
    }

    /// The state each task ended in, by name.
    #[must_use]
    pub fn tasks(&self) -> BTreeMap<String, TaskState> {
        self.results().into_iter().map(|(name, task)| (name, task.state)).collect()
    }

    /// What became of each task, by name: its state, output, attempts and times.
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
