//! `closing_plan`: sends unfilled exits to the closing auction and cancels other unfilled orders.
//!
//! Orders that would add risk are cancelled, since they were approved at the prices of the morning.
//! An exit above the largest order is split into several.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use crate::{
    agents::{
        job::{TaskContext, bad_data, bad_input, count_noun},
        returns,
        task_output::TaskOutput,
    },
    trading::{
        broker::OrderView,
        instruments::Instrument,
        money,
        order::{OrderType, TimeInForce, TradeIntent},
        symbol::{Side, Symbol},
        trade_plan::{TradePlan, TradePlanDraft},
        valuation::Valuation,
    },
};
use engine::{Failure, math};
use planning::calendar::{self, ReportTiming, SpecialEvent};

/// Largest share of a day's volume sent to the auction at any price.
const AUCTION_ADV: f64 = 0.02;
/// Distance of a limit-on-close price from the price now.
const LOC_REACH: Decimal = Decimal::from_parts(5, 0, 0, false, 3);

/// The largest auction order aims this far below the limit, as prices move before it is sent.
const MARGIN: Decimal = Decimal::from_parts(95, 0, 0, false, 2);

/// Approved shares of a name that were not filled.
struct Residual {
    intent: TradeIntent,
    leaves: i64,
    working: Vec<OrderView>,
}

pub(in crate::agents) fn closing_plan(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let kind = match job.param_or("auction_order", "moc".to_owned())?.as_str() {
        "moc" => OrderType::Moc,
        "loc" => OrderType::Loc,
        other => {
            let task = &job.request.task_id;
            let msg = format!("{task}: task_data.auction_order: `{other}` is neither moc nor loc");
            return Err(bad_input(msg));
        }
    };
    let book = job.valuation()?;
    let left = unfilled_residuals(job);
    let mut intents = Vec::new();
    let mut lines = Vec::new();
    for one in &left {
        let choice = choose(job, one, kind);
        if let Ok(qty) = choice {
            for qty in split_exit(job, one, qty, &book) {
                let next = u32::try_from(intents.len() + 1).unwrap_or(u32::MAX);
                intents.extend(auction(job, one, (next, qty, kind)));
            }
        }
        lines.push(line(one, kind, &choice));
    }
    let cancel: Vec<&str> =
        left.iter().flat_map(|one| &one.working).map(|view| view.order.id.as_str()).collect();
    let frozen = freeze(job, intents)?;
    job.desk().submit_plan(frozen.clone()).map_err(|error| bad_data(error.to_string()))?;
    let submit = !frozen.orders.is_empty() || !cancel.is_empty();
    let tail = returns::var95(job, &book)?;
    let hours = job.desk().session_hours();
    let summary = if left.is_empty() {
        "nothing unfinished".to_owned()
    } else {
        format!(
            "{} unfinished, {} into the auction",
            count_noun(left.len(), "order"),
            frozen.orders.len()
        )
    };
    let data = json!({
        "submit": submit, "unfinished": lines, "cancel": cancel,
        "plan": frozen, "plan_hash": frozen.hash(),
        "cutoffs": { "nyse": hours.close_cutoff(), "nasdaq": hours.close_cutoff() },
        "overnight": {
            "gross": book.gross, "var": tail.map(|tail| tail.var), "earnings_amc": tonight(job),
        },
    });
    let mut done = TaskOutput::new(summary, data);
    done.add_warning("cutoff", None, "the earlier of the two exchanges' cut-offs is used for both");
    done.add_metric("unfinished", left.len());
    Ok(done)
}

/// Returns the unfilled shares of every name, as approved by the newest plan that trades it.
fn unfilled_residuals(job: &TaskContext<'_>) -> Vec<Residual> {
    let views = job.desk().orders(job.now());
    let mut newest: BTreeMap<Symbol, (String, Residual)> = BTreeMap::new();
    for (plan, approval) in job.desk().trade_plans() {
        let Some(approval) = approval else { continue };
        for intent in plan.orders.iter().filter(|i| approval.intents.contains(&i.intent_id)) {
            let own = |view: &&OrderView| {
                view.order.plan_hash == plan.hash()
                    && view.order.intent.intent_id == intent.intent_id
            };
            let view = views.iter().find(own);
            let leaves = approval.approved_quantity(intent) - view.map_or(0, |view| view.filled);
            let working = view.filter(|view| !view.state.is_final()).cloned();
            // A plan may hold several intents of one name.
            let same_plan = newest.get_mut(&intent.symbol).filter(|(hash, _)| hash == plan.hash());
            if let Some((_, one)) = same_plan {
                one.leaves += leaves;
                one.working.extend(working);
                continue;
            }
            let working = working.into_iter().collect();
            let one = Residual { intent: intent.clone(), leaves, working };
            newest.insert(intent.symbol.clone(), (plan.hash().to_owned(), one));
        }
    }
    newest.into_values().map(|(_, one)| one).filter(|one| one.leaves > 0).collect()
}

/// Returns the shares for the auction, or the reason why there are none.
fn choose(job: &TaskContext<'_>, one: &Residual, kind: OrderType) -> Result<i64, String> {
    let intent = &one.intent;
    let held = job.book().quantity(&intent.symbol);
    let reduces = held.signum() == -intent.side.sign() && one.leaves <= held.abs();
    if !reduces {
        return Err("it would add risk, and that needs a new approval".to_owned());
    }
    let adv = job.instruments().get(&intent.symbol).and_then(Instrument::average_daily_volume);
    let share = adv.and_then(|adv| math::checked_div(math::int_to_float(one.leaves), adv));
    // On a day of abnormal volume, half of it at most, and then with a limit.
    let most = if kind == OrderType::Loc { AUCTION_ADV / 2.0 } else { AUCTION_ADV };
    match share {
        Some(share) if share <= most => Ok(one.leaves),
        Some(share) => Err(format!("{:.2}% of a day's volume is too much", share * 100.0)),
        None => Err("its daily volume is not known".to_owned()),
    }
}

/// Splits an exit into orders below the largest order that the pre-trade checks let pass. No two are of
/// equal size: equal orders within a minute are refused as duplicates.
fn split_exit(job: &TaskContext<'_>, one: &Residual, qty: i64, book: &Valuation) -> Vec<i64> {
    let symbol = &one.intent.symbol;
    let (limits, _) = job.desk().limits();
    let most = limits.order_max(book.equity, &job.desk().regime()) * MARGIN;
    let lot = job.instruments().get(symbol).map_or(1, |known| known.lot.max(1));
    let px = job.desk().prices(job.now()).get(symbol).copied().unwrap_or_default();
    let mut largest = money::shares(most, px, lot).unwrap_or(0).min(limits.order_qty_max);
    let (mut open, mut sizes) = (qty, Vec::new());
    while open > 0 {
        if largest < lot {
            // A rest that no size is left for: the checks refuse it, and the result says so.
            sizes.push(open);
            break;
        }
        let size = open.min(largest);
        sizes.push(size);
        open -= size;
        largest -= lot;
    }
    sizes
}

fn auction(
    job: &TaskContext<'_>,
    one: &Residual,
    (intent_id, qty, kind): (u32, i64, OrderType),
) -> Option<TradeIntent> {
    let px = *job.desk().prices(job.now()).get(&one.intent.symbol)?;
    let limit = (kind == OrderType::Loc).then(|| match one.intent.side {
        Side::Sell => (px * (Decimal::ONE - LOC_REACH))
            .round_dp_with_strategy(2, RoundingStrategy::ToPositiveInfinity),
        Side::Buy => (px * (Decimal::ONE + LOC_REACH))
            .round_dp_with_strategy(2, RoundingStrategy::ToNegativeInfinity),
    });
    Some(TradeIntent {
        intent_id,
        qty,
        kind,
        limit_px: limit,
        tif: TimeInForce::Day,
        ref_px: px,
        ref_ts: job.now(),
        reason: format!("left over: {}", one.intent.reason),
        risk_reducing: true,
        ..one.intent.clone()
    })
}

fn line(one: &Residual, kind: OrderType, choice: &Result<i64, String>) -> Value {
    let (word, why) = match choice {
        Ok(qty) => {
            (if kind == OrderType::Loc { "LOC" } else { "MOC" }, format!("{qty} sh, an exit"))
        }
        Err(why) => ("cancel", why.clone()),
    };
    json!({
        "intent_id": one.intent.intent_id, "symbol": one.intent.symbol, "side": one.intent.side,
        "leaves": one.leaves, "choice": word, "why": why,
        "value": money::signed_value(one.leaves, one.intent.ref_px),
    })
}

fn freeze(job: &TaskContext<'_>, orders: Vec<TradeIntent>) -> Result<TradePlan, Failure> {
    let draft = TradePlanDraft {
        plan_id: job.request.task_id.to_string(),
        session_date: job.date(),
        mode: crate::agents::portfolio_manager::mode(job.request.mode),
        created_at: job.now(),
        limits_hash: job.desk().limits().1,
        orders,
    };
    TradePlan::finalize(draft).map_err(|error| bad_data(error.to_string()))
}

/// Held names that report earnings after this close.
fn tonight(job: &TaskContext<'_>) -> Vec<String> {
    let held = job.held_symbols();
    calendar::special_events(job.date())
        .unwrap_or_default()
        .into_iter()
        .filter_map(|special| match special {
            SpecialEvent::Earnings { symbol, timing: ReportTiming::AfterClose } => {
                Some(symbol.to_string())
            }
            SpecialEvent::Earnings { .. }
            | SpecialEvent::Fomc { .. }
            | SpecialEvent::Expiration { .. } => None,
        })
        .filter(|name| held.contains(name))
        .collect()
}
