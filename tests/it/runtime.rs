//! The driver and what surrounds it: recording before doing, watchers that fall behind, orders, clocks.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

use std::{
    io,
    sync::{Arc, Mutex},
};

use bellwether::{
    engine::{
        AttemptOutcome, Command, Event, Gate, PauseMode, RecordedEvent, RunState, RunStatus,
        TaskResult, TaskState,
        control::{Authority, CommitError, GuardLevel, SessionOpening},
        port::{Agent, AgentRegistry, AttemptFuture, AttemptReply, AttemptRequest, EventSink},
    },
    planning::{
        plan::{DayPlan, RunMode, TaskIx},
        time::Span,
        workflow::EffectClass,
    },
    runtime::{
        Attendance, AutoApprover, ClockPace, Driver, DriverConfig, EventBus, OperatorSession,
        RunClock, RunHandle, SubscriptionItem,
    },
};
use chrono::TimeDelta;

use crate::support::{live_day::give, plans};

/// Does anything; remembers what it was asked to do and to stop.
#[derive(Clone, Default)]
struct Worker {
    asked: Arc<Mutex<Vec<String>>>,
    stopped: Arc<Mutex<Vec<String>>>,
}

impl Agent for Worker {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        self.asked.lock().unwrap().push(request.task_id.to_string());
        let reply = AttemptReply {
            answer: AttemptOutcome::Completed(TaskResult::without_data("done")),
            took: Some(request.estimate),
        };
        Box::pin(async move { reply })
    }

    fn stop(&self, request: &AttemptRequest, _at: chrono::DateTime<chrono::Utc>) -> AttemptOutcome {
        self.stopped.lock().unwrap().push(request.task_id.to_string());
        AttemptOutcome::Stopped
    }

    fn describe(&self) -> Vec<&str> {
        vec!["work"]
    }
}

/// Keeps every event of a day.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<RecordedEvent>>>);
impl EventSink for Kept {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        self.0.lock().unwrap().extend(events.iter().map(|event| (**event).clone()));
        Ok(())
    }
}

fn driver(
    plan: DayPlan,
    worker: &Worker,
    pace: ClockPace,
    sinks: Vec<Box<dyn EventSink>>,
) -> (Driver, RunHandle) {
    let mut roster = AgentRegistry::new();
    for agent in &plan.agents {
        roster.insert(agent.id.clone(), Arc::new(worker.clone()));
    }
    let (bus, dispatch) = EventBus::new();
    tokio::spawn(dispatch);
    Driver::new(DriverConfig {
        plan: Arc::new(plan),
        roster,
        clock: RunClock::starting(plans::morning(), pace),
        approver: AutoApprover::Operator,
        attendance: Attendance::Unattended,
        sinks,
        bus,
        guards: GuardLevel::Mode,
        desk: None,
        logs: None,
    })
}

/// `n` tasks, each waiting for the one before.
fn chain(n: usize) -> DayPlan {
    let mut plan = plans::empty(1, 1);
    for i in 0..n {
        let mut task = plans::task(&plan, 0, 0);
        task.dependencies.extend(i.checked_sub(1).map(plans::hard));
        task.estimate = Span::secs(1);
        plan.tasks.push(task);
    }
    plan
}

/// A session that is armed from the start, as SIM allows.
async fn session(handle: &RunHandle) -> OperatorSession {
    let opening = SessionOpening { operator: "ana".into(), authority: Authority::Armed };
    handle.open(opening).await.unwrap()
}

/// Takes so many events, then refuses.
struct Full(usize);

impl EventSink for Full {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        self.0 = self.0.checked_sub(events.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(())
    }
}

#[tokio::test]
async fn nothing_starts_once_an_event_could_not_be_recorded() {
    let worker = Worker::default();
    // The start and the queueing of the first task fit, its TASK_STARTED does not.
    let (driver, _handle) = driver(chain(3), &worker, ClockPace::Max, vec![Box::new(Full(2))]);
    let error = driver.run().await.unwrap_err();
    assert!(error.to_string().contains("nothing more was started"), "{error}");
    assert_eq!(*worker.asked.lock().unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_watcher_sees_every_event_in_order_and_then_the_end() {
    let (driver, handle) = driver(chain(50), &Worker::default(), ClockPace::Max, Vec::new());
    let mut watcher = handle.subscribe();
    let driving = tokio::spawn(driver.run());
    let mut run = None;
    while let Some(seen) = watcher.next().await {
        match seen {
            SubscriptionItem::Snapshot(state) => run = Some(*state),
            SubscriptionItem::Event(event) => run.as_mut().unwrap().apply(&event).unwrap(),
        }
    }
    assert_eq!(run.unwrap(), driving.await.unwrap().unwrap());
    assert_eq!(watcher.missed_count(), 0);
}

#[tokio::test]
async fn a_watcher_that_fell_behind_is_given_the_whole_run_and_holds_nobody_up() {
    // Four events a task: far more than are kept for those who are behind.
    let (driver, handle) = driver(chain(3_000), &Worker::default(), ClockPace::Max, Vec::new());
    let mut watcher = handle.subscribe();
    let driving = tokio::spawn(driver.run());
    let Some(SubscriptionItem::Snapshot(mut run)) = watcher.next().await else {
        panic!("the state comes first")
    };
    // It does not look until the day is long over.
    let last = driving.await.unwrap().unwrap();
    let mut gaps = 0;
    while let Some(seen) = watcher.next().await {
        match seen {
            SubscriptionItem::Snapshot(state) => {
                run = state;
                gaps += 1;
            }
            SubscriptionItem::Event(event) => run.apply(&event).unwrap(),
        }
    }
    assert!(watcher.missed_count() > 0);
    assert!(gaps <= 1, "{gaps} gaps");
    assert!(matches!(last.status(), RunStatus::Completed(_)));
}

#[tokio::test]
async fn a_day_nobody_reads_gives_the_events_of_a_day_without_watchers() {
    let mut kept = Vec::new();
    for watchers in [0, 8] {
        let sink = Kept::default();
        let sinks: Vec<Box<dyn EventSink>> = vec![Box::new(sink.clone())];
        // Far more events than are kept for those who are behind.
        let (driver, handle) = driver(chain(3_000), &Worker::default(), ClockPace::Max, sinks);
        let held: Vec<_> = (0..watchers).map(|_| handle.subscribe()).collect();
        let run = driver.run().await.unwrap();
        assert!(matches!(run.status(), RunStatus::Completed(_)));
        assert_eq!(held.len(), watchers, "nobody has read, and all are still there");
        kept.push(sink);
    }
    assert!(kept[0].0.lock().unwrap().len() > 6_000);
    assert_eq!(*kept[0].0.lock().unwrap(), *kept[1].0.lock().unwrap());
}

#[tokio::test]
async fn an_act_is_answered_with_what_the_engine_said() {
    let mut plan = chain(2);
    plan.tasks[0].estimate = Span::mins(30);
    plan.tasks[0].timeout = Span::mins(60);
    let (driver, handle) = driver(plan, &Worker::default(), ClockPace::Times(1.0), Vec::new());
    let driving = tokio::spawn(driver.run());
    let session = session(&handle).await;
    let hold = Command::Hold { task: TaskIx(1) };
    session.brake(hold.clone(), None).await.unwrap();
    let Err(CommitError::Refused(refusal)) = session.brake(hold, None).await else {
        panic!("it is held already")
    };
    assert_eq!(refusal.state, Some(TaskState::Held));
    assert!(refusal.remedy.is_some_and(|remedy| remedy.contains("release")));
    let state = handle.snapshot().await.unwrap();
    assert_eq!(state.task(TaskIx(1)).state, TaskState::Held);
    handle.stop().await.unwrap();
    driving.await.unwrap().unwrap();
    let late = session.propose(vec![Command::CancelRun], 0).await;
    assert!(matches!(late, Err(CommitError::EngineGone)), "nobody answers any more");
}

#[tokio::test]
async fn a_cancelled_attempt_is_stopped_at_its_agent_and_ends_cancelled() {
    let mut plan = chain(1);
    plan.tasks[0].estimate = Span::mins(30);
    plan.tasks[0].timeout = Span::mins(60);
    let worker = Worker::default();
    let (driver, handle) = driver(plan, &worker, ClockPace::Times(1.0), Vec::new());
    let mut watcher = handle.subscribe();
    let driving = tokio::spawn(driver.run());
    let Some(SubscriptionItem::Snapshot(state)) = watcher.next().await else {
        panic!("the state comes first")
    };
    if state.task(TaskIx(0)).state != TaskState::Running {
        while let Some(SubscriptionItem::Event(event)) = watcher.next().await {
            if matches!(event.event, Event::TaskStarted { .. }) {
                break;
            }
        }
    }
    give(&session(&handle).await, Command::Cancel { task: TaskIx(0) }).await;
    let cancelled = loop {
        match watcher.next().await {
            Some(SubscriptionItem::Event(event)) => {
                if let Event::TaskCancelled { confirmed, .. } = event.event {
                    break confirmed;
                }
            }
            Some(SubscriptionItem::Snapshot(_)) => {}
            None => panic!("the run ended without it"),
        }
    };
    assert!(cancelled);
    assert_eq!(*worker.stopped.lock().unwrap(), ["t0"]);
    handle.stop().await.unwrap();
    driving.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_paused_day_starts_nothing_until_it_is_resumed_at_the_same_virtual_moment() {
    let (driver, handle) = driver(chain(3), &Worker::default(), ClockPace::Times(1.0), Vec::new());
    let pause = Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None };
    let driving = tokio::spawn(driver.run());
    let session = session(&handle).await;
    session.brake(pause, None).await.unwrap();
    handle.set_pace(ClockPace::Times(100_000.0)).await.unwrap();
    loop {
        let state = handle.snapshot().await.unwrap();
        // Whatever ran may end; then nothing moves.
        if state.count_in_state(TaskState::Running) == 0
            && state.count_in_state(TaskState::Completed) <= 1
        {
            break;
        }
        tokio::task::yield_now().await;
    }
    give(&session, Command::Resume { gate: Gate::Engine }).await;
    let state = driving.await.unwrap().unwrap();
    assert!(matches!(state.status(), RunStatus::Completed(_)), "{:?}", state.status());
}

#[tokio::test]
async fn an_unattended_day_that_waits_for_a_person_is_ended_after_its_last_window() {
    let mut plan = chain(1);
    plan.tasks[0].effect = EffectClass::Effectful;
    plan.tasks[0].max_retries = 0;
    // Longer than its timeout: whether it happened is not known, and nobody will say.
    plan.tasks[0].estimate = Span::mins(90);
    plan.limits.workflow_timeout = Span::mins(60);
    let last = plan.stages[0].closes_at;
    let (driver, _handle) = driver(plan, &Worker::default(), ClockPace::Max, Vec::new());
    let state = driver.run().await.unwrap();
    assert!(state.has_ended());
    assert!(!matches!(state.status(), RunStatus::Completed(_)), "{:?}", state.status());
    assert_eq!(
        state.task(TaskIx(0)).state,
        TaskState::InDoubt,
        "a doubt is never cleared by giving up"
    );
    assert!(state.last_event_at() < last + TimeDelta::hours(2));
}

#[tokio::test]
async fn equal_days_give_equal_events_times_included() {
    let mut kept = Vec::new();
    for _ in 0..2 {
        let sink = Kept::default();
        let plan = plans::layered(200, 7);
        assert_eq!(plan.mode, RunMode::Sim);
        let (driver, _handle) =
            driver(plan, &Worker::default(), ClockPace::Max, vec![Box::new(sink.clone())]);
        driver.run().await.unwrap();
        kept.push(sink);
    }
    assert_eq!(*kept[0].0.lock().unwrap(), *kept[1].0.lock().unwrap());
}
