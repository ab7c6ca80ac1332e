//! The specification's integration tests: a real day, a day with faults, an agent that panics.

use bellwether::{
    engine::{AttemptOutcome, Event, RunState, TaskResult, TaskState},
    planning::{plan::PlanSettings, time::Span},
    runtime::Scenario,
};

use super::given::{Kept, date, engine, puppets, simulated, system, virtually, workflow};

#[tokio::test]
async fn end_to_end_workflow_execution_of_a_real_day() {
    let mut controller = system();
    let kept = Kept::default();
    let day = controller
        .prepare_run(simulated("2018-12-19", vec![Box::new(kept.clone())], None))
        .unwrap();
    let state = day.driver.run().await.unwrap();
    assert!(matches!(state.status(), engine::RunStatus::Completed(_)), "{:?}", state.status());
    let events = kept.0.lock().unwrap();
    let started = events.iter().filter(|r| matches!(r.event, Event::StageStarted { .. })).count();
    assert_eq!(started, 4);
    let mut folded = RunState::from_first_event(&events[0]).unwrap();
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
        .prepare_run(simulated("2018-12-19", vec![Box::new(kept.clone())], demo))
        .unwrap();
    let state = day.driver.run().await.unwrap();
    assert!(matches!(state.status(), engine::RunStatus::Completed(_)), "{:?}", state.status());
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
    let engine = engine(
        puppets(
            |request| {
                assert_ne!(request.task_type.as_str(), "market_analysis", "made to panic");
                AttemptOutcome::Completed(TaskResult::without_data("done"))
            },
            Span::secs(1),
        ),
        PlanSettings::default(),
    );
    let id = engine.create_workflow(workflow(yaml), date("2018-12-19")).unwrap();
    let report = virtually(&engine, &id).await;
    assert_eq!(report.tasks()["market_analysis"], TaskState::Failed);
    assert_eq!(report.tasks()["news_digest"], TaskState::Completed);
}
