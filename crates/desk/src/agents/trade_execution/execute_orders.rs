//! `execute_orders`: sends an approved frozen plan through the gate, slice by slice, and waits for it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    lookup,
    plan_orders::{self, ExecutionTally},
};
use crate::{
    agents::{
        job::{TaskContext, bad_data, bad_input, count_noun, format_usd},
        task_output::{AsOf, TaskOutput},
        tighten,
    },
    trading::{
        desk::{DeskError, IntentOutcome, SendOptions},
        order::{ClOrdId, OrderSource, TradeIntent},
        pretrade::Violation,
        trade_plan::{Approval, ApprovedBy, TradePlan},
        twap::TwapSchedule,
    },
};
use engine::{AttemptOutcome, Failure, FailureKind, ReviewedPlan};
use planning::{id::TaskId, time::Span, workflow::EffectClass};

/// Time from slice to slice.
const INTERVAL: TimeDelta = TimeDelta::minutes(2);
/// The task is done this long before it would be given up.
const RESERVE: TimeDelta = TimeDelta::seconds(30);

pub(in crate::agents) fn execute_orders(job: &TaskContext<'_>) -> Result<TaskOutput, Failure> {
    job.desk().query_open_orders(job.now());
    let (plan, approval) = plan_orders::plan_of(job)?;
    let cancelled = cancel(job)?;
    if plan.orders.is_empty() {
        let data = json!({
            "plan_hash": plan.hash(), "fills": [], "residual": [], "states": [],
            "cancelled": cancelled, "is_bps": null,
        });
        return Ok(TaskOutput::new("nothing to send", data).with_duration(Some(Span::secs(1))));
    }
    let approval = match approval {
        Some(given) => given,
        None => approve(job, &plan)?,
    };
    let held = exclude_blackouts(job, &plan, &approval)?;
    tighten::regime(job, job.desk().regime());
    let schedule = schedule(job);
    let release = SendOptions {
        plan_hash: plan.hash().to_owned(),
        schedule,
        overrides: Vec::new(),
        source: OrderSource::Plan,
    };
    let (before, due) = (job.desk().outcomes(plan.hash()), job.desk().unsent(plan.hash()));
    let sent = job.desk().send_orders(&release, job.now()).map_err(|error| not_traded(&error))?;
    if before.iter().any(|outcome| !outcome.is_new())
        && let Some(failure) = lookup::left_out(&sent, &due)
    {
        return Err(failure);
    }
    if sent.iter().all(|outcome| outcome.sent_qty == 0 && outcome.is_new()) {
        return Err(nothing(job, &sent, &held));
    }
    let seen = seen(job, &plan, &schedule);
    let done = execution_output(job, (&plan, &sent), (&schedule, &held, seen), &cancelled);
    // An order in doubt is asked about at once; what the broker cannot tell at the end, from then on.
    Ok(match in_doubt(&sent) {
        Some(doubt) => done.with_duration(None).with_in_doubt(Some(doubt)),
        None => done.with_in_doubt(unheard(job, seen)),
    })
}

/// Nothing left the desk, and why.
fn nothing(job: &TaskContext<'_>, sent: &[IntentOutcome], held: &[Value]) -> Failure {
    let codes: BTreeSet<String> =
        sent.iter().flat_map(|o| &o.violations).map(Violation::label).collect();
    let codes: Vec<String> = codes.into_iter().collect();
    let text = match job.desk().log_fault() {
        Some(fault) => format!("nothing is sent while the desk's log cannot be written: {fault}"),
        None if !held.is_empty() && codes.is_empty() => {
            "every order waits for a blackout to end".into()
        }
        None => format!("the gate let no order pass: {}", codes.join(", ")),
    };
    Failure::new(FailureKind::Rejected, text)
}

/// Orders that left and whose fate is not known: the attempt is in doubt, and never failed.
fn in_doubt(sent: &[IntentOutcome]) -> Option<Failure> {
    let open: Vec<String> = sent
        .iter()
        .filter_map(|outcome| Some(format!("{}: {}", outcome.id, outcome.doubt.as_ref()?)))
        .collect();
    let text =
        format!("outcome of {} unknown: {}", count_noun(open.len(), "order"), open.join("; "));
    (!open.is_empty()).then(|| Failure::new(FailureKind::Transient, text))
}

/// The broker cannot say at `seen` what was filled: that is not nothing.
fn unheard(job: &TaskContext<'_>, seen: DateTime<Utc>) -> Option<Failure> {
    let error = job.desk().broker_reached(seen).err()?;
    let text = format!("what was filled is not known: {error}");
    Some(Failure::new(FailureKind::Transient, text))
}

fn not_traded(error: &DeskError) -> Failure {
    Failure::new(FailureKind::Permission, error.to_string())
}

/// A person's yes to the task this one waits for counts as approval of exactly this plan; so does
/// the policy that exits may always be sent. Nothing else does.
fn approve(job: &TaskContext<'_>, plan: &TradePlan) -> Result<Approval, Failure> {
    let exits = plan.orders.iter().all(|intent| intent.risk_reducing);
    let approval = match human(job) {
        Some((task, answer)) => answered(job, plan, task, answer)?,
        None if exits => {
            let mut by_rule =
                Approval::of_whole_plan(plan, "policy", ApprovedBy::Policy, job.now());
            by_rule.reason = "exits are approved beforehand".into();
            by_rule
        }
        None => {
            let text = format!("plan {} adds risk and was not approved", plan.plan_id);
            return Err(Failure::new(FailureKind::Permission, text));
        }
    };
    job.desk().record_approval(approval.clone()).map_err(|error| bad_data(error.to_string()))?;
    Ok(approval)
}

/// The approval task that this one waits for, and its answer.
fn human<'a>(job: &'a TaskContext<'_>) -> Option<(&'a TaskId, &'a Value)> {
    let day = &job.request.plan;
    let human = job.request.upstream.iter().find(|(id, _)| {
        let task = day.find_task(id.as_str()).map(|ix| day.task(ix));
        task.is_some_and(|task| task.effect == EffectClass::Human)
    });
    human.map(|(id, answer)| (id, &**answer))
}

/// Shares of each order of a plan that a person wants sent: all of it without a word about parts. What is
/// held back by something else was wanted all the same.
fn wanted(job: &TaskContext<'_>, plan: &TradePlan) -> BTreeMap<u32, i64> {
    let said = human(job).and_then(|(task, answer)| answered(job, plan, task, answer).ok());
    let shares = |intent: &TradeIntent| match &said {
        Some(said) if !said.intents.contains(&intent.intent_id) => 0,
        Some(said) => said.approved_quantity(intent),
        None => intent.qty,
    };
    plan.orders.iter().map(|intent| (intent.intent_id, shares(intent))).collect()
}

/// The approval that the answer to an approval task stands for: whose it is, and of what kind. It may
/// name the `intents` it is for, by number, and `trims`, shares by number; without, it is for all.
/// One that says of which plan it is approves no other.
fn answered(
    job: &TaskContext<'_>,
    plan: &TradePlan,
    task: &TaskId,
    answer: &Value,
) -> Result<Approval, Failure> {
    let by = |kind: &str| answer.pointer(&format!("/approved_by/{kind}")).and_then(Value::as_str);
    let (approver, kind) = match (by("operator"), by("policy")) {
        (Some(person), _) => (person, ApprovedBy::SelfApproved),
        (None, Some(policy)) => (policy, ApprovedBy::Policy),
        // The task was set ok by a person's word; the record of that word names them.
        (None, None) => (task.as_str(), ApprovedBy::SelfApproved),
    };
    let mut approval = Approval::of_whole_plan(plan, approver, kind, job.now());
    let reason = answer.get("reason").and_then(Value::as_str);
    approval.reason = reason.unwrap_or_default().into();
    if let Some(of) = part::<ReviewedPlan>(task, answer, "of")? {
        let orders = u32::try_from(plan.orders.len()).unwrap_or(u32::MAX);
        if of.plan != plan.hash() || of.orders != orders {
            let text = format!("the answer to {task} is of another plan than {}", plan.plan_id);
            return Err(Failure::new(FailureKind::Permission, text));
        }
    }
    if let Some(intents) = part(task, answer, "intents")? {
        approval.intents = intents;
    }
    if let Some(trims) = part(task, answer, "trims")? {
        approval.trims = trims;
    }
    Ok(approval)
}

/// A part of an answer; what cannot be read is no yes to anything.
fn part<T: DeserializeOwned>(
    task: &TaskId,
    answer: &Value,
    key: &str,
) -> Result<Option<T>, Failure> {
    let Some(value) = answer.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    serde_json::from_value(value.clone())
        .map(Some)
        .map_err(|error| bad_input(format!("the answer to {task}: {key}: {error}")))
}

/// Narrows the approval by entries that a blackout forbids now; tells which.
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

/// From now for the task's usual time, longer in a nervous regime; over before the next blackout
/// on entries and before the attempt is given up.
pub(super) fn schedule(job: &TaskContext<'_>) -> TwapSchedule {
    let start = job.now();
    let regime = crate::agents::portfolio_manager::live_regime(job);
    let factor = regime.map_or(1.0, |regime| regime.multipliers().twap_horizon);
    let wanted = start + job.request.estimate.scaled(factor).to_delta();
    let blackouts = job.request.plan.blackouts.iter();
    let next = blackouts.filter(|b| b.forbids == "entry" && b.from > start).map(|b| b.from).min();
    let end = wanted
        .min(job.request.deadline - RESERVE)
        .min(job.desk().session_hours().close)
        .min(next.unwrap_or(wanted))
        .max(start + TimeDelta::seconds(1));
    TwapSchedule { start, end, interval: INTERVAL }
}

/// Withdraws what a closing plan says to withdraw.
fn cancel(job: &TaskContext<'_>) -> Result<Vec<Value>, Failure> {
    let ids = to_withdraw(job)?.into_iter();
    Ok(ids.map(|id| json!({ "id": id, "outcome": job.desk().cancel(&id, job.now()) })).collect())
}

/// What a closing plan says to withdraw, and what became of that.
pub(super) fn withdrawn(job: &TaskContext<'_>) -> Vec<Value> {
    let ids = to_withdraw(job).unwrap_or_default().into_iter();
    ids.map(|id| json!({ "id": id, "outcome": job.desk().cancel_outcome(&id) })).collect()
}

fn to_withdraw(job: &TaskContext<'_>) -> Result<Vec<ClOrdId>, Failure> {
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

/// When an attempt looks at what was filled. An order for the close is done once it is taken; any other
/// once its time is over.
pub(super) fn seen(
    job: &TaskContext<'_>,
    plan: &TradePlan,
    schedule: &TwapSchedule,
) -> DateTime<Utc> {
    if at_close(plan) { job.now() } else { schedule.end }
}

pub(super) fn execution_output(
    job: &TaskContext<'_>,
    (plan, sent): (&TradePlan, &[IntentOutcome]),
    (schedule, held, seen): (&TwapSchedule, &[Value], DateTime<Utc>),
    cancelled: &[Value],
) -> TaskOutput {
    let auction = at_close(plan);
    let tally = ExecutionTally::from_plan(job, (plan, wanted(job, plan)), seen);
    let end = match tally.last_fill() {
        Some(last) if tally.filled == tally.ordered => last,
        Some(_) | None => schedule.end,
    };
    let took = if auction { None } else { Some(Span::between(&job.now(), &end)) };
    let mut done = partial(plan, &tally, auction);
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
    }));
    for outcome in sent {
        let intent = plan.intent(outcome.intent_id).map(|intent| intent.symbol.to_string());
        for violation in &outcome.violations {
            done.add_warning(&violation.label(), intent.as_deref(), violation.text.clone());
        }
    }
    let back = sent.iter().any(|outcome| outcome.held_back > 0) || !held.is_empty();
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

/// Stops sending at `at`: what still works is withdrawn, what is filled stays and is told.
pub(in crate::agents) fn stop_sending(job: &TaskContext<'_>, at: DateTime<Utc>) -> AttemptOutcome {
    let Ok((plan, _)) = plan_orders::plan_of(job) else { return AttemptOutcome::Stopped };
    let open: Vec<_> = plan_orders::of_plan(job, &plan, at)
        .into_iter()
        .filter(|view| !view.state.is_final())
        .map(
            |view| json!({ "id": view.order.id, "outcome": job.desk().cancel(&view.order.id, at) }),
        )
        .collect();
    let tally = ExecutionTally::from_plan(job, (&plan, wanted(job, &plan)), at);
    if tally.views.is_empty() {
        return AttemptOutcome::Stopped;
    }
    if let Some(failure) = unheard(job, at) {
        return AttemptOutcome::InDoubt(failure);
    }
    let mut done = partial(&plan, &tally, false);
    done.add_fields(&json!({ "cancelled": open, "stopped_at": at }));
    done.add_warning("stopped", None, "stopped: working orders cancelled");
    AttemptOutcome::Completed(done.with_degraded(true).into_result(job))
}
