//! `emergency_exit`: closes one position or all of them on an operator's request, verified flat against the
//! broker's statement.
//!
//! Each attempt works out what is held at its start, so it can be asked for again: what an earlier one sold is
//! not sold twice. Orders pass the pre-trade checks as any other, as ordered by hand.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{
    execute_orders::{self, INTERVAL, RESERVE},
    lookup::lookup,
    plan_orders::ExecutionTally,
    reconcile::break_lines,
    remainder::PlanChain,
};
use crate::{
    agents::{
        job::{TaskContext, bad_data, bad_input, business_rejection, count_noun, format_usd},
        portfolio_manager::mode,
        task_output::TaskOutput,
    },
    trading::{
        desk::{IntentOutcome, SendOptions},
        limits::TradingState,
        money,
        order::{OrderSource, OrderType, TimeInForce, TradeIntent},
        pretrade::WorkingOrder,
        reconcile::{AccountStatement, ReconcileVerdict},
        symbol::{Side, Symbol},
        trade_plan::{Approval, ApprovedBy, TradePlan, TradePlanDraft},
        twap::TwapSchedule,
    },
};
use engine::{AttemptOutcome, ExitRequest, Failure, FailureKind, ProbeResult};
use planning::time::Span;

/// A slice aims this far below the largest order, as prices move before it is sent.
const MARGIN: Decimal = Decimal::from_parts(9, 0, 0, false, 1);

pub(in crate::agents) fn emergency_exit(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    let only = requested_symbol(job)?;
    job.desk().query_open_orders(job.now());
    let cancelled = cancel_working(job, only.as_ref());
    let plan = match plan_of_attempt(job) {
        // The program ended during this attempt: it goes on with the plan it had made.
        Some(plan) => plan,
        None => propose(job, only.as_ref())?,
    };
    if plan.orders.is_empty() {
        let data = json!({ "plan_hash": plan.hash(), "states": [], "cancelled": cancelled });
        let took = Some(Span::secs(1));
        return Ok(TaskOutput::new("no position was open", data).with_duration(took));
    }
    let schedule = schedule(job, &plan);
    let options = SendOptions {
        plan_hash: plan.hash().to_owned(),
        schedule,
        overrides: Vec::new(),
        source: OrderSource::ManualRetyped,
    };
    let sent = job
        .desk()
        .send_orders(&options, job.now())
        .map_err(|error| business_rejection(error.to_string()))?;
    if sent.iter().all(|outcome| outcome.sent_qty == 0 && outcome.is_new()) {
        return Err(nothing_sent(job, &sent));
    }
    let chain = PlanChain::of_task(job)?;
    let parts = (&schedule, [].as_slice(), schedule.end);
    let done = execute_orders::execution_output(job, (&chain, &sent), parts, &cancelled);
    let doubt = execute_orders::in_doubt(&sent);
    if doubt.is_some() {
        return Ok(done.with_duration(None).with_in_doubt(doubt));
    }
    Ok(done.with_in_doubt(execute_orders::broker_unheard(job, schedule.end)))
}

/// Returns the symbol that is to be closed; `None` for every position.
fn requested_symbol(job: &TaskContext<'_>) -> Result<Option<Symbol>, Failure> {
    let Some(name) = job.param::<String>("symbol")? else { return Ok(None) };
    let symbol = Symbol::parse(&name).map_err(|error| bad_input(error.to_string()))?;
    let held = job.held_symbols();
    if plan_of_attempt(job).is_none() && !held.contains(symbol.as_str()) {
        let held: Vec<String> = held.into_iter().collect();
        let all = if held.is_empty() { "no position is open".into() } else { held.join(", ") };
        return Err(bad_input(format!("there is no position in {symbol}; open positions: {all}")));
    }
    Ok(Some(symbol))
}

/// Returns whether the task closes positions.
pub(in crate::agents) fn is_exit(task_type: &str) -> bool {
    task_type == ExitRequest::TASK_TYPE
}

/// Returns the plan of this attempt, once it was made.
pub(super) fn plan_of_attempt(job: &TaskContext<'_>) -> Option<TradePlan> {
    let id = plan_id(job);
    let plans = job.desk().trade_plans().into_iter().map(|(plan, _)| plan);
    plans.into_iter().find(|plan| plan.plan_id == id)
}

/// Returns the name of the plan of this attempt.
fn plan_id(job: &TaskContext<'_>) -> String {
    format!("{} attempt {}", job.request.task_id, job.request.attempt)
}

fn concerns(only: Option<&Symbol>, symbol: &Symbol) -> bool {
    only.is_none_or(|only| only == symbol)
}

/// Cancels the working orders of what is to be closed: they would buy it back, or sell it twice.
fn cancel_working(job: &TaskContext<'_>, only: Option<&Symbol>) -> Vec<Value> {
    let own = plan_of_attempt(job).map(|plan| plan.hash().to_owned());
    let views = job.desk().orders(job.now()).into_iter().filter(|view| {
        let ours = own.as_deref() == Some(view.order.plan_hash.as_str());
        !view.state.is_final() && !ours && concerns(only, &view.order.intent.symbol)
    });
    let ids: Vec<_> = views.map(|view| view.order.id).collect();
    ids.into_iter()
        .map(|id| json!({ "id": id, "outcome": job.desk().cancel(&id, job.now()) }))
        .collect()
}

/// Proposes and approves the plan that closes the positions, in the name of whoever asked for it.
fn propose(job: &TaskContext<'_>, only: Option<&Symbol>) -> Result<TradePlan, Failure> {
    let theirs = statement(job, job.now())?;
    let found = job.desk().reconcile(&theirs, job.now());
    job.desk().book_missing(&found);
    let views = job.desk().orders(job.now()).into_iter();
    let open = views.filter(|view| !view.state.is_final());
    let working: Vec<WorkingOrder> = open.map(|view| view.working_order()).collect();
    let (book, prices) = (job.book(), job.desk().prices(job.now()));
    let mut orders: Vec<TradeIntent> = Vec::new();
    for (symbol, held) in book.positions.iter().filter(|(symbol, _)| concerns(only, symbol)) {
        let qty = closable(held.qty, theirs.positions.get(symbol).copied(), &working, symbol);
        let Some(px) = prices.get(symbol).copied().filter(|_| qty != 0) else { continue };
        orders.push(TradeIntent {
            intent_id: u32::try_from(orders.len() + 1).unwrap_or(u32::MAX),
            symbol: symbol.clone(),
            side: if held.qty > 0 { Side::Sell } else { Side::Buy },
            qty,
            kind: OrderType::Twap,
            limit_px: None,
            tif: TimeInForce::Day,
            ref_px: px,
            ref_ts: job.now(),
            reason: "closed on an operator's request".into(),
            parent_target_w: 0.0,
            risk_reducing: true,
        });
    }
    if orders.is_empty() && found.verdict == ReconcileVerdict::Block {
        let breaks = break_lines(&found).join("; ");
        return Err(business_rejection(format!("nothing was sent, as books differ: {breaks}")));
    }
    let draft = TradePlanDraft {
        plan_id: plan_id(job),
        session_date: job.date(),
        mode: mode(job.request.mode),
        created_at: job.now(),
        limits_hash: job.desk().limits().1,
        orders,
    };
    let plan = TradePlan::finalize(draft).map_err(|error| bad_data(error.to_string()))?;
    job.desk().submit_plan(plan.clone()).map_err(|error| bad_data(error.to_string()))?;
    if !plan.orders.is_empty() {
        let by = job.param_or("requested_by", "operator".to_owned())?;
        let mut approval = Approval::of_whole_plan(&plan, &by, ApprovedBy::SelfApproved, job.now());
        approval.reason = "an operator asked for the exit".into();
        job.desk().record_approval(approval).map_err(|error| bad_data(error.to_string()))?;
    }
    Ok(plan)
}

/// Returns the shares that are sold, or bought back: those that both books hold, less what orders that
/// could not be cancelled may still take.
fn closable(ours: i64, theirs: Option<i64>, working: &[WorkingOrder], symbol: &Symbol) -> i64 {
    let theirs = theirs.unwrap_or(0);
    let both = if ours.signum() == theirs.signum() { ours.abs().min(theirs.abs()) } else { 0 };
    let side = if ours > 0 { Side::Sell } else { Side::Buy };
    let own = working.iter().filter(|order| order.symbol == *symbol && order.side == side);
    (both - own.map(|order| order.leaves).sum::<i64>()).max(0)
}

fn statement(job: &TaskContext<'_>, at: DateTime<Utc>) -> Result<AccountStatement, Failure> {
    job.desk().broker_statement(at).map_err(|error| {
        let text = format!("the broker cannot be asked what is held: {error}");
        Failure::new(FailureKind::Transient, text)
    })
}

/// Returns as many slices as the largest order asks for, at least as long as the task usually takes.
pub(super) fn schedule(job: &TaskContext<'_>, plan: &TradePlan) -> TwapSchedule {
    let start = job.now();
    let (limits, _) = job.desk().limits();
    let equity = job.valuation().map_or(Decimal::ZERO, |book| book.equity);
    let most = limits.order_max(equity, &job.desk().regime()) * MARGIN;
    let slices = plan.orders.iter().filter_map(|intent| {
        let value = intent.ref_px * Decimal::from(intent.qty);
        let by_value = value.checked_div(most).map_or(1.0, money::to_f64).ceil();
        let by_qty = engine::math::checked_div(
            engine::math::int_to_float(intent.qty),
            engine::math::int_to_float(limits.order_qty_max),
        )?;
        engine::math::float_to_int(by_value.max(by_qty.ceil()))
    });
    let slices = i32::try_from(slices.max().unwrap_or(1)).unwrap_or(i32::MAX);
    let usual = start + job.request.estimate.to_delta();
    let needed = INTERVAL.checked_mul(slices).map_or(usual, |needed| start + needed);
    let last = (job.request.deadline - RESERVE).min(job.desk().session_hours().close);
    let end = usual.max(needed).min(last).max(start + chrono::TimeDelta::seconds(1));
    TwapSchedule { start, end, interval: INTERVAL }
}

fn nothing_sent(job: &TaskContext<'_>, sent: &[IntentOutcome]) -> Failure {
    let found = sent.iter().flat_map(|outcome| &outcome.violations);
    let why: std::collections::BTreeSet<&str> = found.map(|v| v.text.as_str()).collect();
    let why: Vec<&str> = why.into_iter().collect();
    let text = match job.desk().log_fault() {
        Some(fault) => format!("no order sent: the desk's log cannot be written: {fault}"),
        None => format!("no order sent: {}; flatten again once that is gone", why.join("; ")),
    };
    Failure::new(FailureKind::Rejected, text)
}

/// Returns the outcome of an exit that ends at `at`: it is done only if the broker's statement says that the
/// positions are closed.
pub(in crate::agents) fn settle(
    job: &TaskContext<'_>,
    at: DateTime<Utc>,
    answer: AttemptOutcome,
) -> AttemptOutcome {
    let AttemptOutcome::Completed(mut result) = answer else { return answer };
    let theirs = match statement(job, at) {
        Ok(theirs) => theirs,
        Err(unheard) => return AttemptOutcome::InDoubt(unheard),
    };
    let only = job.param::<String>("symbol").ok().flatten();
    let open = still_open(job, only.as_deref(), &theirs, at);
    if open.is_empty() {
        result.summary = format!("flat by the broker's statement: {}", result.summary);
        return AttemptOutcome::Completed(result);
    }
    AttemptOutcome::Failed(not_flat(job, &open, at))
}

/// Lists the positions that either book still holds: `120 AAPL`.
fn still_open(
    job: &TaskContext<'_>,
    only: Option<&str>,
    theirs: &AccountStatement,
    at: DateTime<Utc>,
) -> Vec<String> {
    let ours = job.desk().book(at).shares();
    let names: std::collections::BTreeSet<&Symbol> =
        ours.keys().chain(theirs.positions.keys()).collect();
    let open = names.into_iter().filter(|name| only.is_none_or(|only| only == name.as_str()));
    open.filter_map(|name| {
        let (own, their) = (ours.get(name).copied(), theirs.positions.get(name).copied());
        let left = their.filter(|qty| *qty != 0).or(own).filter(|qty| *qty != 0)?;
        Some(format!("{left} {name}"))
    })
    .collect()
}

fn not_flat(job: &TaskContext<'_>, open: &[String], at: DateTime<Utc>) -> Failure {
    let sold = PlanChain::of_task(job).map(|chain| ExecutionTally::from_chain(job, &chain, at));
    let sold = sold.map_or_else(
        |_no_plan| "nothing was sent".to_owned(),
        |tally| {
            let (filled, ordered) = (tally.filled, tally.ordered);
            format!("{filled} of {ordered} sh filled, {}", format_usd(tally.traded))
        },
    );
    let halted = job.desk().trading_state() >= TradingState::Halted;
    let kind = if halted { FailureKind::Cancelled } else { FailureKind::Rejected };
    let text = format!(
        "not flat: {sold}; {} still open: {}; flatten again closes what is left",
        count_noun(open.len(), "position"),
        open.join(", "),
    );
    Failure::new(kind, text)
}

/// Stops an exit at `at`: cancels its working orders and reports what is left.
pub(in crate::agents) fn stop(job: &TaskContext<'_>, at: DateTime<Utc>) -> AttemptOutcome {
    if let Some(plan) = plan_of_attempt(job) {
        let own = job
            .desk()
            .orders(at)
            .into_iter()
            .filter(|view| view.order.plan_hash == plan.hash() && !view.state.is_final());
        let ids: Vec<_> = own.map(|view| view.order.id).collect();
        for id in ids {
            job.desk().cancel(&id, at);
        }
    }
    if let Some(unheard) = execute_orders::broker_unheard(job, at) {
        return AttemptOutcome::InDoubt(unheard);
    }
    let done = TaskOutput::new("stopped", json!({ "stopped_at": at })).into_result(job);
    settle(job, at, AttemptOutcome::Completed(done))
}

/// Looks up an exit whose outcome is unknown, as [`lookup`] does; it happened only if the positions are
/// closed.
pub(in crate::agents) fn lookup_exit(job: &TaskContext<'_>, at: DateTime<Utc>) -> ProbeResult {
    let found = lookup(job, at);
    let ProbeResult::Happened { outcome, evidence } = found else { return found };
    match settle(job, at, AttemptOutcome::Completed(outcome)) {
        AttemptOutcome::Completed(outcome) => ProbeResult::Happened { outcome, evidence },
        AttemptOutcome::Failed(failure) => ProbeResult::Unfinished { evidence: failure.message },
        AttemptOutcome::InDoubt(failure) => ProbeResult::Unknown { why: failure.message },
        AttemptOutcome::Stopped => ProbeResult::Unknown { why: evidence },
    }
}
