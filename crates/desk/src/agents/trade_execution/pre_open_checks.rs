//! `pre_open_checks`: checks that must pass before any order is sent; one that does not fails the task.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::json;

use crate::{
    agents::{
        job::{TaskContext, business_rejection},
        task_output::TaskOutput,
    },
    trading::{limits::TradingState, reconcile::ReconcileVerdict},
};
use engine::Failure;
use planning::calendar;

/// Checks made outside of the desk.
const ELSEWHERE: [&str; 4] = ["account_id", "clock_skew", "disk", "audit_chain"];

#[derive(Debug, Serialize)]
struct ReadinessCheck {
    name: &'static str,
    ok: bool,
    value: String,
    limit: String,
}

fn check_of(
    name: &'static str,
    ok: bool,
    value: &dyn ToString,
    limit: &dyn ToString,
) -> ReadinessCheck {
    ReadinessCheck { name, ok, value: value.to_string(), limit: limit.to_string() }
}

pub(in crate::agents) fn pre_open_checks(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let expected = job.last_completed_session()?;
    let desk = job.desk();
    let (limits, hash) = desk.limits();
    let state = desk.trading_state();
    let hours = desk.session_hours();
    let session = calendar::exchange_day(job.date()).is_ok_and(|day| day.is_session());
    let book = job.book();
    let theirs = desk.broker_statement(job.now());
    let verdict = theirs.as_ref().map(|theirs| desk.reconcile(theirs, job.now()).verdict);
    let view = job.market_view();
    let old: Vec<String> = job
        .held_symbols()
        .into_iter()
        .filter(|name| view.last_bar(name).is_none_or(|bar| bar.date < expected))
        .collect();
    let rehashed = limits.hash().unwrap_or_default();
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    let plan = &job.request.plan;
    let stale = if old.is_empty() { expected.to_string() } else { old.join(", ") };
    let (ours, days) = (span(hours.open, hours.close), span(plan.open, plan.close));
    let agrees = verdict.is_ok_and(|verdict| verdict < ReconcileVerdict::Block);
    let said = verdict.map_or_else(ToString::to_string, |verdict| verdict_text(verdict).to_owned());
    let open = theirs.as_ref().ok().map(|theirs| theirs.working.len());
    let working = open.map_or("not known".into(), |n| n.to_string());
    // Exits must be able to leave: the pre-trade checks refuse any other order in this state.
    let exits = TradingState::ReduceOnly;
    let checks = [
        check_of("session", session, &plan.day, &"a session"),
        check_of("calendar", ours == days, &ours, &days),
        check_of("trading_state", state <= exits, &state, &"ACTIVE or REDUCE_ONLY"),
        check_of("broker", agrees, &said, &"books agree"),
        check_of("buying_power", book.cash > Decimal::ZERO, &book.cash, &"above 0"),
        check_of("limits_hash", rehashed == hash, &short(&rehashed), &short(&hash)),
        check_of("last_closes", old.is_empty(), &stale, &expected),
        check_of("working_orders", open == Some(0), &working, &0),
    ];
    let red: Vec<String> = checks
        .iter()
        .filter(|check| !check.ok)
        .map(|check| format!("{}: {}, wanted {}", check.name, check.value, check.limit))
        .collect();
    if !red.is_empty() {
        return Err(business_rejection(format!("not ready to trade: {}", red.join("; "))));
    }
    let data = json!({ "checks": checks, "all_ok": true, "not_checked_here": ELSEWHERE });
    let only = if state == exits { ", REDUCE_ONLY: exits only" } else { "" };
    let mut done = TaskOutput::new(format!("{0}/{0} green{only}", checks.len()), data);
    if state == exits {
        done.add_warning("reduce_only", None, "trading is REDUCE_ONLY: only exits are sent");
    }
    done.add_metric("checks", checks.len());
    Ok(done)
}

fn span(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    format!("{from} to {to}")
}

pub(super) const fn verdict_text(verdict: ReconcileVerdict) -> &'static str {
    match verdict {
        ReconcileVerdict::Clean => "clean",
        ReconcileVerdict::Minor => "minor",
        ReconcileVerdict::Block => "block",
    }
}
