//! The specification's `WorkflowEngine`: creates workflows from definitions and executes them by
//! id.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;

use super::{
    auto_approver::AutoApprover,
    clock::{RunClock, wall_now},
    desk_link::DeskLink,
    driver::{Attendance, DriveError, Driver, DriverConfig},
    event_bus::{EventBus, Handler},
    execution::{IntoDefinition, WorkflowReport},
    handle::RunHandle,
    recovery::RecoveryMode,
};
use crate::protocol::ClockPace;
use diag::Diagnostic;
use engine::{
    OrchestrationEvent, RunState,
    control::GuardLevel,
    port::{AgentRegistry, EventSink},
};
use planning::{
    calendar::UnknownYearError,
    id::TaskType,
    plan::{
        BuildInput, DayPlan, DayPlanError, Hourless, PlanSettings, PlanningFacts, RunMode,
        WorkflowLibrary, build_day_plan,
    },
    workflow::AgentCatalog,
};
use store::AttemptLogs;

/// The id of an execution, equal to the run id of its plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionId(String);

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The reason for which a workflow was not created or not executed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The date is outside the range of the calendar.
    #[error(transparent)]
    Calendar(#[from] UnknownYearError),
    /// The definition is invalid.
    #[error("the workflow cannot be read: {}", in_words(.0))]
    Definition(Vec<Diagnostic>),
    /// The definition cannot be planned for the date.
    #[error("the workflow cannot be planned")]
    Plan(#[from] DayPlanError),
    /// The execution does not exist or was already executed.
    #[error("no workflow `{0}` waits for execution; create it first")]
    Unknown(String),
    /// The run could not be driven.
    #[error(transparent)]
    Drive(#[from] DriveError),
}

/// Joins the problems of a definition in one line.
fn in_words(problems: &[Diagnostic]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// An execution that was created and not started.
#[derive(Debug)]
struct Waiting {
    plan: DayPlan,
    /// The stages and tasks that start on execution, regardless of trading hours.
    hourless: Hourless,
}

/// The executions of an engine.
#[derive(Debug, Default)]
struct Executions {
    waiting: BTreeMap<ExecutionId, Waiting>,
    /// Number of ids given, by the name of the plan; no id is given twice.
    named: BTreeMap<String, u32>,
    completed: u64,
    failed: u64,
}

/// The engine that creates workflows and executes them, several at once if required.
///
/// [`WorkflowEngine::execute_workflow`] uses the real clock, with up to
/// [`WorkflowEngine::max_concurrent_tasks`] tasks of an execution at once and at most the slots of
/// each agent. For a virtual clock, use [`WorkflowEngine::execute_workflow_on`].
pub struct WorkflowEngine {
    agents: AgentRegistry,
    settings: PlanSettings,
    approver: AutoApprover,
    bus: EventBus,
    guards: GuardLevel,
    desk: Mutex<Option<DeskLink>>,
    logs: Option<AttemptLogs>,
    /// Locked for moments only, never while a run is driven.
    executions: Mutex<Executions>,
}

impl fmt::Debug for WorkflowEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkflowEngine")
            .field("agents", &self.agents)
            .field("max_concurrent_tasks", &self.max_concurrent_tasks())
            .finish_non_exhaustive()
    }
}

impl WorkflowEngine {
    /// Creates an engine with these agents and this configuration. Approvals are left to an
    /// operator, and events go to the handlers registered with the engine.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, in which the handlers are called.
    #[must_use]
    pub fn new(agents: AgentRegistry, config: impl Into<PlanSettings>) -> Self {
        let (bus, dispatch) = EventBus::new();
        tokio::spawn(dispatch);
        let (settings, approver) = (config.into(), AutoApprover::Operator);
        let (guards, desk, executions) =
            (GuardLevel::default(), Mutex::default(), Mutex::default());
        Self { agents, settings, approver, bus, guards, desk, logs: None, executions }
    }

    /// Passes events to another bus.
    #[must_use]
    pub fn with_bus(self, bus: EventBus) -> Self {
        Self { bus, ..self }
    }

    /// Sets who decides approvals.
    #[must_use]
    pub fn with_approver(self, approver: AutoApprover) -> Self {
        Self { approver, ..self }
    }

    /// Registers a handler for events of a kind, of any execution of this engine.
    pub fn register_event_handler(&self, event: OrchestrationEvent, handler: Handler) {
        self.bus.register_event_handler(event, handler);
    }

    /// Passes an event of the caller's own to all handlers registered for its kind.
    pub fn emit_event(&self, event: OrchestrationEvent, data: serde_json::Value) {
        self.bus.emit_event(event, data);
    }

    /// Sets the guard level for executions driven from now on.
    pub const fn set_guards(&mut self, guards: GuardLevel) {
        self.guards = guards;
    }

    /// Keeps the logs of attempts.
    pub fn set_logs(&mut self, logs: Option<AttemptLogs>) {
        self.logs = logs;
    }

    /// Sets the desk link of the next execution.
    pub fn set_desk(&mut self, desk: DeskLink) {
        self.desk = Mutex::new(Some(desk));
    }

    /// Returns the number of tasks that may run at once, across all agents.
    #[must_use]
    pub const fn max_concurrent_tasks(&self) -> u32 {
        self.settings.limits.max_concurrent_tasks
    }

    #[must_use]
    pub const fn settings(&self) -> &PlanSettings {
        &self.settings
    }

    #[must_use]
    pub const fn agents(&self) -> &AgentRegistry {
        &self.agents
    }

    /// Returns the numbers of waiting, successful and failed executions.
    #[must_use]
    pub fn execution_counts(&self) -> (usize, u64, u64) {
        let executions = self.book();
        (executions.waiting.len(), executions.completed, executions.failed)
    }

    fn book(&self) -> MutexGuard<'_, Executions> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the catalog of agents for definitions: the built-in ones and those of this engine.
    fn registry(&self) -> AgentCatalog {
        let mut registry = AgentCatalog::builtin();
        for (id, agent) in self.agents.iter() {
            let types = agent.describe().into_iter().filter_map(|name| TaskType::parse(name).ok());
            for task_type in types {
                registry.declare_new(id, &task_type, agent.effect(task_type.as_str()));
            }
        }
        registry
    }

    /// Creates an execution of a workflow on a date, without overlays. The source may be a parsed
    /// definition, a JSON value, or text in YAML or JSON.
    ///
    /// Stages and tasks without hours in the definition start on execution, on any day and at any
    /// time; given hours are those of `date`.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if the date is out of range, or with every reason for which the definition
    /// is invalid: dependencies that do not exist, cycles.
    pub fn create_workflow(
        &self,
        definition: impl IntoDefinition,
        date: NaiveDate,
    ) -> Result<ExecutionId, EngineError> {
        let definition =
            definition.into_definition(&self.registry()).map_err(EngineError::Definition)?;
        let hourless = Hourless::of(&definition);
        let library = WorkflowLibrary::new(definition, []);
        let facts = PlanningFacts::for_date(date)?;
        let input =
            BuildInput { library: &library, facts: &facts, applied: &[], settings: &self.settings };
        Ok(self.create(build_day_plan(input)?, hourless))
    }

    /// Creates an execution of a day plan, with its hours.
    pub fn create_planned(&self, plan: DayPlan) -> ExecutionId {
        self.create(plan, Hourless::default())
    }

    fn create(&self, mut plan: DayPlan, hourless: Hourless) -> ExecutionId {
        let mut executions = self.book();
        let count = executions.named.entry(plan.run.clone()).or_default();
        *count += 1;
        if *count > 1 {
            plan.run = format!("{}.{count}", plan.run);
        }
        let id = ExecutionId(plan.run.clone());
        executions.waiting.insert(id.clone(), Waiting { plan, hourless });
        id
    }

    fn take(&self, id: &ExecutionId) -> Result<Waiting, EngineError> {
        let unknown = || EngineError::Unknown(id.to_string());
        self.book().waiting.remove(id).ok_or_else(unknown)
    }

    /// Returns the driver of an execution and its handle; the caller runs it. The plan is driven
    /// with the hours of its date.
    ///
    /// # Errors
    ///
    /// [`EngineError::Unknown`] if no such execution is waiting.
    pub fn driver(
        &self,
        id: &ExecutionId,
        clock: RunClock,
        attendance: Attendance,
        sinks: Vec<Box<dyn EventSink>>,
    ) -> Result<(Driver, RunHandle), EngineError> {
        let plan = Arc::new(self.take(id)?.plan);
        Ok(Driver::new(self.setup(plan, clock, attendance, sinks)))
    }

    /// Returns the driver of an execution that another process left unfinished, and its handle.
    #[must_use]
    pub fn recover(
        &self,
        (state, how): (RunState, RecoveryMode),
        clock: RunClock,
        attendance: Attendance,
        sinks: Vec<Box<dyn EventSink>>,
    ) -> (Driver, RunHandle) {
        let setup = self.setup(Arc::clone(state.plan()), clock, attendance, sinks);
        Driver::recover(setup, state, how)
    }

    fn setup(
        &self,
        plan: Arc<DayPlan>,
        clock: RunClock,
        attendance: Attendance,
        sinks: Vec<Box<dyn EventSink>>,
    ) -> DriverConfig {
        DriverConfig {
            plan,
            roster: self.agents.clone(),
            clock,
            approver: self.approver,
            attendance,
            sinks,
            bus: self.bus.clone(),
            guards: self.guards,
            desk: self.desk.lock().unwrap_or_else(PoisonError::into_inner).take(),
            logs: self.logs.clone(),
        }
    }

    /// Executes a workflow on the real clock and returns when its last task has ended.
    ///
    /// Tasks run concurrently as far as dependencies, slots and windows allow, and timeouts apply.
    /// No operator is present to repair failures, so a stage ends with its last task and does not
    /// wait for its window to close.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if there is no such execution or it cannot be driven.
    pub async fn execute_workflow(&self, id: &ExecutionId) -> Result<WorkflowReport, EngineError> {
        // The clock begins with the wall and is not moved when the wall is set meanwhile.
        self.execute_workflow_on(id, RunClock::starting(wall_now(), ClockPace::Real)).await
    }

    /// Executes a workflow on another clock, such as [`WorkflowEngine::virtual_clock`]. On a
    /// virtual clock agents run one after the other while it stands still, and each task takes the
    /// duration given by its agent or its estimate; an agent that never replies blocks the
    /// execution.
    ///
    /// # Errors
    ///
    /// As for [`WorkflowEngine::execute_workflow`].
    pub async fn execute_workflow_on(
        &self,
        id: &ExecutionId,
        mut clock: RunClock,
    ) -> Result<WorkflowReport, EngineError> {
        let Waiting { mut plan, hourless } = self.take(id)?;
        hourless.open(&mut plan, clock.now());
        plan.ends_with_work = true;
        if plan.mode.has_virtual_clock() && clock.pace() == ClockPace::Real {
            plan.mode = RunMode::Paper;
        }
        let setup = self.setup(Arc::new(plan), clock, Attendance::Unattended, Vec::new());
        let (driver, _handle) = Driver::new(setup);
        let driven = driver.run().await.inspect_err(|_broken| self.book().failed += 1);
        let report = WorkflowReport { state: driven? };
        self.record_report(&report);
        Ok(report)
    }

    /// Returns a virtual clock that starts when the first stage of an execution opens, and does not
    /// wait.
    ///
    /// # Errors
    ///
    /// [`EngineError::Unknown`] if no such execution is waiting.
    pub fn virtual_clock(&self, id: &ExecutionId) -> Result<RunClock, EngineError> {
        let executions = self.book();
        let waiting = executions.waiting.get(id);
        let plan = &waiting.ok_or_else(|| EngineError::Unknown(id.to_string()))?.plan;
        let first = plan.stages.iter().map(|stage| stage.opens_at).min().unwrap_or(plan.open);
        Ok(RunClock::starting(first, ClockPace::Max))
    }

    /// Counts an execution that the caller drove.
    pub fn record_report(&self, report: &WorkflowReport) {
        let mut executions = self.book();
        if report.succeeded() {
            executions.completed += 1;
        } else {
            executions.failed += 1;
        }
    }
}
