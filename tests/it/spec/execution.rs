//! Workflows executed on the real clock, by agents that really wait: the clock of the runtime is
//! paused, so that an hour of it costs nothing and every time is exact.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bellwether::{
    engine::{
        AttemptOutcome, Failure, FailureKind, ResultQuality, TaskResult, TaskState,
        port::{Agent, AgentRegistry, AttemptFuture, AttemptReply, AttemptRequest},
    },
    planning::{id::AgentId, plan::PlanSettings},
    runtime::WorkflowEngine,
};
use serde_json::json;
use tokio::time::Instant;

use super::given::{date, engine};

/// How long a task of an [`Asleep`] takes when it is called so.
const NEVER: &str = "hang";

/// An agent that sleeps for as many seconds as its task asks for, on the runtime's clock, and notes
/// how many sleep at once.
#[derive(Clone, Default)]
struct Asleep {
    inside: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    calls: Arc<AtomicUsize>,
}

impl Agent for Asleep {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        Box::pin(async move {
            self.calls.fetch_add(1, Ordering::SeqCst);
            let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(inside, Ordering::SeqCst);
            if request.task_type.as_str() == NEVER {
                return std::future::pending().await;
            }
            let seconds = request.params["seconds"].as_u64().unwrap();
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            self.inside.fetch_sub(1, Ordering::SeqCst);
            if request.params["fails"] == json!(true) {
                return AttemptOutcome::Failed(Failure::new(FailureKind::Transient, "no line"))
                    .into();
            }
            let (quality, summary) = (ResultQuality::Ok, format!("slept {seconds} s"));
            let output = Arc::new(json!({ "slept": seconds, "attempt": request.attempt }));
            AttemptReply::from(AttemptOutcome::Completed(TaskResult { quality, summary, output }))
        })
    }

    fn describe(&self) -> Vec<&str> {
        vec!["sleep", NEVER]
    }
}

/// An engine with `agents` sleepers that are all the same one.
fn sleepers(agents: usize, at_once: u32) -> (WorkflowEngine, Asleep) {
    let (mut roster, asleep) = (AgentRegistry::new(), Asleep::default());
    for i in 0..agents {
        let id = AgentId::parse(&format!("sleeper_{i}")).unwrap();
        roster.insert(id, Arc::new(asleep.clone()));
    }
    let mut settings = PlanSettings::default();
    settings.limits.max_concurrent_tasks = at_once;
    (engine(roster, settings), asleep)
}

/// A task of the `agent`th sleeper, and what else is said of it.
fn sleep(agent: usize, seconds: u64, more: &serde_json::Value) -> serde_json::Value {
    let mut task = json!({
        "id": format!("t{agent}"), "agent": format!("sleeper_{agent}"), "task_type": "sleep",
        "task_data": { "seconds": seconds }, "effect": "pure",
    });
    task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    task
}

fn workflow(tasks: &[serde_json::Value]) -> serde_json::Value {
    json!({ "name": "asleep", "stages": { "pre_market": { "tasks": tasks } } })
}

#[tokio::test(start_paused = true)]
async fn five_agents_that_wait_a_second_are_done_after_one_second() {
    let (engine, asleep) = sleepers(5, 5);
    let tasks: Vec<_> = (0..5).map(|i| sleep(i, 1, &json!({}))).collect();
    // A Saturday: what has no hours runs now, on any day.
    let id = engine.create_workflow(workflow(&tasks), date("2018-12-22")).unwrap();
    let begun = Instant::now();
    let report = engine.execute_workflow(&id).await.unwrap();
    assert!(report.succeeded(), "{:?}", report.state.status());
    assert_eq!(begun.elapsed().as_secs(), 1);
    assert_eq!(asleep.most.load(Ordering::SeqCst), 5);
}

#[tokio::test(start_paused = true)]
async fn no_more_tasks_run_at_once_than_the_bound_allows() {
    let (engine, asleep) = sleepers(7, 3);
    let tasks: Vec<_> = (0..7).map(|i| sleep(i, 10, &json!({}))).collect();
    let id = engine.create_workflow(workflow(&tasks), date("2018-12-19")).unwrap();
    let begun = Instant::now();
    assert!(engine.execute_workflow(&id).await.unwrap().succeeded());
    assert_eq!(asleep.most.load(Ordering::SeqCst), 3);
    assert_eq!(begun.elapsed().as_secs(), 30, "three, three and one");
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_hangs_is_given_up_at_its_timeout() {
    let (engine, _) = sleepers(2, 5);
    let hang = json!({ "task_type": NEVER, "timeout": 2, "max_retries": 0 });
    let tasks = [sleep(0, 1, &hang), sleep(1, 1, &json!({}))];
    let id = engine.create_workflow(workflow(&tasks), date("2018-12-19")).unwrap();
    let begun = Instant::now();
    let report = engine.execute_workflow(&id).await.unwrap();
    assert!(!report.succeeded());
    assert_eq!(report.tasks()["t0"], TaskState::Timeout);
    assert_eq!(report.tasks()["t1"], TaskState::Completed);
    assert_eq!(begun.elapsed().as_secs(), 2, "and it returns then, not when a window closes");
}

#[tokio::test(start_paused = true)]
async fn three_seconds_of_work_under_a_timeout_of_two_end_as_timeout() {
    let (engine, _) = sleepers(1, 5);
    let tasks = [sleep(0, 3, &json!({ "timeout": 2, "max_retries": 0 }))];
    let id = engine.create_workflow(workflow(&tasks), date("2018-12-19")).unwrap();
    let report = engine.execute_workflow(&id).await.unwrap();
    assert_eq!(report.tasks()["t0"], TaskState::Timeout);
}

#[tokio::test(start_paused = true)]
async fn several_executions_of_one_engine_run_at_once() {
    let (engine, asleep) = sleepers(2, 1);
    let make = |agent| {
        let tasks = [sleep(agent, 60, &json!({}))];
        engine.create_workflow(workflow(&tasks), date("2018-12-19")).unwrap()
    };
    let (first, second) = (make(0), make(1));
    assert_ne!(first, second);
    let begun = Instant::now();
    let (one, two) =
        tokio::join!(engine.execute_workflow(&first), engine.execute_workflow(&second));
    assert!(one.unwrap().succeeded() && two.unwrap().succeeded());
    assert_eq!(begun.elapsed().as_secs(), 60);
    assert_eq!(asleep.most.load(Ordering::SeqCst), 2, "each has a bound of its own");
    assert_eq!(engine.execution_counts(), (0, 2, 0));
}

#[tokio::test(start_paused = true)]
async fn the_report_gives_each_tasks_output_state_attempts_and_times_by_name() {
    let (engine, _) = sleepers(2, 5);
    let failing = json!({ "task_data": { "seconds": 1, "fails": true }, "max_retries": 1 });
    let tasks = [sleep(0, 4, &json!({})), sleep(1, 1, &failing)];
    let id = engine.create_workflow(workflow(&tasks), date("2018-12-19")).unwrap();
    let report = engine.execute_workflow(&id).await.unwrap();
    let written = serde_json::to_value(&report).unwrap();
    assert_eq!(written["execution"], json!(id.to_string()));
    assert_eq!(written["succeeded"], json!(false));
    let (good, bad) = (&written["tasks"]["t0"], &written["tasks"]["t1"]);
    assert_eq!(good["state"], json!("COMPLETED"));
    assert_eq!(good["attempts"], json!(1));
    assert_eq!(good["output"], json!({ "slept": 4, "attempt": 1 }));
    assert_eq!(good["summary"], json!("slept 4 s"));
    let results = report.results();
    let took = |name: &str| {
        let task = &results[name];
        (task.ended_at.unwrap() - task.started_at.unwrap()).num_seconds()
    };
    assert_eq!(took("t0"), 4);
    assert_eq!(bad["state"], json!("FAILED"));
    assert_eq!(bad["attempts"], json!(2));
    assert_eq!(bad["output"], json!(null));
    assert_eq!(bad["summary"], json!("no line"));
    assert_eq!(took("t1"), 3, "one second, one of waiting, one again");
}

#[tokio::test(start_paused = true)]
async fn an_order_agent_of_ones_own_is_asked_once_where_its_effect_is_not_said() {
    let (engine, asleep) = sleepers(1, 5);
    let mut task = sleep(0, 9, &json!({ "timeout": 2, "max_retries": 3 }));
    task.as_object_mut().unwrap().remove("effect");
    let id = engine.create_workflow(workflow(&[task]), date("2018-12-19")).unwrap();
    let report = engine.execute_workflow(&id).await.unwrap();
    assert_eq!(asleep.calls.load(Ordering::SeqCst), 1, "unknown means effectful: never repeated");
    assert_eq!(report.tasks()["t0"], TaskState::InDoubt);
    assert!(!report.succeeded(), "and what is in doubt is not done");
}
