//! Tasks on demand: they wait for an operator, and harm nothing when nobody asks.

use bellwether::{
    engine::{
        Command, Event, FailureKind, OrchestrationEvent, RetryScope, RunEnd, SkipReason,
        StageStatus, TaskEnding, TaskState, Waiver, unmet_conditions,
    },
    planning::{
        plan::{DayPlan, StageIx, TaskIx},
        workflow::{AgentCatalog, EffectClass, load_overlay, load_workflow},
    },
};

use crate::engine_script::{Script, add, after, quiet};

/// A task on demand of the first stage, and one beside it.
fn on_demand() -> (DayPlan, TaskIx, TaskIx) {
    let mut plan = quiet();
    let work = add(&mut plan, |_| {});
    let exit = add(&mut plan, |task| task.on_demand = true);
    (plan, work, exit)
}

fn ask_for(task: TaskIx) -> Command {
    Command::Force { task, waivers: vec![Waiver::OnDemand] }
}

fn run_end(day: &Script) -> Option<RunEnd> {
    let mut ends = day.journal.iter().filter_map(|recorded| {
        if let Event::WorkflowCompleted { end } = &recorded.event { Some(*end) } else { None }
    });
    ends.next()
}

#[test]
fn a_task_nobody_asks_for_leaves_the_day_completed() {
    let (mut plan, work, exit) = on_demand();
    let late = add(&mut plan, |_| {});
    plan.tasks[late.at()].opens_at += chrono::TimeDelta::minutes(60);
    let mut day = Script::begin(plan);
    day.done(work);
    day.until(59);
    assert_eq!(day.state(exit), TaskState::Pending, "it waits");
    day.until(61);
    day.done(late);
    let skipped = TaskEnding::Skipped { why: SkipReason::NotNeeded, satisfies: false };
    assert_eq!(day.task(exit).ending, Some(skipped));
    assert_eq!(run_end(&day), Some(RunEnd::Completed));
    assert_eq!(day.told(OrchestrationEvent::StageStuck), 0, "it blocks no stage");
}

#[test]
fn a_stage_ends_while_its_task_on_demand_waits() {
    let mut plan = crate::support::plans::empty(2, 1);
    plan.stages[1].opens_at += chrono::TimeDelta::minutes(120);
    let work = add(&mut plan, |_| {});
    let exit = add(&mut plan, |task| task.on_demand = true);
    let next = crate::support::plans::task(&plan, 1, 0);
    plan.tasks.push(next);
    let mut day = Script::begin(plan);
    day.done(work);
    assert_eq!(day.run().stage(StageIx::new(0)).status, StageStatus::Completed);
    assert_eq!(day.state(exit), TaskState::Pending);
    day.order(ask_for(exit));
    assert_eq!(day.state(exit), TaskState::Running, "it can be asked for all the same");
    assert_eq!(day.run().stage(StageIx::new(0)).status, StageStatus::Open);
    day.done(exit);
    assert_eq!(day.run().stage(StageIx::new(0)).status, StageStatus::Completed);
}

#[test]
fn a_task_on_demand_starts_only_when_it_is_asked_for() {
    let (plan, _, exit) = on_demand();
    let mut day = Script::begin(plan);
    let lines = unmet_conditions(day.run(), day.at, exit);
    assert_eq!(lines.iter().filter_map(|line| line.waiver).collect::<Vec<_>>(), [Waiver::OnDemand]);
    for command in [
        Command::RunNow { task: exit },
        Command::Force { task: exit, waivers: vec![Waiver::Window] },
    ] {
        let refusal = day.ask(command).expect_err("nobody asked for it").to_string();
        assert!(refusal.contains("waive on-demand, with a reason"), "{refusal}");
    }
    let silent = day.ask_because(None, ask_for(exit)).expect_err("no reason").to_string();
    assert!(silent.contains("needs a reason"), "{silent}");
    let all = vec![Waiver::Window, Waiver::OnDemand];
    let stage = StageIx::new(0);
    drop(day.ask(Command::ForceStage { stage, waivers: all }));
    assert_eq!(day.state(exit), TaskState::Pending, "no stage takes it along");
    day.order(ask_for(exit));
    assert_eq!(day.state(exit), TaskState::Running);
}

#[test]
fn a_task_on_demand_that_fails_counts_and_can_be_retried() {
    let (plan, work, exit) = on_demand();
    let mut day = Script::begin(plan);
    day.order(ask_for(exit));
    day.fails(exit, FailureKind::BadInput);
    day.done(work);
    assert_eq!(day.state(exit), TaskState::Failed);
    assert_eq!(run_end(&day), None, "the stage waits for a repair");
    day.order(Command::Retry { task: exit, scope: RetryScope::Task });
    assert_eq!(day.state(exit), TaskState::Running, "it was asked for once");
    day.done(exit);
    assert_eq!(run_end(&day), Some(RunEnd::Completed));
}

#[test]
fn nobody_asked_is_known_after_a_crash_too() {
    let (plan, work, exit) = on_demand();
    let mut day = Script::begin(plan);
    day.crash();
    day.done(work);
    assert_eq!(day.state(exit), TaskState::Skipped);
    assert_eq!(run_end(&day), Some(RunEnd::Completed));
}

#[test]
fn a_broken_dependency_fails_no_task_nobody_asked_for() {
    let mut plan = quiet();
    let data = add(&mut plan, |_| {});
    plan.tasks[data.at()].required = false;
    let exit = after(&mut plan, &[data]);
    plan.tasks[exit.at()].on_demand = true;
    let mut day = Script::begin(plan);
    day.fails(data, FailureKind::BadInput);
    assert_eq!(day.told(OrchestrationEvent::StageStuck), 0);
    assert_eq!(day.state(exit), TaskState::Skipped, "not needed, not blocked");
}

#[test]
fn an_order_task_on_demand_is_sent_once_over_a_crash() {
    let (mut plan, _, exit) = on_demand();
    plan.tasks[exit.at()].effect = EffectClass::Effectful;
    plan.tasks[exit.at()].max_retries = 0;
    plan.open = plan.stages[0].opens_at;
    let mut day = Script::begin(plan);
    day.order(ask_for(exit));
    assert_eq!(day.state(exit), TaskState::Running);
    day.take_up(day.at);
    day.order(Command::Recover { paused: false });
    assert_eq!(day.state(exit), TaskState::InDoubt, "what was sent must be found out");
    assert_eq!(day.task(exit).attempt, 1);
}

#[test]
fn check_refuses_a_monitor_on_demand() {
    let file = |keys: &str| {
        let task = format!("{{ id: a, agent: economist, task_type: event_calendar, {keys} }}");
        let text = format!("name: Test\nstages:\n  pre_market:\n    tasks:\n      - {task}\n");
        load_workflow("test.yaml", &text, &AgentCatalog::builtin())
    };
    let problems = file("on_demand: true, every: 5m").expect_err("a monitor");
    let codes: Vec<_> = problems.iter().map(|problem| problem.code.id).collect();
    assert_eq!(codes, ["E054"]);
    let (found, _) = file("on_demand: true").expect("sound");
    assert!(found.tasks().all(|(_, task)| task.on_demand));
}

#[test]
fn check_refuses_an_overlay_that_depends_on_a_task_on_demand() {
    let catalog = AgentCatalog::builtin();
    let text = "name: Test\nstages:\n  pre_market:\n    tasks:\n      \
                - { id: a, agent: economist, task_type: event_calendar }\n      \
                - { id: exit, agent: economist, task_type: event_calendar, on_demand: true }\n";
    let (base, _) = load_workflow("test.yaml", text, &catalog).expect("sound");
    let codes = |edits: &str| {
        let text = format!("overlay: own\nedits:\n{edits}");
        let problems = load_overlay("own.yaml", &text, Some(&base), &catalog).expect_err("refused");
        problems.iter().map(|problem| problem.code.id).collect::<Vec<_>>()
    };
    assert_eq!(codes("  - depend: { task: a, on: exit }\n"), ["E054"]);
    let added = "  - add: { stage: pre_market, id: b, agent: economist, task_type: event_calendar, \
                 on_demand: true }\n  - depend: { task: a, on: b }\n";
    assert_eq!(codes(added), ["E054"]);
}
