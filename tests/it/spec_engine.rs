//! The specification's tests of its workflow engine, as far as they concern the pure engine. Cyclic
//! dependencies are found when a workflow is read; see the tests of definitions and plans.

use std::sync::Arc;

use bellwether::{
    engine::{
        Engine, Event, FailureKind, OrchestrationEvent as Kind, RunStatus, StageStatus, TaskState,
        WorkItem,
    },
    planning::{
        plan::{EngineLimits, RetryStrategy, TaskIx},
        time::Span,
        workflow::TaskPriority,
    },
};

use crate::{
    engine_script::{Script, add, after, quiet},
    support::plans,
};

#[test]
fn engine_initialization_gives_a_run_whose_tasks_all_wait_and_whose_agents_are_idle() {
    let mut plan = plans::empty(4, 6);
    for stage in 0..4 {
        let task = plans::task(&plan, stage, stage);
        plan.tasks.push(task);
    }
    // An hour before the first stage opens.
    let at = plans::morning() - chrono::TimeDelta::hours(1);
    let (engine, step) = Engine::start(Arc::new(plan), at);
    let run = engine.state();
    assert_eq!(*run.status(), RunStatus::Running);
    assert_eq!(run.count_in_state(TaskState::Pending), 4);
    assert_eq!(run.slots_used(), 0);
    assert!(run.stages().all(|(_, stage)| stage.status == StageStatus::Waiting));
    assert!(run.agents().all(|(_, agent)| agent.running == 0));
    assert_eq!(step.work, []);
    assert_eq!(engine.next_wake(), Some(plans::morning()));
}

#[test]
fn workflow_creation_and_execution_runs_every_task_and_completes() {
    let mut plan = quiet();
    let first = add(&mut plan, |_| {});
    let second = after(&mut plan, &[first]);
    let mut day = Script::begin(plan);
    assert_eq!(day.work, [WorkItem::Start { task: first, attempt: 1 }]);
    day.done(first);
    assert_eq!(day.work[1..], [WorkItem::Start { task: second, attempt: 1 }]);
    day.done(second);
    assert!(matches!(day.run().status(), RunStatus::Completed(_)));
    assert!(day.states().iter().all(|state| *state == TaskState::Completed));
}

#[test]
fn task_dependency_ordering_starts_nothing_before_what_it_needs() {
    // A diamond: 0 before 1 and 2, both before 3.
    let mut plan = quiet();
    let top = add(&mut plan, |_| {});
    let (left, right) = (after(&mut plan, &[top]), after(&mut plan, &[top]));
    let bottom = after(&mut plan, &[left, right]);
    let mut day = Script::begin(plan);
    let mut order = Vec::new();
    while !day.run().has_ended() {
        let next = *day.running().last().expect("work");
        order.push(next);
        day.done(next);
    }
    assert_eq!(order, [top, right, left, bottom]);
    let ready = day.journal.iter().position(|r| r.event == Event::TaskQueued { task: bottom });
    let left_done = day
        .journal
        .iter()
        .position(|r| matches!(r.event, Event::TaskCompleted { task, .. } if task == left));
    assert!(left_done < ready);
}

#[test]
fn retry_logic_validation_retries_as_often_and_as_late_as_configured() {
    let mut plan = quiet();
    plan.limits.breaker_failures = 99;
    plan.limits.retry = RetryStrategy {
        base_delay: Span::secs(2),
        max_delay: Span::secs(10),
        exponential_base: 3.0,
    };
    let task = add(&mut plan, |task| task.max_retries = 3);
    let mut day = Script::begin(plan);
    for delay in [2, 6, 10] {
        day.fails(task, FailureKind::Transient);
        assert_eq!(day.state(task), TaskState::Retrying);
        day.pass(delay - 1);
        assert_eq!(day.state(task), TaskState::Retrying, "not before {delay} s");
        day.pass(1);
        assert_eq!(day.state(task), TaskState::Running, "after {delay} s");
    }
    day.fails(task, FailureKind::Transient);
    assert_eq!(day.state(task), TaskState::Failed);
    assert_eq!((day.told(Kind::TaskRetrying), day.told(Kind::TaskFailed)), (3, 1));
}

#[test]
fn concurrent_execution_never_exceeds_max_concurrent_tasks() {
    let mut plan = quiet();
    plan.agents[0].slots = 99;
    assert_eq!(EngineLimits::default().max_concurrent_tasks, 5);
    for _ in 0..40 {
        add(&mut plan, |_| {});
    }
    let mut day = Script::begin(plan);
    while !day.run().has_ended() {
        let left = usize::try_from(day.run().count_in_state(TaskState::Queued)).expect("small");
        assert_eq!(day.running().len(), 5.min(left + day.running().len()));
        assert!(left == 0 || day.running().len() == 5, "a slot stands empty with work ready");
        let next = day.running()[0];
        day.done(next);
    }
    assert_eq!(day.run().count_in_state(TaskState::Completed), 40);
}

#[test]
fn concurrent_execution_gives_slots_by_priority() {
    let mut plan = quiet();
    plan.agents[0].slots = 1;
    plan.limits.critical_reserve = 0;
    for priority in [TaskPriority::Low, TaskPriority::Medium, TaskPriority::High] {
        add(&mut plan, |task| task.priority = priority);
    }
    add(&mut plan, |task| task.priority = TaskPriority::Critical);
    let mut day = Script::begin(plan);
    let mut order = Vec::new();
    while let [next] = day.running()[..] {
        order.push(next.at());
        day.done(next);
    }
    assert_eq!(order, [3, 2, 1, 0]);
}

#[test]
fn event_emission_tells_the_whole_life_of_a_workflow_in_order() {
    let mut plan = quiet();
    let task = add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.fails(task, FailureKind::Transient);
    day.pass(1);
    day.done(task);
    let kinds: Vec<_> = day.journal.iter().map(|recorded| recorded.event.kind()).collect();
    assert_eq!(
        kinds,
        [
            Kind::WorkflowStarted,
            Kind::StageStarted,
            Kind::TaskQueued,
            Kind::TaskStarted,
            Kind::AgentError,
            Kind::TaskRetrying,
            Kind::TaskQueued,
            Kind::TaskStarted,
            Kind::TaskCompleted,
            Kind::StageCompleted,
            Kind::WorkflowCompleted,
        ]
    );
    let numbers: Vec<_> = day.journal.iter().map(|recorded| recorded.seq).collect();
    assert_eq!(numbers, (1..=11).collect::<Vec<u64>>());
    assert_eq!(day.journal[2].event.task(), Some(TaskIx::new(0)));
}
