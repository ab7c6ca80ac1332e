//! Event handlers: each stands alone, hears what `run --json` prints, and is told what it lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::sync::{Arc, Mutex};

use bellwether::{
    engine::{AttemptOutcome, OrchestrationEvent, TaskResult},
    planning::{plan::PlanSettings, time::Span},
    runtime::{BusMessage, EventBus, Handler, WorkflowEngine},
};
use serde_json::json;
use tokio::sync::Semaphore;

use super::given::{date, puppets, system, virtually, workflow};

type Heard = Arc<Mutex<Vec<Arc<BusMessage>>>>;

/// A handler that keeps what it hears.
fn ears() -> (Handler, Heard) {
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    let handler: Handler = Arc::new(move |notice| {
        let kept = Arc::clone(&kept);
        Box::pin(async move { kept.lock().unwrap().push(notice) })
    });
    (handler, heard)
}

#[tokio::test]
async fn a_handler_that_hangs_silences_no_other_of_its_own_or_another_kind() {
    let (bus, dispatch) = EventBus::new();
    let hangs: Handler = Arc::new(|_notice| Box::pin(std::future::pending()));
    let (own, heard) = ears();
    let (other, heard_too) = ears();
    bus.register_event_handler(OrchestrationEvent::MarketEvent, hangs);
    bus.register_event_handler(OrchestrationEvent::MarketEvent, own);
    bus.register_event_handler(OrchestrationEvent::SystemAlert, other);
    tokio::spawn(dispatch);
    for vix in 0..3 {
        bus.emit_event(OrchestrationEvent::MarketEvent, json!({ "vix": vix }));
    }
    bus.emit_event(OrchestrationEvent::SystemAlert, json!({}));
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(heard.lock().unwrap().len(), 3);
    assert_eq!(heard_too.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_slow_handler_loses_its_own_events_and_is_told_how_many() {
    let (bus, dispatch) = EventBus::new();
    let gate = Arc::new(Semaphore::new(0));
    let lost = Arc::new(Mutex::new(Vec::new()));
    let (door, noted) = (Arc::clone(&gate), Arc::clone(&lost));
    let slow: Handler = Arc::new(move |notice| {
        let (door, noted) = (Arc::clone(&door), Arc::clone(&noted));
        Box::pin(async move {
            door.acquire().await.unwrap().forget();
            noted.lock().unwrap().push(notice.lost);
        })
    });
    let (quick, heard) = ears();
    bus.register_event_handler(OrchestrationEvent::MarketEvent, slow);
    bus.register_event_handler(OrchestrationEvent::MarketEvent, quick);
    let dispatching = tokio::spawn(dispatch);
    let emit = || bus.emit_event(OrchestrationEvent::MarketEvent, json!({}));
    for _ in 0..3_000 {
        emit();
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    }
    let dropped = bus.dropped_count();
    assert!(dropped > 1_000, "{dropped}");
    gate.add_permits(10_000);
    while lost.lock().unwrap().len() < 1_000 {
        tokio::task::yield_now().await;
    }
    emit();
    drop(bus);
    dispatching.await.unwrap();
    let lost = lost.lock().unwrap();
    assert_eq!(lost.last(), Some(&dropped), "the first after the gap says how long it was");
    assert_eq!(lost.iter().sum::<u64>(), dropped);
    assert_eq!(heard.lock().unwrap().len(), 3_001, "the quick one lost none");
}

#[tokio::test]
async fn a_handler_of_failures_hears_of_time_outs_with_the_json_that_run_prints() {
    let (bus, dispatch) = EventBus::new();
    let (handler, heard) = ears();
    bus.register_event_handler(OrchestrationEvent::TaskFailed, handler);
    let roster =
        puppets(|_| AttemptOutcome::Completed(TaskResult::without_data("late")), Span::secs(9));
    let engine = WorkflowEngine::new(roster, PlanSettings::default()).with_bus(bus);
    let slow = "name: x\nstages:\n  pre_market:\n    tasks:\n      - {agent: junior_analyst, task_type: market_analysis, timeout: 2, max_retries: 0}\n";
    let id = engine.create_workflow(workflow(slow), date("2018-12-19")).unwrap();
    virtually(&engine, &id).await;
    drop(engine);
    dispatch.await;
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].kind, OrchestrationEvent::TaskTimedOut);
    assert_eq!(heard[0].data["event"], json!("task_timed_out"));
    assert_eq!(heard[0].data["task"], json!("market_analysis"));
}

#[tokio::test]
async fn an_event_emitted_on_the_controller_reaches_its_handlers() {
    let controller = system();
    let (handler, heard) = ears();
    controller.register_event_handler(OrchestrationEvent::MarketEvent, handler);
    controller.emit_event(OrchestrationEvent::MarketEvent, json!({ "vix": 25.6 }));
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(heard.lock().unwrap()[0].data, json!({ "vix": 25.6 }));
}
