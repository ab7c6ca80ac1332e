//! Plans made to order: layered random graphs, and small days written out by hand.

use std::{collections::BTreeMap, sync::Arc};

use bellwether::planning::{
    id::{AgentId, StageId, TaskId, TaskType},
    plan::{
        AgentIx, DayPlan, Dependency, EngineLimits, PlannedAgent, PlannedStage, PlannedTask,
        RunMode, StageIx, TaskIx,
    },
    time::Span,
    workflow::{DependencyKind, EffectClass, OnClose, TaskPriority},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

/// A source of numbers that is the same everywhere (splitmix64).
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }

    /// Whether something with a chance of `percent` in a hundred happens.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// 06:00 in New York on a winter day.
#[must_use]
pub fn morning() -> DateTime<Utc> {
    "2018-12-19T11:00:00Z".parse().expect("a date")
}

/// A plan with `stages` stages of three hours each from [`morning`], `agents` agents and no tasks.
#[must_use]
pub fn empty(stages: usize, agents: usize) -> DayPlan {
    let open = morning() + TimeDelta::minutes(210);
    let stage = |i: usize| {
        let hours = |n: usize| TimeDelta::hours(i64::try_from(n).expect("small"));
        PlannedStage {
            id: StageId::parse(&format!("stage_{i}")).expect("a name"),
            opens_at: morning() + hours(3 * i),
            closes_at: morning() + hours(3 * i + 3),
            on_close: OnClose::Fail,
        }
    };
    let agent = |i: usize| PlannedAgent {
        id: AgentId::parse(&format!("agent_{i}")).expect("a name"),
        slots: 3,
    };
    DayPlan {
        run: "2018-12-19-test-1".into(),
        workflow: "Test".into(),
        date: NaiveDate::from_ymd_opt(2018, 12, 19).expect("a date"),
        day: "regular session".into(),
        overlays: Vec::new(),
        open,
        close: open + TimeDelta::minutes(390),
        mode: RunMode::Sim,
        stages: (0..stages).map(stage).collect(),
        tasks: Vec::new(),
        agents: (0..agents).map(agent).collect(),
        // Scenes are about other limits; those about this one set it.
        limits: EngineLimits { workflow_timeout: Span::mins(24 * 60), ..EngineLimits::default() },
        blackouts: Vec::new(),
        multipliers: BTreeMap::new(),
        approvals: Vec::new(),
        closed: false,
        ends_with_work: false,
        notes: Vec::new(),
    }
}

/// A pure task of a stage and an agent, without dependencies, open for its whole stage.
#[must_use]
pub fn task(plan: &DayPlan, stage: usize, agent: usize) -> PlannedTask {
    let of = &plan.stages[stage];
    PlannedTask {
        id: TaskId::parse(&format!("t{}", plan.tasks.len())).expect("a name"),
        stage: StageIx::new(stage),
        agent: AgentIx::new(agent),
        task_type: TaskType::parse("work").expect("a name"),
        task_data: Arc::new(Value::Null),
        priority: TaskPriority::Medium,
        effect: EffectClass::Pure,
        dependencies: Vec::new(),
        opens_at: of.opens_at,
        closes_at: of.closes_at,
        deadline: of.closes_at,
        timeout: Span::mins(5),
        queue_timeout: None,
        max_retries: 2,
        every: None,
        valid_for: None,
        when: None,
        estimate: Span::secs(10),
        required: true,
        group: None,
        on_demand: false,
    }
}

/// A hard dependency.
#[must_use]
pub fn hard(on: usize) -> Dependency {
    Dependency { on: TaskIx::new(on), hardness: DependencyKind::Hard }
}

/// A soft dependency.
#[must_use]
pub fn soft(on: usize) -> Dependency {
    Dependency { on: TaskIx::new(on), hardness: DependencyKind::Soft }
}

/// `n` pure tasks in layers of about the root of `n`, each with up to three dependencies in the
/// layer before, of mixed priorities, over six agents with slots to spare. One stage.
#[must_use]
pub fn layered(n: usize, seed: u64) -> DayPlan {
    let mut dice = Dice(seed);
    let mut plan = empty(1, 6);
    for agent in &mut plan.agents {
        agent.slots = 64;
    }
    let width = n.isqrt().max(1);
    plan.tasks.reserve(n);
    for i in 0..n {
        let mut new = task(&plan, 0, i % 6);
        new.priority = TaskPriority::ALL[usize::try_from(dice.below(4)).expect("small")];
        if let Some(above) = (i / width).checked_sub(1) {
            for _ in 0..3 {
                let on = above * width
                    + usize::try_from(dice.below(u64::try_from(width).expect("small")))
                        .expect("small");
                if !new.dependencies.contains(&hard(on)) {
                    new.dependencies.push(hard(on));
                }
            }
        }
        plan.tasks.push(new);
    }
    plan
}
