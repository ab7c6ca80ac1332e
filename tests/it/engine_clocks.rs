//! Scenes of time: attempts, queues and days that take too long, retries, answers that come late.

use bellwether::{
    engine::{
        AttemptOutcome, Command, EngineInput, Event, FailureKind, Gate, NoRetryReason,
        OrchestrationEvent as Kind, PauseMode, RetryScope, RunStatus, TaskEnding, TaskResult,
        TaskState, TimeoutCause, WorkItem,
    },
    planning::{
        plan::AgentIx,
        time::Span,
        workflow::{EffectClass, TaskPriority},
    },
};
use chrono::TimeDelta;

use crate::{
    engine_script::{Script, add, after, quiet},
    support::plans,
};

#[test]
fn a_task_that_waits_too_long_for_a_slot_times_out_without_an_attempt() {
    let mut plan = quiet();
    plan.agents[0].slots = 1;
    add(&mut plan, |task| task.timeout = Span::mins(60));
    let waits = add(&mut plan, |task| task.queue_timeout = Some(Span::mins(3)));
    let mut day = Script::begin(plan);
    day.until(2);
    assert_eq!(day.state(waits), TaskState::Queued);
    day.until(3);
    assert_eq!(day.task(waits).ending, Some(TaskEnding::TimedOut(TimeoutCause::Queue)));
    assert_eq!(day.task(waits).attempt, 0);
}

#[test]
fn a_pure_attempt_that_takes_too_long_is_stopped_and_tried_again() {
    let mut plan = quiet();
    let task = add(&mut plan, |task| task.max_retries = 1);
    let mut day = Script::begin(plan);
    day.until(5);
    assert_eq!(day.state(task), TaskState::Retrying);
    assert!(day.work.contains(&WorkItem::Stop { task, attempt: 1 }));
    day.pass(1);
    assert_eq!(day.state(task), TaskState::Running);
    day.pass(300);
    assert_eq!(day.task(task).ending, Some(TaskEnding::TimedOut(TimeoutCause::Run)));
    assert_eq!(day.run().slots_used(), 0);
}

#[test]
fn a_retry_kept_waiting_until_its_window_closes_times_out_and_is_not_called_missed() {
    let mut plan = quiet();
    let task = add(&mut plan, |task| task.closes_at = task.opens_at + TimeDelta::seconds(90));
    let mut day = Script::begin(plan);
    day.pass(80);
    day.fails(task, FailureKind::Transient);
    day.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    day.pass(10);
    assert_eq!(day.task(task).ending, Some(TaskEnding::TimedOut(TimeoutCause::StageClose)));
}

#[test]
fn no_retry_is_begun_that_would_start_after_its_window_closes() {
    let mut plan = quiet();
    let task = add(&mut plan, |task| task.closes_at = task.opens_at + TimeDelta::seconds(90));
    let mut day = Script::begin(plan);
    day.pass(89);
    day.fails(task, FailureKind::Transient);
    assert!(matches!(
        day.task(task).ending,
        Some(TaskEnding::Failed(_, NoRetryReason::PastDeadline))
    ));
}

#[test]
fn work_that_never_started_is_missed_when_its_window_closes() {
    let mut plan = quiet();
    add(&mut plan, |task| task.timeout = Span::mins(170));
    let waits = add(&mut plan, |task| {
        task.dependencies = vec![plans::hard(0)];
        task.closes_at = task.opens_at + TimeDelta::minutes(30);
    });
    let mut day = Script::begin(plan);
    day.until(29);
    assert_eq!(day.state(waits), TaskState::Pending);
    day.until(30);
    assert_eq!(day.state(waits), TaskState::Missed);
}

#[test]
fn retries_wait_1_2_4_8_16_32_60_60_seconds() {
    let mut plan = quiet();
    plan.limits.breaker_failures = 99;
    let task = add(&mut plan, |task| task.max_retries = 8);
    let mut day = Script::begin(plan);
    let mut waits = Vec::new();
    while day.state(task) == TaskState::Running {
        day.fails(task, FailureKind::Transient);
        if let Some(next_at) = day.task(task).next_at {
            waits.push((next_at - day.at).num_seconds());
            day.pass((next_at - day.at).num_seconds());
        }
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    assert!(matches!(
        day.task(task).ending,
        Some(TaskEnding::Failed(_, NoRetryReason::AttemptsExhausted))
    ));
    assert_eq!(day.task(task).attempt, 9);
}

#[test]
fn failures_that_repeat_themselves_are_not_tried_again() {
    let table = [
        (FailureKind::Transient, TaskState::Retrying),
        (FailureKind::BadData, TaskState::Retrying),
        (FailureKind::TimedOut, TaskState::Retrying),
        (FailureKind::Crash, TaskState::Retrying),
        (FailureKind::BadInput, TaskState::Failed),
        (FailureKind::BadOutput, TaskState::Failed),
        (FailureKind::Permission, TaskState::Failed),
        (FailureKind::NotFound, TaskState::Failed),
        (FailureKind::Rejected, TaskState::Failed),
        (FailureKind::Budget, TaskState::Failed),
        (FailureKind::Cancelled, TaskState::Failed),
    ];
    for (kind, state) in table {
        let mut plan = quiet();
        let task = add(&mut plan, |_| {});
        let mut day = Script::begin(plan);
        day.fails(task, kind);
        assert_eq!(day.state(task), state, "{kind:?}");
    }
}

#[test]
fn a_persons_retry_skips_the_delay() {
    let mut plan = quiet();
    let task = add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.fails(task, FailureKind::Transient);
    day.order(Command::Retry { task, scope: RetryScope::Task });
    assert_eq!((day.state(task), day.task(task).attempt), (TaskState::Running, 2));
}

#[test]
fn a_hundred_tasks_waiting_for_a_retry_hold_no_slot() {
    let mut plan = quiet();
    plan.limits.breaker_failures = 999;
    // Enough that goes well for the run to allow a hundred retries.
    for _ in 0..500 {
        add(&mut plan, |task| task.priority = TaskPriority::Critical);
    }
    for _ in 0..100 {
        add(&mut plan, |task| task.priority = TaskPriority::High);
    }
    for _ in 0..10 {
        add(&mut plan, |task| task.priority = TaskPriority::Low);
    }
    let mut day = Script::begin(plan);
    while day.run().count_in_state(TaskState::Retrying) < 100 {
        let next = day.running()[0];
        if next.at() < 500 {
            day.done(next);
        } else {
            day.fails(next, FailureKind::Transient);
        }
    }
    assert_eq!(day.run().slots_used(), 3, "all slots of the agent are at work");
    assert!(day.running().iter().all(|task| task.at() >= 600));
}

#[test]
fn an_answer_to_an_attempt_that_was_given_up_changes_nothing_and_is_written_down() {
    let mut plan = quiet();
    let task = add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.until(5);
    day.pass(1);
    assert_eq!(day.task(task).attempt, 2);
    let before = day.task(task).clone();
    let answer = AttemptOutcome::Completed(TaskResult::without_data("too late"));
    day.input(EngineInput::AttemptEnded { task, attempt: 1, answer });
    assert_eq!(*day.task(task), before);
    assert_eq!(day.told(Kind::LateResult), 1);
    let last = &day.journal.last().expect("an event").event;
    assert!(
        matches!(last, Event::LateResult { attempt: 1, said, .. } if said.contains("too late"))
    );
}

#[test]
fn the_second_of_two_answers_changes_nothing() {
    let mut plan = quiet();
    let task = add(&mut plan, |_| {});
    add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.done(task);
    day.fails(task, FailureKind::Transient);
    assert_eq!(day.state(task), TaskState::Completed);
    assert_eq!((day.told(Kind::LateResult), day.told(Kind::AgentError)), (1, 0));
}

#[test]
fn progress_of_an_attempt_long_over_is_not_recorded() {
    let mut plan = quiet();
    let task = add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    for (attempt, recorded) in [(1, 1), (2, 1), (0, 1)] {
        let note = "half".to_owned();
        day.input(EngineInput::Progress { task, attempt, percent: 250, note });
        assert_eq!(day.told(Kind::TaskProgress), recorded);
    }
    assert_eq!(day.task(task).progress, Some((100, "half".into())), "never above 100");
}

#[test]
fn work_beyond_the_workflow_timeout_fails_the_run_and_is_stopped() {
    let mut plan = quiet();
    plan.limits.workflow_timeout = Span::mins(20);
    plan.limits.breaker_failures = 1;
    plan.limits.breaker_cooldown = Span::mins(600);
    plan.agents.push(plan.agents[0].clone());
    let bad = add(&mut plan, |task| task.max_retries = 0);
    let queued = add(&mut plan, |_| {});
    let long = add(&mut plan, |task| {
        task.agent = AgentIx(1);
        task.timeout = Span::mins(90);
    });
    let later = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(90));
    plan.agents[0].slots = 1;
    let mut day = Script::begin(plan);
    day.until(1);
    day.fails(bad, FailureKind::Crash);
    day.until(19);
    assert_eq!((day.state(queued), day.state(long)), (TaskState::Queued, TaskState::Running));
    day.until(20);
    assert_eq!(day.task(queued).ending, Some(TaskEnding::TimedOut(TimeoutCause::Workflow)));
    assert_eq!((day.state(long), day.state(later)), (TaskState::Cancelling, TaskState::Cancelled));
    assert_eq!((day.alerts("workflow_timeout"), day.told(Kind::WorkflowTimedOut)), (1, 1));
    day.answer(long, AttemptOutcome::Stopped);
    let why = "work went on for 20m without a break (workflow_timeout): 3 tasks were stopped";
    assert_eq!(*day.run().status(), RunStatus::Failed(why.into()));
    day.crash();
    assert_eq!(*day.run().status(), RunStatus::Failed(why.into()));
}

#[test]
fn ninety_minutes_of_work_one_by_one_exceed_a_timeout_of_one() {
    let mut plan = quiet();
    plan.limits.workflow_timeout = Span::mins(60);
    let mut last = add(&mut plan, |_| {});
    for _ in 0..30 {
        last = after(&mut plan, &[last]);
    }
    let mut day = Script::begin(plan);
    let mut minutes = 0;
    while !day.run().has_ended() {
        minutes += 3;
        day.until(minutes);
        let running = day.running();
        for task in running {
            day.done(task);
        }
        let stopping: Vec<_> = day.run().tasks().collect();
        let stopping: Vec<_> = stopping
            .into_iter()
            .filter(|(_, run)| run.state == TaskState::Cancelling)
            .map(|(ix, _)| ix)
            .collect();
        for task in stopping {
            day.answer(task, AttemptOutcome::Stopped);
        }
    }
    assert!(matches!(day.run().status(), RunStatus::Failed(_)), "{:?}", day.run().status());
    assert_eq!(minutes, 60);
}

#[test]
fn waiting_for_a_window_an_operator_or_a_monitor_is_no_work() {
    let mut plan = quiet();
    plan.limits.workflow_timeout = Span::mins(10);
    add(&mut plan, |task| {
        task.every = Some(Span::mins(5));
        task.timeout = Span::mins(4);
    });
    add(&mut plan, |task| {
        task.effect = EffectClass::Human;
        task.timeout = Span::mins(170);
        task.max_retries = 0;
    });
    let late = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(90));
    let mut day = Script::begin(plan);
    day.until(99);
    assert_eq!(day.state(late), TaskState::Running);
    day.until(100);
    assert_eq!(day.state(late), TaskState::Cancelling, "its own stretch began at minute 90");
}

#[test]
fn time_without_a_driver_is_no_work() {
    let mut plan = quiet();
    plan.limits.workflow_timeout = Span::mins(20);
    let task = add(&mut plan, |task| task.timeout = Span::mins(170));
    let mut day = Script::begin(plan);
    day.until(15);
    day.crash();
    day.at += TimeDelta::minutes(60);
    day.take_up(day.at);
    day.order(Command::Recover { paused: false });
    day.pass(60 * 19);
    assert!(
        !day.run().has_ended() && day.told(Kind::WorkflowTimedOut) == 0,
        "{:?}",
        day.task(task)
    );
}

#[test]
fn a_pause_is_no_stall() {
    let mut plan = quiet();
    plan.limits.workflow_timeout = Span::mins(10);
    let task = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(1));
    let mut day = Script::begin(plan);
    day.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    day.until(100);
    assert_eq!(day.state(task), TaskState::Queued);
}

#[test]
fn a_task_is_retried_as_often_as_its_max_retries_says() {
    let mut plan = quiet();
    plan.limits.breaker_failures = 32;
    let task = add(&mut plan, |task| task.max_retries = 12);
    let mut day = Script::begin(plan);
    while !day.state(task).is_terminal() {
        day.fails(task, FailureKind::BadData);
        if let Some(next_at) = day.task(task).next_at {
            day.pass((next_at - day.at).num_seconds() + 1);
        }
    }
    assert_eq!(day.task(task).attempt, 13);
    assert_eq!(day.told(Kind::TaskRetrying), 12);
    assert_eq!(day.alerts("retry_budget"), 0);
}
