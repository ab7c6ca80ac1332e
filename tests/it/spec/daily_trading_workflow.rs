//! The specification's tests of `DailyTradingWorkflow`, under names that say the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use bellwether::host::{DailyTradingWorkflow, OrchestrationController};

use super::given::{config, date, system};

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
    let plan = DailyTradingWorkflow::new(&mut controller).workflow_for(date("2017-07-11")).unwrap();
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
    assert!(report.tasks().keys().all(|task| !task.contains("execute")), "{:?}", report.tasks());
}

#[tokio::test]
async fn status_monitoring_counts_the_runs_of_the_process() {
    let mut controller = system();
    let report = DailyTradingWorkflow::new(&mut controller)
        .run_daily_workflow(date("2018-12-05"))
        .await
        .unwrap();
    let status = controller.status(None, runtime::wall_now());
    let of_run = controller.status(Some(&report.state), runtime::wall_now());
    assert_eq!(of_run.workflow_engine, status.workflow_engine, "an ended run counts once");
    assert_eq!(of_run.statistics, status.statistics);
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
    let every = |plan: &planning::plan::DayPlan| {
        plan.task(plan.find_task("market_monitor").unwrap()).every.unwrap()
    };
    assert!(wild.overlays.contains(&"high_volatility".into()), "{:?}", wild.overlays);
    assert!(every(&wild) < every(&calm));
    assert!(wild.multipliers["gross"] < 1.0);
}
