//! The specification's tests of the workflow engine that need agents at work; those of the pure
//! engine are in `spec_engine.rs`.

use std::sync::{Arc, Mutex};

use bellwether::{
    engine::{AttemptOutcome, Failure, FailureKind, OrchestrationEvent, TaskResult, TaskState},
    planning::{plan::PlanSettings, time::Span},
    runtime::{EventBus, Handler},
};

use super::given::{date, engine, puppets, virtually, workflow};

const TWO: &str = "name: x\nstages:\n  pre_market:\n    tasks:\n      - {agent: junior_analyst, task_type: market_analysis, max_retries: 2}\n      - {agent: junior_analyst, task_type: news_digest, dependencies: [market_analysis]}\n";

#[tokio::test]
async fn workflow_creation_and_execution_by_id() {
    let engine = engine(
        puppets(|_| AttemptOutcome::Completed(TaskResult::without_data("done")), Span::secs(1)),
        PlanSettings::default(),
    );
    let id = engine.create_workflow(workflow(TWO), date("2018-12-19")).unwrap();
    assert_eq!(engine.execution_counts(), (1, 0, 0));
    let report = virtually(&engine, &id).await;
    assert!(report.succeeded());
    assert_eq!(engine.execution_counts(), (0, 1, 0));
    assert!(engine.execute_workflow(&id).await.is_err(), "an execution runs once");
}

#[tokio::test]
async fn retry_logic_gives_a_failing_task_its_retries_and_then_fails_it() {
    let engine = engine(
        puppets(
            |_| AttemptOutcome::Failed(Failure::new(FailureKind::Transient, "down")),
            Span::secs(1),
        ),
        PlanSettings::default(),
    );
    let id = engine.create_workflow(workflow(TWO), date("2018-12-19")).unwrap();
    let report = virtually(&engine, &id).await;
    let task = report.state.task(report.state.plan().find_task("market_analysis").unwrap());
    assert_eq!((task.state, task.attempt), (TaskState::Failed, 3));
    assert_eq!(report.tasks()["news_digest"], TaskState::UpstreamFailed);
    assert!(!report.succeeded());
}

#[tokio::test]
async fn event_emission_reaches_registered_handlers_and_custom_events_too() {
    let (bus, dispatch) = EventBus::new();
    let heard = Arc::new(Mutex::new(0));
    let ears = Arc::clone(&heard);
    let handler: Handler = Arc::new(move |_notice| {
        let ears = Arc::clone(&ears);
        Box::pin(async move { *ears.lock().unwrap() += 1 })
    });
    bus.register_event_handler(OrchestrationEvent::MarketEvent, handler);
    bus.emit_event(OrchestrationEvent::MarketEvent, serde_json::json!({"vix": 25.6}));
    bus.emit_event(OrchestrationEvent::SystemAlert, serde_json::json!({}));
    drop(bus);
    dispatch.await;
    assert_eq!(*heard.lock().unwrap(), 1);
}
