//! The task `tca`: the cost of every order against its decision price, compared with the model's
//! estimate.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, bad_data, bad_input, count_noun, format_usd},
        portfolio_manager,
        task_output::{AsOf, TaskOutput},
    },
    market::Price,
    trading::{
        broker::OrderView,
        instruments::Instrument,
        money::{ratio_to_f64, to_f64},
        order::Fill,
        symbol::Side,
        tca::{BenchmarkPrices, Shortfall, implementation_shortfall},
    },
};
use engine::{Failure, math};

/// An order with its measured cost.
struct MeasuredOrder {
    view: OrderView,
    marks: BenchmarkPrices,
    found: Shortfall,
    model_bps: Option<f64>,
    part: Option<f64>,
}

pub(in crate::agents) fn tca(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    if !job.session_is_over() {
        let task = &job.request.task_id;
        return Err(bad_input(format!("{task}: the session is not over at {}", job.now())));
    }
    let fills = job.desk().fills(job.now());
    let mut all = Vec::new();
    for view in job.desk().orders(job.now()) {
        all.push(measure_order(job, view, &fills)?);
    }
    let excluded = job.param_or("exclude_close_outliers", false)?;
    let counted = |m: &&MeasuredOrder| !(excluded && m.view.order.intent.kind.at_close());
    let in_sum: Vec<&MeasuredOrder> = all.iter().filter(counted).collect();
    let total: Decimal = in_sum.iter().map(|m| m.found.total_usd).sum();
    let planned: Decimal = in_sum.iter().map(|m| planned_notional(m)).sum();
    let bps = ratio_to_f64(total, planned).map(|part| part * 1e4);
    let sides: BTreeMap<String, Value> = [Side::Buy, Side::Sell]
        .into_iter()
        .map(|side| (side.to_string(), side_totals(&in_sum, side)))
        .collect();
    let orders: Vec<Value> = all.iter().map(order_json).collect();
    let data = json!({
        "orders": orders,
        "summary": {
            "total_usd": total, "is_bps": bps, "planned_usd": planned, "by_side": sides,
            "model_bps": model(&in_sum), "close_excluded": excluded,
        },
        "model_vs_realised_bps": all.iter().map(|m| json!({
            "symbol": m.view.order.intent.symbol, "model": m.model_bps,
            "realised": execution_bps(m),
        })).collect::<Vec<_>>(),
    });
    let summary = match (all.len(), bps) {
        (0, _) => "no orders to measure".to_owned(),
        (n, Some(bps)) => {
            format!("{}, cost {}, {bps:+.1} bp", count_noun(n, "order"), format_usd(total))
        }
        (n, None) => format!("{}, cost {}", count_noun(n, "order"), format_usd(total)),
    };
    let mut done = TaskOutput::new(summary, data);
    done.add_warning("no_vwap", None, "no volumes through the day: vwap is null");
    let at = AsOf::Date(job.date());
    let (id, label) = ("is_bps".into(), "cost of all orders against their decisions".into());
    done.add_fact((id, label), bps, ("basis points", at));
    let (id, label) = ("is_usd".into(), "the same in USD".into());
    done.add_fact((id, label), Some(to_f64(total)), ("USD", at));
    Ok(done)
}

fn measure_order(
    job: &TaskContext<'_>,
    view: OrderView,
    fills: &[Fill],
) -> Result<MeasuredOrder, Failure> {
    let intent = &view.order.intent;
    let name = intent.symbol.as_str();
    let price = |at| job.price(name, at).and_then(Price::from_usd).map(Price::to_decimal);
    let arrival = price(view.acked_at).unwrap_or(intent.ref_px);
    let end = price(job.request.plan.close)
        .ok_or_else(|| bad_data(format!("{name} has no close on {}", job.date())))?;
    let marks = BenchmarkPrices { decision: intent.ref_px, arrival, end };
    let own: Vec<Fill> = fills.iter().filter(|f| f.order == view.order.id).cloned().collect();
    let found = implementation_shortfall(intent.side, intent.qty, &marks, &own)
        .map_err(|error| bad_data(format!("{}: {error}", view.order.id)))?;
    let model_bps = portfolio_manager::expected_cost_bps(job, &intent.symbol, intent.qty);
    let adv = job.instruments().get(&intent.symbol).and_then(Instrument::average_daily_volume);
    let part = adv.and_then(|adv| math::checked_div(math::int_to_float(found.filled), adv));
    Ok(MeasuredOrder { view, marks, found, model_bps, part })
}

fn planned_notional(one: &MeasuredOrder) -> Decimal {
    Decimal::from(one.view.order.intent.qty) * one.marks.decision
}

/// Returns the part of the cost that the model estimates: from arrival to fills.
fn execution_bps(one: &MeasuredOrder) -> Option<f64> {
    let value = Decimal::from(one.found.filled) * one.marks.arrival;
    ratio_to_f64(one.found.execution, value).map(|part| part * 1e4)
}

/// Returns the model's cost of all orders, weighted by value.
fn model(all: &[&MeasuredOrder]) -> Option<f64> {
    let weights: Vec<(f64, f64)> =
        all.iter().filter_map(|m| Some((to_f64(planned_notional(m)), m.model_bps?))).collect();
    let sum: f64 = weights.iter().map(|(w, _)| w).sum();
    math::checked_div(weights.iter().map(|(w, bps)| w * bps).sum(), sum)
}

fn side_totals(all: &[&MeasuredOrder], side: Side) -> Value {
    let own = || all.iter().filter(|m| m.view.order.intent.side == side);
    let total: Decimal = own().map(|m| m.found.total_usd).sum();
    let value: Decimal = own().map(|m| planned_notional(m)).sum();
    json!({
        "orders": own().count(), "total_usd": total, "planned_usd": value,
        "is_bps": ratio_to_f64(total, value).map(|part| part * 1e4),
    })
}

fn order_json(one: &MeasuredOrder) -> Value {
    let intent = &one.view.order.intent;
    json!({
        "intent_id": intent.intent_id, "clordid": one.view.order.id, "symbol": intent.symbol,
        "side": intent.side, "qty": intent.qty, "filled": one.found.filled,
        "state": one.view.state, "type": intent.kind,
        "decision_px": one.marks.decision, "arrival_px": one.marks.arrival,
        "end_px": one.marks.end, "avg_px": one.found.avg_px.map(|px| px.round_dp(4)),
        "vwap": null,
        "is_usd": {
            "delay": one.found.delay, "execution": one.found.execution,
            "opportunity": one.found.opportunity, "fees": one.found.fees,
            "total": one.found.total_usd,
        },
        "is_bps": one.found.bps, "part_rate": one.part, "model_bps": one.model_bps,
    })
}
