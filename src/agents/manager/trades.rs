//! `generate_trades`: from targets to a frozen plan of whole-share orders, proposed to the desk.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{room, verdict};
use crate::{
    agents::{
        done::{At, Done},
        inputs::TargetsIn,
        job::{Job, bad_data, bad_input, percent, plural, usd},
    },
    engine::Failure,
    plan::Mode,
    trading::{
        limits::TradingState,
        market_facts,
        money::to_f64,
        order::{Intent, OrderType, Tif},
        plan::{Draft, Plan},
        sizing::{self, Inputs, Rules, Sized, Trade},
        symbol::Symbol,
        valuation::Valuation,
    },
};

/// The largest order aims this far below the limit.
const MARGIN: Decimal = Decimal::from_parts(95, 0, 0, false, 2);

pub(in crate::agents) fn generate(job: &Job<'_>) -> Result<Done, Failure> {
    let wanted: TargetsIn = job.need(&["construct_targets", "rebalance_check"])?;
    let book = job.valuation()?;
    let targets: BTreeMap<Symbol, f64> =
        wanted.targets.iter().map(|t| (t.symbol.clone(), t.w_target)).collect();
    if let Some(bad) = wanted.targets.iter().find(|t| !t.w_target.is_finite()) {
        return Err(bad_input(format!("the target of {} is no finite weight", bad.symbol)));
    }
    let prices = job.desk().prices(job.at());
    let universe = job.instruments();
    let held = job.book();
    let inputs = Inputs {
        book: &held,
        equity: book.equity,
        targets: &targets,
        prices: &prices,
        universe: &universe,
    };
    let mut sized = sizing::size(&inputs, &rules(job, &book)?);
    room::fit(job, &book, &mut sized);
    reduce_only(job, &mut sized);
    let why: BTreeMap<&Symbol, &str> =
        wanted.targets.iter().map(|t| (&t.symbol, t.why.as_str())).collect();
    let plan = freeze(job, &sized, &why)?;
    job.desk().propose(plan.clone()).map_err(|error| bad_data(error.to_string()))?;
    if job.followed_by("validate_trades") {
        return Ok(tell(job, &sized, &plan));
    }
    // Nobody checks this plan after us, so the gate is asked here.
    verdict::judged(job, &plan, Some(&sized))
}

/// What is left of the day's turnover, and the largest order of the regime.
fn rules(job: &Job<'_>, book: &Valuation) -> Result<Rules, Failure> {
    let (limits, _) = job.desk().limits();
    let usual = Rules::default();
    let orders = job.desk().orders(job.at());
    let traded: Decimal =
        orders.iter().map(|o| o.order.notional(o.order.intent.ref_px)).sum::<Decimal>();
    let used = traded.checked_div(book.equity * Decimal::TWO).unwrap_or(Decimal::ONE);
    let cap = (limits.turnover_max * MARGIN - used).max(Decimal::ZERO);
    let most = limits.order_max(book.equity, &job.desk().regime()) * MARGIN;
    Ok(Rules {
        band: job.param_or("band", usual.band)?,
        cash_buffer: limits.cash_buffer.max(usual.cash_buffer),
        turnover_cap: cap,
        max_order_usd: Some(most),
        ..usual
    })
}

/// A desk that may only reduce is not offered anything else.
fn reduce_only(job: &Job<'_>, sized: &mut Sized) {
    let state = job.desk().state();
    if state == TradingState::Active {
        return;
    }
    let (kept, dropped): (Vec<Trade>, Vec<Trade>) =
        std::mem::take(&mut sized.trades).into_iter().partition(|trade| trade.reducing);
    sized.trades = kept;
    sized.skipped.extend(dropped.into_iter().map(|trade| sizing::Skipped {
        symbol: trade.symbol,
        reason: format!("the desk is in state {state}: it would add risk"),
    }));
}

fn freeze(job: &Job<'_>, sized: &Sized, why: &BTreeMap<&Symbol, &str>) -> Result<Plan, Failure> {
    let orders = (1_u32..).zip(&sized.trades).map(|(intent_id, trade)| Intent {
        intent_id,
        symbol: trade.symbol.clone(),
        side: trade.side,
        qty: trade.qty,
        kind: OrderType::Twap,
        limit_px: None,
        tif: Tif::Day,
        ref_px: trade.ref_px,
        ref_ts: job.at(),
        reason: why.get(&trade.symbol).map_or_else(String::new, |why| (*why).to_owned()),
        parent_target_w: trade.target_w,
        risk_reducing: trade.reducing,
    });
    let draft = Draft {
        plan_id: job.request.task_id.to_string(),
        session_date: job.date(),
        mode: mode(job.request.mode),
        created_at: job.at(),
        limits_hash: job.desk().limits().1,
        orders: orders.collect(),
    };
    Plan::freeze(draft).map_err(|error| bad_data(error.to_string()))
}

/// The desk's word for the mode of a run.
pub(in crate::agents) const fn mode(mode: Mode) -> market_facts::Mode {
    match mode {
        Mode::Sim => market_facts::Mode::Sim,
        Mode::Paper => market_facts::Mode::Paper,
        Mode::Live => market_facts::Mode::Live,
        Mode::Dry | Mode::Replay => market_facts::Mode::DryRun,
    }
}

/// `7 orders, $142,310, turnover 7.1 %`.
pub(super) fn summary(plan: &Plan, turnover: f64) -> String {
    if plan.orders.is_empty() {
        return "no orders: everything is where it should be".to_owned();
    }
    format!(
        "{}, {}, turnover {}",
        plural(plan.orders.len(), "order"),
        usd(notional(plan)),
        percent(turnover)
    )
}

/// Value of all orders at their reference prices, in USD.
pub(super) fn notional(plan: &Plan) -> Decimal {
    plan.orders.iter().map(|intent| Decimal::from(intent.qty) * intent.ref_px).sum()
}

/// What both this task and the check of a plan say of its making.
pub(super) fn making(sized: &Sized, plan: &Plan) -> Value {
    json!({
        "plan": plan, "plan_hash": plan.hash(), "skipped": sized.skipped,
        "turnover_one_way": sized.turnover_one_way, "est_cost_bps": sized.est_cost_bps,
        "cash_after": sized.cash_after, "notional": notional(plan),
    })
}

fn tell(job: &Job<'_>, sized: &Sized, plan: &Plan) -> Done {
    let mut done = Done::new(summary(plan, sized.turnover_one_way), making(sized, plan));
    for skipped in &sized.skipped {
        done.warn("skipped", Some(skipped.symbol.as_str()), skipped.reason.clone());
    }
    let at = At::Moment(job.at());
    let mut fact = |id: &str, label: &str, value: Option<f64>, unit: &'static str| {
        done.fact((id.into(), label.into()), value, (unit, at));
    };
    fact("turnover_one_way", "turnover, one way", Some(sized.turnover_one_way), "fraction");
    fact("notional", "value of all orders", Some(to_f64(notional(plan))), "USD");
    fact("cash_after", "cash once all is traded", Some(to_f64(sized.cash_after)), "USD");
    fact("est_cost_bps", "expected cost", sized.est_cost_bps, "basis points");
    done.metric("orders", plan.orders.len());
    done
}
