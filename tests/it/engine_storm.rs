//! Scenes of a storm: everything fails at once, and the run does not make it worse.

use std::collections::BTreeSet;

use bellwether::{
    engine::{
        Command, FailureKind, NoRetryReason, OrchestrationEvent as Kind, RetryBudget, RetryScope,
        RunState, TaskEnding, TaskState,
    },
    planning::{
        plan::{DayPlan, TaskIx},
        time::Span,
    },
};
use chrono::TimeDelta;

use crate::engine_script::{Script, add, quiet};

/// A plan of tasks that may each be tried nine times.
fn stubborn(tasks: usize) -> DayPlan {
    let mut plan = quiet();
    for _ in 0..tasks {
        add(&mut plan, |task| task.max_retries = 8);
    }
    plan
}

/// Everything fails the moment it starts, for so many seconds.
fn storm(day: &mut Script, seconds: i64) {
    for _ in 0..seconds {
        while let Some(task) = day.running().first().copied() {
            day.fails(task, FailureKind::BadData);
        }
        day.pass(1);
    }
}

fn out_of_budget(day: &Script) -> usize {
    let ended = |run: &engine::TaskRun| {
        matches!(run.ending, Some(TaskEnding::Failed(_, NoRetryReason::BudgetExhausted)))
    };
    day.run().tasks().filter(|(_, run)| ended(run)).count()
}

#[test]
fn fifty_tasks_that_fail_at_once_take_few_retries_and_raise_one_alert() {
    let mut day = Script::begin(stubborn(50));
    storm(&mut day, 300);
    assert_eq!(day.run().count_in_state(TaskState::Failed), 50);
    let starts = day.told(Kind::TaskStarted);
    let retries = day.told(Kind::TaskRetrying);
    assert_eq!(retries, starts - 50);
    assert!((10..=(starts / 5).max(10)).contains(&retries), "{retries} of {starts}");
    assert!(out_of_budget(&day) > 30);
    assert_eq!(day.alerts(RetryBudget::ALERT), 1);
}

#[test]
fn in_no_ten_minutes_are_there_more_retries_than_the_starts_allow() {
    let mut day = Script::begin(stubborn(400));
    storm(&mut day, 1_500);
    let mut starts = 0;
    let mut moments = Vec::new();
    for recorded in &day.journal {
        starts += usize::from(recorded.event.kind() == Kind::TaskStarted);
        if recorded.event.kind() == Kind::TaskRetrying {
            moments.push(recorded.at);
            let from = recorded.at - TimeDelta::minutes(10);
            let used = moments.iter().filter(|&&at| at > from).count();
            assert!(used <= (starts / 5).max(10), "{used} retries after {starts} starts");
        }
    }
    assert!(moments.len() > 50, "a long run may retry more: {}", moments.len());
    assert_eq!(day.alerts(RetryBudget::ALERT), 1, "while the storm goes on");
}

#[test]
fn ten_minutes_after_a_storm_failures_are_tried_again_and_a_new_storm_is_told_anew() {
    let mut plan = stubborn(20);
    let late: BTreeSet<TaskIx> = (10..20).map(TaskIx::new).collect();
    for ix in &late {
        plan.tasks[ix.at()].opens_at += TimeDelta::minutes(40);
    }
    let mut day = Script::begin(plan);
    storm(&mut day, 120);
    assert_eq!(day.run().retry_budget().used_at(day.at), 10);
    assert_eq!(day.alerts(RetryBudget::ALERT), 1);
    day.until(39);
    assert_eq!(day.run().retry_budget().used_at(day.at), 0);
    day.until(40);
    let first = *late.first().unwrap();
    day.fails(first, FailureKind::BadData);
    assert_eq!(day.state(first), TaskState::Retrying);
    assert_eq!(day.alerts(RetryBudget::ALERT), 1, "one failure is no storm");
    storm(&mut day, 120);
    assert_eq!(day.alerts(RetryBudget::ALERT), 2);
}

#[test]
fn a_retry_by_a_person_is_granted_in_a_storm_and_not_counted() {
    let mut day = Script::begin(stubborn(30));
    storm(&mut day, 60);
    let failed = day.run().tasks().find(|(_, run)| run.state == TaskState::Failed);
    let (task, retries) = (failed.unwrap().0, day.told(Kind::TaskRetrying));
    let used = day.run().retry_budget().used_at(day.at);
    day.order(Command::Retry { task, scope: RetryScope::Task });
    assert_eq!(day.state(task), TaskState::Running);
    assert_eq!(day.run().retry_budget().used_at(day.at), used);
    day.fails(task, FailureKind::BadData);
    assert_eq!(day.state(task), TaskState::Failed, "the machine's own retry is refused");
    assert_eq!(day.told(Kind::TaskRetrying), retries);
    assert_eq!(day.alerts(RetryBudget::ALERT), 1);
}

#[test]
fn attempts_that_take_too_long_and_rounds_of_loops_count_as_well() {
    let mut plan = quiet();
    plan.agents[0].slots = 12;
    plan.limits.max_concurrent_tasks = 12;
    plan.limits.breaker_failures = 100;
    for _ in 0..12 {
        add(&mut plan, |task| {
            task.max_retries = 8;
            task.every = Some(Span::mins(30));
        });
    }
    let mut day = Script::begin(plan);
    day.until(5);
    assert_eq!(day.told(Kind::TaskRetrying), 10);
    assert_eq!(day.told(Kind::TaskRoundFailed), 2);
    assert_eq!(day.alerts(RetryBudget::ALERT), 1);
}

#[test]
fn what_cannot_even_start_fails_once_and_costs_the_run_no_retry() {
    let mut day = Script::begin(stubborn(1));
    let task = TaskIx(0);
    day.fails(task, FailureKind::NotFound);
    day.pass(600);
    assert_eq!(day.task(task).attempt, 1);
    assert!(matches!(
        day.task(task).ending,
        Some(TaskEnding::Failed(_, NoRetryReason::NonRetryable))
    ));
    assert_eq!(day.run().retry_budget().used_at(day.at), 0);
}

#[test]
fn neither_a_retry_nor_a_rerun_forgets_what_a_task_went_through() {
    let mut day = Script::begin(stubborn(2));
    let task = TaskIx(0);
    day.fails(task, FailureKind::BadData);
    day.pass(2);
    day.fails(task, FailureKind::BadInput);
    day.order(Command::Retry { task, scope: RetryScope::Task });
    day.done(task);
    day.order(Command::Rerun { task });
    day.fails(task, FailureKind::BadInput);
    let run = day.task(task);
    assert_eq!((run.generation, run.attempt, run.failures), (2, 4, 3));
}

#[test]
fn a_run_folded_from_its_events_has_the_same_budget() {
    let mut day = Script::begin(stubborn(50));
    storm(&mut day, 300);
    let mut folded = RunState::from_first_event(&day.journal[0]).unwrap();
    for recorded in &day.journal[1..] {
        folded.apply(recorded).unwrap();
    }
    assert_eq!(folded.retry_budget(), day.run().retry_budget());
}
