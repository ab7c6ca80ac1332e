//! The tests the specification lists, under names that say the same: `DailyTradingWorkflow`,
//! `OrchestrationController`, integration and performance. Those of the engine are in
//! `spec_engine.rs`.

use std::{
    io,
    sync::{Arc, Mutex},
};

use bellwether::{
    agents::{Agent, Performing, Reply, Request, Roster},
    config::{self, Config},
    controller::{DailyTradingWorkflow, DayRequest, OrchestrationController},
    definition::{self, Registry},
    engine::{
        Answer, Event, Failure, FailureKind, OrchestrationEvent, Outcome, Recorded, RunState,
        TaskState,
    },
    id::AgentId,
    plan::{Mode, Settings},
    runtime::{
        Approver, Attendance, Clock, EventBus, Handler, Pace, Scenario, Sink, WorkflowEngine,
    },
    time::Span,
};
use chrono::NaiveDate;

fn config() -> Config {
    config::resolve(&[]).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn system() -> OrchestrationController {
    let mut controller = OrchestrationController::new(config());
    controller.startup_system().unwrap();
    controller
}

/// Keeps every event of a run.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Arc<Recorded>>>>);

impl Sink for Kept {
    fn record(&mut self, events: &[Arc<Recorded>], _run: &RunState) -> io::Result<()> {
        self.0.lock().unwrap().extend_from_slice(events);
        Ok(())
    }
}

fn simulated(day: &str, sinks: Vec<Box<dyn Sink>>, scenario: Option<Scenario>) -> DayRequest {
    let open = bellwether::calendar::day(date(day)).unwrap().open;
    DayRequest {
        date: date(day),
        mode: Mode::Sim,
        clock: Clock::starting(open - chrono::TimeDelta::minutes(211), Pace::Max),
        scenario: scenario.map(Arc::new),
        overlays: Vec::new(),
        attendance: Attendance::Unattended,
        sinks,
    }
}

mod daily_trading_workflow {
    use super::*;

    fn overlays(day: &str) -> Vec<String> {
        let mut controller = OrchestrationController::new(config());
        controller.startup_system().unwrap();
        DailyTradingWorkflow::new(&mut controller).workflow_for(date(day)).unwrap().overlays
    }

    #[tokio::test]
    async fn workflow_initialization_knows_the_market_hours() {
        let mut controller = system();
        let daily = DailyTradingWorkflow::new(&mut controller);
        let (open, close) = daily.market_hours(date("2018-12-19")).unwrap();
        assert_eq!(open.to_rfc3339(), "2018-12-19T14:30:00+00:00");
        assert_eq!(close.to_rfc3339(), "2018-12-19T21:00:00+00:00");
    }

    #[tokio::test]
    async fn standard_workflow_creation_has_four_stages_and_no_overlay_on_a_calm_day() {
        let mut controller = system();
        let plan =
            DailyTradingWorkflow::new(&mut controller).workflow_for(date("2017-07-11")).unwrap();
        let stages: Vec<_> = plan.stages.iter().map(|stage| stage.id.as_str()).collect();
        assert_eq!(stages, ["pre_market", "market_open", "intraday", "post_market"]);
        assert_eq!(plan.overlays, Vec::<String>::new());
        assert!(plan.tasks.len() >= 35, "{} tasks", plan.tasks.len());
    }

    #[tokio::test]
    async fn special_workflow_handling_of_earnings() {
        // Apple reported on 2018-11-01 after the close.
        assert!(overlays("2018-11-02").contains(&"earnings".into()));
        assert!(overlays("2018-11-01").contains(&"earnings_tonight".into()));
    }

    #[tokio::test]
    async fn special_workflow_handling_of_fomc_days() {
        assert!(overlays("2018-12-19").contains(&"fomc".into()));
    }

    #[tokio::test]
    async fn special_workflow_handling_of_expiration_days() {
        assert!(overlays("2018-06-15").contains(&"quad_witching".into()));
        assert!(overlays("2018-05-18").contains(&"expiration".into()));
    }

    #[tokio::test]
    async fn market_closed_day_handling_runs_what_closed_says_and_ends_well() {
        let mut controller = system();
        let report = DailyTradingWorkflow::new(&mut controller)
            .run_daily_workflow(date("2018-12-05"))
            .await
            .unwrap();
        assert!(report.succeeded(), "{:?}", report.state.status());
        assert_eq!(report.state.plan().overlays, ["closed"]);
        assert!(
            report.tasks().keys().all(|task| !task.contains("execute")),
            "{:?}",
            report.tasks()
        );
    }

    #[tokio::test]
    async fn status_monitoring_counts_the_runs_of_the_process() {
        let mut controller = system();
        DailyTradingWorkflow::new(&mut controller)
            .run_daily_workflow(date("2018-12-05"))
            .await
            .unwrap();
        let status = controller.status(None, bellwether::runtime::wall());
        assert_eq!(status.statistics.workflows_executed, 1);
        assert_eq!(status.workflow_engine.completed_executions, 1);
        assert!(status.statistics.total_tasks_completed > 0);
    }

    #[tokio::test]
    async fn volatility_adjustments_tighten_limits_and_shorten_intervals() {
        let mut controller = system();
        let daily = DailyTradingWorkflow::new(&mut controller);
        let calm = daily.workflow_for(date("2017-07-11")).unwrap();
        let wild = daily.workflow_for(date("2018-12-26")).unwrap();
        let every = |plan: &bellwether::plan::Plan| {
            plan.task(plan.find_task("market_monitor").unwrap()).every.unwrap()
        };
        assert!(wild.overlays.contains(&"high_volatility".into()), "{:?}", wild.overlays);
        assert!(every(&wild) < every(&calm));
        assert!(wild.multipliers["gross"] < 1.0);
    }
}

mod orchestration_controller {
    use super::*;

    #[tokio::test]
    async fn system_startup_makes_the_system_run() {
        let controller = system();
        assert!(controller.is_running());
        assert!(controller.status(None, bellwether::runtime::wall()).system_running);
    }

    #[tokio::test]
    async fn system_startup_twice_changes_nothing() {
        let mut controller = system();
        controller.startup_system().unwrap();
        assert!(controller.is_running());
    }

    #[tokio::test]
    async fn system_shutdown_stops_days_under_way_and_takes_no_new_ones() {
        let mut controller = system();
        let mut request = simulated("2018-12-19", Vec::new(), None);
        request.clock = Clock::starting(request.clock.clone().now(), Pace::Times(1.0));
        let day = controller.begin_day(request).unwrap();
        let driving = tokio::spawn(day.driver.run());
        controller.shutdown_system("test").await;
        let state = driving.await.unwrap().unwrap();
        assert!(!state.ended(), "a day that is stopped has not ended");
        assert!(!controller.is_running());
        assert!(controller.begin_day(simulated("2018-12-19", Vec::new(), None)).is_err());
    }

    #[tokio::test]
    async fn component_initialization_brings_six_agents() {
        let mut controller = system();
        let day = controller.begin_day(simulated("2018-12-19", Vec::new(), None)).unwrap();
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
        assert!(controller.health_check().iter().all(|check| !check.ok));
        controller.startup_system().unwrap();
        let checks = controller.health_check();
        let names: Vec<_> = checks.iter().map(|check| check.name).collect();
        assert_eq!(names, ["system", "agents", "market_data", "calendar"]);
        assert!(checks.iter().all(|check| check.ok), "{checks:?}");
    }

    #[tokio::test]
    async fn status_reporting_has_the_specifications_shape() {
        let controller = system();
        let document =
            serde_json::to_value(controller.status(None, bellwether::runtime::wall())).unwrap();
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
    }
}

/// An agent that answers with what it is told to, and counts how many work at once.
struct Puppet {
    act: fn(&Request) -> Answer,
    takes: Span,
}

impl Agent for Puppet {
    fn perform(&self, request: Request) -> Performing<'_> {
        let reply = Reply { answer: (self.act)(&request), took: Some(self.takes) };
        Box::pin(async move { reply })
    }

    fn describe(&self) -> &[&str] {
        &[
            "market_analysis",
            "news_digest",
            "screen_universe",
            "collect_market_data",
            "gap_scan",
            "intraday_scan",
        ]
    }
}

fn puppets(act: fn(&Request) -> Answer, takes: Span) -> Roster {
    let mut roster = Roster::new();
    roster.insert(AgentId::parse("junior_analyst").unwrap(), Arc::new(Puppet { act, takes }));
    roster
}

fn workflow(yaml: &str) -> definition::Definition {
    definition::load("test.yaml", yaml, &Registry::builtin()).unwrap().0
}

fn engine(roster: Roster, mut settings: Settings) -> WorkflowEngine {
    settings.default_slots = 8;
    let (bus, dispatch) = EventBus::new();
    tokio::spawn(dispatch);
    WorkflowEngine::new(roster, settings, Approver::Person, bus)
}

mod integration {
    use super::*;

    #[tokio::test]
    async fn end_to_end_workflow_execution_of_a_real_day() {
        let mut controller = system();
        let kept = Kept::default();
        let day = controller
            .begin_day(simulated("2018-12-19", vec![Box::new(kept.clone())], None))
            .unwrap();
        let state = day.driver.run().await.unwrap();
        assert!(
            matches!(state.status(), bellwether::engine::RunStatus::Completed(_)),
            "{:?}",
            state.status()
        );
        let events = kept.0.lock().unwrap();
        let started =
            events.iter().filter(|r| matches!(r.event, Event::StageStarted { .. })).count();
        assert_eq!(started, 4);
        let mut folded = RunState::begin(&events[0]).unwrap();
        for recorded in &events[1..] {
            folded.apply(recorded).unwrap();
        }
        assert_eq!(folded, state, "what was told is what happened");
    }

    #[tokio::test]
    async fn system_resilience_and_error_recovery_survives_the_demo_scenario() {
        let mut controller = system();
        let kept = Kept::default();
        let demo = Scenario::builtin("demo");
        let day = controller
            .begin_day(simulated("2018-12-19", vec![Box::new(kept.clone())], demo))
            .unwrap();
        let state = day.driver.run().await.unwrap();
        assert!(
            matches!(state.status(), bellwether::engine::RunStatus::Completed(_)),
            "{:?}",
            state.status()
        );
        let retries = kept
            .0
            .lock()
            .unwrap()
            .iter()
            .filter(|r| matches!(r.event, Event::TaskRetrying { .. }))
            .count();
        assert_eq!(retries, 2);
        let collect = state.task(state.plan().find_task("collect_data").unwrap());
        assert_eq!((collect.state, collect.attempt), (TaskState::Completed, 3));
    }

    #[tokio::test]
    async fn an_agent_that_panics_takes_nobody_with_it() {
        let yaml = "name: x\nstages:\n  pre_market:\n    tasks:\n      - {agent: junior_analyst, task_type: market_analysis, max_retries: 0}\n      - {agent: junior_analyst, task_type: news_digest}\n";
        let mut engine = engine(
            puppets(
                |request| {
                    assert_ne!(request.task_type.as_str(), "market_analysis", "made to panic");
                    Answer::Done(Outcome::bare("done"))
                },
                Span::secs(1),
            ),
            Settings::default(),
        );
        let id = engine.create_workflow(&workflow(yaml), date("2018-12-19")).unwrap();
        let report = engine.execute_workflow(&id).await.unwrap();
        assert_eq!(report.tasks()["market_analysis"], TaskState::Failed);
        assert_eq!(report.tasks()["news_digest"], TaskState::Completed);
    }
}

mod workflow_engine {
    use super::*;

    const TWO: &str = "name: x\nstages:\n  pre_market:\n    tasks:\n      - {agent: junior_analyst, task_type: market_analysis, max_retries: 2}\n      - {agent: junior_analyst, task_type: news_digest, dependencies: [market_analysis]}\n";

    #[tokio::test]
    async fn workflow_creation_and_execution_by_id() {
        let mut engine = engine(
            puppets(|_| Answer::Done(Outcome::bare("done")), Span::secs(1)),
            Settings::default(),
        );
        let id = engine.create_workflow(&workflow(TWO), date("2018-12-19")).unwrap();
        assert_eq!(engine.executions(), (1, 0, 0));
        let report = engine.execute_workflow(&id).await.unwrap();
        assert!(report.succeeded());
        assert_eq!(engine.executions(), (0, 1, 0));
        assert!(engine.execute_workflow(&id).await.is_err(), "an execution runs once");
    }

    #[tokio::test]
    async fn retry_logic_gives_a_failing_task_its_retries_and_then_fails_it() {
        let mut engine = engine(
            puppets(
                |_| Answer::Failed(Failure::new(FailureKind::Transient, "down")),
                Span::secs(1),
            ),
            Settings::default(),
        );
        let id = engine.create_workflow(&workflow(TWO), date("2018-12-19")).unwrap();
        let report = engine.execute_workflow(&id).await.unwrap();
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
}

mod performance {
    use super::*;

    fn thirty() -> definition::Definition {
        let tasks: Vec<String> = (0..30)
            .map(|i| {
                format!("      - {{id: t{i}, agent: junior_analyst, task_type: market_analysis}}")
            })
            .collect();
        workflow(&format!("name: x\nstages:\n  pre_market:\n    tasks:\n{}\n", tasks.join("\n")))
    }

    async fn makespan(slots: u32) -> Span {
        let mut settings = Settings::default();
        settings.limits.max_concurrent_tasks = slots;
        settings.limits.critical_reserve = 0;
        let mut engine =
            engine(puppets(|_| Answer::Done(Outcome::bare("done")), Span::secs(10)), settings);
        let id = engine.create_workflow(&thirty(), date("2018-12-19")).unwrap();
        let report = engine.execute_workflow(&id).await.unwrap();
        let ends = report.state.tasks().filter_map(|(_, task)| task.ended_at).max().unwrap();
        Span::between(&report.state.plan().stages[0].opens_at, &ends)
    }

    #[tokio::test]
    async fn concurrent_task_execution_uses_every_slot_and_no_more() {
        // Thirty tasks of ten seconds: six rounds of five, or thirty of one. Virtual time, so exact.
        assert_eq!(makespan(5).await, Span::secs(60));
        assert_eq!(makespan(1).await, Span::secs(300));
        assert_eq!(makespan(30).await, Span::secs(40), "the agent's own eight slots bound it");
    }
}
