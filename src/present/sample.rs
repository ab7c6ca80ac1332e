//! A small trading day and a hand on its engine, for the tests of what is shown.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde_json::json;

use crate::{
    definition::{Effect, Hardness, OnClose, TaskPriority},
    engine::{
        Actor, Answer, Command, Engine, Failure, FailureKind, Input, Order, Outcome, Quality,
        Recorded, RunState, TaskState, Terms, Work,
    },
    id::{AgentId, StageId, TaskId, TaskType},
    plan::{
        AgentIx, Dependency, Limits, Mode, Plan, PlannedAgent, PlannedStage, PlannedTask, StageIx,
        TaskIx,
    },
    time::Span,
};

/// A time of 2024-01-16 on the exchange's clock, as `10:42` or `10:42:07`.
pub(crate) fn et(time: &str) -> DateTime<Utc> {
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

/// A pure task of the economist, with two retries, in the window of its stage.
pub(crate) fn task(id: &str, stage: u32) -> PlannedTask {
    let (_, opens, closes) = STAGES[StageIx(stage).at()];
    PlannedTask {
        id: TaskId::parse(id).unwrap(),
        stage: StageIx(stage),
        agent: AgentIx(0),
        task_type: TaskType::parse(id).unwrap(),
        task_data: Arc::new(json!({ "symbols": ["AAPL", "MSFT"] })),
        priority: TaskPriority::Medium,
        effect: Effect::Pure,
        dependencies: Vec::new(),
        opens_at: et(opens),
        closes_at: et(closes),
        deadline: et(closes),
        timeout: Span::mins(5),
        queue_timeout: None,
        max_retries: 2,
        every: None,
        valid_for: None,
        when: None,
        estimate: Span::mins(1),
        required: true,
        group: None,
    }
}

/// The same, waiting for the tasks at these places.
pub(crate) fn after(mut task: PlannedTask, on: &[u32]) -> PlannedTask {
    let hard = |&on: &u32| Dependency { on: TaskIx(on), hardness: Hardness::Hard };
    task.dependencies.extend(on.iter().map(hard));
    task
}

/// A day of these tasks.
pub(crate) fn plan(tasks: Vec<PlannedTask>) -> Plan {
    let stage = |(id, opens, closes): (&str, &str, &str)| PlannedStage {
        id: StageId::parse(id).unwrap(),
        opens_at: et(opens),
        closes_at: et(closes),
        on_close: OnClose::Fail,
    };
    Plan {
        run: "2024-01-16-standard-1".into(),
        workflow: "Standard Trading Day".into(),
        date: et("12:00").date_naive(),
        day: "regular session".into(),
        overlays: Vec::new(),
        open: et("09:30"),
        close: et("16:00"),
        mode: Mode::Sim,
        stages: STAGES.into_iter().map(stage).collect(),
        tasks,
        agents: AGENTS
            .into_iter()
            .map(|id| PlannedAgent { id: AgentId::parse(id).unwrap(), slots: 2 })
            .collect(),
        limits: Limits::default(),
        blackouts: Vec::new(),
        multipliers: BTreeMap::new(),
        approvals: Vec::new(),
        ends_with_work: false,
        notes: Vec::new(),
    }
}

/// An engine at work, with everything it recorded.
pub(crate) struct Day {
    pub(crate) engine: Engine,
    pub(crate) events: Vec<Recorded>,
    pub(crate) refused: Option<String>,
    orders: u64,
}

impl Day {
    pub(crate) fn start(plan: Plan, time: &str) -> Self {
        let (engine, step) = Engine::start(Arc::new(plan), et(time));
        Self { engine, events: step.events, refused: None, orders: 0 }
    }

    pub(crate) fn run(&self) -> &RunState {
        self.engine.state()
    }

    pub(crate) fn step(&mut self, at: DateTime<Utc>, input: Input) -> Vec<Work> {
        let step = self.engine.step(at, input);
        self.refused = step.refusal.map(|refusal| refusal.to_string());
        self.events.extend(step.events);
        step.work
    }

    pub(crate) fn wake(&mut self, time: &str) {
        self.step(et(time), Input::Wake);
    }

    pub(crate) fn answer(&mut self, time: &str, task: u32, answer: Answer) {
        let task = TaskIx(task);
        let attempt = self.run().task(task).attempt;
        self.step(et(time), Input::Answer { task, attempt, answer });
    }

    pub(crate) fn order(&mut self, time: &str, command: Command, reason: &str) {
        self.give(et(time), command, reason);
    }

    pub(crate) fn give(&mut self, at: DateTime<Utc>, command: Command, reason: &str) {
        self.orders += 1;
        let by = Actor::Operator("ana".into());
        let reason = Some(reason.to_owned());
        let order = Order { id: self.orders, by, reason, command };
        self.step(at, Input::Order(order));
    }
}

pub(crate) fn done(summary: &str) -> Answer {
    let output = Arc::new(json!({ "data": { "regime": "calm" } }));
    Answer::Done(Outcome { quality: Quality::Ok, summary: summary.into(), output })
}

pub(crate) fn failed(kind: FailureKind, message: &str) -> Answer {
    Answer::Failed(Failure::new(kind, message))
}

/// One task in each of the fourteen states, at 10:42:07; the task at place `i` is in
/// `TaskState::ALL[i]`.
pub(crate) fn every_state() -> Day {
    let mut tasks: Vec<_> = TaskState::ALL
        .iter()
        .map(|state| task(&format!("t_{}", state.word().to_lowercase()), 2))
        .collect();
    let at = |state: TaskState| state.place();
    for one in &mut tasks {
        one.agent = AgentIx(1);
        one.max_retries = 0;
        one.timeout = Span::mins(30);
    }
    tasks[at(TaskState::Pending)].opens_at = et("14:45");
    for state in [TaskState::Queued, TaskState::Running, TaskState::Cancelling] {
        tasks[at(state)].agent = AgentIx(0);
        tasks[at(state)].priority = TaskPriority::Low;
    }
    tasks[at(TaskState::Running)].priority = TaskPriority::High;
    tasks[at(TaskState::Cancelling)].priority = TaskPriority::High;
    tasks[at(TaskState::Retrying)].max_retries = 3;
    tasks[at(TaskState::InDoubt)].effect = Effect::Effectful;
    tasks[at(TaskState::InDoubt)].agent = AgentIx(2);
    tasks[at(TaskState::Held)].opens_at = et("12:00");
    tasks[at(TaskState::Cancelled)].opens_at = et("12:00");
    tasks[at(TaskState::Skipped)].opens_at = et("12:00");
    tasks[at(TaskState::Missed)].opens_at = et("09:00");
    tasks[at(TaskState::Missed)].closes_at = et("09:05");
    tasks[at(TaskState::Timeout)].timeout = Span::mins(3);
    let failed_ix = u32::try_from(at(TaskState::Failed)).unwrap();
    let blocked = tasks[at(TaskState::UpstreamFailed)].clone();
    tasks[at(TaskState::UpstreamFailed)] = after(blocked, &[failed_ix]);
    let mut plan = plan(tasks);
    plan.agents[1].slots = 9;
    plan.agents[2].slots = 9;
    plan.limits.max_concurrent_tasks = 12;
    plan.limits.retry.base_delay = Span::secs(60);
    let mut day = Day::start(plan, "10:30");
    let ix = |state: TaskState| u32::try_from(at(state)).unwrap();
    let place = |state: TaskState| TaskIx(ix(state));
    day.answer("10:31", ix(TaskState::Completed), done("regime calm"));
    day.answer("10:32", ix(TaskState::Failed), failed(FailureKind::BadInput, "no such symbol"));
    let lost = Failure::new(FailureKind::TimedOut, "no word from the broker");
    day.answer("10:32", ix(TaskState::InDoubt), Answer::Unknown(lost));
    day.wake("10:33");
    day.order("10:34", Command::Hold { task: place(TaskState::Held) }, "wait for the desk");
    day.order("10:34", Command::Cancel { task: place(TaskState::Cancelled) }, "not today");
    let skip = Command::Skip { task: place(TaskState::Skipped), satisfies: true };
    day.order("10:34", skip, "not today");
    day.answer("10:42:00", ix(TaskState::Retrying), failed(FailureKind::Transient, "LLM 429"));
    day.order("10:42:03", Command::Cancel { task: place(TaskState::Cancelling) }, "stuck");
    day
}

/// Terms of an approval, of each kind in turn: none, a part, a trim, and what makes no sense.
pub(crate) fn terms(n: u32) -> Terms {
    let only = |numbers: &[u32]| Some(numbers.iter().copied().collect());
    match n % 4 {
        0 => Terms::default(),
        1 => Terms { only: only(&[1, 3]), ..Terms::default() },
        2 => Terms { trims: [(2, 50)].into(), ..Terms::default() },
        _ => Terms { only: only(&[]), trims: [(2, -1)].into(), ..Terms::default() },
    }
}
