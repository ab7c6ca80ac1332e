//! Scenes of the day's flow: pauses, slots and breakers decide what starts.

use bellwether::{
    engine::{
        AgentHealth, AttemptOutcome, Breaker, Command, Event, FailureKind, Gate,
        OrchestrationEvent as Kind, PauseMode, RetryScope, TaskState, TradingState, Waiver,
        WorkItem,
    },
    planning::{
        plan::{AgentIx, StageIx, TaskIx},
        workflow::{EffectClass, TaskPriority},
    },
    view::day::needs_person,
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    engine_script::{Script, add, quiet},
    support::plans,
};

fn pause(gate: Gate, mode: PauseMode) -> Command {
    Command::Pause { gate, mode, until: None }
}

fn minute(minute: i64) -> DateTime<Utc> {
    plans::morning() + TimeDelta::minutes(minute)
}

/// A pure task, an order and an urgent task at work; one more of each waits for a slot.
fn busy() -> (Script, [TaskIx; 3], [TaskIx; 3]) {
    let mut plan = quiet();
    plan.agents[0].slots = 9;
    let mut three = |priority| {
        let pure = add(&mut plan, |task| task.priority = priority);
        let order = add(&mut plan, |task| {
            task.priority = priority;
            task.effect = EffectClass::Effectful;
        });
        let urgent = add(&mut plan, |task| task.priority = TaskPriority::Critical);
        [pure, order, urgent]
    };
    let (first, second) = (three(TaskPriority::High), three(TaskPriority::Low));
    plan.limits.max_concurrent_tasks = 4;
    plan.limits.critical_reserve = 0;
    let day = Script::begin(plan);
    assert_eq!(day.running(), [first[0], first[1], first[2], second[2]]);
    (day, first, second)
}

#[test]
fn a_drained_engine_lets_work_finish_and_starts_critical_work_only() {
    let (mut day, first, second) = busy();
    let mut plan = quiet();
    let urgent = add(&mut plan, |task| {
        task.priority = TaskPriority::Critical;
        task.opens_at += TimeDelta::minutes(1);
    });
    let plain = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(1));
    let mut other = Script::begin(plan);
    other.order(pause(Gate::Engine, PauseMode::Drain));
    other.until(2);
    assert_eq!((other.state(urgent), other.state(plain)), (TaskState::Running, TaskState::Queued));

    day.order(pause(Gate::Engine, PauseMode::Drain));
    assert_eq!(day.running().len(), 4, "a drain stops nothing");
    for task in first {
        day.done(task);
    }
    assert_eq!(day.running(), [second[2]], "nothing plain starts in the freed slots");
    day.order(Command::Resume { gate: Gate::Engine });
    assert_eq!(day.running(), second);
}

#[test]
fn a_soft_stop_cancels_pure_work_and_leaves_orders_and_critical_work_alone() {
    let (mut day, first, _) = busy();
    day.order(pause(Gate::Engine, PauseMode::CancelPure));
    assert_eq!(day.state(first[0]), TaskState::Cancelling);
    assert_eq!(day.state(first[1]), TaskState::Running);
    assert_eq!(day.state(first[2]), TaskState::Running);
}

#[test]
fn a_halt_stops_order_tasks_alone_and_the_rest_goes_on() {
    let mut plan = quiet();
    let sends = add(&mut plan, |task| task.effect = EffectClass::Effectful);
    let watches = add(&mut plan, |_| {});
    let later = |task: &mut planning::plan::PlannedTask| task.opens_at += TimeDelta::minutes(1);
    let order_later = add(&mut plan, |task| {
        later(task);
        task.effect = EffectClass::Effectful;
        task.priority = TaskPriority::Critical;
    });
    let watch_later = add(&mut plan, later);
    let mut day = Script::begin(plan);
    day.order(Command::TightenTrading { to: TradingState::Halted });
    assert!(day.run().closed_gates().is_empty(), "the engine is not paused");
    assert_eq!((day.state(sends), day.state(watches)), (TaskState::Cancelling, TaskState::Running));
    day.until(2);
    let states = (day.state(order_later), day.state(watch_later));
    assert_eq!(states, (TaskState::Queued, TaskState::Running), "CRITICAL orders wait too");
    let waivers = vec![Waiver::Window];
    let refusal = day.ask(Command::Force { task: order_later, waivers }).expect_err("never waived");
    assert!(refusal.why.contains("trading is HALTED"), "{refusal}");
    assert_eq!(refusal.remedy.as_deref(), Some("re-enable trading first"));
    day.order(Command::ReEnableTrading { to: TradingState::Active });
    assert_eq!(day.state(order_later), TaskState::Running);
}

#[test]
fn a_kill_starts_nothing_stops_what_has_effects_and_lets_the_rest_end() {
    let (mut day, first, second) = busy();
    let at_work = [first[0], first[1], first[2], second[2]];
    day.order(Command::TightenTrading { to: TradingState::Killed });
    let plan = day.run().plan().clone();
    let pure = |task: TaskIx| plan.task(task).effect == EffectClass::Pure;
    for task in at_work {
        let wanted = if pure(task) { TaskState::Running } else { TaskState::Cancelling };
        assert_eq!(day.state(task), wanted);
        if pure(task) {
            day.done(task);
        } else {
            day.answer(task, AttemptOutcome::Stopped);
        }
    }
    assert_eq!(day.running(), [], "CRITICAL work does not start either");
    assert_eq!(day.run().slots_used(), 0);
    let waivers = vec![Waiver::Pause(Gate::Engine)];
    let refusal = day.ask(Command::Force { task: second[0], waivers }).expect_err("never waived");
    assert!(refusal.why.contains("trading is KILLED"), "{refusal}");
    let stopped = day.work.iter().filter(|work| matches!(work, WorkItem::Stop { .. })).count();
    let effects = at_work.into_iter().filter(|&task| !pure(task)).count();
    assert_eq!(stopped, effects, "each agent of these is asked to stop, once");
}

#[test]
fn a_softer_pause_does_not_loosen_a_firm_one() {
    let (mut day, ..) = busy();
    day.order(pause(Gate::Engine, PauseMode::CancelPure));
    assert!(day.ask(pause(Gate::Engine, PauseMode::Drain)).is_err());
    assert_eq!(day.run().closed_gates()[&Gate::Engine].mode, PauseMode::CancelPure);
}

#[test]
fn halt_of_an_older_client_halts_trading() {
    let (mut day, ..) = busy();
    let old = r#"{"verb":"pause","gate":"engine","mode":"halt","until":null}"#;
    day.order(serde_json::from_str(old).expect("the command of an older client"));
    assert_eq!(day.run().trading_status().state, TradingState::Halted);
    assert!(day.run().closed_gates().is_empty());
}

#[test]
fn recorded_halt_of_an_old_journal_is_read_as_a_pause() {
    let (mut day, ..) = busy();
    let last = day.journal.last().expect("an event").clone();
    let told = r#"{"event":"gate_closed","gate":"engine","mode":"halt","until":null,"by":"ana"}"#;
    let event: Event = serde_json::from_str(told).expect("an event of an old journal");
    assert_eq!(serde_json::to_string(&event).expect("JSON"), told, "its audit entry still matches");
    let mut run = day.run().clone();
    run.apply(&engine::RecordedEvent { seq: run.last_seq() + 1, event, ..last }).expect("legal");
    assert!(run.alerts().contains_key(&run.last_seq()), "it was an alert, and can be acknowledged");
    assert!(run.closed_gates().contains_key(&Gate::Engine));
    assert_eq!(run.trading_status().state, TradingState::Active);
    let text = serde_json::to_string(&run).expect("a snapshot");
    assert_eq!(serde_json::from_str::<engine::RunState>(&text).expect("a run state"), run);
    day.order(Command::TightenTrading { to: TradingState::Halted });
}

#[test]
fn a_paused_agent_or_stage_stops_its_own_tasks_only() {
    for gate in [Gate::Agent(AgentIx::new(0)), Gate::Stage(StageIx::new(0))] {
        let mut plan = plans::empty(2, 2);
        plan.stages[1].opens_at = plan.stages[0].opens_at;
        let mut mine = plans::task(&plan, 0, 0);
        mine.opens_at += TimeDelta::minutes(1);
        let mut theirs = plans::task(&plan, 1, 1);
        theirs.opens_at = mine.opens_at;
        plan.tasks.push(mine);
        theirs.id = planning::id::TaskId::parse("other").expect("a name");
        plan.tasks.push(theirs);
        let mut day = Script::begin(plan);
        day.order(pause(gate, PauseMode::Drain));
        day.until(2);
        assert_eq!(day.states(), [TaskState::Queued, TaskState::Running], "{gate:?}");
        assert!(day.run().gate_before(TaskIx::new(0)).is_some());
    }
}

#[test]
fn a_gate_with_an_end_opens_by_itself() {
    let mut plan = quiet();
    let task = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(1));
    let mut day = Script::begin(plan);
    let until = Some(minute(7));
    day.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until });
    day.until(6);
    assert_eq!(day.state(task), TaskState::Queued);
    day.until(7);
    assert_eq!(day.state(task), TaskState::Running);
    assert!(day.run().closed_gates().is_empty());
}

#[test]
fn a_forgotten_pause_is_called_to_mind_at_5_15_and_30_minutes() {
    let mut plan = quiet();
    add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.order(pause(Gate::Engine, PauseMode::Drain));
    let reminded = [(4, 0), (5, 1), (14, 1), (15, 2), (29, 2), (30, 3), (90, 3)];
    for (at, times) in reminded {
        day.until(at);
        assert_eq!(day.alerts("pause_reminder"), times, "at minute {at}");
    }
}

#[test]
fn one_slot_is_kept_for_critical_work() {
    let mut plan = quiet();
    plan.limits.max_concurrent_tasks = 2;
    plan.agents[0].slots = 2;
    for _ in 0..4 {
        add(&mut plan, |task| task.priority = TaskPriority::High);
    }
    let urgent = add(&mut plan, |task| {
        task.priority = TaskPriority::Critical;
        task.opens_at += TimeDelta::minutes(1);
    });
    let mut day = Script::begin(plan);
    assert_eq!(day.run().slots_used(), 2, "plain work never takes the reserve");
    day.until(1);
    assert_eq!(day.state(urgent), TaskState::Running);
    assert_eq!(day.run().slots_used(), 3);
}

#[test]
fn an_agent_gets_no_more_tasks_than_it_has_slots() {
    let mut plan = plans::empty(1, 2);
    plan.agents[0].slots = 1;
    for agent in [0, 0, 1, 1] {
        add(&mut plan, |task| task.agent = AgentIx::new(agent));
    }
    let mut day = Script::begin(plan);
    assert_eq!(day.running(), [TaskIx::new(0), TaskIx::new(2), TaskIx::new(3)]);
    day.done(TaskIx::new(0));
    assert_eq!(day.state(TaskIx::new(1)), TaskState::Running);
}

#[test]
fn a_question_to_a_person_waits_for_no_slot_and_takes_none() {
    let mut plan = quiet();
    plan.limits.max_concurrent_tasks = 1;
    for _ in 0..3 {
        add(&mut plan, |task| task.priority = TaskPriority::High);
    }
    let question = add(&mut plan, |task| task.effect = EffectClass::Human);
    let day = Script::begin(plan);
    assert_eq!(day.state(question), TaskState::Running, "behind more urgent work without a slot");
    assert_eq!(day.run().slots_used(), 1);
}

/// An agent whose first task fails until its breaker opens; an order and a pure task of it wait.
fn tripped() -> (Script, TaskIx, TaskIx) {
    let mut plan = quiet();
    plan.agents[0].slots = 1;
    let bad = add(&mut plan, |task| {
        task.priority = TaskPriority::Critical;
        task.max_retries = 0;
    });
    let order = add(&mut plan, |task| {
        task.priority = TaskPriority::High;
        task.effect = EffectClass::Effectful;
    });
    let probe = add(&mut plan, |_| {});
    plan.limits.breaker_failures = 1;
    plan.limits.critical_reserve = 0;
    let mut day = Script::begin(plan);
    day.fails(bad, FailureKind::Crash);
    assert!(matches!(day.run().agent(AgentIx::new(0)).breaker, Breaker::Open { .. }));
    (day, order, probe)
}

#[test]
fn an_open_breaker_stops_an_agents_work_and_a_pure_task_probes_it_before_any_order() {
    let (mut day, order, probe) = tripped();
    assert_eq!(day.running(), []);
    assert_eq!(day.run().agent_health(AgentIx::new(0)), AgentHealth::BreakerOpen);
    day.pass(59);
    assert_eq!(day.running(), []);
    day.pass(1);
    assert_eq!(day.running(), [probe], "the order is more urgent, and no probe");
    assert_eq!(day.run().agent_health(AgentIx::new(0)), AgentHealth::BreakerHalfOpen);
    day.done(probe);
    assert_eq!(day.told(Kind::BreakerClosed), 1);
    assert_eq!(day.running(), [order]);
    assert_eq!(day.run().agent_health(AgentIx::new(0)), AgentHealth::Healthy);
}

#[test]
fn a_probe_that_fails_opens_the_breaker_again() {
    let (mut day, order, probe) = tripped();
    day.pass(60);
    day.fails(probe, FailureKind::Crash);
    assert_eq!(day.told(Kind::BreakerOpened), 2);
    assert_eq!(day.state(order), TaskState::Queued);
}

#[test]
fn after_a_failed_trial_the_most_urgent_task_is_next() {
    let (mut day, order, probe) = tripped();
    assert_eq!(needs_person(day.run()), 2, "the failed task and the order");
    day.pass(60);
    assert_eq!(day.running(), [probe]);
    day.fails(probe, FailureKind::Crash);
    day.pass(60);
    assert_eq!(day.running(), [order], "the approved order, and not the failing monitor again");
    day.done(order);
    assert_eq!(day.told(Kind::BreakerClosed), 1);
}

#[test]
fn a_probe_that_is_refused_by_the_business_shows_that_the_agent_works() {
    let (mut day, order, probe) = tripped();
    day.pass(60);
    day.fails(probe, FailureKind::Rejected);
    assert_eq!(day.run().agent_health(AgentIx::new(0)), AgentHealth::Healthy);
    assert_eq!(day.running(), [order]);
}

#[test]
fn a_probe_that_is_cancelled_leaves_room_for_another() {
    let (mut day, _, probe) = tripped();
    day.pass(60);
    day.order(Command::Cancel { task: probe });
    day.answer(probe, AttemptOutcome::Stopped);
    assert_eq!(day.run().agent_health(AgentIx::new(0)), AgentHealth::BreakerHalfOpen);
    day.order(Command::Retry { task: probe, scope: RetryScope::Task });
    assert_eq!(day.running(), [probe]);
}

#[test]
fn a_refusal_by_the_business_says_nothing_against_the_agent() {
    let mut plan = quiet();
    plan.limits.breaker_failures = 1;
    let tasks: Vec<_> = (0..3).map(|_| add(&mut plan, |_| {})).collect();
    let mut day = Script::begin(plan);
    for task in tasks {
        day.fails(task, FailureKind::Rejected);
    }
    assert_eq!((day.told(Kind::AgentError), day.told(Kind::BreakerOpened)), (0, 0));
}
