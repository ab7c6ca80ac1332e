//! `execute_orders`: sends the orders of an approved trade plan and returns their fills.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    lookup,
    plan_orders::{self, ExecutionTally},
    rejections::Rejections,
    remainder::PlanChain,
};
use crate::{
    agents::{
        job::{TaskContext, bad_data, count_noun, format_usd},
        task_output::{AsOf, TaskOutput},
        tighten,
    },
    trading::{
        desk::{DeskError, IntentOutcome, SendOptions},
        limits::TradingState,
        order::{ClOrdId, OrderSource},
        pretrade::{CheckCode, Violation},
        trade_plan::{Approval, TradePlan},
        twap::TwapSchedule,
    },
};
use engine::{AttemptOutcome, Failure, FailureKind};
use planning::{calendar, plan::Blackout, time::Span, workflow::ForbiddenOrders};

/// Time from slice to slice.
pub(super) const INTERVAL: TimeDelta = TimeDelta::minutes(2);
/// The task is done this long before it would be given up.
pub(super) const RESERVE: TimeDelta = TimeDelta::seconds(30);

pub(in crate::agents) fn execute_orders(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    job.desk().query_open_orders(job.now());
    let mut chain = PlanChain::of_task(job)?;
    let cancelled = cancel(job)?;
    if chain.original.orders.is_empty() {
        let data = json!({
            "plan_hash": chain.original.hash(), "fills": [], "residual": [], "states": [],
            "cancelled": cancelled, "is_bps": null,
        });
        return Ok(TaskOutput::new("nothing to send", data).with_duration(Some(Span::secs(1))));
    }
    chain.propose_remainder(job)?;
    let plan = chain.current();
    let held = exclude_blackouts(job, plan, &chain.approve(job)?)?;
    tighten::regime(job, job.desk().regime());
    let schedule = schedule(job);
    let release = SendOptions {
        plan_hash: plan.hash().to_owned(),
        schedule,
        overrides: Vec::new(),
        source: OrderSource::Plan,
    };
    let (before, due) = (job.desk().outcomes(plan.hash()), job.desk().unsent_intents(plan.hash()));
    let sent = job.desk().send_orders(&release, job.now()).map_err(|error| not_traded(&error))?;
    if before.iter().any(|outcome| !outcome.is_new())
        && let Some(failure) = lookup::left_out(&sent, &due)
    {
        return Err(failure);
    }
    if sent.iter().all(|outcome| outcome.sent_qty == 0 && outcome.is_new()) {
        return Ok(failed_at_once(nothing_sent(job, &sent, &held)));
    }
    let seen = seen(job, plan, &schedule);
    let done = execution_output(job, (&chain, &sent), (&schedule, &held, seen), &cancelled);
    // An order in doubt is probed at once; fills unknown at the end are probed from then on.
    if let Some(doubt) = in_doubt(&sent) {
        return Ok(done.with_duration(None).with_in_doubt(Some(doubt)));
    }
    if was_stopped(job, &sent) {
        return Ok(failed_at_once(interruption(job, &chain, job.now())));
    }
    let rejections = Rejections::from_outcomes(plan, &sent);
    if rejections.is_total() {
        return Ok(failed_at_once(rejections.into_failure()));
    }
    Ok(done.with_in_doubt(broker_unheard(job, seen)))
}

/// A failure known as soon as the orders were sent, or refused.
fn failed_at_once(failure: Failure) -> TaskOutput {
    let took = Some(Span::secs(1));
    TaskOutput::new("", Value::Null).with_duration(took).with_failure(Some(failure))
}

/// Returns whether the desk was halted while the orders were being sent.
fn was_stopped(job: &TaskContext<'_>, sent: &[IntentOutcome]) -> bool {
    let held_back = |outcome: &IntentOutcome| {
        let by_state = outcome.violations.iter().any(|v| v.code == CheckCode::TradingState);
        by_state && outcome.sent_qty == 0 && outcome.is_new()
    };
    job.desk().trading_state() >= TradingState::Halted && sent.iter().any(held_back)
}

/// The failure of an attempt that was stopped, as of `at`: the shares filled, and those that were not.
pub(super) fn interruption(job: &TaskContext<'_>, chain: &PlanChain, at: DateTime<Utc>) -> Failure {
    let tally = ExecutionTally::from_chain(job, chain, at);
    let changes = job.desk().state_changes();
    let halt = changes.last().filter(|change| change.to > TradingState::Active);
    let stopped = halt.map_or(at, |change| change.at.min(at));
    let text = format!(
        "stopped at {}: {} of {} sh filled; not traded: {}; retry sends only these, once trading \
         allows it",
        calendar::exchange_local(stopped).format("%H:%M"),
        tally.filled,
        tally.ordered,
        lookup::intent_names(&chain.unfilled_intents(job, &tally.views)),
    );
    Failure::new(FailureKind::Cancelled, text)
}

/// The failure of an attempt that sent nothing.
fn nothing_sent(job: &TaskContext<'_>, sent: &[IntentOutcome], held: &[Value]) -> Failure {
    let codes: BTreeSet<String> =
        sent.iter().flat_map(|o| &o.violations).map(Violation::label).collect();
    let codes: Vec<String> = codes.into_iter().collect();
    let text = match job.desk().log_fault() {
        Some(fault) => format!("no order sent: the desk's log cannot be written: {fault}"),
        None if !held.is_empty() && codes.is_empty() => {
            "no order sent: each waits for a blackout to end".into()
        }
        None => format!("the pre-trade checks refused every order: {}", codes.join(", ")),
    };
    Failure::new(FailureKind::Rejected, text)
}

/// The doubt of an attempt that sent orders whose outcome is unknown; such an attempt never fails.
pub(super) fn in_doubt(sent: &[IntentOutcome]) -> Option<Failure> {
    let open: Vec<String> = sent
        .iter()
        .filter_map(|outcome| Some(format!("{}: {}", outcome.id, outcome.doubt.as_ref()?)))
        .collect();
    let text =
        format!("outcome of {} unknown: {}", count_noun(open.len(), "order"), open.join("; "));
    (!open.is_empty()).then(|| Failure::new(FailureKind::Transient, text))
}

/// The doubt of an attempt whose fills are unknown at `seen`, as the broker cannot be asked.
pub(super) fn broker_unheard(job: &TaskContext<'_>, seen: DateTime<Utc>) -> Option<Failure> {
    let error = job.desk().broker_reached(seen).err()?;
    let text = format!("what was filled is not known: {error}");
    Some(Failure::new(FailureKind::Transient, text))
}

fn not_traded(error: &DeskError) -> Failure {
    Failure::new(FailureKind::Permission, error.to_string())
}

/// Removes entries that a blackout forbids now from the approval, and returns them.
fn exclude_blackouts(
    job: &TaskContext<'_>,
    plan: &TradePlan,
    approval: &Approval,
) -> Result<Vec<Value>, Failure> {
    let (held, numbers) = held_back(job, plan);
    if !held.is_empty() {
        let mut narrowed = approval.clone();
        narrowed.intents.retain(|number| !numbers.contains(number));
        job.desk().record_approval(narrowed).map_err(|error| bad_data(error.to_string()))?;
    }
    Ok(held)
}

/// Entries of a plan that a blackout forbids now, and their numbers.
pub(super) fn held_back(job: &TaskContext<'_>, plan: &TradePlan) -> (Vec<Value>, BTreeSet<u32>) {
    let entries = plan.orders.iter().filter(|intent| !intent.risk_reducing);
    let held = entries.filter_map(|intent| {
        let (until, origin) = job.entry_blackout(intent.symbol.as_str())?;
        let line = json!({
            "intent_id": intent.intent_id, "symbol": intent.symbol,
            "until": until, "origin": origin,
        });
        Some((line, intent.intent_id))
    });
    held.unzip()
}

/// Returns the schedule of the slices: from now for the task's usual time, longer in a volatile regime.
/// It ends before the next blackout on entries and before the attempt times out.
pub(super) fn schedule(job: &TaskContext<'_>) -> TwapSchedule {
    let start = job.now();
    let regime = crate::agents::portfolio_manager::live_regime(job);
    let factor = regime.map_or(1.0, |regime| regime.multipliers().twap_horizon);
    let wanted = start + job.request.estimate.scaled(factor).to_delta();
    let blackouts = job.request.plan.blackouts.iter();
    let entry = |blackout: &&Blackout| match blackout.forbids {
        ForbiddenOrders::Entry => blackout.from > start,
    };
    let next = blackouts.filter(entry).map(|blackout| blackout.from).min();
    let end = wanted
        .min(job.request.deadline - RESERVE)
        .min(job.desk().session_hours().close)
        .min(next.unwrap_or(wanted))
        .max(start + TimeDelta::seconds(1));
    TwapSchedule { start, end, interval: INTERVAL }
}

/// Cancels the orders that the closing plan lists for cancelling.
fn cancel(job: &TaskContext<'_>) -> Result<Vec<Value>, Failure> {
    let ids = to_cancel(job)?.into_iter();
    Ok(ids.map(|id| json!({ "id": id, "outcome": job.desk().cancel(&id, job.now()) })).collect())
}

/// Orders that the closing plan lists for cancelling, with the broker's answer to the cancel.
pub(super) fn cancels(job: &TaskContext<'_>) -> Vec<Value> {
    let ids = to_cancel(job).unwrap_or_default().into_iter();
    ids.map(|id| json!({ "id": id, "outcome": job.desk().cancel_outcome(&id) })).collect()
}

fn to_cancel(job: &TaskContext<'_>) -> Result<Vec<ClOrdId>, Failure> {
    #[derive(serde::Deserialize)]
    struct Closing {
        #[serde(default)]
        cancel: Vec<ClOrdId>,
    }
    Ok(job
        .optional_upstream::<Closing>(&["closing_plan"])?
        .map_or(Vec::new(), |closing| closing.cancel))
}

fn at_close(plan: &TradePlan) -> bool {
    plan.orders.iter().all(|intent| intent.kind.at_close())
}

/// Moment at which an attempt counts its fills: at once for orders for the close, at the end of the
/// schedule for all others.
pub(super) fn seen(
    job: &TaskContext<'_>,
    plan: &TradePlan,
    schedule: &TwapSchedule,
) -> DateTime<Utc> {
    if at_close(plan) { job.now() } else { schedule.end }
}

pub(super) fn execution_output(
    job: &TaskContext<'_>,
    (chain, sent): (&PlanChain, &[IntentOutcome]),
    (schedule, held, seen): (&TwapSchedule, &[Value], DateTime<Utc>),
    cancelled: &[Value],
) -> TaskOutput {
    let (plan, auction) = (chain.current(), at_close(&chain.original));
    let tally = ExecutionTally::from_chain(job, chain, seen);
    let end = match tally.last_fill() {
        Some(last) if tally.filled == tally.ordered => last,
        Some(_) | None => schedule.end,
    };
    let took = if auction { None } else { Some(Span::between(&job.now(), &end)) };
    let mut done = partial(&chain.original, &tally, auction);
    let rejections = Rejections::from_outcomes(plan, sent);
    let gate: Vec<Value> = sent
        .iter()
        .map(|o| {
            json!({
                "intent_id": o.intent_id, "id": o.id, "sent_qty": o.sent_qty,
                "held_back": o.held_back, "ack": o.ack, "violations": o.violations,
            })
        })
        .collect();
    done.add_fields(&json!({
        "gate": gate, "held": held, "cancelled": cancelled,
        "schedule": { "start": schedule.start, "end": schedule.end },
        "alerts": rejections.alerts(),
    }));
    if rejections.count > 0 {
        done.add_warning("order_rejected", None, rejections.reasons());
    }
    for outcome in sent {
        let intent = plan.intent(outcome.intent_id).map(|intent| intent.symbol.to_string());
        for violation in &outcome.violations {
            done.add_warning(&violation.label(), intent.as_deref(), violation.text.clone());
        }
    }
    let back = rejections.count > 0
        || sent.iter().any(|outcome| outcome.held_back > 0)
        || !held.is_empty();
    let (id, label) = ("is_bps".into(), "cost against the decision prices".into());
    done.add_fact((id, label), tally.slippage_bps(), ("basis points", AsOf::Moment(end)));
    done.add_metric("filled", tally.filled);
    done.with_degraded(back || (!auction && tally.filled < tally.ordered)).with_duration(took)
}

fn partial(plan: &TradePlan, tally: &ExecutionTally, auction: bool) -> TaskOutput {
    let n = plan.orders.len();
    let summary = if auction {
        format!("{n} sent to the closing auction")
    } else {
        let bps = tally.slippage_bps().map_or(String::new(), |bps| format!(", {bps:.1} bp"));
        format!(
            "{} of {} sh filled, {}{bps}",
            tally.filled,
            tally.ordered,
            format_usd(tally.traded)
        )
    };
    let mut done = TaskOutput::new(summary, tally.to_json(plan));
    done.add_metric("traded_usd", tally.traded_f64());
    done
}

/// Returns the outcome of an attempt that ends at `at`: a result computed when the orders were sent does
/// not hold once an order was cancelled before it was filled, as by a halt.
pub(in crate::agents) fn settle(
    job: &TaskContext<'_>,
    at: DateTime<Utc>,
    answer: AttemptOutcome,
) -> AttemptOutcome {
    let (AttemptOutcome::Completed(_), Ok(chain)) = (&answer, PlanChain::of_task(job)) else {
        return answer;
    };
    let views = plan_orders::of_chain(job, &chain, at);
    if chain.is_interrupted(job, &views) && !chain.unfilled_intents(job, &views).is_empty() {
        return AttemptOutcome::Failed(interruption(job, &chain, at));
    }
    answer
}

/// Stops sending and cancels working orders. An attempt with unfilled shares has failed: it is not done,
/// and a retry sends the remainder.
pub(in crate::agents) fn stop_sending(job: &TaskContext<'_>, at: DateTime<Utc>) -> AttemptOutcome {
    let Ok(chain) = PlanChain::of_task(job) else {
        let text = "stopped before any order was sent: there is no trade plan";
        return AttemptOutcome::Failed(Failure::new(FailureKind::Cancelled, text));
    };
    let open: Vec<_> = plan_orders::of_chain(job, &chain, at)
        .into_iter()
        .filter(|view| !view.state.is_final())
        .map(
            |view| json!({ "id": view.order.id, "outcome": job.desk().cancel(&view.order.id, at) }),
        )
        .collect();
    if let Some(failure) = broker_unheard(job, at) {
        return AttemptOutcome::InDoubt(failure);
    }
    let tally = ExecutionTally::from_chain(job, &chain, at);
    if !chain.unfilled_intents(job, &tally.views).is_empty() {
        return AttemptOutcome::Failed(interruption(job, &chain, at));
    }
    let mut done = partial(&chain.original, &tally, false);
    done.add_fields(&json!({ "cancelled": open, "stopped_at": at }));
    AttemptOutcome::Completed(done.into_result(job))
}
