//! A busy run of many tasks with the events that follow, produced by the real engine so that every
//! event can be applied.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use bellwether::{
    engine::{
        AttemptOutcome, Engine, EngineInput, EngineStep, Failure, FailureKind, RecordedEvent,
        RunState, TaskResult, TaskState, WorkItem,
    },
    planning::{
        plan::{DayPlan, StageIx, TaskIx},
        time::Span,
        workflow::DependencyKind,
    },
};
use chrono::{DateTime, TimeDelta, Utc};

use super::plans::{self, Dice};

/// A run state with the events that follow.
pub(crate) struct Feed {
    /// The run state before the first event.
    pub(crate) before: RunState,
    /// The events, in order.
    pub(crate) events: Vec<Arc<RecordedEvent>>,
}

impl Feed {
    /// Returns the kinds of events with their counts, most frequent first.
    pub(crate) fn mix(&self) -> String {
        let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
        for recorded in &self.events {
            *kinds.entry(recorded.event.kind().label()).or_default() += 1;
        }
        let mut kinds: Vec<_> = kinds.into_iter().collect();
        kinds.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        kinds.iter().map(|(kind, n)| format!("{kind} {n}")).collect::<Vec<_>>().join(", ")
    }
}

/// Builds a plan of five open stages and six agents. Two of three dependencies are soft, so that a
/// failure blocks only a few tasks.
fn plan(tasks: usize) -> DayPlan {
    let mut plan = plans::layered(tasks, 42);
    plan.stages = plans::empty(5, 0).stages;
    for stage in &mut plan.stages {
        stage.opens_at = plans::morning();
        stage.closes_at = plans::morning() + TimeDelta::hours(12);
    }
    plan.limits.max_concurrent_tasks = 300;
    // The agents fail constantly; the circuit breakers must stay closed.
    plan.limits.breaker_failures = u32::MAX;
    plan.limits.retry.base_delay = Span::secs(2);
    let mut dice = Dice(7);
    for (i, task) in plan.tasks.iter_mut().enumerate() {
        task.stage = StageIx::new(i % 5);
        (task.opens_at, task.closes_at) =
            (plans::morning(), plans::morning() + TimeDelta::hours(12));
        task.deadline = task.closes_at;
        for dependency in &mut task.dependencies {
            if dice.chance(75) {
                dependency.hardness = DependencyKind::Soft;
            }
        }
    }
    plan
}

/// The engine with its work in progress.
struct Desk {
    engine: Engine,
    step: EngineStep,
    work: VecDeque<(TaskIx, u32)>,
    dice: Dice,
}

impl Desk {
    /// Produces one input of the engine.
    fn happen(&mut self, at: DateTime<Utc>) {
        let input = match self.work.pop_front() {
            Some((task, attempt)) => match self.dice.below(100) {
                0..20 => {
                    self.work.push_back((task, attempt));
                    let percent = u8::try_from(self.dice.below(100)).unwrap_or(0);
                    EngineInput::Progress { task, attempt, percent, note: "at it".into() }
                }
                20..24 => failed(task, attempt, FailureKind::Transient, "LLM 429"),
                24 => failed(task, attempt, FailureKind::BadInput, "no such symbol"),
                25 => {
                    self.work.push_front((task, attempt));
                    EngineInput::Market { code: "vix".into(), text: "VIX +8.1% in 60s".into() }
                }
                _done => {
                    let answer = AttemptOutcome::Completed(TaskResult::without_data(
                        "calm; 12 signals, 3 of them strong",
                    ));
                    EngineInput::AttemptEnded { task, attempt, answer }
                }
            },
            None => EngineInput::Tick,
        };
        self.engine.step_into(at, input, &mut self.step);
        for work in self.step.work.drain(..) {
            if let WorkItem::Start { task, attempt } = work {
                self.work.push_back((task, attempt));
            }
        }
    }
}

fn failed(task: TaskIx, attempt: u32, kind: FailureKind, said: &str) -> EngineInput {
    let failure = Failure::new(kind, said);
    EngineInput::AttemptEnded { task, attempt, answer: AttemptOutcome::Failed(failure) }
}

/// Completes a quarter of the tasks, then produces `events` at `rate` per second of the run's
/// clock.
pub(crate) fn feed(tasks: usize, events: usize, rate: u32) -> Feed {
    let mut at = plans::morning();
    let (engine, step) = Engine::start(Arc::new(plan(tasks)), at);
    let mut desk = Desk { engine, step, work: VecDeque::new(), dice: Dice(3) };
    desk.step.work.drain(..).for_each(|work| {
        if let WorkItem::Start { task, attempt } = work {
            desk.work.push_back((task, attempt));
        }
    });
    let quarter = u32::try_from(tasks / 4).unwrap_or(u32::MAX);
    let between = TimeDelta::microseconds(1_000_000 / i64::from(rate));
    let mut before = None;
    let mut out: Vec<Arc<RecordedEvent>> = Vec::with_capacity(events);
    while out.len() < events && !desk.engine.state().has_ended() {
        desk.step.events.clear();
        if before.is_none() && desk.engine.state().count_in_state(TaskState::Completed) >= quarter {
            before = Some(desk.engine.state().clone());
        }
        desk.happen(at);
        let fresh = i32::try_from(desk.step.events.len()).unwrap_or(i32::MAX);
        at += if fresh == 0 { TimeDelta::milliseconds(10) } else { between * fresh };
        if before.is_some() {
            out.extend(desk.step.events.drain(..).map(Arc::new));
        }
    }
    Feed { before: before.expect("a quarter of the day was done"), events: out }
}
