//! The specification's performance tests, in virtual time and so exact.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use bellwether::{
    engine::{AttemptOutcome, TaskResult},
    planning::{plan::PlanSettings, time::Span, workflow},
};

use super::given::{date, engine, puppets, virtually, workflow};

fn thirty() -> workflow::WorkflowDefinition {
    let tasks: Vec<String> = (0..30)
        .map(|i| format!("      - {{id: t{i}, agent: junior_analyst, task_type: market_analysis}}"))
        .collect();
    workflow(&format!("name: x\nstages:\n  pre_market:\n    tasks:\n{}\n", tasks.join("\n")))
}

async fn makespan(slots: u32) -> Span {
    let mut settings = PlanSettings::default();
    settings.limits.max_concurrent_tasks = slots;
    settings.limits.critical_reserve = 0;
    let engine = engine(
        puppets(|_| AttemptOutcome::Completed(TaskResult::without_data("done")), Span::secs(10)),
        settings,
    );
    let id = engine.create_workflow(thirty(), date("2018-12-19")).unwrap();
    let report = virtually(&engine, &id).await;
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
