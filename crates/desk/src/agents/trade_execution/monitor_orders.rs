//! `monitor_orders`: what still works, how old it is, and what is stuck.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::plan_orders;
use crate::{
    agents::{
        job::{TaskContext, count_noun},
        task_output::TaskOutput,
    },
    trading::{broker::OrderView, money::to_f64, order::OrderState},
};
use engine::Failure;

/// An order without a fill for so long is stuck: three slices.
const STUCK: TimeDelta = TimeDelta::minutes(6);

#[expect(clippy::unnecessary_wraps, reason = "the table of tasks has one form")]
pub(in crate::agents) fn monitor_orders(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    job.desk().query_open_orders(job.now());
    let all = job.desk().orders(job.now());
    let open: Vec<&OrderView> = all.iter().filter(|view| !view.state.is_final()).collect();
    let working: Vec<Value> = open.iter().map(|view| line(job, view)).collect();
    let stuck: Vec<&str> =
        open.iter().filter(|view| is_stuck(job, view)).map(|v| v.order.id.as_str()).collect();
    let unknown: Vec<&str> = all
        .iter()
        .filter(|view| view.state == OrderState::Unknown)
        .map(|view| view.order.id.as_str())
        .collect();
    let filled: i64 = all.iter().map(|view| view.filled).sum();
    let ordered: i64 = all.iter().map(|view| view.order.intent.qty).sum();
    let away = job.desk().broker_reached(job.now()).err();
    let mut alerts: Vec<Value> = stuck
        .iter()
        .map(|id| {
            json!({
                "severity": "warning", "code": "order_stuck",
                "text": format!("{id} has had no fill for {} min", STUCK.num_minutes()),
            })
        })
        .collect();
    if let Some(error) = &away {
        let text = format!(
            "{error}: how far {} are is not known; nothing counts as filled or expired until it answers",
            count_noun(open.len(), "order")
        );
        alerts.push(json!({
            "severity": "critical", "code": "broker_unreachable", "key": "broker", "text": text,
        }));
    }
    let summary = if all.is_empty() {
        "no orders yet".to_owned()
    } else {
        format!("{} working, {filled} of {ordered} sh filled", count_noun(open.len(), "order"))
    };
    let data = json!({
        "working": working, "stuck": stuck, "unknown": unknown, "filled": filled,
        "ordered": ordered, "alerts": alerts, "state": job.desk().trading_state(),
    });
    let mut done = TaskOutput::new(summary, data)
        .with_degraded(!stuck.is_empty() || !unknown.is_empty() || away.is_some());
    if let Some(error) = away {
        done.add_warning("broker_unreachable", None, error.to_string());
    }
    for id in stuck {
        done.add_warning("stuck", None, format!("{id} has had no fill for three slices"));
    }
    for id in unknown {
        done.add_warning("unknown", None, format!("{id}: ask the broker by its id"));
    }
    Ok(done)
}

fn is_stuck(job: &TaskContext<'_>, view: &OrderView) -> bool {
    let since = view.last_fill_at.unwrap_or(view.acked_at);
    !view.order.intent.kind.at_close() && job.now() - since > STUCK
}

fn line(job: &TaskContext<'_>, view: &OrderView) -> Value {
    let intent = &view.order.intent;
    let middle = job.desk().prices(job.now()).get(&intent.symbol).copied().map(to_f64);
    let limit = intent.limit_px.map(to_f64);
    let away = limit
        .zip(middle)
        .and_then(|(limit, mid)| plan_orders::signed_slippage(intent.side, limit, mid));
    json!({
        "clordid": view.order.id, "symbol": intent.symbol, "side": intent.side,
        "state": view.state, "age_s": (job.now() - view.acked_at).num_seconds(),
        "filled": view.filled, "leaves": view.leaves, "px_vs_mid_bps": away,
    })
}
