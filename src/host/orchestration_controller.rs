//! The controller: brings the system up, makes days run, brings it down again in order.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::{
    agent_status::StatusWriter,
    books::opening_book,
    controller_builder::ControllerBuilder,
    days::{DayFactory, agent_names},
    embedded_agents::EmbeddedAgents,
    error::ControllerError,
    health::{self, ComponentHealth, HealthState},
    own_agents::start_own_agents,
};
use agents::StartedAgents;
use config::{Config, GuardSetting};
use desk::{
    agents::{AgentContext, DeskOpening, Holdings, builtin_agents, open_desk},
    trading::{
        broker::SimBrokerRules,
        desk::{Desk, DeskBacking},
        instruments,
        limits::RiskLimits,
    },
};
use engine::{
    AgentHealth, OrchestrationEvent, RunState, RunStatus, TaskState,
    control::GuardLevel,
    port::{AgentRegistry, EventSink},
};
use planning::{
    calendar,
    plan::{AppliedOverlay, DayPlan, RunMode},
    workflow::AgentCatalog,
};
use runtime::{
    Attendance, AutoApprover, ClockPace, DeskLink, Driver, EventBus, Handler, KillWatch,
    KillWatchConfig, ProcessKillSwitch, RecoveryMode, RunClock, RunHandle, Scenario,
    WorkflowEngine, WorkflowReport, wall_now,
};
use store::{AttemptLogs, FlagFiles};
use view::status::{AgentsStatus, ProcessInfo, SystemStatus, status};

/// The demo desk's limits.
const LIMITS: &str = include_str!("../../assets/desk/limits.yaml");

/// How a day is to be run.
pub struct RunRequest {
    /// Trading date, exchange time.
    pub date: NaiveDate,
    /// Where clock, broker and data come from.
    pub mode: RunMode,
    /// The run's clock.
    pub clock: RunClock,
    /// What is to go wrong on purpose.
    pub scenario: Option<Arc<Scenario>>,
    /// Overlays beyond those the calendar and the regime ask for.
    pub overlays: Vec<String>,
    /// Whether somebody is there to help a day that is stuck.
    pub attendance: Attendance,
    /// Who must have every event.
    pub sinks: Vec<Box<dyn EventSink>>,
    /// Whether it begins, or goes on.
    pub begins: StartKind,
}

/// Whether a day begins or goes on.
#[derive(Debug)]
pub enum StartKind {
    /// It begins, as the so-manieth run of its date, from 1.
    New {
        /// Which.
        run: u32,
    },
    /// It goes on where a program that ended left it.
    Recovered {
        /// As it was left.
        state: Box<RunState>,
        /// Who lets it go on.
        how: RecoveryMode,
    },
}

impl Default for StartKind {
    fn default() -> Self {
        Self::New { run: 1 }
    }
}

/// A day that is ready to run.
#[derive(Debug)]
pub struct PreparedRun {
    /// Drives it; the caller runs it.
    pub driver: Driver,
    /// Reaches it.
    pub handle: RunHandle,
    /// What will be done.
    pub plan: Arc<DayPlan>,
    /// Which overlays apply, and why.
    pub applied: Vec<AppliedOverlay>,
    /// Its book, orders and broker.
    pub desk: Arc<Desk>,
    /// Obeys flag files and SIGUSR1 as long as it is kept; `None` where there are none to obey.
    pub kill: Option<KillWatch>,
}

/// Start-up and shut-down of the system, its event handlers, its health and its status.
#[derive(Debug)]
pub struct OrchestrationController {
    pub(super) config: Config,
    pub(super) bus: EventBus,
    days: Option<DayFactory>,
    pub(super) own_agents: StartedAgents,
    embedded: EmbeddedAgents,
    process: ProcessInfo,
    /// The names of the runs that `process` counts.
    reported: BTreeSet<String>,
    running: Vec<RunHandle>,
    /// Writes the status of own agents while they are there.
    status_writer: Option<StatusWriter>,
    flags: Option<FlagFiles>,
}

impl OrchestrationController {
    /// A controller of a system that is not up yet. Handlers are called by a task of the tokio
    /// runtime this is called in.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self::with_embedded(config, EmbeddedAgents::default())
    }

    /// Returns a builder, for a system with agents or a workflow in Rust.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use bellwether::{
    ///     engine::{AttemptOutcome, TaskResult, port::{Agent, AttemptFuture, AttemptRequest}},
    ///     host::{DailyTradingWorkflow, OrchestrationController},
    /// };
    ///
    /// struct Greeter;
    ///
    /// impl Agent for Greeter {
    ///     fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
    ///         let text = format!("good morning of {}", request.session_date);
    ///         Box::pin(async { AttemptOutcome::Completed(TaskResult::without_data(text)).into() })
    ///     }
    ///
    ///     fn describe(&self) -> Vec<&str> {
    ///         vec!["greet"]
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut controller = OrchestrationController::builder()
    ///     .agent("greeter", Greeter)
    ///     .workflow("{name: greeting, stages: {only: {tasks: [{agent: greeter, task_type: greet}]}}}")
    ///     .build()?;
    /// controller.startup_system()?;
    /// let date = "2018-12-19".parse()?;
    /// let day = DailyTradingWorkflow::new(&mut controller).run_daily_workflow(date).await?;
    /// let summary = day.results()["greet"].summary.clone();
    /// assert_eq!(summary.as_deref(), Some("good morning of 2018-12-19"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn builder() -> ControllerBuilder {
        ControllerBuilder::default()
    }

    pub(crate) fn with_embedded(config: Config, embedded: EmbeddedAgents) -> Self {
        let (bus, dispatch) = EventBus::new();
        tokio::spawn(dispatch);
        let process = ProcessInfo::started(wall_now());
        let own_agents = StartedAgents::default();
        Self {
            config,
            bus,
            days: None,
            own_agents,
            embedded,
            process,
            running: Vec::new(),
            status_writer: None,
            flags: None,
            reported: BTreeSet::new(),
        }
    }

    /// What configuration says.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Whether the system is up.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        self.days.is_some()
    }

    /// Lets the days begun from now on obey the flag files of a state folder, SIGUSR1 included, and write
    /// the heartbeat there: for whoever owns the folder's journal.
    pub fn obey_flags(&mut self, flags: FlagFiles) {
        self.flags = Some(flags);
    }

    /// Registers a handler for events of a kind, of any run of this process.
    pub fn register_event_handler(&self, event: OrchestrationEvent, handler: Handler) {
        self.bus.register_event_handler(event, handler);
    }

    /// The bus of the controller's events.
    pub(crate) fn event_bus(&self) -> EventBus {
        self.bus.clone()
    }

    /// Gives an event of the caller's own to all handlers registered for its kind.
    pub fn emit_event(&self, event: OrchestrationEvent, data: serde_json::Value) {
        self.bus.emit_event(event, data);
    }

    /// Brings the system up: reads workflow files and market data, checks its parts. A system
    /// that is up stays as it is.
    ///
    /// # Errors
    ///
    /// [`ControllerError`] with every problem of the files; the system is then not up.
    pub fn startup_system(&mut self) -> Result<(), ControllerError> {
        if self.days.is_some() {
            return Ok(());
        }
        let days = DayFactory::with_embedded(self.config.clone(), &self.embedded)?;
        self.process.started_at = wall_now();
        tracing::info!("market data read, {} problems found in it", days.problems().len());
        self.own_agents = start_own_agents(days.own_agents(), &self.config.places.state)?;
        self.days = Some(days);
        let checks = self.health_check();
        let failed: Vec<_> = checks.iter().filter(|it| it.state == HealthState::Failed).collect();
        for check in &failed {
            tracing::warn!(check = check.component.as_str(), "{}", check.detail);
        }
        let data = json!({"code": "system_started", "failed_checks": failed});
        self.bus.emit_event(OrchestrationEvent::SystemAlert, data);
        Ok(())
    }

    /// Brings the system down: running days stop after the step they are in, and nothing new
    /// starts. What happened is recorded; a second call does nothing.
    pub async fn shutdown_system(&mut self, reason: &str) {
        if self.days.take().is_none() {
            return;
        }
        tracing::info!(reason, "shutting down");
        for handle in self.running.drain(..) {
            // A day that is over needs no stopping.
            let _ = handle.stop().await;
        }
        self.stop_own_agents().await;
        let data = json!({"code": "system_stopped", "reason": reason});
        self.bus.emit_event(OrchestrationEvent::SystemAlert, data);
    }

    /// Puts own and embedded agents into a registry of built-in ones.
    pub(super) fn route_own_agents(&self, roster: &mut AgentRegistry) {
        self.embedded.route(roster);
        self.own_agents.route(roster);
    }

    /// Ends the processes of own agents.
    pub(crate) async fn stop_own_agents(&mut self) {
        self.status_writer = None;
        std::mem::take(&mut self.own_agents).stop().await;
    }

    /// The days this system can make.
    ///
    /// # Errors
    ///
    /// [`ControllerError::NotRunning`] before start-up and after shut-down.
    pub fn day_factory(&self) -> Result<&DayFactory, ControllerError> {
        self.days.as_ref().ok_or(ControllerError::NotRunning)
    }

    /// Checks the parts that need no run: the system itself, its agents, market data and calendar.
    /// [`check_components`](super::check_components) checks a state folder and the run served there.
    #[must_use]
    pub fn health_check(&self) -> Vec<ComponentHealth> {
        health::check_system(self.days.as_ref(), self.config.day.date)
    }

    /// Says since when the system counts as up: for a status at a moment of a simulated day.
    pub const fn started_at(&mut self, at: DateTime<Utc>) {
        self.process.started_at = at;
    }

    /// The specification's status document at `at`; of `run`, if one is under way.
    #[must_use]
    pub fn status(&self, run: Option<&RunState>, at: DateTime<Utc>) -> SystemStatus {
        let mut document = status(run, &self.process, at);
        if run.is_some_and(|run| run.has_ended() && self.reported.contains(&run.plan().run)) {
            // It is among the earlier runs of the process already.
            let earlier = status(None, &self.process, at);
            document.workflow_engine = earlier.workflow_engine;
            document.statistics = earlier.statistics;
        }
        document.system_running = self.is_running();
        let names = self
            .days
            .as_ref()
            .map_or_else(|| agent_names(&AgentCatalog::builtin()), DayFactory::agent_names);
        document.agents = agents_status(names, run.map(|run| (run, at)));
        if run.is_none() && self.is_running() {
            // They wait for the first run.
            document.agents.healthy = document.agents.total;
        }
        document
    }

    /// Makes a day ready to run: its plan, its desk, the six agents, a driver.
    ///
    /// # Errors
    ///
    /// [`ControllerError`] when the system is not up, the date is unknown, or the day cannot be
    /// planned or its desk not opened.
    pub fn prepare_run(&mut self, request: RunRequest) -> Result<PreparedRun, ControllerError> {
        self.prepare_run_on(request, |_run| DeskBacking::default())
    }

    /// The same with its desk kept where `backing` says, given the run's name; a run that is taken
    /// up gets the desk it had.
    ///
    /// # Errors
    ///
    /// As `OrchestrationController::begin_day`, and when the backing cannot be used.
    pub fn prepare_run_on(
        &mut self,
        request: RunRequest,
        backing: impl FnOnce(&str) -> DeskBacking,
    ) -> Result<PreparedRun, ControllerError> {
        let days = self.day_factory()?;
        let RunRequest { date, mode, clock, scenario, overlays, attendance, sinks, begins } =
            request;
        let ((mut plan, applied), mut clock) = match &begins {
            StartKind::New { run } => (days.day_plan(date, mode, *run, &overlays)?, clock),
            StartKind::Recovered { state, .. } => {
                ((Arc::clone(state.plan()), Vec::new()), clock.at_least(state.last_event_at()))
            }
        };
        // A virtual clock starts when it is first read, so it is not read here.
        if clock.pace() == ClockPace::Real && matches!(begins, StartKind::New { .. }) {
            days.open_at_once(Arc::make_mut(&mut plan), clock.now());
        }
        let data = days.data().for_day(date);
        let mut backing = backing(&plan.run);
        if let Some(scenario) = &scenario {
            backing.faults = scenario.broker_faults().clone();
        }
        let opening = opening(days, date, mode, plan.generation())?;
        let switch = Arc::new(ProcessKillSwitch::new(self.flags.clone()));
        let desk = open_desk(&data, opening, backing)?;
        let desk = Arc::new(desk.with_kill_switch(Arc::<ProcessKillSwitch>::clone(&switch)));
        let mut roster = builtin_agents(&AgentContext::new(data, Arc::clone(&desk)));
        self.route_own_agents(&mut roster);
        let (tasks, overlays) = (plan.tasks.len(), plan.overlays.join(" + "));
        tracing::info!("{date} planned in {mode}: {tasks} tasks, overlays: {overlays}");
        if let Some(scenario) = &scenario {
            tracing::warn!("scenario {}: {}", scenario.name, scenario.title);
            let known: Vec<_> = plan.tasks.iter().map(|task| task.id.as_str()).collect();
            for stranger in scenario.unknown_tasks(&known) {
                tracing::warn!(scenario = scenario.name, "no task `{stranger}` on this day");
            }
            roster = scenario.apply_to(&roster);
        }
        let day = &self.config.day;
        let approver = match day.approvals {
            config::ApprovalSetting::Auto => AutoApprover::Simulated(day.auto_approve_after),
            config::ApprovalSetting::Ask => AutoApprover::Operator,
        };
        let settings = self.config.plan_settings(mode, plan.generation());
        let mut engine = WorkflowEngine::new(roster, settings)
            .with_approver(approver)
            .with_bus(self.bus.clone());
        engine.set_guards(match day.guards {
            GuardSetting::Mode => GuardLevel::Mode,
            GuardSetting::Live => GuardLevel::Live,
        });
        engine.set_logs(self.flags.is_some().then(|| {
            // Only the owner of a state folder writes to it.
            AttemptLogs::in_folder(&self.config.places.state)
        }));
        engine.set_desk(DeskLink::new(Arc::clone(&desk), Arc::clone(&switch)));
        if self.flags.is_some() && self.status_writer.is_none() {
            let folder = &self.config.places.state;
            self.status_writer = StatusWriter::start(&self.own_agents, folder);
        }
        let real_time = clock.pace() == ClockPace::Real;
        let (driver, handle) = match begins {
            StartKind::New { .. } => {
                let id = engine.create_planned((*plan).clone());
                engine.driver(&id, clock, attendance, sinks)?
            }
            StartKind::Recovered { state, how } => {
                engine.recover((*state, how), clock, attendance, sinks)
            }
        };
        self.running.push(handle.clone());
        let guarded =
            KillWatchConfig { switch, desk: Arc::clone(&desk), handle: handle.clone(), real_time };
        let kill = KillWatch::start(guarded).map_err(ControllerError::Kill)?;
        Ok(PreparedRun { driver, handle, plan, applied, desk, kill })
    }

    /// Counts a day that has run, for the status document.
    pub fn record_report(&mut self, report: &WorkflowReport) {
        self.reported.insert(report.state.plan().run.clone());
        match report.state.status() {
            RunStatus::Completed(_) => self.process.runs_completed += 1,
            RunStatus::Failed(_) | RunStatus::Cancelled => self.process.runs_failed += 1,
            RunStatus::Running => {}
        }
        let state = &report.state;
        self.process.tasks_completed += u64::from(state.count_in_state(TaskState::Completed));
        let failed =
            [TaskState::Failed, TaskState::Timeout].map(|s| u64::from(state.count_in_state(s)));
        self.process.tasks_failed += failed.iter().sum::<u64>();
        for (_, task) in state.tasks() {
            if let (Some(from), Some(to)) = (task.started_at, task.ended_at) {
                self.process.task_seconds +=
                    planning::time::Span::between(&from, &to).as_secs_f64();
            }
        }
    }
}

/// What the desk of a day is opened with.
pub(super) fn opening(
    days: &DayFactory,
    date: NaiveDate,
    mode: RunMode,
    run: u32,
) -> Result<DeskOpening, ControllerError> {
    let book = opening_book(days, date, mode).map_err(ControllerError::Books)?;
    desk_opening((date, mode, run), book.holdings)
}

/// What the desk of a run is opened with, given its book.
pub(super) fn desk_opening(
    (date, mode, run): (NaiveDate, RunMode, u32),
    book: Holdings,
) -> Result<DeskOpening, ControllerError> {
    Ok(DeskOpening {
        day: calendar::exchange_day(date)?,
        mode: match mode {
            RunMode::Sim | RunMode::Replay => instruments::TradingMode::Sim,
            RunMode::Paper => instruments::TradingMode::Paper,
            RunMode::Live => instruments::TradingMode::Live,
            RunMode::Dry => instruments::TradingMode::DryRun,
        },
        run: u16::try_from(run).unwrap_or(u16::MAX),
        book,
        limits: RiskLimits::parse(LIMITS).map_err(ControllerError::Limits)?,
        terms: SimBrokerRules::default(),
    })
}

/// The agents with these names at a moment of a run. Without a run no agent works, so none is counted as
/// healthy.
pub(crate) fn agents_status(
    names: Vec<String>,
    run: Option<(&RunState, DateTime<Utc>)>,
) -> AgentsStatus {
    let Some((run, at)) = run else {
        return AgentsStatus { total: names.len(), healthy: 0, names };
    };
    let ill: Vec<_> = run
        .agents()
        .filter(|(ix, _)| view::agents::agent_health(run, *ix, at) != AgentHealth::Healthy)
        .map(|(ix, _)| run.plan().agent(ix).id.to_string())
        .collect();
    let healthy = names.iter().filter(|name| !ill.contains(name)).count();
    AgentsStatus { total: names.len(), healthy, names }
}
