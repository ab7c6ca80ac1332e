//! Random days: plans with every kind of task, answers good and bad, commands that may be refused.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bellwether::{
    engine::{
        Actor, ApprovalTerms, AttemptOutcome, Command, CommandRequest, Engine, EngineInput,
        EngineStep, ExitRequest, Failure, FailureKind, Gate, PauseMode, RecordedEvent, Resolution,
        RetryScope, ReviewedPlan, RunState, TaskResult, TradingState, Waiver, WorkItem,
        unmet_conditions,
    },
    planning::{
        id::TaskType,
        plan::{AgentIx, DayPlan, StageIx, TaskIx},
        time::Span,
        workflow::{EffectClass, OnClose, TaskPriority},
    },
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::support::plans::{self, Dice};

/// A random day of up to `n` tasks: every effect, loops, freshness, soft dependencies, windows.
pub(crate) fn random_plan(dice: &mut Dice, n: usize) -> DayPlan {
    let stages = 1 + below(dice, 3);
    let mut plan = plans::empty(stages, 1 + below(dice, 4));
    plan.limits.max_concurrent_tasks = small(dice, 1, 4);
    plan.limits.workflow_timeout = Span::mins(30 + dice.below(60));
    for stage in &mut plan.stages {
        stage.on_close = [OnClose::Fail, OnClose::Carry, OnClose::CancelRest]
            [usize::from(dice.chance(20)) + usize::from(dice.chance(20))];
    }
    for agent in &mut plan.agents {
        agent.slots = small(dice, 1, 3);
    }
    let agents = plan.agents.len();
    for i in 0..below(dice, n) {
        let mut new = plans::task(&plan, below(dice, stages), below(dice, agents));
        new.priority = TaskPriority::ALL[below(dice, 4)];
        new.effect = [
            EffectClass::Pure,
            EffectClass::Pure,
            EffectClass::Pure,
            EffectClass::Idempotent,
            EffectClass::Effectful,
            EffectClass::Human,
        ][below(dice, 6)];
        new.max_retries = if matches!(new.effect, EffectClass::Pure | EffectClass::Idempotent) {
            small(dice, 0, 4)
        } else {
            0
        };
        if dice.chance(30) {
            new.opens_at += minutes(dice, 60);
            new.closes_at = new.opens_at + TimeDelta::minutes(1) + minutes(dice, 90);
        }
        if dice.chance(15) && new.effect == EffectClass::Pure {
            new.every = Some(Span::mins(2 + dice.below(20)));
        }
        if dice.chance(20) {
            new.valid_for = Some(Span::mins(1 + dice.below(120)));
        }
        if dice.chance(10) {
            new.queue_timeout = Some(Span::mins(1 + dice.below(20)));
        }
        for _ in 0..dice.below(4) {
            if i > 0 {
                let on = below(dice, i);
                let dependency = if dice.chance(25) { plans::soft(on) } else { plans::hard(on) };
                let idle = plan.tasks[on].on_demand;
                if !idle && new.dependencies.iter().all(|d| d.on != dependency.on) {
                    new.dependencies.push(dependency);
                }
            }
        }
        new.required = dice.chance(80);
        // By number, so that the dice of known seeds fall as before.
        new.on_demand = i % 7 == 3 && new.effect != EffectClass::Human && new.every.is_none();
        if new.on_demand && new.effect == EffectClass::Effectful {
            new.task_type = TaskType::parse(ExitRequest::TASK_TYPE).expect("a type");
        }
        plan.tasks.push(new);
    }
    plan
}

/// A number below `n`.
fn below(dice: &mut Dice, n: usize) -> usize {
    usize::try_from(dice.below(u64::try_from(n).expect("small"))).expect("below a usize")
}

/// A number of minutes below `n`.
fn minutes(dice: &mut Dice, n: u64) -> TimeDelta {
    TimeDelta::minutes(i64::try_from(dice.below(n)).expect("small"))
}

/// A small number from `from` on, `n` of them.
fn small(dice: &mut Dice, from: u32, n: u64) -> u32 {
    from + u32::try_from(dice.below(n)).expect("small")
}

pub(crate) fn random_answer(dice: &mut Dice) -> AttemptOutcome {
    let failure = |kind| Failure::new(kind, "it broke");
    match dice.below(12) {
        0 => AttemptOutcome::Failed(failure(FailureKind::Transient)),
        1 => AttemptOutcome::Failed(failure(FailureKind::BadData)),
        2 => AttemptOutcome::Failed(failure(FailureKind::BadInput)),
        3 => AttemptOutcome::InDoubt(failure(FailureKind::Crash)),
        4 => AttemptOutcome::Stopped,
        _ => AttemptOutcome::Completed(TaskResult::without_data("done")),
    }
}

/// Terms of an approval: mostly none, else a part and trims, now and then such as make no sense.
fn random_terms(dice: &mut Dice) -> ApprovalTerms {
    if dice.chance(40) {
        return ApprovalTerms::default();
    }
    let number = |dice: &mut Dice| u32::try_from(below(dice, 4)).expect("small");
    let only: BTreeSet<u32> = (0..below(dice, 4)).map(|_| number(dice)).collect();
    let shares = |dice: &mut Dice| i64::try_from(below(dice, 5)).expect("small") - 1;
    let trims = (0..below(dice, 3)).map(|_| (number(dice), shares(dice))).collect();
    let of = dice.chance(50).then(|| ReviewedPlan { plan: "0a".repeat(32), orders: number(dice) });
    ApprovalTerms { of, only: dice.chance(50).then_some(only), trims }
}

pub(crate) fn random_command(dice: &mut Dice, state: &RunState) -> Command {
    let plan = state.plan();
    let task = TaskIx::new(below(dice, plan.tasks.len().max(1)));
    let stage = StageIx::new(below(dice, plan.stages.len()));
    let gate = match dice.below(3) {
        0 => Gate::Engine,
        1 => Gate::Stage(stage),
        _ => Gate::Agent(AgentIx::new(below(dice, plan.agents.len()))),
    };
    let known = task.at() < plan.tasks.len();
    let waivers = if known {
        unmet_conditions(state, state.last_event_at(), task)
            .into_iter()
            .filter_map(|u| u.waiver)
            .filter(|_| dice.chance(60))
            .collect()
    } else {
        Vec::new()
    };
    let until =
        dice.chance(70).then(|| state.last_event_at() + TimeDelta::minutes(1) + minutes(dice, 40));
    match dice.below(28) {
        0 => Command::Pause { gate, mode: PauseMode::Drain, until },
        1 => Command::Pause { gate, mode: PauseMode::CancelPure, until },
        2 => Command::TightenTrading { to: TradingState::Halted },
        3 | 4 => Command::Resume { gate },
        5 => Command::Hold { task },
        6 => Command::Release { task },
        7 => Command::Flatten { symbol: None },
        8 => Command::Retry { task, scope: RetryScope::Task },
        9 => Command::Retry { task, scope: RetryScope::WithDownstream },
        10 => Command::RetryStage { stage },
        11 => Command::Rerun { task },
        12 => Command::RunNow { task },
        13 => Command::Force { task, waivers },
        14 => Command::ForceStage { stage, waivers: vec![Waiver::Window, Waiver::Hold] },
        15 => Command::Skip { task, satisfies: dice.chance(50) },
        16 => Command::Unskip { task },
        17 => Command::Cancel { task },
        18 => Command::SetCompleted { task },
        19 => Command::SetFailed { task },
        20 => {
            let terms = random_terms(dice);
            [Command::Approve { task, terms }, Command::Reject { task }][below(dice, 2)].clone()
        }
        21 => Command::Arm,
        22 => Command::Disarm,
        23 => Command::Acknowledge {
            alert: match state.alerts().len() {
                0 => 1,
                n => *state.alerts().keys().nth(below(dice, n)).expect("one of them"),
            },
        },
        24 => Command::TightenTrading { to: TradingState::ALL[below(dice, 3)] },
        // What is killed starts nothing, so that most days are not.
        25 => match dice.below(8) {
            0 => Command::TightenTrading { to: TradingState::Killed },
            _ => Command::ReEnableTrading { to: state.trading_status().state.next_looser() },
        },
        26 => Command::ReEnableTrading { to: TradingState::ALL[below(dice, 4)] },
        _ => Command::Resolve {
            task,
            finding: [
                Resolution::Happened { evidence: "X-1".into() },
                Resolution::DidNotHappen,
                Resolution::GaveUp,
            ][below(dice, 3)]
            .clone(),
        },
    }
}

/// A day under way: the engine, the attempts somebody works on, and everything recorded.
pub(crate) struct Day {
    pub(crate) engine: Engine,
    pub(crate) at: DateTime<Utc>,
    pub(crate) alive: BTreeMap<TaskIx, u32>,
    pub(crate) journal: Vec<RecordedEvent>,
    pub(crate) inputs: Vec<(DateTime<Utc>, EngineInput)>,
    orders: u64,
}

impl Day {
    pub(crate) fn begin(plan: DayPlan) -> Self {
        let (engine, step) = Engine::start(Arc::new(plan), plans::morning());
        let mut day = Self {
            engine,
            at: plans::morning(),
            alive: BTreeMap::new(),
            journal: Vec::new(),
            inputs: Vec::new(),
            orders: 0,
        };
        day.take(step);
        day
    }

    fn take(&mut self, step: EngineStep) {
        for work in &step.work {
            if let WorkItem::Start { task, attempt } = work {
                self.alive.insert(*task, *attempt);
            }
        }
        self.journal.extend(step.events);
    }

    pub(crate) fn input(&mut self, input: EngineInput) {
        self.inputs.push((self.at, input.clone()));
        let step = self.engine.step(self.at, input);
        self.take(step);
    }

    pub(crate) fn order(&mut self, command: Command) {
        self.orders += 1;
        let order = CommandRequest {
            id: self.orders,
            by: Actor::Operator(if self.orders.is_multiple_of(3) { "bo" } else { "ana" }.into()),
            reason: Some("test".into()),
            command,
        };
        self.input(EngineInput::Command(order));
    }

    /// One random thing happens.
    pub(crate) fn shake(&mut self, dice: &mut Dice, commands: u64) {
        match dice.below(100) {
            roll if roll < commands => {
                let command = random_command(dice, self.engine.state());
                self.order(command);
            }
            roll if roll < 75 && !self.alive.is_empty() => {
                let (&task, &attempt) =
                    self.alive.iter().nth(below(dice, self.alive.len())).expect("one of them");
                // One in ten attempts answers only after another has begun, or twice.
                if !dice.chance(10) {
                    self.alive.remove(&task);
                }
                self.input(EngineInput::AttemptEnded {
                    task,
                    attempt,
                    answer: random_answer(dice),
                });
            }
            roll => {
                let wake = self.engine.next_wake().unwrap_or(self.at).max(self.at);
                let jump =
                    self.at + TimeDelta::seconds(i64::try_from(dice.below(900)).expect("small"));
                self.at = if roll % 2 == 0 { wake } else { jump.min(wake.max(jump)) };
                self.input(EngineInput::Tick);
            }
        }
    }
}
