//! `validate_trades`: asks the gate about every order of a plan and freezes what passes.
//!
//! Orders the gate refuses are taken out and the rest is frozen anew, under a hash of its own, and
//! asked about again: what is approved is exactly what passed. A plan of which nothing passes fails.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::generate_trades;
use crate::{
    agents::{
        job::{
            TaskContext, bad_data, bad_input, business_rejection, count_noun, format_percent,
            format_usd,
        },
        task_output::TaskOutput,
        upstream::TradesInput,
    },
    trading::{
        instruments::Instrument,
        money,
        order::TradeIntent,
        pretrade::{Violation, is_admissible},
        sizing::SizingResult,
        slippage,
        symbol::Symbol,
        trade_plan::{TradePlan, TradePlanDraft},
        valuation::Valuation,
    },
};
use engine::{Failure, math};

pub(in crate::agents) fn validate_trades(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let made: TradesInput = job.need(&["generate_trades"])?;
    if !made.plan.is_intact() {
        let id = &made.plan.plan_id;
        return Err(bad_input(format!("{id}: data.plan does not match its plan_hash")));
    }
    check_plan_output(job, &made.plan, None)
}

/// An order that was taken out of a plan.
struct DroppedOrder {
    intent: TradeIntent,
    violations: Vec<Violation>,
}

/// The verdict on a plan, as the approval card shows it.
pub(super) fn check_plan_output(
    job: &TaskContext<'_>,
    plan: &TradePlan,
    sized: Option<&SizingResult>,
) -> Result<TaskOutput, Failure> {
    let mut plan = plan.clone();
    let mut dropped: Vec<DroppedOrder> = Vec::new();
    let asked = plan.orders.len();
    let verdicts = loop {
        job.desk().submit_plan(plan.clone()).map_err(|error| bad_data(error.to_string()))?;
        let found =
            job.desk().run_checks(&plan, job.now()).map_err(|error| bad_data(error.to_string()))?;
        let verdicts: BTreeMap<u32, Vec<Violation>> = found.into_iter().collect();
        let out = |intent: &TradeIntent| {
            verdicts.get(&intent.intent_id).is_none_or(|v| !is_admissible(v, &[]))
        };
        let (bad, good): (Vec<TradeIntent>, Vec<TradeIntent>) =
            plan.orders.iter().cloned().partition(out);
        if bad.is_empty() {
            break verdicts;
        }
        dropped.extend(bad.into_iter().map(|intent| DroppedOrder {
            violations: verdicts.get(&intent.intent_id).cloned().unwrap_or_default(),
            intent,
        }));
        if good.is_empty() {
            return Err(business_rejection(refusal(&dropped)));
        }
        plan = plan_with_orders(&plan, good)?;
    };
    let book = job.valuation()?;
    Ok(verdict_output(job, (&plan, &dropped, &verdicts), &book, (asked, sized)))
}

/// The same plan with these orders only, under its own hash.
fn plan_with_orders(plan: &TradePlan, orders: Vec<TradeIntent>) -> Result<TradePlan, Failure> {
    let draft = TradePlanDraft {
        plan_id: plan.plan_id.clone(),
        session_date: plan.session_date,
        mode: plan.mode,
        created_at: plan.created_at,
        limits_hash: plan.limits_hash.clone(),
        orders,
    };
    TradePlan::finalize(draft).map_err(|error| bad_data(error.to_string()))
}

fn refusal(dropped: &[DroppedOrder]) -> String {
    let words =
        dropped.iter().map(|one| format!("{}: {}", one.intent.symbol, codes(&one.violations)));
    format!("no order passes the pre-trade checks; {}", words.collect::<Vec<_>>().join("; "))
}

fn codes(violations: &[Violation]) -> String {
    violations.iter().map(Violation::label).collect::<Vec<_>>().join(", ")
}

fn verdict_output(
    job: &TaskContext<'_>,
    (plan, dropped, verdicts): (&TradePlan, &[DroppedOrder], &BTreeMap<u32, Vec<Violation>>),
    book: &Valuation,
    (asked, sized): (usize, Option<&SizingResult>),
) -> TaskOutput {
    let total = generate_trades::plan_notional(plan);
    let turnover = money::ratio_to_f64(total, book.equity * Decimal::TWO).unwrap_or(0.0);
    let adding = plan.orders.iter().filter(|intent| !intent.risk_reducing).count();
    let refused = dropped.iter().map(|one| verdict(&one.intent, &one.violations));
    let kept = plan.orders.iter().map(|intent| {
        verdict(intent, verdicts.get(&intent.intent_id).map_or(&[][..], Vec::as_slice))
    });
    let card: Vec<Value> = plan.orders.iter().map(|intent| line(job, intent, book)).collect();
    let own = json!({
        "plan": plan, "plan_hash": plan.hash(), "plan_id": plan.plan_id, "plan_ok": true,
        "verdicts": kept.chain(refused).collect::<Vec<_>>(),
        "orders": card,
        "dropped": dropped.iter().map(|one| json!({
            "intent_id": one.intent.intent_id, "symbol": one.intent.symbol,
            "codes": one.violations.iter().map(Violation::label).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "totals": {
            "orders": plan.orders.len(), "notional": total, "turnover_one_way": turnover,
            "risk_adding": adding, "equity": book.equity,
        },
        "approval": approval(job, plan, adding),
        "limits_hash": plan.limits_hash, "state": job.desk().trading_state(),
    });
    let mut data =
        sized.map_or_else(|| Value::Object(Map::new()), |s| generate_trades::sizing_json(s, plan));
    if let (Some(all), Some(own)) = (data.as_object_mut(), own.as_object()) {
        all.extend(own.clone());
    }
    let summary = match (asked, dropped.len()) {
        (0, _) => "no orders to check".to_owned(),
        (_, 0) => format!(
            "{asked}/{asked} pass, {}, turnover {}",
            format_usd(total),
            format_percent(turnover)
        ),
        (_, out) => {
            format!("{} of {} pass, {out} taken out", plan.orders.len(), count_noun(asked, "order"))
        }
    };
    let mut done = TaskOutput::new(summary, data).with_degraded(!dropped.is_empty());
    for one in dropped {
        for violation in &one.violations {
            let name = one.intent.symbol.as_str();
            done.add_warning(&violation.label(), Some(name), violation.text.clone());
        }
    }
    for skipped in sized.iter().flat_map(|sized| &sized.skipped) {
        done.add_warning("skipped", Some(skipped.symbol.as_str()), skipped.reason.clone());
    }
    done.add_metric("orders", plan.orders.len());
    done.add_metric("dropped", dropped.len());
    done
}

fn verdict(intent: &TradeIntent, violations: &[Violation]) -> Value {
    json!({
        "intent_id": intent.intent_id, "symbol": intent.symbol,
        "pass": is_admissible(violations, &[]), "checks": violations,
    })
}

/// One order on the approval card.
fn line(job: &TaskContext<'_>, intent: &TradeIntent, book: &Valuation) -> Value {
    let notional = money::signed_value(intent.qty, intent.ref_px);
    let share = money::ratio_to_f64(notional, book.equity);
    let now = book.weight(&intent.symbol);
    let sign = math::int_to_float(intent.side.sign());
    json!({
        "intent_id": intent.intent_id, "symbol": intent.symbol, "side": intent.side,
        "qty": intent.qty, "ref_px": intent.ref_px, "notional": notional, "pct_equity": share,
        "w_now": now, "w_after": share.map(|share| now + sign * share),
        "est_cost_bps": expected_cost_bps(job, &intent.symbol, intent.qty),
        "adds_risk": !intent.risk_reducing, "gate": "pass", "why": intent.reason,
    })
}

pub(in crate::agents) fn expected_cost_bps(
    job: &TaskContext<'_>,
    symbol: &Symbol,
    qty: i64,
) -> Option<f64> {
    let universe = job.instruments();
    let known = universe.get(symbol)?;
    let adv = Instrument::average_daily_volume(known)?;
    slippage::square_root_bps(math::int_to_float(qty), adv, known.sigma_1d?, slippage::SPREAD_BPS)
}

/// Who must say yes: the day's own demands, beside the standing one for large orders.
fn approval(job: &TaskContext<'_>, plan: &TradePlan, adding: usize) -> Value {
    let large = Decimal::from(25_000);
    let any_large = plan.orders.iter().any(|i| money::signed_value(i.qty, i.ref_px) >= large);
    let demands = &job.request.plan.approvals;
    let all = demands.iter().any(|of| of == "all");
    let risk = demands.iter().any(|of| of == "risk_adding") && adding > 0;
    json!({
        "needed": !plan.orders.is_empty() && (all || risk || any_large),
        "demands": demands, "large_orders": any_large, "risk_adding": adding,
    })
}
