//! The laws of the engine, held against random days: random graphs, answers, clocks and commands.

use std::{collections::BTreeMap, sync::Arc};

use bellwether::{
    definition::{Effect, OnClose, TaskPriority},
    engine::{
        Actor, Answer, Command, Engine, Event, Failure, FailureKind, Finding, Gate, Input, Order,
        Outcome, PauseMode, Provenance, Recorded, RetryScope, RunState, Step, TaskState, Waiver,
        Work, unmet,
    },
    plan::{AgentIx, Plan, StageIx, TaskIx},
    time::Span,
};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::support::plans::{self, Dice};

/// A random day of up to `n` tasks: every effect, loops, freshness, soft dependencies, windows.
fn random_plan(dice: &mut Dice, n: u64) -> Plan {
    let stages = 1 + below(dice, 3);
    let mut plan = plans::empty(stages, 1 + below(dice, 4));
    plan.limits.max_concurrent_tasks = 1 + u32::try_from(dice.below(4)).unwrap();
    plan.limits.workflow_timeout = Span::mins(30 + dice.below(60));
    for stage in &mut plan.stages {
        stage.on_close = [OnClose::Fail, OnClose::Carry, OnClose::CancelRest]
            [usize::from(dice.chance(20)) + usize::from(dice.chance(20))];
    }
    for agent in &mut plan.agents {
        agent.slots = 1 + u32::try_from(dice.below(3)).unwrap();
    }
    let agents = plan.agents.len();
    for i in 0..below(dice, n) {
        let mut new = plans::task(&plan, below(dice, stages as u64), below(dice, agents as u64));
        new.priority = TaskPriority::ALL[below(dice, 4)];
        new.effect = [
            Effect::Pure,
            Effect::Pure,
            Effect::Pure,
            Effect::Keyed,
            Effect::Effectful,
            Effect::Human,
        ][below(dice, 6)];
        new.max_retries = if matches!(new.effect, Effect::Pure | Effect::Keyed) {
            u32::try_from(dice.below(4)).unwrap()
        } else {
            0
        };
        if dice.chance(30) {
            new.opens_at += TimeDelta::minutes(i64::try_from(dice.below(60)).unwrap());
            new.closes_at =
                new.opens_at + TimeDelta::minutes(1 + i64::try_from(dice.below(90)).unwrap());
        }
        if dice.chance(15) && new.effect == Effect::Pure {
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
                let on = below(dice, i as u64);
                let dependency = if dice.chance(25) { plans::soft(on) } else { plans::hard(on) };
                if new.dependencies.iter().all(|d| d.on != dependency.on) {
                    new.dependencies.push(dependency);
                }
            }
        }
        new.required = dice.chance(80);
        plan.tasks.push(new);
    }
    plan
}

fn below(dice: &mut Dice, n: u64) -> usize {
    usize::try_from(dice.below(n)).unwrap()
}

fn random_answer(dice: &mut Dice) -> Answer {
    let failure = |kind| Failure::new(kind, "it broke");
    match dice.below(12) {
        0 => Answer::Failed(failure(FailureKind::Transient)),
        1 => Answer::Failed(failure(FailureKind::BadData)),
        2 => Answer::Failed(failure(FailureKind::BadInput)),
        3 => Answer::Unknown(failure(FailureKind::Crash)),
        4 => Answer::Stopped,
        _ => Answer::Done(Outcome::bare("done")),
    }
}

fn random_command(dice: &mut Dice, state: &RunState) -> Command {
    let plan = state.plan();
    let task = TaskIx::new(below(dice, plan.tasks.len().max(1) as u64));
    let stage = StageIx::new(below(dice, plan.stages.len() as u64));
    let gate = match dice.below(3) {
        0 => Gate::Engine,
        1 => Gate::Stage(stage),
        _ => Gate::Agent(AgentIx::new(below(dice, plan.agents.len() as u64))),
    };
    let known = task.at() < plan.tasks.len();
    let waivers = if known {
        unmet(state, state.at(), task)
            .into_iter()
            .filter_map(|u| u.waiver)
            .filter(|_| dice.chance(60))
            .collect()
    } else {
        Vec::new()
    };
    let until = dice
        .chance(70)
        .then(|| state.at() + TimeDelta::minutes(1 + i64::try_from(dice.below(40)).unwrap()));
    match dice.below(22) {
        0 => Command::Pause { gate, mode: PauseMode::Drain, until },
        1 => Command::Pause { gate, mode: PauseMode::SoftStop, until },
        2 => Command::Pause { gate: Gate::Engine, mode: PauseMode::Halt, until },
        3 | 4 => Command::Resume { gate },
        5 => Command::Hold { task },
        6 | 7 => Command::Release { task },
        8 => Command::Retry { task, scope: RetryScope::Task },
        9 => Command::Retry { task, scope: RetryScope::WithBlocked },
        10 => Command::RetryFailed { stage },
        11 => Command::Rerun { task },
        12 => Command::RunNow { task },
        13 => Command::Force { task, waivers },
        14 => Command::ForceStage { stage, waivers: vec![Waiver::Window, Waiver::Hold] },
        15 => Command::Skip { task, satisfies: dice.chance(50) },
        16 => Command::Unskip { task },
        17 => Command::Cancel { task },
        18 => Command::SetOk { task },
        19 => Command::SetFailed { task },
        20 => [Command::Approve { task }, Command::Reject { task }][below(dice, 2)].clone(),
        _ => Command::Resolve {
            task,
            finding: [
                Finding::Happened { evidence: "X-1".into() },
                Finding::DidNotHappen,
                Finding::Abandoned,
            ][below(dice, 3)]
            .clone(),
        },
    }
}

/// A day under way: the engine, the attempts somebody works on, and everything recorded.
struct Day {
    engine: Engine,
    at: DateTime<Utc>,
    alive: BTreeMap<TaskIx, u32>,
    journal: Vec<Recorded>,
    inputs: Vec<(DateTime<Utc>, Input)>,
    orders: u64,
}

impl Day {
    fn begin(plan: Plan) -> Self {
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

    fn take(&mut self, step: Step) {
        for work in &step.work {
            if let Work::Start { task, attempt } = work {
                self.alive.insert(*task, *attempt);
            }
        }
        self.journal.extend(step.events);
    }

    fn input(&mut self, input: Input) {
        self.inputs.push((self.at, input.clone()));
        let step = self.engine.step(self.at, input);
        self.take(step);
    }

    fn order(&mut self, command: Command) {
        self.orders += 1;
        let order = Order {
            id: self.orders,
            by: Actor::Operator("ana".into()),
            reason: Some("test".into()),
            command,
        };
        self.input(Input::Order(order));
    }

    /// One random thing happens.
    fn shake(&mut self, dice: &mut Dice, commands: u64) {
        match dice.below(100) {
            roll if roll < commands => {
                let command = random_command(dice, self.engine.state());
                self.order(command);
            }
            roll if roll < 75 && !self.alive.is_empty() => {
                let (&task, &attempt) =
                    self.alive.iter().nth(below(dice, self.alive.len() as u64)).unwrap();
                // One in ten attempts answers only after another has begun, or twice.
                if !dice.chance(10) {
                    self.alive.remove(&task);
                }
                self.input(Input::Answer { task, attempt, answer: random_answer(dice) });
            }
            roll => {
                let wake = self.engine.next_wake().unwrap_or(self.at).max(self.at);
                let jump = self.at + TimeDelta::seconds(i64::try_from(dice.below(900)).unwrap());
                self.at = if roll % 2 == 0 { wake } else { jump.min(wake.max(jump)) };
                self.input(Input::Wake);
            }
        }
    }
}

fn check(day: &Day) {
    let state = day.engine.state();
    let plan = state.plan();
    let counted = |wanted: fn(TaskState) -> bool| {
        state.tasks().filter(|(ix, t)| wanted(t.state) && !state.human(*ix)).count()
    };
    let active = counted(TaskState::active);
    // 1: slots in use are exactly the living attempts; 4: never more than there are.
    assert_eq!(usize::try_from(state.slots_used()).unwrap(), active);
    assert!(state.slots_used() <= plan.limits.max_concurrent_tasks + plan.limits.critical_reserve);
    for (ix, agent) in state.agents() {
        let busy = state
            .tasks()
            .filter(|(t, run)| plan.task(*t).agent == ix && run.state.active() && !state.human(*t))
            .count();
        assert_eq!(usize::try_from(agent.running).unwrap(), busy);
        assert!(agent.running <= plan.agent(ix).slots + plan.limits.critical_reserve);
    }
    // 9: the counts on screen add up to the number of tasks.
    assert_eq!(usize::try_from(state.counts().iter().sum::<u32>()).unwrap(), plan.tasks.len());
    for (stage, run) in state.stages() {
        assert_eq!(
            usize::try_from(run.counts.iter().sum::<u32>()).unwrap(),
            plan.tasks_of(stage).count()
        );
    }
    for (ix, run) in state.tasks() {
        // Dependency counters say what a recount says.
        let recount = |wanted: TaskState| {
            plan.task(ix).dependencies.iter().filter(|d| state.task(d.on).state == wanted).count()
        };
        if run.waiting == 0 && run.broken == 0 && run.waivers.is_empty() {
            assert_eq!(
                recount(TaskState::Running)
                    + recount(TaskState::Pending)
                    + recount(TaskState::Queued),
                0,
                "{ix:?}"
            );
        }
        // 3: every waiting state has a way out: a timer, a dependency, a slot, a gate or a person.
        if run.state == TaskState::Retrying {
            assert!(run.next_at.is_some(), "a retry that nobody owns");
        }
    }
}

/// What must hold of a whole journal, whatever happened.
fn check_journal(journal: &[Recorded], plan: &Plan) {
    let mut ended: BTreeMap<TaskIx, TaskState> = BTreeMap::new();
    let mut state = RunState::begin(&journal[0]).unwrap();
    for recorded in &journal[1..] {
        if let Event::TaskStarted { task, attempt } = &recorded.event {
            let (run, planned) = (state.task(*task), plan.task(*task));
            // 5: nothing starts before its dependencies, unless a person waived them.
            for d in &planned.dependencies {
                let upstream = state.task(d.on);
                let waived = run.waives(Waiver::Dependency(d.on));
                let there = match d.hardness {
                    bellwether::definition::Hardness::Hard => {
                        upstream.state == TaskState::Completed
                            || upstream.state == TaskState::Skipped
                    }
                    bellwether::definition::Hardness::Soft => {
                        upstream.state.ended() || upstream.state == TaskState::InDoubt
                    }
                };
                assert!(there || waived, "{} started before {}", planned.id, plan.task(d.on).id);
                assert!(
                    state.stale(*d, recorded.at).is_none() || run.waives(Waiver::Freshness(d.on))
                );
            }
            // Nothing starts before its window, unless a person waived it.
            assert!(recorded.at >= planned.opens_at || run.waives(Waiver::Window));
            // Enters RUNNING only from QUEUED, and each attempt once.
            assert_eq!(run.state, TaskState::Queued);
            assert_eq!(*attempt, run.attempt + 1);
            // 11: under a pause only CRITICAL work or waived work starts; under a halt nothing.
            assert!(!state.halted());
            if state.gates().contains_key(&Gate::Engine) {
                assert!(
                    run.priority == TaskPriority::Critical
                        || run.waives(Waiver::Gate(Gate::Engine))
                );
            }
            // 9: no waiting task of higher priority could have had this start, in the same lane.
            let higher = state.tasks().any(|(other, o)| {
                o.state == TaskState::Queued
                    && o.priority < run.priority
                    && run.waivers.is_empty()
                    && plan.task(other).agent == planned.agent
                    && plan.task(other).stage == planned.stage
                    && state.gate_before(other).is_none()
                    && state.first_stale(other, recorded.at).is_none()
                    && plan.task(other).effect == Effect::Pure
            });
            // A question to a person takes no slot from anybody.
            let overtook = higher && planned.effect != Effect::Human;
            assert!(!overtook, "{} overtook a more urgent task", planned.id);
            // 5 of `engine.md`: an effectful task gets another attempt only on proof or by a person.
            if planned.effect == Effect::Effectful && *attempt > 1 {
                assert!(run.budget_from == run.attempt, "an order went out twice");
            }
        }
        if let Event::TaskRetrying { task, .. } = &recorded.event {
            assert!(
                matches!(plan.task(*task).effect, Effect::Pure | Effect::Keyed),
                "retried {:?}",
                plan.task(*task).effect
            );
        }
        state.apply(recorded).unwrap();
        // 3: a task ends once; it comes back only by a reset or a person's word.
        if let Some(task) = recorded.event.task() {
            let now = state.task(task).state;
            if let Some(before) = ended.get(&task)
                && now != *before
            {
                let by_person = matches!(
                    recorded.event,
                    Event::TaskReset { .. }
                        | Event::TaskSkipped { .. }
                        | Event::TaskFailed { .. }
                        | Event::TaskHeld { .. }
                        | Event::TaskCancelled { .. }
                        | Event::TaskCompleted { provenance: Provenance::SetOk, .. }
                );
                assert!(by_person, "{:?} moved an ended task", recorded.event.name());
            }
            if now.ended() {
                ended.insert(task, now);
            } else {
                ended.remove(&task);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn every_random_day_keeps_the_laws(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let plan = random_plan(&mut dice, 24);
        let mut day = Day::begin(plan);
        check(&day);
        for _ in 0..400 {
            if day.engine.state().ended() {
                break;
            }
            day.shake(&mut dice, 25);
            check(&day);
        }
        let plan = Arc::clone(day.engine.state().plan());
        check_journal(&day.journal, &plan);
        // 1: folding the journal gives the state.
        let mut folded = RunState::begin(&day.journal[0]).unwrap();
        for recorded in &day.journal[1..] {
            folded.apply(recorded).unwrap();
        }
        prop_assert_eq!(&folded, day.engine.state());
        // Numbers have no gaps.
        for (i, recorded) in day.journal.iter().enumerate() {
            prop_assert_eq!(usize::try_from(recorded.seq).unwrap(), i + 1);
        }
    }

    #[test]
    fn equal_inputs_at_equal_moments_give_equal_steps(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let plan = random_plan(&mut dice, 16);
        let mut day = Day::begin(plan.clone());
        for _ in 0..150 {
            day.shake(&mut dice, 25);
        }
        let mut again = Day::begin(plan);
        for (at, input) in day.inputs.clone() {
            again.at = at;
            again.input(input);
        }
        prop_assert_eq!(day.journal, again.journal);
    }

    #[test]
    fn a_run_taken_up_after_any_event_reaches_the_same_end(seed in any::<u64>(), cut in any::<prop::sample::Index>()) {
        let mut dice = Dice(seed);
        let plan = random_plan(&mut dice, 16);
        // A day whose answers depend only on the task and attempt, so that both runs get the same.
        let finish = |engine: &mut Engine, mut alive: Vec<(TaskIx, u32)>, journal: &mut Vec<Recorded>| {
            let mut at = engine.state().at();
            for _ in 0..2_000 {
                if engine.state().ended() {
                    return;
                }
                let step = if let Some((task, attempt)) = alive.pop() {
                    let mut own = Dice(u64::from(task.0) << 32 | u64::from(attempt));
                    engine.step(at, Input::Answer { task, attempt, answer: random_answer(&mut own) })
                } else {
                    at = engine.next_wake().unwrap_or(at).max(at);
                    engine.step(at, Input::Wake)
                };
                for work in &step.work {
                    if let Work::Start { task, attempt } = work {
                        alive.push((*task, *attempt));
                    }
                }
                alive.sort_unstable_by(|a, b| b.cmp(a));
                journal.extend(step.events);
            }
        };
        let (mut engine, step) = Engine::start(Arc::new(plan), plans::morning());
        let mut journal = step.events;
        let alive = step.work.iter().filter_map(|w| match w { Work::Start { task, attempt } => Some((*task, *attempt)), Work::Stop { .. } => None }).collect();
        finish(&mut engine, alive, &mut journal);
        let at = 1 + cut.index(journal.len());
        let mut state = RunState::begin(&journal[0]).unwrap();
        for recorded in &journal[1..at] {
            state.apply(recorded).unwrap();
        }
        let now = state.at();
        let mut taken_up = Engine::resume(state);
        let mut rest = taken_up.step(now, Input::Wake).events;
        let active = taken_up.state().tasks().filter(|(_, t)| t.state.active());
        let mut alive: Vec<_> = active.map(|(ix, t)| (ix, t.attempt)).collect();
        alive.sort_unstable_by(|a, b| b.cmp(a));
        finish(&mut taken_up, alive, &mut rest);
        let ends = |e: &Engine| e.state().tasks().map(|(_, t)| (t.state, t.rounds > 0)).collect::<Vec<_>>();
        prop_assert_eq!(ends(&engine), ends(&taken_up));
        prop_assert_eq!(engine.state().status(), taken_up.state().status());
    }

    #[test]
    fn with_answers_and_time_every_run_ends(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let mut plan = random_plan(&mut dice, 24);
        // What waits for a person waits: here nobody is asked and nothing is in doubt.
        for task in &mut plan.tasks {
            task.effect = Effect::Pure;
        }
        for stage in &mut plan.stages {
            stage.on_close = OnClose::Fail;
        }
        let mut day = Day::begin(plan);
        for _ in 0..30_000 {
            if day.engine.state().ended() {
                break;
            }
            if let Some((&task, &attempt)) = day.alive.iter().next() {
                day.alive.remove(&task);
                day.input(Input::Answer { task, attempt, answer: random_answer(&mut dice) });
            } else {
                day.at = day.engine.next_wake().expect("a run that waits has a moment to wait for").max(day.at);
                day.input(Input::Wake);
            }
        }
        prop_assert!(day.engine.state().ended(), "the run never ended");
        prop_assert!(day.engine.state().tasks().all(|(_, t)| t.state.ended()));
    }

    #[test]
    fn a_refused_event_leaves_the_state_untouched(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let plan = random_plan(&mut dice, 12);
        prop_assume!(!plan.tasks.is_empty());
        let mut day = Day::begin(plan);
        for _ in 0..60 {
            day.shake(&mut dice, 25);
        }
        let before = day.engine.state().clone();
        for recorded in day.journal.iter().skip(1) {
            // An old event, renumbered to come next, is refused or legal; a gap never is.
            let mut state = before.clone();
            let mut next = recorded.clone();
            next.seq = before.last_seq() + 1;
            if state.apply(&next).is_err() {
                prop_assert_eq!(&state, &before);
            }
            next.seq += 1;
            prop_assert!(before.clone().apply(&next).is_err());
        }
    }
}
