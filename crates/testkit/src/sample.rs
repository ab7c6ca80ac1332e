//! A small trading day with a running engine, for tests of views.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde_json::json;

use engine::{
    Actor, ApprovalTerms, AttemptOutcome, Command, CommandRequest, Engine, EngineInput, Failure,
    FailureKind, RecordedEvent, ResultQuality, RunState, TaskResult, TaskState, WorkItem,
};
use planning::{
    id::{AgentId, StageId, TaskId, TaskType},
    plan::{
        AgentIx, DayPlan, Dependency, EngineLimits, PlannedAgent, PlannedStage, PlannedTask,
        RunMode, StageIx, TaskIx,
    },
    time::Span,
    workflow::{DependencyKind, EffectClass, OnClose, TaskPriority},
};

/// Returns a time of 2024-01-16 in exchange time, given as `10:42` or `10:42:07`.
#[must_use]
pub fn exchange_time(time: &str) -> DateTime<Utc> {
    let mut parts = time.split(':').map(|part| part.parse::<i64>().unwrap());
    let mut next = || parts.next().unwrap_or(0);
    let seconds = next() * 3_600 + next() * 60 + next();
    Utc.with_ymd_and_hms(2024, 1, 16, 5, 0, 0).unwrap() + TimeDelta::seconds(seconds)
}

const STAGES: [(&str, &str, &str); 4] = [
    ("pre_market", "06:00", "09:30"),
    ("market_open", "09:30", "10:30"),
    ("intraday", "10:30", "15:00"),
    ("post_market", "16:00", "18:00"),
];

const AGENTS: [&str; 3] = ["economist", "portfolio_manager", "trade_execution"];

/// Returns a pure task of the economist, with two retries, in the window of its stage.
#[must_use]
pub fn task(id: &str, stage: u32) -> PlannedTask {
    let (_, opens, closes) = STAGES[StageIx(stage).at()];
    PlannedTask {
        id: TaskId::parse(id).unwrap(),
        stage: StageIx(stage),
        agent: AgentIx(0),
        task_type: TaskType::parse(id).unwrap(),
        task_data: Arc::new(json!({ "symbols": ["AAPL", "MSFT"] })),
        priority: TaskPriority::Medium,
        effect: EffectClass::Pure,
        dependencies: Vec::new(),
        opens_at: exchange_time(opens),
        closes_at: exchange_time(closes),
        deadline: exchange_time(closes),
        timeout: Span::mins(5),
        queue_timeout: None,
        max_retries: 2,
        every: None,
        valid_for: None,
        when: None,
        estimate: Span::mins(1),
        required: true,
        group: None,
        on_demand: false,
    }
}

/// Adds hard dependencies on the tasks with these indices.
#[must_use]
pub fn with_dependencies(mut task: PlannedTask, on: &[u32]) -> PlannedTask {
    let hard = |&on: &u32| Dependency { on: TaskIx(on), hardness: DependencyKind::Hard };
    task.dependencies.extend(on.iter().map(hard));
    task
}

/// Returns a day plan with these tasks.
#[must_use]
pub fn sample_plan(tasks: Vec<PlannedTask>) -> DayPlan {
    let stage = |(id, opens, closes): (&str, &str, &str)| PlannedStage {
        id: StageId::parse(id).unwrap(),
        opens_at: exchange_time(opens),
        closes_at: exchange_time(closes),
        on_close: OnClose::Fail,
    };
    DayPlan {
        run: "2024-01-16-standard-1".into(),
        workflow: "Standard Trading Day".into(),
        date: exchange_time("12:00").date_naive(),
        day: "regular session".into(),
        overlays: Vec::new(),
        open: exchange_time("09:30"),
        close: exchange_time("16:00"),
        mode: RunMode::Sim,
        stages: STAGES.into_iter().map(stage).collect(),
        tasks,
        agents: AGENTS
            .into_iter()
            .map(|id| PlannedAgent { id: AgentId::parse(id).unwrap(), slots: 2 })
            .collect(),
        limits: EngineLimits::default(),
        blackouts: Vec::new(),
        multipliers: BTreeMap::new(),
        approvals: Vec::new(),
        closed: false,
        ends_with_work: false,
        notes: Vec::new(),
    }
}

/// An engine with all the events it has recorded.
pub struct SampleRun {
    pub engine: Engine,
    pub events: Vec<RecordedEvent>,
    pub refused: Option<String>,
    orders: u64,
}

impl SampleRun {
    #[must_use]
    pub fn start(plan: DayPlan, time: &str) -> Self {
        let (engine, step) = Engine::start(Arc::new(plan), exchange_time(time));
        Self { engine, events: step.events, refused: None, orders: 0 }
    }

    #[must_use]
    pub fn run(&self) -> &RunState {
        self.engine.state()
    }

    pub fn step(&mut self, at: DateTime<Utc>, input: EngineInput) -> Vec<WorkItem> {
        let step = self.engine.step(at, input);
        self.refused = step.refusal.map(|refusal| refusal.to_string());
        self.events.extend(step.events);
        step.work
    }

    pub fn advance_to(&mut self, time: &str) {
        self.step(exchange_time(time), EngineInput::Tick);
    }

    pub fn end_attempt(&mut self, time: &str, task: u32, answer: AttemptOutcome) {
        let task = TaskIx(task);
        let attempt = self.run().task(task).attempt;
        self.step(exchange_time(time), EngineInput::AttemptEnded { task, attempt, answer });
    }

    pub fn order(&mut self, time: &str, command: Command, reason: &str) {
        self.command(exchange_time(time), command, reason);
    }

    pub fn command(&mut self, at: DateTime<Utc>, command: Command, reason: &str) {
        self.orders += 1;
        let by = Actor::Operator("ana".into());
        let reason = Some(reason.to_owned());
        let order = CommandRequest { id: self.orders, by, reason, command };
        self.step(at, EngineInput::Command(order));
    }
}

#[must_use]
pub fn completed(summary: &str) -> AttemptOutcome {
    let output = Arc::new(json!({ "data": { "regime": "calm" } }));
    AttemptOutcome::Completed(TaskResult {
        quality: ResultQuality::Ok,
        summary: summary.into(),
        output,
    })
}

#[must_use]
pub fn failed(kind: FailureKind, message: &str) -> AttemptOutcome {
    AttemptOutcome::Failed(Failure::new(kind, message))
}

/// Returns a run at 10:42:07 with one task in each of the fourteen states; the task with index `i`
/// is in `TaskState::ALL[i]`.
#[must_use]
pub fn every_state() -> SampleRun {
    let mut tasks: Vec<_> = TaskState::ALL
        .iter()
        .map(|state| task(&format!("t_{}", state.as_str().to_lowercase()), 2))
        .collect();
    let at = |state: TaskState| state.index();
    for one in &mut tasks {
        one.agent = AgentIx(1);
        one.max_retries = 0;
        one.timeout = Span::mins(30);
    }
    tasks[at(TaskState::Pending)].opens_at = exchange_time("14:45");
    for state in [TaskState::Queued, TaskState::Running, TaskState::Cancelling] {
        tasks[at(state)].agent = AgentIx(0);
        tasks[at(state)].priority = TaskPriority::Low;
    }
    tasks[at(TaskState::Running)].priority = TaskPriority::High;
    tasks[at(TaskState::Cancelling)].priority = TaskPriority::High;
    tasks[at(TaskState::Retrying)].max_retries = 3;
    tasks[at(TaskState::InDoubt)].effect = EffectClass::Effectful;
    tasks[at(TaskState::InDoubt)].agent = AgentIx(2);
    tasks[at(TaskState::Held)].opens_at = exchange_time("12:00");
    tasks[at(TaskState::Cancelled)].opens_at = exchange_time("12:00");
    tasks[at(TaskState::Skipped)].opens_at = exchange_time("12:00");
    tasks[at(TaskState::Missed)].opens_at = exchange_time("09:00");
    tasks[at(TaskState::Missed)].closes_at = exchange_time("09:05");
    tasks[at(TaskState::Timeout)].timeout = Span::mins(3);
    let failed_ix = u32::try_from(at(TaskState::Failed)).unwrap();
    let blocked = tasks[at(TaskState::UpstreamFailed)].clone();
    tasks[at(TaskState::UpstreamFailed)] = with_dependencies(blocked, &[failed_ix]);
    let mut plan = sample_plan(tasks);
    plan.agents[1].slots = 9;
    plan.agents[2].slots = 9;
    plan.limits.max_concurrent_tasks = 12;
    plan.limits.retry.base_delay = Span::secs(60);
    let mut day = SampleRun::start(plan, "10:30");
    let ix = |state: TaskState| u32::try_from(at(state)).unwrap();
    let place = |state: TaskState| TaskIx(ix(state));
    day.end_attempt("10:31", ix(TaskState::Completed), completed("regime calm"));
    day.end_attempt(
        "10:32",
        ix(TaskState::Failed),
        failed(FailureKind::BadInput, "no such symbol"),
    );
    let lost = Failure::new(FailureKind::TimedOut, "no word from the broker");
    day.end_attempt("10:32", ix(TaskState::InDoubt), AttemptOutcome::InDoubt(lost));
    day.advance_to("10:33");
    day.order("10:34", Command::Hold { task: place(TaskState::Held) }, "wait for the desk");
    day.order("10:34", Command::Cancel { task: place(TaskState::Cancelled) }, "not today");
    let skip = Command::Skip { task: place(TaskState::Skipped), satisfies: true };
    day.order("10:34", skip, "not today");
    day.end_attempt("10:42:00", ix(TaskState::Retrying), failed(FailureKind::Transient, "LLM 429"));
    day.order("10:42:03", Command::Cancel { task: place(TaskState::Cancelling) }, "stuck");
    day
}

/// Returns approval terms of each kind in turn: none, a subset, a reduced quantity, and an invalid
/// one.
#[must_use]
pub fn terms(n: u32) -> ApprovalTerms {
    let only = |numbers: &[u32]| Some(numbers.iter().copied().collect());
    match n % 4 {
        0 => ApprovalTerms::default(),
        1 => ApprovalTerms { only: only(&[1, 3]), ..ApprovalTerms::default() },
        2 => ApprovalTerms { trims: [(2, 50)].into(), ..ApprovalTerms::default() },
        _ => ApprovalTerms { only: only(&[]), trims: [(2, -1)].into(), ..ApprovalTerms::default() },
    }
}
