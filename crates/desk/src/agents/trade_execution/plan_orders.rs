//! The trade plan a task sends, and the state of its orders.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{approval, emergency_exit, remainder::PlanChain};
use crate::{
    agents::job::{TaskContext, not_found},
    trading::{
        broker::OrderView,
        money::{ratio_to_f64, to_f64},
        order::{Fill, TradeIntent},
        symbol::Side,
        tca::{BenchmarkPrices, implementation_shortfall},
        trade_plan::{Approval, TradePlan},
    },
};
use engine::Failure;

/// Types of tasks that propose trade plans.
const MAKERS: [&str; 3] = ["generate_trades", "validate_trades", "closing_plan"];

/// Returns the plan that an exit made itself; for other tasks the plan named by hash in a dependency's result,
/// else the newest plan of an upstream task.
///
/// # Errors
///
/// Not found when no such task proposed a plan.
pub(super) fn plan_of(job: &TaskContext<'_>) -> Result<(TradePlan, Option<Approval>), Failure> {
    if emergency_exit::is_exit(job.request.task_type.as_str()) {
        let own = emergency_exit::plan_of_attempt(job)
            .and_then(|plan| job.desk().trade_plan(plan.hash()));
        return own.ok_or_else(|| not_found("this exit has made no plan"));
    }
    let handed = job.request.upstream.values().find_map(|output| {
        let data = output.get("data").unwrap_or(output);
        data.get("plan_hash").and_then(Value::as_str)
    });
    if let Some(found) = handed.and_then(|hash| job.desk().trade_plan(hash)) {
        return Ok(found);
    }
    let plan = &job.request.plan;
    let makers: Vec<&str> = job
        .upstream_tasks()
        .into_iter()
        .map(|ix| plan.task(ix))
        .filter(|task| MAKERS.contains(&task.task_type.as_str()))
        .map(|task| task.id.as_str())
        .collect();
    let all = job.desk().trade_plans();
    let newest = all.into_iter().rev().find(|(made, _)| makers.contains(&made.plan_id.as_str()));
    newest.ok_or_else(|| not_found(format!("no plan was made by {}", makers.join(", "))))
}

/// Returns the orders of a plan and of its remainders as they stand at `at`.
pub(super) fn of_chain(
    job: &TaskContext<'_>,
    chain: &PlanChain,
    at: DateTime<Utc>,
) -> Vec<OrderView> {
    let orders = job.desk().orders(at).into_iter();
    orders.filter(|view| chain.contains(&view.order.plan_hash)).collect()
}

/// Orders and fills of a plan and its remainders at a moment, with their cost.
pub(super) struct ExecutionTally {
    pub(super) views: Vec<OrderView>,
    pub(super) fills: Vec<Fill>,
    pub(super) ordered: i64,
    /// Shares wanted of each order of the plan, by its number.
    wanted: BTreeMap<u32, i64>,
    pub(super) filled: i64,
    /// Value of the fills in USD.
    pub(super) traded: Decimal,
    /// Value of the plan at its reference prices in USD.
    planned: Decimal,
    /// Cost against the reference prices in USD.
    cost: Decimal,
}

impl ExecutionTally {
    pub(super) fn from_chain(job: &TaskContext<'_>, chain: &PlanChain, at: DateTime<Utc>) -> Self {
        let (plan, wanted) = (&chain.original, approval::wanted(job, &chain.original));
        let shares = |intent: &TradeIntent| wanted.get(&intent.intent_id).copied().unwrap_or(0);
        let views = of_chain(job, chain, at);
        let own = |fill: &Fill| views.iter().any(|view| view.order.id == fill.order);
        let fills: Vec<Fill> = job.desk().fills(at).into_iter().filter(own).collect();
        let mut cost = Decimal::ZERO;
        for view in &views {
            let intent = &view.order.intent;
            let ours: Vec<Fill> =
                fills.iter().filter(|fill| fill.order == view.order.id).cloned().collect();
            // Unfilled shares are no cost of sending: the report values them at the close. A
            // remainder is measured against the price of the original decision.
            let decided = plan.intent(intent.intent_id).map_or(intent.ref_px, |i| i.ref_px);
            let marks = BenchmarkPrices { decision: decided, arrival: decided, end: decided };
            cost += implementation_shortfall(intent.side, intent.qty, &marks, &ours)
                .map_or(Decimal::ZERO, |found| found.total_usd);
        }
        Self {
            ordered: plan.orders.iter().map(shares).sum(),
            filled: fills.iter().map(|fill| fill.qty).sum(),
            traded: fills.iter().map(|fill| fill.price * Decimal::from(fill.qty)).sum(),
            planned: plan.orders.iter().map(|i| i.ref_px * Decimal::from(shares(i))).sum(),
            cost,
            wanted,
            views,
            fills,
        }
    }

    pub(super) fn slippage_bps(&self) -> Option<f64> {
        ratio_to_f64(self.cost, self.planned).map(|part| part * 1e4)
    }

    /// Time of the last fill.
    pub(super) fn last_fill(&self) -> Option<DateTime<Utc>> {
        self.fills.iter().map(|fill| fill.at).max()
    }

    /// Returns the data of an `execute_orders` result.
    pub(super) fn to_json(&self, plan: &TradePlan) -> Value {
        let residual: Vec<Value> = plan
            .orders
            .iter()
            .filter_map(|intent| {
                let own =
                    self.views.iter().filter(|v| v.order.intent.intent_id == intent.intent_id);
                let wanted = self.wanted.get(&intent.intent_id).copied().unwrap_or(0);
                let leaves = wanted - own.map(|view| view.filled).sum::<i64>();
                (leaves > 0).then(|| {
                    json!({
                        "intent_id": intent.intent_id, "symbol": intent.symbol,
                        "side": intent.side, "leaves": leaves,
                    })
                })
            })
            .collect();
        let states: Vec<Value> = self.views.iter().map(Self::state).collect();
        json!({
            "plan_hash": plan.hash(), "plan_id": plan.plan_id, "fills": self.fills,
            "residual": residual, "states": states, "is_bps": self.slippage_bps(),
            "ordered": self.ordered, "filled": self.filled, "traded_usd": self.traded,
            "fees_usd": self.fills.iter().map(|fill| fill.fee).sum::<Decimal>(),
            "avg_px": self.averages(),
        })
    }

    fn state(view: &OrderView) -> Value {
        json!({
            "clordid": view.order.id, "intent_id": view.order.intent.intent_id,
            "symbol": view.order.intent.symbol, "side": view.order.intent.side,
            "qty": view.order.intent.qty, "state": view.state, "filled": view.filled,
            "leaves": view.leaves,
        })
    }

    fn averages(&self) -> Value {
        let lines = self.views.iter().filter_map(|view| {
            let own = || self.fills.iter().filter(|fill| fill.order == view.order.id);
            let qty: i64 = own().map(|fill| fill.qty).sum();
            let paid: Decimal = own().map(|fill| fill.price * Decimal::from(fill.qty)).sum();
            let avg = paid.checked_div(Decimal::from(qty))?.round_dp(4);
            Some(json!({ "symbol": view.order.intent.symbol, "avg_px": avg, "qty": qty }))
        });
        Value::Array(lines.collect())
    }

    /// Traded value for a summary.
    pub(super) fn traded_f64(&self) -> f64 {
        to_f64(self.traded)
    }
}

/// `+` for a buy and `−` for a sale, as in `price against the middle`.
pub(super) fn signed_slippage(side: Side, paid: f64, middle: f64) -> Option<f64> {
    let sign = engine::math::int_to_float(side.sign());
    engine::math::checked_div(sign * (paid - middle), middle).map(|part| part * 1e4)
}
