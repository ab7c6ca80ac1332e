//! What simulated days found in the driver, each as a small day that shows it.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use bellwether::{
    engine::{
        AttemptOutcome, Engine, RecordedEvent, RunState, TaskResult, TaskState,
        control::GuardLevel,
        port::{Agent, AgentRegistry, AttemptFuture, AttemptReply, AttemptRequest, EventSink},
    },
    planning::plan::{DayPlan, TaskIx},
    runtime::{Attendance, AutoApprover, Driver, DriverConfig, EventBus, RecoveryMode, RunClock},
};
use chrono::TimeDelta;

use crate::support::plans;

/// Does anything at once, and counts how often it was asked.
#[derive(Clone, Default)]
struct Worker(Arc<Mutex<u32>>);

impl Agent for Worker {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        *self.0.lock().expect("nobody panics") += 1;
        let answer = AttemptOutcome::Completed(TaskResult::without_data("done"));
        Box::pin(async move { AttemptReply { answer, took: Some(request.estimate) } })
    }

    fn describe(&self) -> Vec<&str> {
        vec!["work"]
    }
}

/// Has no room for the `n`-th thing to be recorded, once.
struct FullOnce(u32);

impl EventSink for FullOnce {
    fn record(&mut self, _events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        self.0 = self.0.wrapping_sub(1);
        if self.0 == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

#[tokio::test]
async fn a_day_that_ends_at_once_and_cannot_be_recorded_is_not_called_driven() {
    let mut setup = setup(&Worker::default(), 0, vec![Box::new(Full)]);
    setup.plan = Arc::new(plans::empty(1, 1));
    let (mut driver, _handle) = Driver::new(setup);
    driver.advance_to(plans::morning()).await.expect_err("nothing was recorded");
}

/// Never has room.
struct Full;

impl EventSink for Full {
    fn record(&mut self, _events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

/// A day of one task that takes ten seconds and may take five minutes.
fn plan() -> Arc<DayPlan> {
    let mut plan = plans::empty(1, 1);
    let task = plans::task(&plan, 0, 0);
    plan.tasks.push(task);
    Arc::new(plan)
}

fn setup(worker: &Worker, minutes: i64, sinks: Vec<Box<dyn EventSink>>) -> DriverConfig {
    let plan = plan();
    let mut roster = AgentRegistry::new();
    roster.insert(plan.agents[0].id.clone(), Arc::new(worker.clone()));
    DriverConfig {
        plan,
        roster,
        clock: RunClock::by_hand(plans::morning() + TimeDelta::minutes(minutes)),
        approver: AutoApprover::Operator,
        attendance: Attendance::Unattended,
        sinks,
        bus: EventBus::new().0,
        guards: GuardLevel::Mode,
        desk: None,
        logs: None,
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_whose_time_was_over_while_nobody_drove_is_not_waited_for() {
    let (engine, _) = Engine::start(plan(), plans::morning());
    assert_eq!(engine.state().task(TaskIx(0)).state, TaskState::Running);
    let run = engine.state().clone();
    let setup = setup(&Worker::default(), 10, Vec::new());
    let (mut driver, _handle) = Driver::recover(setup, run, RecoveryMode::Auto);
    let noon = plans::morning() + TimeDelta::hours(6);
    let driven = tokio::time::timeout(Duration::from_hours(1), driver.advance_to(noon)).await;
    driven.expect("it goes on").expect("it is recorded");
}

#[tokio::test]
async fn work_that_could_be_recorded_only_at_the_second_try_is_begun_all_the_same() {
    let worker = Worker::default();
    let setup = setup(&worker, 0, vec![Box::new(FullOnce(1))]);
    let (mut driver, _handle) = Driver::new(setup);
    let noon = plans::morning() + TimeDelta::hours(6);
    driver.advance_to(noon).await.expect("there is room at the second try");
    assert_eq!(*worker.0.lock().expect("nobody panics"), 1, "asked once");
}

#[tokio::test]
async fn a_day_nobody_attends_is_not_called_off_again_and_again_while_it_waits_to_be_taken_up() {
    let (engine, _) = Engine::start(plan(), plans::morning());
    let run = engine.state().clone();
    let (told, before) = (Arc::new(Mutex::new(0)), run.last_seq());
    let setup = setup(&Worker::default(), 10, vec![Box::new(Last(Arc::clone(&told)))]);
    let (mut driver, _handle) = Driver::recover(setup, run, RecoveryMode::Ask);
    let evening = plans::morning() + TimeDelta::hours(20);
    driver.advance_to(evening).await.expect("it is recorded");
    let heard = *told.lock().expect("nobody panics") - before;
    // That it is taken up, and that the market opened and closed meanwhile.
    assert!(heard <= 3, "{heard} events while nothing is decided");
}

/// Knows the number of the last event.
struct Last(Arc<Mutex<u64>>);

impl EventSink for Last {
    fn record(&mut self, _events: &[Arc<RecordedEvent>], run: &RunState) -> io::Result<()> {
        *self.0.lock().expect("nobody panics") = run.last_seq();
        Ok(())
    }
}
