//! The specification's `WorkflowEngine`: workflows created from definitions, executed by id.

use std::{collections::BTreeMap, fmt, sync::Arc};

use chrono::NaiveDate;

use super::{
    approver::Approver,
    bus::EventBus,
    clock::Clock,
    driver::{Attendance, DriveError, Driver, Setup},
    handle::Handle,
    link::DeskLink,
    recovering::Recover,
};
use crate::{
    acting::Guards,
    calendar::UnknownYear,
    definition::Definition,
    engine::{RunState, RunStatus, TaskState},
    journal::Roster,
    journal::Sink,
    plan::{BuildInput, DayFacts, Library, Plan, PlanError, Settings, build},
    wire::Pace,
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
    Calendar(#[from] UnknownYear),
    /// The definition cannot be planned for the date.
    #[error("the workflow cannot be planned")]
    Plan(#[from] PlanError),
    /// No such execution, or it was executed before.
    #[error("no workflow `{0}` waits for execution; create it first")]
    Unknown(String),
    /// The run could not be driven.
    #[error(transparent)]
    Drive(#[from] DriveError),
}

/// What became of an execution.
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
        let plan = self.state.plan();
        self.state.tasks().map(|(ix, run)| (plan.task(ix).id.to_string(), run.state)).collect()
    }
}

/// Creates workflows and executes them.
///
/// Executions run on a virtual clock at full speed unless a driver is taken by
/// [`WorkflowEngine::driver`] with a clock of the caller's own.
pub struct WorkflowEngine {
    agents: Roster,
    settings: Settings,
    approver: Approver,
    bus: EventBus,
    guards: Guards,
    desk: Option<DeskLink>,
    waiting: BTreeMap<ExecutionId, Arc<Plan>>,
    completed: u64,
    failed: u64,
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
    pub fn new(agents: Roster, settings: Settings, approver: Approver, bus: EventBus) -> Self {
        let waiting = BTreeMap::new();
        let guards = Guards::default();
        let desk = None;
        Self { agents, settings, approver, bus, guards, desk, waiting, completed: 0, failed: 0 }
    }

    /// How strict the executions taken from now on are with those who act on them.
    pub const fn set_guards(&mut self, guards: Guards) {
        self.guards = guards;
    }

    /// The desk that follows the trading state of the next execution taken.
    pub fn set_desk(&mut self, desk: DeskLink) {
        self.desk = Some(desk);
    }

    /// Tasks running at once, all agents together.
    #[must_use]
    pub const fn max_concurrent_tasks(&self) -> u32 {
        self.settings.limits.max_concurrent_tasks
    }

    /// What configuration says.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who does the work.
    #[must_use]
    pub const fn agents(&self) -> &Roster {
        &self.agents
    }

    /// Executions that wait, that ended well, and that failed.
    #[must_use]
    pub fn executions(&self) -> (usize, u64, u64) {
        (self.waiting.len(), self.completed, self.failed)
    }

    /// Creates an execution of a definition on a date, without overlays.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when the date is unknown, or with every reason why the definition cannot be
    /// planned: dependencies that do not exist, rings.
    pub fn create_workflow(
        &mut self,
        definition: &Definition,
        date: NaiveDate,
    ) -> Result<ExecutionId, EngineError> {
        let library = Library::new(definition.clone(), []);
        let facts = DayFacts::on(date)?;
        let input =
            BuildInput { library: &library, facts: &facts, applied: &[], settings: &self.settings };
        Ok(self.create_planned(build(input)?))
    }

    /// Creates an execution of a day that is planned already.
    pub fn create_planned(&mut self, mut plan: Plan) -> ExecutionId {
        let mut id = ExecutionId(plan.run.clone());
        let mut again = 1_u32;
        while self.waiting.contains_key(&id) {
            again += 1;
            id = ExecutionId(format!("{}.{again}", plan.run));
        }
        plan.run.clone_from(&id.0);
        self.waiting.insert(id.clone(), Arc::new(plan));
        id
    }

    /// The driver of an execution, and the way to reach it; the caller runs it.
    ///
    /// # Errors
    ///
    /// [`EngineError::Unknown`] when there is no such execution waiting.
    pub fn driver(
        &mut self,
        id: &ExecutionId,
        clock: Clock,
        attendance: Attendance,
        sinks: Vec<Box<dyn Sink>>,
    ) -> Result<(Driver, Handle), EngineError> {
        let plan = self.waiting.remove(id).ok_or_else(|| EngineError::Unknown(id.to_string()))?;
        Ok(Driver::new(self.setup(plan, clock, attendance, sinks)))
    }

    /// The driver of an execution that a program left unfinished, and the way to reach it.
    #[must_use]
    pub fn resume(
        &mut self,
        (state, how): (RunState, Recover),
        clock: Clock,
        attendance: Attendance,
        sinks: Vec<Box<dyn Sink>>,
    ) -> (Driver, Handle) {
        let setup = self.setup(Arc::clone(state.plan()), clock, attendance, sinks);
        Driver::resume(setup, state, how)
    }

    fn setup(
        &mut self,
        plan: Arc<Plan>,
        clock: Clock,
        attendance: Attendance,
        sinks: Vec<Box<dyn Sink>>,
    ) -> Setup {
        Setup {
            plan,
            roster: self.agents.clone(),
            clock,
            approver: self.approver,
            attendance,
            sinks,
            bus: self.bus.clone(),
            guards: self.guards,
            desk: self.desk.take(),
        }
    }

    /// Executes a workflow to its end, with its dependencies, on a virtual clock that starts when
    /// its first stage opens and does not wait.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when there is no such execution or it cannot be driven.
    pub async fn execute_workflow(
        &mut self,
        id: &ExecutionId,
    ) -> Result<WorkflowReport, EngineError> {
        let plan = self.waiting.get(id).ok_or_else(|| EngineError::Unknown(id.to_string()))?;
        let first = plan.stages.iter().map(|stage| stage.opens_at).min().unwrap_or(plan.open);
        let clock = Clock::starting(first, Pace::Max);
        let (driver, _handle) = self.driver(id, clock, Attendance::Unattended, Vec::new())?;
        let state = driver.run().await?;
        let report = WorkflowReport { state };
        self.count(&report);
        Ok(report)
    }

    /// Counts an execution that the caller drove.
    pub fn count(&mut self, report: &WorkflowReport) {
        if report.succeeded() {
            self.completed += 1;
        } else {
            self.failed += 1;
        }
    }
}
