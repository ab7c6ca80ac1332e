//! The specification's tests of `OrchestrationController`: start, stop, agents, handlers, status.

use std::sync::{Arc, Mutex};

use bellwether::{
    engine::OrchestrationEvent,
    host::{
        Component, ComponentHealth, DailyTradingWorkflow, HealthState, OrchestrationController,
    },
    runtime::{ClockPace, Handler, RunClock},
};

use super::given::{config, date, simulated, system};

#[tokio::test]
async fn system_startup_makes_the_system_run() {
    let controller = system();
    assert!(controller.is_running());
    assert!(controller.status(None, runtime::wall_now()).system_running);
}

#[tokio::test]
async fn system_startup_twice_changes_nothing() {
    let mut controller = system();
    let since = "2018-12-19T11:00:00Z".parse().unwrap();
    controller.started_at(since);
    let before = controller.status(None, since).startup_time;
    controller.startup_system().unwrap();
    assert!(controller.is_running());
    let after = controller.status(None, since).startup_time;
    assert_eq!(after, before, "a second start-up is none: it does not move the first");
}

#[tokio::test]
async fn system_shutdown_stops_days_under_way_and_takes_no_new_ones() {
    let mut controller = system();
    let mut request = simulated("2018-12-19", Vec::new(), None);
    request.clock = RunClock::starting(request.clock.clone().now(), ClockPace::Times(1.0));
    let day = controller.prepare_run(request).unwrap();
    let driving = tokio::spawn(day.driver.run());
    controller.shutdown_system("test").await;
    let state = driving.await.unwrap().unwrap();
    assert!(!state.has_ended(), "a day that is stopped has not ended");
    assert!(!controller.is_running());
    assert!(controller.prepare_run(simulated("2018-12-19", Vec::new(), None)).is_err());
}

#[tokio::test]
async fn component_initialization_brings_six_agents() {
    let mut controller = system();
    let day = controller.prepare_run(simulated("2018-12-19", Vec::new(), None)).unwrap();
    let names: Vec<_> = day
        .plan
        .agents
        .iter()
        .map(|agent| agent.id.as_str())
        .filter(|a| *a != "operator")
        .collect();
    assert_eq!(
        names,
        [
            "analytics_reporting",
            "economist",
            "junior_analyst",
            "portfolio_manager",
            "senior_analyst",
            "trade_execution"
        ]
    );
}

#[tokio::test]
async fn event_handler_setup_calls_handlers_of_that_kind_only() {
    let mut controller = system();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let handler: Handler = Arc::new(move |notice| {
        let ears = Arc::clone(&ears);
        Box::pin(async move { ears.lock().unwrap().push(notice.kind) })
    });
    controller.register_event_handler(OrchestrationEvent::StageStarted, handler);
    DailyTradingWorkflow::new(&mut controller)
        .run_daily_workflow(date("2018-12-05"))
        .await
        .unwrap();
    // Handlers run beside the day: the last of them may still be on its way.
    for _ in 0..1_000 {
        if !heard.lock().unwrap().is_empty() {
            break;
        }
        tokio::task::yield_now().await;
    }
    let heard = heard.lock().unwrap();
    assert!(!heard.is_empty());
    assert!(heard.iter().all(|kind| *kind == OrchestrationEvent::StageStarted));
}

#[tokio::test]
async fn health_check_execution_looks_at_every_part() {
    let mut controller = OrchestrationController::new(config());
    let failed = |check: &ComponentHealth| check.state == HealthState::Failed;
    assert!(controller.health_check().iter().all(failed));
    controller.startup_system().unwrap();
    let checks = controller.health_check();
    let names: Vec<_> = checks.iter().map(|check| check.component).collect();
    assert_eq!(
        names,
        [Component::Engine, Component::Agents, Component::MarketData, Component::Calendar,]
    );
    assert!(!checks.iter().any(failed), "{checks:?}");
}

#[tokio::test]
async fn status_reporting_has_the_specifications_shape() {
    let controller = system();
    let document = serde_json::to_value(controller.status(None, runtime::wall_now())).unwrap();
    for path in [
        "/system_running",
        "/startup_time",
        "/uptime_seconds",
        "/agents/total",
        "/agents/healthy",
        "/agents/names",
        "/workflow_engine/active_executions",
        "/workflow_engine/completed_executions",
        "/workflow_engine/failed_executions",
        "/statistics/workflows_executed",
        "/statistics/total_tasks_completed",
        "/statistics/average_task_duration",
        "/statistics/success_rate",
    ] {
        assert!(document.pointer(path).is_some(), "{path} is missing from {document:#}");
    }
    let agents = &document["agents"];
    assert_eq!((agents["total"].as_u64(), agents["healthy"].as_u64()), (Some(6), Some(6)));
    assert_eq!(agents["names"].as_array().map(Vec::len), Some(6));
    let rate = document["statistics"]["success_rate"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&rate), "{rate} is no share");
}
