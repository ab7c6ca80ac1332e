//! The laws of the engine, held against random days: random graphs, answers, clocks and commands.

use std::{collections::BTreeMap, sync::Arc};

use bellwether::{
    engine::{
        Engine, EngineInput, Event, Gate, Provenance, RecordedEvent, RunState, TaskState, Waiver,
        WorkItem,
    },
    planning::{
        plan::{DayPlan, TaskIx},
        workflow::{DependencyKind, EffectClass, OnClose, TaskPriority},
    },
};
use chrono::{DateTime, Utc};
use proptest::prelude::*;

use crate::{
    engine_random::{Day, random_answer, random_plan},
    support::plans::{self, Dice},
};

fn check(day: &Day) {
    let state = day.engine.state();
    let plan = state.plan();
    let counted = |wanted: fn(TaskState) -> bool| {
        state.tasks().filter(|(ix, t)| wanted(t.state) && !state.is_human_task(*ix)).count()
    };
    let active = counted(TaskState::is_active);
    // 1: slots in use are exactly the living attempts; 4: never more than there are.
    assert_eq!(usize::try_from(state.slots_used()).expect("legal, or small"), active);
    assert!(state.slots_used() <= plan.limits.max_concurrent_tasks + plan.limits.critical_reserve);
    for (ix, agent) in state.agents() {
        let busy = state
            .tasks()
            .filter(|(t, run)| {
                plan.task(*t).agent == ix && run.state.is_active() && !state.is_human_task(*t)
            })
            .count();
        assert_eq!(usize::try_from(agent.running).expect("legal, or small"), busy);
        assert!(agent.running <= plan.agent(ix).slots + plan.limits.critical_reserve);
    }
    // 9: the counts on screen add up to the number of tasks.
    assert_eq!(
        usize::try_from(state.state_counts().iter().sum::<u32>()).expect("legal, or small"),
        plan.tasks.len()
    );
    for (stage, run) in state.stages() {
        assert_eq!(
            usize::try_from(run.counts.iter().sum::<u32>()).expect("legal, or small"),
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

/// What must hold at the moment a task starts, given the state before.
fn check_start(state: &RunState, at: DateTime<Utc>, task: TaskIx, attempt: u32) {
    let plan = state.plan();
    let (run, planned) = (state.task(task), plan.task(task));
    // 5: nothing starts before its dependencies, unless a person waived them.
    for d in &planned.dependencies {
        let upstream = state.task(d.on).state;
        let there = match d.hardness {
            DependencyKind::Hard => matches!(upstream, TaskState::Completed | TaskState::Skipped),
            DependencyKind::Soft => upstream.is_terminal() || upstream == TaskState::InDoubt,
        };
        let waived = run.has_waiver_for(Waiver::Dependency(d.on));
        assert!(there || waived, "{} started before {}", planned.id, plan.task(d.on).id);
        assert!(state.staleness(*d, at).is_none() || run.has_waiver_for(Waiver::Freshness(d.on)));
    }
    // What is on demand starts only when a person asks.
    assert!(!planned.on_demand || run.has_waiver_for(Waiver::OnDemand));
    // Nothing starts before its window, unless a person waived it.
    assert!(at >= planned.opens_at || run.has_waiver_for(Waiver::Window));
    // Enters RUNNING only from QUEUED, and each attempt once.
    assert_eq!(run.state, TaskState::Queued);
    assert_eq!(attempt, run.attempt + 1);
    // 11: under a pause only CRITICAL work or waived work starts; HALTED no orders; KILLED nothing.
    assert_eq!(state.trading_block(task), None);
    if state.closed_gates().contains_key(&Gate::Engine) {
        let critical = run.priority == TaskPriority::Critical;
        assert!(critical || run.has_waiver_for(Waiver::Pause(Gate::Engine)));
    }
    // 9: no waiting task of higher priority could have had this start, in the same lane.
    let higher = state.tasks().any(|(other, o)| {
        o.state == TaskState::Queued
            && o.priority < run.priority
            && run.waivers.is_empty()
            && plan.task(other).agent == planned.agent
            && plan.task(other).stage == planned.stage
            && state.gate_before(other).is_none()
            && state.trading_block(other).is_none()
            && state.first_stale(other, at).is_none()
            && plan.task(other).effect == EffectClass::Pure
    });
    // A question to a person takes no slot from anybody.
    let overtook = higher && planned.effect != EffectClass::Human;
    assert!(!overtook, "{} overtook a more urgent task", planned.id);
    // 5 of the invariants: an effectful task gets another attempt only on proof or by a person.
    if planned.effect == EffectClass::Effectful && attempt > 1 {
        assert_eq!(run.budget_from, run.attempt, "an order went out twice");
    }
}

/// What must hold of a whole journal, whatever happened.
pub(crate) fn check_journal(journal: &[RecordedEvent], plan: &DayPlan) {
    let mut ended: BTreeMap<TaskIx, TaskState> = BTreeMap::new();
    let mut state = RunState::from_first_event(&journal[0]).expect("legal, or small");
    for recorded in &journal[1..] {
        if let Event::TaskStarted { task, attempt } = recorded.event {
            check_start(&state, recorded.at, task, attempt);
        }
        if let Event::TaskRetrying { task, .. } = &recorded.event {
            assert!(
                matches!(plan.task(*task).effect, EffectClass::Pure | EffectClass::Idempotent),
                "retried {:?}",
                plan.task(*task).effect
            );
        }
        state.apply(recorded).expect("legal, or small");
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
                        | Event::TaskCompleted { provenance: Provenance::SetByOperator, .. }
                );
                assert!(by_person, "{:?} moved an ended task", recorded.event.kind_name());
            }
            if now.is_terminal() {
                ended.insert(task, now);
            } else {
                ended.remove(&task);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn every_random_day_keeps_the_laws(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let plan = random_plan(&mut dice, 24);
        let mut day = Day::begin(plan);
        check(&day);
        for _ in 0..400 {
            if day.engine.state().has_ended() {
                break;
            }
            day.shake(&mut dice, 25);
            check(&day);
        }
        let plan = Arc::clone(day.engine.state().plan());
        check_journal(&day.journal, &plan);
        // 1: folding the journal gives the state.
        let mut folded = RunState::from_first_event(&day.journal[0]).expect("legal, or small");
        for recorded in &day.journal[1..] {
            folded.apply(recorded).expect("legal, or small");
        }
        prop_assert_eq!(&folded, day.engine.state());
        // Numbers have no gaps.
        for (i, recorded) in day.journal.iter().enumerate() {
            prop_assert_eq!(usize::try_from(recorded.seq).expect("legal, or small"), i + 1);
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
        let mut plan = random_plan(&mut dice, 16);
        // Cut between an agent's failure and what follows from it, a run notes the failure twice
        // and may open a breaker sooner; with deadlines about, that may change an end.
        plan.limits.breaker_failures = u32::MAX;
        // A day whose answers depend only on the task and attempt, so that both runs get the same.
        let finish = |engine: &mut Engine, mut alive: Vec<(TaskIx, u32)>, journal: &mut Vec<RecordedEvent>| {
            let mut at = engine.state().last_event_at();
            for _ in 0..2_000 {
                if engine.state().has_ended() {
                    return;
                }
                // Both runs get their answers in one order: of two upstream tasks that end, the
                // first decides how a task that waits for both ends.
                alive.sort_unstable_by(|a, b| b.cmp(a));
                let step = if let Some((task, attempt)) = alive.pop() {
                    let mut own = Dice(u64::from(task.0) << 32 | u64::from(attempt));
                    engine.step(at, EngineInput::AttemptEnded { task, attempt, answer: random_answer(&mut own) })
                } else {
                    at = engine.next_wake().unwrap_or(at).max(at);
                    engine.step(at, EngineInput::Tick)
                };
                for work in &step.work {
                    if let WorkItem::Start { task, attempt } = work {
                        alive.push((*task, *attempt));
                    }
                }
                journal.extend(step.events);
            }
        };
        let (mut engine, step) = Engine::start(Arc::new(plan), plans::morning());
        let mut journal = step.events;
        let alive = step.work.iter().filter_map(|w| match w { WorkItem::Start { task, attempt } => Some((*task, *attempt)), WorkItem::Stop { .. } | WorkItem::Probe { .. } => None }).collect();
        finish(&mut engine, alive, &mut journal);
        let at = 1 + cut.index(journal.len());
        let mut state = RunState::from_first_event(&journal[0]).expect("legal, or small");
        for recorded in &journal[1..at] {
            state.apply(recorded).expect("legal, or small");
        }
        let now = state.last_event_at();
        let mut taken_up = Engine::from_state(state);
        let mut rest = taken_up.step(now, EngineInput::Tick).events;
        let active = taken_up.state().tasks().filter(|(_, t)| t.state.is_active());
        let alive = active.map(|(ix, t)| (ix, t.attempt)).collect();
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
            task.effect = EffectClass::Pure;
        }
        for stage in &mut plan.stages {
            stage.on_close = OnClose::Fail;
        }
        let mut day = Day::begin(plan);
        for _ in 0..30_000 {
            if day.engine.state().has_ended() {
                break;
            }
            if let Some((&task, &attempt)) = day.alive.iter().next() {
                day.alive.remove(&task);
                day.input(EngineInput::AttemptEnded { task, attempt, answer: random_answer(&mut dice) });
            } else {
                day.at = day.engine.next_wake().expect("a run that waits has a moment to wait for").max(day.at);
                day.input(EngineInput::Tick);
            }
        }
        prop_assert!(day.engine.state().has_ended(), "the run never ended");
        prop_assert!(day.engine.state().tasks().all(|(_, t)| t.state.is_terminal()));
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
