//! The specification's `WorkflowEngine`: workflows created from definitions, executed by id.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;

use super::{
    auto_approver::AutoApprover,
    clock::RunClock,
    desk_link::DeskLink,
    driver::{Attendance, DriveError, Driver, DriverConfig},
    event_bus::EventBus,
    execution::{IntoDefinition, WorkflowReport},
    handle::RunHandle,
    recovery::RecoveryMode,
};
use crate::protocol::ClockPace;
use diag::Diagnostic;
use engine::{
    RunState,
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

/// Names one execution, as the plan names its run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionId(String);

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Why a workflow was not created or not executed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The calendar does not know the date.
    #[error(transparent)]
    Calendar(#[from] UnknownYearError),
    /// The definition cannot be read.
    #[error("the workflow cannot be read: {}", in_words(.0))]
    Definition(Vec<Diagnostic>),
    /// The definition cannot be planned for the date.
    #[error("the workflow cannot be planned")]
    Plan(#[from] DayPlanError),
    /// No such execution, or it was executed before.
    #[error("no workflow `{0}` waits for execution; create it first")]
    Unknown(String),
    /// The run could not be driven.
    #[error(transparent)]
    Drive(#[from] DriveError),
}

/// The problems of a definition, one after the other.
fn in_words(problems: &[Diagnostic]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// An execution that was created and not begun.
#[derive(Debug)]
struct Waiting {
    plan: DayPlan,
    /// What of it begins when it is executed, whatever the hours of the day.
    hourless: Hourless,
}

/// The executions of an engine.
#[derive(Debug, Default)]
struct Executions {
    waiting: BTreeMap<ExecutionId, Waiting>,
    /// Names given so far, by the name of the plan: none is given twice.
    named: BTreeMap<String, u32>,
    completed: u64,
    failed: u64,
}

/// Creates workflows and executes them, several at once if the caller wants.
///
/// [`WorkflowEngine::execute_workflow`] runs on the real clock: up to
/// [`WorkflowEngine::max_concurrent_tasks`] tasks of an execution at once, and no more of one agent
/// than its slots. A virtual clock is the caller's choice, by
/// [`WorkflowEngine::execute_workflow_on`].
pub struct WorkflowEngine {
    agents: AgentRegistry,
    settings: PlanSettings,
    approver: AutoApprover,
    bus: EventBus,
    guards: GuardLevel,
    desk: Mutex<Option<DeskLink>>,
    /// Held for moments only, never while something runs.
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
    /// An engine with these agents and this configuration.
    #[must_use]
    pub fn new(
        agents: AgentRegistry,
        settings: PlanSettings,
        approver: AutoApprover,
        bus: EventBus,
    ) -> Self {
        let (guards, desk, executions) =
            (GuardLevel::default(), Mutex::default(), Mutex::default());
        Self { agents, settings, approver, bus, guards, desk, executions }
    }

    /// How strict the executions taken from now on are with those who act on them.
    pub const fn set_guards(&mut self, guards: GuardLevel) {
        self.guards = guards;
    }

    /// The desk that follows the trading state of the next execution taken.
    pub fn set_desk(&mut self, desk: DeskLink) {
        self.desk = Mutex::new(Some(desk));
    }

    /// Tasks running at once, all agents together.
    #[must_use]
    pub const fn max_concurrent_tasks(&self) -> u32 {
        self.settings.limits.max_concurrent_tasks
    }

    /// What configuration says.
    #[must_use]
    pub const fn settings(&self) -> &PlanSettings {
        &self.settings
    }

    /// Who does the work.
    #[must_use]
    pub const fn agents(&self) -> &AgentRegistry {
        &self.agents
    }

    /// Executions that wait, that ended well, and that failed.
    #[must_use]
    pub fn execution_counts(&self) -> (usize, u64, u64) {
        let executions = self.book();
        (executions.waiting.len(), executions.completed, executions.failed)
    }

    fn book(&self) -> MutexGuard<'_, Executions> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The agents a definition may name: the built-in ones and those of this engine.
    fn registry(&self) -> AgentCatalog {
        let mut registry = AgentCatalog::builtin();
        for (id, agent) in self.agents.iter() {
            let types = agent.describe().iter().filter_map(|name| TaskType::parse(name).ok());
            registry.agents.entry(id.clone()).or_default().extend(types);
        }
        registry
    }

    /// Creates an execution of a definition on a date, without overlays. The definition may be one
    /// that was read, a JSON value, or a text in YAML or JSON.
    ///
    /// Stages and tasks to which the definition gives no hours begin when it is executed, on any
    /// day and at any time; hours it does give are those of `date`.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when the date is unknown, or with every reason why the definition cannot be
    /// read or planned: dependencies that do not exist, rings.
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

    /// Creates an execution of a day that is planned already, hours and all.
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

    /// The driver of an execution, and the way to reach it; the caller runs it. Its plan is driven
    /// as it stands, with the hours of its date.
    ///
    /// # Errors
    ///
    /// [`EngineError::Unknown`] when there is no such execution waiting.
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

    /// The driver of an execution that a program left unfinished, and the way to reach it.
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
        }
    }

    /// Executes a workflow on the real clock and returns when its last task has ended.
    ///
    /// Tasks run at once as far as their dependencies, slots and windows allow, and timeouts hold.
    /// Nobody is there to repair what fails, so a stage ends with its last task and does not wait for
    /// its window to close.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when there is no such execution or it cannot be driven.
    pub async fn execute_workflow(&self, id: &ExecutionId) -> Result<WorkflowReport, EngineError> {
        self.execute_workflow_on(id, RunClock::real()).await
    }

    /// The same on another clock, such as [`WorkflowEngine::virtual_clock`]. On a virtual one agents
    /// compute one after the other while it stands still, and each task takes as long as its agent
    /// says or its estimate does; an agent that never answers is then waited for without end.
    ///
    /// # Errors
    ///
    /// As [`WorkflowEngine::execute_workflow`].
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

    /// A virtual clock that stands where the first stage of an execution opens, and does not wait.
    ///
    /// # Errors
    ///
    /// [`EngineError::Unknown`] when there is no such execution waiting.
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
