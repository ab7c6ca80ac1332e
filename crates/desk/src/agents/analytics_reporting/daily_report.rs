//! The task `daily_report`: a report on the trading day as text and as data, deterministic for the
//! day.

use serde_json::{Value, json};

use super::{performance_analysis, report_markdown};
use crate::{
    agents::{
        job::{TaskContext, bad_input},
        task_output::TaskOutput,
    },
    trading::trade_plan::hash_of,
};
use engine::Failure;

/// The results of other tasks used in the report.
pub(super) struct ReportInputs<'a> {
    pub(super) performance: &'a Value,
    pub(super) costs: &'a Value,
}

pub(in crate::agents) fn daily_report(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let performance = part(job, "performance_analysis", "pnl")?;
    let costs = part(job, "tca", "summary")?;
    let parts = ReportInputs { performance: &performance, costs: &costs };
    let json = data(job, &parts);
    let text = report_markdown::render_markdown(job, &json);
    let hash = hash_of(&json).unwrap_or_default();
    let ret = performance.get("ret_1d").and_then(Value::as_f64);
    let lines = text.lines().count();
    let summary = format!(
        "day {}, {lines} lines, {}",
        performance_analysis::pnl_phrase(ret),
        &short_hash(&hash)
    );
    Ok(TaskOutput::new(summary, json!({ "markdown": text, "report": json, "sha256": hash })))
}

fn short_hash(hash: &str) -> String {
    hash.chars().take(12).collect()
}

fn part(job: &TaskContext<'_>, task_type: &str, field: &str) -> Result<Value, Failure> {
    let data = job.provide(&[task_type])?;
    if data.get(field).is_none() {
        return Err(bad_input(format!(
            "the result of {task_type} is not usable: data.{field} is missing"
        )));
    }
    Ok(data)
}

/// Returns the report as data. Retries, overrides and the timeline are not included: they are part
/// of the journal.
fn data(job: &TaskContext<'_>, parts: &ReportInputs<'_>) -> Value {
    let desk = job.desk();
    let plan = &job.request.plan;
    let (_, limits_hash) = desk.limits();
    let changes: Vec<Value> = desk
        .state_changes()
        .iter()
        .map(|c| json!({ "at": c.at, "from": c.from, "to": c.to, "by": c.by, "reason": c.reason }))
        .collect();
    let plans: Vec<Value> = desk
        .trade_plans()
        .iter()
        .map(|(made, approval)| {
            json!({
                "plan_id": made.plan_id, "plan_hash": made.hash(), "orders": made.orders.len(),
                "approved_by": approval.as_ref().map(|a| a.approver.clone()),
                "approved_as": approval.as_ref().map(|a| a.by),
            })
        })
        .collect();
    let positions: Vec<Value> = desk.valuation(job.now()).map_or_else(
        |_| Vec::new(),
        |book| {
            let held = book.positions.iter();
            held.map(|p| {
                json!({
                    "symbol": p.symbol, "qty": p.qty, "px": p.px, "mv": p.mv, "w": p.w,
                })
            })
            .collect()
        },
    );
    json!({
        "session": job.date(), "run": plan.run, "mode": job.request.mode.as_str(), "day": plan.day,
        "overlays": plan.overlays, "performance": parts.performance, "costs": parts.costs,
        "positions": positions, "plans": plans, "state": desk.trading_state(), "state_changes": changes,
        "regime": desk.regime(), "limits_hash": limits_hash,
        "inputs": job.data().source_files(),
    })
}
