//! An agent of one's own, in a workflow of one's own, executed by the engine.
//!
//! Run it with `cargo run --example own_agent`.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::{error::Error, sync::Arc};

use bellwether::{
    engine::{
        AttemptOutcome, Failure, FailureKind, ResultQuality, TaskResult,
        port::{Agent, AgentRegistry, AttemptFuture, AttemptRequest},
    },
    planning::{id::AgentId, plan::PlanSettings, workflow::EffectClass},
    runtime::WorkflowEngine,
};
use serde_json::json;

/// Two tasks: the second waits for the first and reads its result.
const WORKFLOW: &str = "
name: Headlines
stages:
  pre_market:
    tasks:
      - {agent: newsroom, task_type: fetch_headlines, task_data: {symbols: [AAPL, MSFT]}}
      - {agent: newsroom, task_type: count_words, dependencies: [fetch_headlines]}
";

/// An agent with two task types. It fails its first attempt, so that there is a retry to see.
struct Newsroom;

impl Agent for Newsroom {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        Box::pin(async move {
            let outcome = match request.task_type.as_str() {
                "fetch_headlines" => fetch_headlines(&request),
                _count_words => count_words(&request),
            };
            outcome.map_or_else(AttemptOutcome::Failed, AttemptOutcome::Completed).into()
        })
    }

    /// The tasks may be repeated. Without this the engine assumes that an agent it does not know has
    /// effects outside, and never repeats its tasks.
    fn effect(&self, _task_type: &str) -> EffectClass {
        EffectClass::Pure
    }

    fn describe(&self) -> Vec<&str> {
        vec!["fetch_headlines", "count_words"]
    }
}

fn fetch_headlines(request: &AttemptRequest) -> Result<TaskResult, Failure> {
    if request.attempt == 1 {
        return Err(Failure::new(FailureKind::Transient, "503 service unavailable"));
    }
    let symbols = request.params["symbols"].as_array().map_or(&[][..], Vec::as_slice);
    let headlines: Vec<String> = symbols
        .iter()
        .filter_map(|symbol| Some(format!("{} opens higher", symbol.as_str()?)))
        .collect();
    Ok(TaskResult {
        quality: ResultQuality::Ok,
        summary: format!("{} headlines", headlines.len()),
        output: Arc::new(json!({ "headlines": headlines })),
    })
}

fn count_words(request: &AttemptRequest) -> Result<TaskResult, Failure> {
    let missing = || Failure::new(FailureKind::BadInput, "no headlines: add the dependency");
    let fetched = request.upstream.values().next().ok_or_else(missing)?;
    let headlines = fetched["headlines"].as_array().ok_or_else(missing)?;
    let words: usize =
        headlines.iter().filter_map(|line| Some(line.as_str()?.split(' ').count())).sum();
    Ok(TaskResult {
        quality: ResultQuality::Ok,
        summary: format!("{words} words"),
        output: Arc::new(json!({ "words": words })),
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut agents = AgentRegistry::new();
    agents.insert(AgentId::parse("newsroom")?, Arc::new(Newsroom));
    let engine = WorkflowEngine::new(agents, PlanSettings::default());

    let id = engine.create_workflow(WORKFLOW, "2018-12-19".parse()?)?;
    // `execute_workflow` does the same on the real clock and waits out the retry delay.
    let report = engine.execute_workflow_on(&id, engine.virtual_clock(&id)?).await?;

    println!("{id}: succeeded {}", report.succeeded());
    for (task, result) in report.results() {
        let summary = result.summary.unwrap_or_default();
        println!("{task}: {}, attempt {}: {summary}", result.state, result.attempts);
    }
    Ok(())
}
