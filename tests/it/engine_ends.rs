//! Scenes of ends: rounds of monitoring loops, stages that close or get stuck, days that are over.

use bellwether::{
    engine::{
        Actor, Command, CommandRequest, EngineInput, Event, FailureKind, Gate,
        OrchestrationEvent as Kind, PauseMode, Provenance, RetryScope, RunEnd, RunStatus,
        StageStatus, TaskEnding, TaskState, TradingState,
    },
    planning::{
        plan::{DayPlan, StageIx, TaskIx},
        time::Span,
        workflow::OnClose,
    },
};
use chrono::TimeDelta;

use crate::{
    engine_script::{Script, add, after, quiet},
    support::plans,
};

const STAGE: StageIx = StageIx(0);

/// A loop of one round every ten minutes, from 06:00 to 07:00, without retries inside a round.
fn monitor() -> (DayPlan, TaskIx) {
    let mut plan = quiet();
    plan.limits.breaker_failures = 99;
    let monitor = add(&mut plan, |task| {
        task.every = Some(Span::mins(10));
        task.closes_at = task.opens_at + TimeDelta::minutes(60);
        task.max_retries = 0;
    });
    (plan, monitor)
}

#[test]
fn a_loop_makes_its_rounds_on_the_clock_and_the_last_one_completes_it() {
    let (plan, monitor) = monitor();
    let mut day = Script::begin(plan);
    let mut starts = Vec::new();
    while !day.state(monitor).is_terminal() {
        let begun = day.task(monitor).started_at.expect("a round") - plans::morning();
        starts.push(begun.num_minutes());
        day.pass(120);
        day.done(monitor);
        if let Some(next_at) = day.task(monitor).next_at {
            day.pass((next_at - day.at).num_seconds());
        }
    }
    assert_eq!(starts, [0, 10, 20, 30, 40, 50]);
    assert_eq!(day.task(monitor).rounds, 6);
    assert_eq!(day.told(Kind::TaskRoundCompleted), 5);
    assert_eq!(day.task(monitor).ending, Some(TaskEnding::Completed(Provenance::Ran)));
}

#[test]
fn rounds_that_a_long_one_overran_are_not_caught_up() {
    let (mut plan, monitor) = monitor();
    plan.tasks[monitor.at()].timeout = Span::mins(60);
    let mut day = Script::begin(plan);
    day.until(25);
    day.done(monitor);
    let next = day.task(monitor).next_at.expect("another round");
    assert_eq!((next - plans::morning()).num_minutes(), 30);
}

#[test]
fn three_bad_rounds_in_a_row_raise_one_alert_and_the_loop_goes_on() {
    let (plan, monitor) = monitor();
    let mut day = Script::begin(plan);
    for (round, alerts) in [(1, 0), (2, 0), (3, 1), (4, 1)] {
        day.fails(monitor, FailureKind::Transient);
        assert_eq!(day.alerts("loop_failing"), alerts, "after round {round}");
        assert_eq!(day.task(monitor).bad_rounds, round);
        day.until(10 * i64::from(round));
        assert_eq!(day.state(monitor), TaskState::Running);
    }
    day.done(monitor);
    assert_eq!((day.task(monitor).bad_rounds, day.task(monitor).rounds), (0, 5));
}

#[test]
fn a_loop_cut_off_between_two_rounds_has_completed() {
    let (plan, monitor) = monitor();
    let mut day = Script::begin(plan);
    day.done(monitor);
    day.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    day.until(60);
    assert_eq!(day.state(monitor), TaskState::Completed);
}

#[test]
fn monitor_silent_since_a_kill_says_when_its_last_round_was() {
    let (plan, monitor) = monitor();
    let mut day = Script::begin(plan);
    day.pass(180);
    day.done(monitor);
    day.order(Command::TightenTrading { to: TradingState::Killed });
    day.until(60);
    assert_eq!(day.state(monitor), TaskState::Completed);
    let summary = &day.task(monitor).outcome.as_ref().expect("a round ended well").summary;
    assert_eq!(summary, "last round at 06:03: done", "not as of the end of its window");
}

#[test]
fn a_stage_whose_work_is_done_completes_before_its_window_closes_and_the_day_with_it() {
    let mut plan = quiet();
    let task = add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    assert_eq!(day.run().stage(STAGE).status, StageStatus::Open);
    day.done(task);
    assert_eq!(day.run().stage(STAGE).status, StageStatus::Completed);
    assert_eq!(*day.run().status(), RunStatus::Completed(RunEnd::Completed));
    assert_eq!(day.engine.next_wake(), None);
}

#[test]
fn a_stage_waits_for_a_person_until_its_window_closes_when_required_work_failed() {
    for required in [true, false] {
        let mut plan = quiet();
        let task = add(&mut plan, |task| task.required = required);
        let mut day = Script::begin(plan);
        day.fails(task, FailureKind::BadInput);
        if required {
            assert_eq!(day.run().stage(STAGE).status, StageStatus::Open);
            day.until(180);
            assert_eq!(day.run().stage(STAGE).status, StageStatus::Failed);
            assert!(matches!(day.run().status(), RunStatus::Failed(why) if why.contains("FAILED")));
        } else {
            assert_eq!(day.run().stage(STAGE).status, StageStatus::CompletedWithIssues);
            let end = RunStatus::Completed(RunEnd::CompletedWithIssues);
            assert_eq!(*day.run().status(), end);
        }
    }
}

#[test]
fn a_stage_none_of_whose_work_started_is_missed() {
    let mut plan = quiet();
    add(&mut plan, |task| task.opens_at += TimeDelta::minutes(1));
    let mut day = Script::begin(plan);
    day.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    day.until(180);
    assert_eq!(day.run().stage(STAGE).status, StageStatus::Missed);
    assert!(matches!(day.run().status(), RunStatus::Failed(_)));
}

#[test]
fn what_is_left_when_a_stage_closes_is_missed_carried_on_or_cancelled() {
    let table = [
        (OnClose::Fail, TaskState::Running, TaskState::Missed),
        (OnClose::Carry, TaskState::Running, TaskState::Pending),
        (OnClose::CancelRest, TaskState::Cancelling, TaskState::Cancelled),
    ];
    for (on_close, at_work, waiting) in table {
        let mut plan = quiet();
        plan.stages[0].on_close = on_close;
        let long = add(&mut plan, |task| task.timeout = Span::mins(600));
        let next = after(&mut plan, &[long]);
        let mut day = Script::begin(plan);
        day.until(180);
        assert_eq!((day.state(long), day.state(next)), (at_work, waiting), "{on_close:?}");
        day.done(long);
        let carried = on_close == OnClose::Carry;
        assert_eq!(day.state(next) == TaskState::Running, carried, "{on_close:?}");
    }
}

#[test]
fn a_stage_nobody_can_move_is_stuck_says_so_once_and_comes_free() {
    let mut plan = quiet();
    let first = add(&mut plan, |_| {});
    let second = after(&mut plan, &[first]);
    let mut day = Script::begin(plan);
    assert_eq!(day.told(Kind::StageStuck), 0);
    day.fails(first, FailureKind::BadInput);
    assert_eq!(day.run().stage(STAGE).stuck_since, Some(day.at));
    day.until(30);
    assert_eq!((day.told(Kind::StageStuck), day.alerts("stage_stuck")), (1, 1));
    day.order(Command::Retry { task: first, scope: RetryScope::Task });
    assert_eq!((day.run().stage(STAGE).stuck_since, day.told(Kind::StageMoving)), (None, 1));
    day.done(first);
    day.done(second);
    assert_eq!(day.run().stage(STAGE).status, StageStatus::Completed);
}

#[test]
fn held_or_doubtful_work_with_nothing_else_to_do_makes_a_stage_stuck() {
    let mut plan = quiet();
    let task = add(&mut plan, |task| task.opens_at += TimeDelta::minutes(5));
    let mut day = Script::begin(plan);
    assert_eq!(day.told(Kind::StageStuck), 0, "waiting for a window is not being stuck");
    day.order(Command::Hold { task });
    assert_eq!(day.told(Kind::StageStuck), 1);
    day.order(Command::Release { task });
    assert_eq!(day.told(Kind::StageMoving), 1);
}

#[test]
fn a_day_without_tasks_is_over_when_its_stages_have_opened() {
    let mut day = Script::begin(plans::empty(2, 1));
    day.until(200);
    assert_eq!(*day.run().status(), RunStatus::Completed(RunEnd::Completed));
}

#[test]
fn an_ended_stage_opens_again_when_its_work_is_wanted_again() {
    let mut plan = plans::empty(2, 1);
    let first = add(&mut plan, |_| {});
    let afternoon = plans::task(&plan, 1, 0);
    plan.tasks.push(afternoon);
    let mut day = Script::begin(plan);
    day.done(first);
    assert_eq!(day.run().stage(STAGE).status, StageStatus::Completed);
    day.order(Command::Rerun { task: first });
    assert_eq!(day.run().stage(STAGE).status, StageStatus::Open);
    day.done(first);
    assert_eq!(day.run().stage(STAGE).status, StageStatus::Completed);
    assert_eq!(day.task(first).history.len(), 2, "the first result stays in the history");
}

#[test]
fn cancelling_the_run_calls_off_what_waits_and_ends_once_what_ran_has_stopped() {
    let mut plan = quiet();
    plan.agents[0].slots = 1;
    let runs = add(&mut plan, |_| {});
    let queued = add(&mut plan, |_| {});
    let waits = after(&mut plan, &[queued]);
    let mut day = Script::begin(plan);
    day.order(Command::CancelRun);
    let states = [day.state(runs), day.state(queued), day.state(waits)];
    assert_eq!(states, [TaskState::Cancelling, TaskState::Cancelled, TaskState::Cancelled]);
    assert!(!day.run().has_ended());
    day.pass(10);
    assert_eq!(*day.run().status(), RunStatus::Cancelled);
    assert_eq!(day.run().stage(STAGE).status, StageStatus::Cancelled);
    assert_eq!(day.told(Kind::WorkflowCancelled), 1);
}

#[test]
fn a_command_that_comes_twice_is_obeyed_once() {
    let mut plan = quiet();
    let task = add(&mut plan, |_| {});
    add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.done(task);
    let order = CommandRequest {
        id: 77,
        by: Actor::Operator("ana".into()),
        reason: None,
        command: Command::Rerun { task },
    };
    for _ in 0..2 {
        assert_eq!(day.input(EngineInput::Command(order.clone())), None);
    }
    assert_eq!(day.told(Kind::CommandAccepted), 1);
    assert_eq!(day.task(task).generation, 2);
    day.done(task);
    day.input(EngineInput::Command(order));
    assert_eq!(day.task(task).generation, 2, "nor when it would be legal again");
}

#[test]
fn nothing_is_recorded_after_the_days_last_event_but_refusals_and_late_results() {
    let mut plan = quiet();
    let task = add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.done(task);
    let events = day.journal.len();
    day.done(task);
    let _refused = day.ask(Command::CancelRun);
    day.input(EngineInput::Market { code: "open".into(), text: "the market opened".into() });
    day.until(500);
    let after: Vec<_> = day.journal[events..].iter().map(|r| r.event.kind()).collect();
    assert_eq!(after, [Kind::LateResult, Kind::CommandRefused]);
    assert!(matches!(day.journal[events - 1].event, Event::WorkflowCompleted { .. }));
}
