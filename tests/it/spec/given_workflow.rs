//! The workflow printed in the specification, as YAML, JSON and a value, and its built-in tasks alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::time::Duration;

use bellwether::{
    engine::{Event, RunStatus, TaskState},
    host::OrchestrationController,
    planning::workflow::{AgentCatalog, load_workflow},
    runtime::{ClockPace, IntoDefinition, RunClock, TaskReport, WorkflowReport},
};
use serde_json::{Value, json};

use super::given::{Kept, date, simulated, system};

/// Specification, "Workflow Definition Schema", word for word.
const YAML: &str = include_str!("../data/sound/specification.yaml");

async fn executed(
    controller: &OrchestrationController,
    definition: impl IntoDefinition,
    day: &str,
) -> WorkflowReport {
    let engine = controller.workflow_engine(date(day)).unwrap();
    let id = engine.create_workflow(definition, date(day)).unwrap();
    engine.execute_workflow(&id).await.unwrap()
}

fn printed() -> Value {
    serde_yaml::from_str(YAML).unwrap()
}

#[tokio::test]
async fn the_printed_definition_completes_as_yaml_as_json_and_as_a_value_on_any_day() {
    let controller = system();
    let days = ["2017-07-11", "2018-12-19", "2018-12-24", "2018-12-22"];
    for day in days {
        let reports = [
            executed(&controller, YAML, day).await,
            executed(&controller, printed().to_string().as_str(), day).await,
            executed(&controller, printed(), day).await,
        ];
        for report in reports {
            assert!(matches!(report.state.status(), RunStatus::Completed(_)), "{day}: {report:?}");
            assert_eq!(report.tasks()["market_analysis"], TaskState::Completed);
        }
    }
}

#[tokio::test]
async fn two_symbols_are_analysed_and_the_one_without_data_is_named_not_counted() {
    let controller = system();
    let report = executed(&controller, printed(), "2018-12-19").await;
    let analysis = &report.results()["market_analysis"];
    let data = &analysis.output.as_ref().unwrap()["data"];
    let names: Vec<_> = data["symbols"].as_array().unwrap().iter().map(|s| &s["symbol"]).collect();
    assert_eq!(names, ["AAPL"]);
    assert_eq!(data["abstained"], json!(["GOOGL"]));
    let summary = analysis.summary.as_ref().unwrap();
    assert!(summary.starts_with("1 name,"), "{summary}");
    assert!(summary.ends_with("too little data: GOOGL"), "{summary}");
}

/// A workflow of one task.
fn alone(agent: &str, task_type: &str) -> Value {
    json!({ "name": "alone", "stages": { "pre_market": { "tasks": [
        { "agent": agent, "task_type": task_type }
    ] } } })
}

/// What becomes of the only task of a workflow that is executed at this time, UTC.
async fn at(controller: &OrchestrationController, workflow: &Value, hour: &str) -> TaskReport {
    let engine = controller.workflow_engine(date("2018-12-19")).unwrap();
    let id = engine.create_workflow(workflow, date("2018-12-19")).unwrap();
    let start = format!("2018-12-19T{hour}:00Z").parse().unwrap();
    let report =
        engine.execute_workflow_on(&id, RunClock::starting(start, ClockPace::Max)).await.unwrap();
    report.results().into_values().next().unwrap()
}

#[tokio::test]
async fn each_built_in_task_alone_gets_its_input_itself_or_is_an_error_of_check() {
    let controller = system();
    let mut refused = Vec::new();
    for (agent, types) in
        AgentCatalog::builtin().agents.iter().filter(|(id, _)| id.as_str() != "operator")
    {
        for task_type in types {
            let workflow = alone(agent.as_str(), task_type.as_str());
            match load_workflow("alone", &workflow.to_string(), &AgentCatalog::builtin()) {
                Ok(_) => {
                    let mut told = Vec::new();
                    // Some look ahead, some at the session, some back on it.
                    told.push(at(&controller, &workflow, "11:00").await);
                    told.push(at(&controller, &workflow, "15:30").await);
                    told.push(at(&controller, &workflow, "21:30").await);
                    let done = told.iter().any(|task| task.state == TaskState::Completed);
                    assert!(done, "{task_type}: {told:?}");
                }
                Err(problems) => {
                    assert_eq!(problems[0].code.id, "E052", "{task_type}: {problems:?}");
                    refused.push(task_type.as_str().to_owned());
                }
            }
        }
    }
    refused.sort();
    assert_eq!(refused, ["execute_orders", "validate_trades"]);
}

#[tokio::test]
async fn a_day_of_which_every_window_has_closed_is_not_completed_and_says_why() {
    let mut controller = system();
    let mut request = simulated("2018-12-19", Vec::new(), None);
    request.clock = RunClock::starting("2018-12-19T23:30:00Z".parse().unwrap(), ClockPace::Max);
    let state = controller.prepare_run(request).unwrap().driver.run().await.unwrap();
    assert_eq!(state.count_in_state(TaskState::Completed), 0);
    let status = state.status();
    assert!(matches!(status, RunStatus::Failed(why) if why.contains("missed")), "{status:?}");
}

#[tokio::test(start_paused = true)]
async fn a_fast_day_begins_at_the_start_asked_for_however_long_it_was_made_ready() {
    let mut controller = system();
    let kept = Kept::default();
    let mut request = simulated("2018-12-19", vec![Box::new(kept.clone())], None);
    let start = "2018-12-19T10:59:00Z".parse().unwrap();
    request.clock = RunClock::starting(start, ClockPace::Times(20_000.0));
    // Reading files and asking questions takes time before the day is made, and before it is run.
    tokio::time::advance(Duration::from_secs(1)).await;
    let day = controller.prepare_run(request).unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let until = start + chrono::TimeDelta::minutes(5);
    day.driver.run_until(until).await.unwrap();
    let events = kept.0.lock().unwrap();
    assert_eq!(events[0].at, start);
    let late = events.iter().filter(|recorded| recorded.at > until).count();
    assert_eq!(late, 0, "nothing has happened behind the run's back");
    assert!(events.iter().any(|recorded| matches!(recorded.event, Event::StageStarted { .. })));
}
