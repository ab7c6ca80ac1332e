//! `generate_trades`: from targets to a finalized trade plan of whole-share orders.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{limit_headroom, validate_trades};
use crate::{
    agents::{
        job::{TaskContext, bad_data, bad_input, count_noun, format_percent, format_usd},
        task_output::{AsOf, TaskOutput},
        upstream::TargetsInput,
    },
    trading::{
        broker::OrderView,
        instruments,
        limits::TradingState,
        money::{self, to_f64},
        order::{OrderType, TimeInForce, TradeIntent},
        sizing::{self, SizedTrade, SizingInputs, SizingResult, SizingRules},
        symbol::Symbol,
        trade_plan::{TradePlan, TradePlanDraft},
        valuation::Valuation,
    },
};
use engine::Failure;
use planning::plan::RunMode;

/// Share of the limits on order size and turnover that a plan uses at most.
const MARGIN: Decimal = Decimal::from_parts(95, 0, 0, false, 2);

pub(in crate::agents) fn generate_trades(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let wanted: TargetsInput = job.need(&["construct_targets", "rebalance_check"])?;
    let book = job.valuation()?;
    let targets: BTreeMap<Symbol, f64> =
        wanted.targets.iter().map(|t| (t.symbol.clone(), t.w_target)).collect();
    if let Some(bad) = wanted.targets.iter().find(|t| !t.w_target.is_finite()) {
        return Err(bad_input(format!("the target of {} is not a finite weight", bad.symbol)));
    }
    let prices = job.desk().prices(job.now());
    let universe = job.instruments();
    let held = job.book();
    let inputs = SizingInputs {
        book: &held,
        equity: book.equity,
        targets: &targets,
        prices: &prices,
        universe: &universe,
    };
    let mut sized = sizing::size_trades(&inputs, &rules(job, &book)?);
    limit_headroom::fit_to_limits(job, &book, &mut sized);
    reduce_only(job, &book, &mut sized);
    let why: BTreeMap<&Symbol, &str> =
        wanted.targets.iter().map(|t| (&t.symbol, t.why.as_str())).collect();
    let plan = freeze(job, &sized, &why)?;
    job.desk().submit_plan(plan.clone()).map_err(|error| bad_data(error.to_string()))?;
    if job.followed_by("validate_trades") {
        return Ok(trades_output(job, &sized, &plan));
    }
    // No later task validates this plan, so the pre-trade checks run here.
    validate_trades::check_plan_output(job, &plan, Some(&sized))
}

/// Sizing rules: the unused turnover of the day, and the largest order in the regime.
fn rules(job: &TaskContext<'_>, book: &Valuation) -> Result<SizingRules, Failure> {
    let (limits, _) = job.desk().limits();
    let usual = SizingRules::default();
    let orders = job.desk().orders(job.now());
    let at_stake =
        |view: &OrderView| money::signed_value(view.filled + view.leaves, view.order.intent.ref_px);
    let traded: Decimal = orders.iter().map(at_stake).sum();
    let used = traded.checked_div(book.equity * Decimal::TWO).unwrap_or(Decimal::ONE);
    let cap = (limits.turnover_max * MARGIN - used).max(Decimal::ZERO);
    let most = limits.order_max(book.equity, &job.desk().regime()) * MARGIN;
    Ok(SizingRules {
        band: job.param_or("band", usual.band)?,
        cash_buffer: limits.cash_buffer.max(usual.cash_buffer),
        turnover_cap: cap,
        max_order_usd: Some(most),
        ..usual
    })
}

/// Drops trades that add risk unless trading is ACTIVE.
fn reduce_only(job: &TaskContext<'_>, book: &Valuation, sized: &mut SizingResult) {
    let state = job.desk().trading_state();
    if state == TradingState::Active {
        return;
    }
    let (kept, dropped): (Vec<SizedTrade>, Vec<SizedTrade>) =
        std::mem::take(&mut sized.trades).into_iter().partition(|trade| trade.reducing);
    sized.trades = kept;
    sized.skipped.extend(dropped.into_iter().map(|trade| sizing::SkippedTrade {
        symbol: trade.symbol,
        reason: format!("trading is {state}: it would add risk"),
    }));
    recount(book, sized);
}

/// Recomputes the totals of trades after some were cut or dropped.
pub(super) fn recount(book: &Valuation, sized: &mut SizingResult) {
    let turned: Decimal = sized.trades.iter().map(|trade| trade.notional).sum();
    let signed = |trade: &SizedTrade| Decimal::from(trade.side.sign()) * trade.notional;
    sized.turnover_one_way = turnover(turned, book);
    sized.cash_after = book.cash - sized.trades.iter().map(signed).sum::<Decimal>();
}

/// One-way turnover: half of the traded value as a fraction of equity.
pub(super) fn turnover(traded: Decimal, book: &Valuation) -> f64 {
    money::ratio_to_f64(traded, book.equity * Decimal::TWO).unwrap_or(0.0)
}

fn freeze(
    job: &TaskContext<'_>,
    sized: &SizingResult,
    why: &BTreeMap<&Symbol, &str>,
) -> Result<TradePlan, Failure> {
    let orders = (1_u32..).zip(&sized.trades).map(|(intent_id, trade)| TradeIntent {
        intent_id,
        symbol: trade.symbol.clone(),
        side: trade.side,
        qty: trade.qty,
        kind: OrderType::Twap,
        limit_px: None,
        tif: TimeInForce::Day,
        ref_px: trade.ref_px,
        ref_ts: job.now(),
        reason: why.get(&trade.symbol).map_or_else(String::new, |why| (*why).to_owned()),
        parent_target_w: trade.target_w,
        risk_reducing: trade.reducing,
    });
    let draft = TradePlanDraft {
        plan_id: job.request.task_id.to_string(),
        session_date: job.date(),
        mode: mode(job.request.mode),
        created_at: job.now(),
        limits_hash: job.desk().limits().1,
        orders: orders.collect(),
    };
    TradePlan::finalize(draft).map_err(|error| bad_data(error.to_string()))
}

/// Returns the trading mode of a run mode.
pub(in crate::agents) const fn mode(mode: RunMode) -> instruments::TradingMode {
    match mode {
        RunMode::Sim => instruments::TradingMode::Sim,
        RunMode::Paper => instruments::TradingMode::Paper,
        RunMode::Live => instruments::TradingMode::Live,
        RunMode::Dry | RunMode::Replay => instruments::TradingMode::DryRun,
    }
}

/// Summarizes a plan, as in `7 orders, $142,310, turnover 7.1 %`.
pub(super) fn plan_summary(plan: &TradePlan, turnover: f64) -> String {
    if plan.orders.is_empty() {
        return "no orders: every position is at its target".to_owned();
    }
    format!(
        "{}, {}, turnover {}",
        count_noun(plan.orders.len(), "order"),
        format_usd(plan_notional(plan)),
        format_percent(turnover)
    )
}

/// Returns the value of all orders at their reference prices, in USD.
pub(super) fn plan_notional(plan: &TradePlan) -> Decimal {
    plan.orders.iter().map(|intent| Decimal::from(intent.qty) * intent.ref_px).sum()
}

/// Data of a plan's sizing, shared by `generate_trades` and `validate_trades`.
pub(super) fn sizing_json(sized: &SizingResult, (plan, turnover): (&TradePlan, f64)) -> Value {
    json!({
        "plan": plan, "plan_hash": plan.hash(), "skipped": sized.skipped,
        "turnover_one_way": turnover, "est_cost_bps": sized.est_cost_bps,
        "cash_after": sized.cash_after, "notional": plan_notional(plan),
    })
}

fn trades_output(job: &TaskContext<'_>, sized: &SizingResult, plan: &TradePlan) -> TaskOutput {
    let turnover = sized.turnover_one_way;
    let mut done =
        TaskOutput::new(plan_summary(plan, turnover), sizing_json(sized, (plan, turnover)));
    for skipped in &sized.skipped {
        done.add_warning("skipped", Some(skipped.symbol.as_str()), skipped.reason.clone());
    }
    let at = AsOf::Moment(job.now());
    let mut fact = |id: &str, label: &str, value: Option<f64>, unit: &'static str| {
        done.add_fact((id.into(), label.into()), value, (unit, at));
    };
    fact("turnover_one_way", "turnover, one way", Some(sized.turnover_one_way), "fraction");
    fact("notional", "value of all orders", Some(to_f64(plan_notional(plan))), "USD");
    fact("cash_after", "cash once all is traded", Some(to_f64(sized.cash_after)), "USD");
    fact("est_cost_bps", "expected cost", sized.est_cost_bps, "basis points");
    done.add_metric("orders", plan.orders.len());
    done
}
