//! The system embedded in a program: start-up, an event handler, a whole trading day, the status
//! document, and a workflow of one's own for the six built-in agents.
//!
//! Run it with `cargo run --example embed_engine`.
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::{error::Error, sync::Arc};

use bellwether::{
    config,
    engine::OrchestrationEvent,
    host::{DailyTradingWorkflow, OrchestrationController},
    runtime::{Handler, wall_now},
};
use tokio::sync::mpsc;

/// A workflow for two built-in agents; the second task waits for the first.
const WORKFLOW: &str = "
name: Morning check
stages:
  pre_market:
    tasks:
      - {agent: junior_analyst, task_type: market_analysis, task_data: {symbols: [AAPL, MSFT]}}
      - {agent: portfolio_manager, task_type: risk_assessment, dependencies: [market_analysis]}
";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut controller = OrchestrationController::new(config::resolve(&[])?);
    controller.startup_system()?;

    // A handler has a task of its own; a slow one delays neither the run nor other handlers.
    let (sender, mut stages) = mpsc::unbounded_channel();
    let handler: Handler = Arc::new(move |message| {
        let sender = sender.clone();
        Box::pin(async move {
            // The receiver outlives the run, and nobody needs a stage that ends after it.
            let _ = sender.send(message.data["stage"].to_string());
        })
    });
    controller.register_event_handler(OrchestrationEvent::StageCompleted, handler);

    let date = "2018-12-19".parse()?;
    let day = DailyTradingWorkflow::new(&mut controller).run_daily_workflow(date).await?;
    println!("{date}: succeeded {}, {} tasks", day.succeeded(), day.results().len());
    for _stage in 0..4 {
        println!("stage completed: {}", stages.recv().await.unwrap_or_default());
    }

    let status = controller.status(None, wall_now());
    println!("statistics: {}", serde_json::to_string(&status.statistics)?);

    let engine = controller.workflow_engine(date)?;
    let id = engine.create_workflow(WORKFLOW, date)?;
    let report = engine.execute_workflow(&id).await?;
    for (task, result) in report.results() {
        println!("{task}: {}: {}", result.state, result.summary.unwrap_or_default());
    }

    controller.shutdown_system("the example is over").await;
    Ok(())
}
