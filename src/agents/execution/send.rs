//! `execute_orders`: sends an approved frozen plan through the gate, slice by slice, and waits for it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    lookup,
    orders::{self, Tally},
};
use crate::{
    agents::{
        done::{At, Done},
        job::{Job, bad_data, bad_input, plural, usd},
        tighten,
    },
    definition::Effect,
    engine::{Answer, Failure, FailureKind, Reading},
    id::TaskId,
    time::Span,
    trading::{
        desk::{DeskError, Outcome, Release},
        gate::Violation,
        order::{ClOrdId, Intent, Source},
        plan::{Approval, ApprovedBy, Plan},
        twap::Schedule,
    },
};

/// Time from slice to slice.
const INTERVAL: TimeDelta = TimeDelta::minutes(2);
/// The task is done this long before it would be given up.
const RESERVE: TimeDelta = TimeDelta::seconds(30);

pub(in crate::agents) fn execute(job: &Job<'_>) -> Result<Done, Failure> {
    job.desk().poll(job.at());
    let (plan, approval) = orders::plan_of(job)?;
    let cancelled = cancel(job)?;
    if plan.orders.is_empty() {
        let data = json!({
            "plan_hash": plan.hash(), "fills": [], "residual": [], "states": [],
            "cancelled": cancelled, "is_bps": null,
        });
        return Ok(Done::new("nothing to send", data).taking(Some(Span::secs(1))));
    }
    let approval = match approval {
        Some(given) => given,
        None => approve(job, &plan)?,
    };
    let held = hold(job, &plan, &approval)?;
    tighten::regime(job, job.desk().regime());
    let schedule = schedule(job);
    let release = Release {
        plan_hash: plan.hash().to_owned(),
        schedule,
        overrides: Vec::new(),
        source: Source::Plan,
    };
    let (before, due) = (job.desk().outcomes(plan.hash()), job.desk().unsent(plan.hash()));
    let sent = job.desk().release(&release, job.at()).map_err(|error| not_traded(&error))?;
    if before.iter().any(|outcome| !outcome.is_new())
        && let Some(failure) = lookup::left_out(&sent, &due)
    {
        return Err(failure);
    }
    if sent.iter().all(|outcome| outcome.sent_qty == 0 && outcome.is_new()) {
        return Err(nothing(job, &sent, &held));
    }
    let seen = seen(job, &plan, &schedule);
    let done = tell(job, (&plan, &sent), (&schedule, &held, seen), &cancelled);
    // An order in doubt is asked about at once; what the broker cannot tell at the end, from then on.
    Ok(match in_doubt(&sent) {
        Some(doubt) => done.taking(None).in_doubt(Some(doubt)),
        None => done.in_doubt(unheard(job, seen)),
    })
}

/// Nothing left the desk, and why.
fn nothing(job: &Job<'_>, sent: &[Outcome], held: &[Value]) -> Failure {
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
fn in_doubt(sent: &[Outcome]) -> Option<Failure> {
    let open: Vec<String> = sent
        .iter()
        .filter_map(|outcome| Some(format!("{}: {}", outcome.id, outcome.doubt.as_ref()?)))
        .collect();
    let text =
        format!("the fate of {} is not known: {}", plural(open.len(), "order"), open.join("; "));
    (!open.is_empty()).then(|| Failure::new(FailureKind::Transient, text))
}

/// The broker cannot say at `seen` what was filled: that is not nothing.
fn unheard(job: &Job<'_>, seen: DateTime<Utc>) -> Option<Failure> {
    let error = job.desk().broker_reached(seen).err()?;
    let text = format!("what was filled is not known: {error}");
    Some(Failure::new(FailureKind::Transient, text))
}

fn not_traded(error: &DeskError) -> Failure {
    Failure::new(FailureKind::Permission, error.to_string())
}

/// A person's yes to the task this one waits for counts as approval of exactly this plan; so does
/// the policy that exits may always be sent. Nothing else does.
fn approve(job: &Job<'_>, plan: &Plan) -> Result<Approval, Failure> {
    let exits = plan.orders.iter().all(|intent| intent.risk_reducing);
    let approval = match human(job) {
        Some((task, answer)) => answered(job, plan, task, answer)?,
        None if exits => {
            let mut by_rule = Approval::whole(plan, "policy", ApprovedBy::Policy, job.at());
            by_rule.reason = "exits are approved beforehand".into();
            by_rule
        }
        None => {
            let text = format!("plan {} adds risk and nobody approved it", plan.plan_id);
            return Err(Failure::new(FailureKind::Permission, text));
        }
    };
    job.desk().approve(approval.clone()).map_err(|error| bad_data(error.to_string()))?;
    Ok(approval)
}

/// The approval task that this one waits for, and its answer.
fn human<'a>(job: &'a Job<'_>) -> Option<(&'a TaskId, &'a Value)> {
    let day = &job.request.plan;
    let human = job.request.upstream.iter().find(|(id, _)| {
        let task = day.find_task(id.as_str()).map(|ix| day.task(ix));
        task.is_some_and(|task| task.effect == Effect::Human)
    });
    human.map(|(id, answer)| (id, &**answer))
}

/// Shares of each order of a plan that a person wants sent: all of it without a word about parts. What is
/// held back by something else was wanted all the same.
fn wanted(job: &Job<'_>, plan: &Plan) -> BTreeMap<u32, i64> {
    let said = human(job).and_then(|(task, answer)| answered(job, plan, task, answer).ok());
    let shares = |intent: &Intent| match &said {
        Some(said) if !said.intents.contains(&intent.intent_id) => 0,
        Some(said) => said.quantity(intent),
        None => intent.qty,
    };
    plan.orders.iter().map(|intent| (intent.intent_id, shares(intent))).collect()
}

/// The approval that the answer to an approval task stands for: whose it is, and of what kind. It may
/// name the `intents` it is for, by number, and `trims`, shares by number; without, it is for all.
/// One that says of which plan it is approves no other.
fn answered(
    job: &Job<'_>,
    plan: &Plan,
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
    let mut approval = Approval::whole(plan, approver, kind, job.at());
    let reason = answer.get("reason").and_then(Value::as_str);
    approval.reason = reason.unwrap_or_default().into();
    if let Some(of) = part::<Reading>(task, answer, "of")? {
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
fn hold(job: &Job<'_>, plan: &Plan, approval: &Approval) -> Result<Vec<Value>, Failure> {
    let (held, numbers) = held_back(job, plan);
    if !held.is_empty() {
        let mut narrowed = approval.clone();
        narrowed.intents.retain(|number| !numbers.contains(number));
        job.desk().approve(narrowed).map_err(|error| bad_data(error.to_string()))?;
    }
    Ok(held)
}

/// Entries of a plan that a blackout forbids now, and their numbers.
pub(super) fn held_back(job: &Job<'_>, plan: &Plan) -> (Vec<Value>, BTreeSet<u32>) {
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
pub(super) fn schedule(job: &Job<'_>) -> Schedule {
    let start = job.at();
    let regime = crate::agents::manager::live_regime(job);
    let factor = regime.map_or(1.0, |regime| regime.multipliers().twap_horizon);
    let wanted = start + job.request.estimate.times(factor).delta();
    let blackouts = job.request.plan.blackouts.iter();
    let next = blackouts.filter(|b| b.forbids == "entry" && b.from > start).map(|b| b.from).min();
    let end = wanted
        .min(job.request.deadline - RESERVE)
        .min(job.desk().hours().close)
        .min(next.unwrap_or(wanted))
        .max(start + TimeDelta::seconds(1));
    Schedule { start, end, interval: INTERVAL }
}

/// Withdraws what a closing plan says to withdraw.
fn cancel(job: &Job<'_>) -> Result<Vec<Value>, Failure> {
    let ids = to_withdraw(job)?.into_iter();
    Ok(ids.map(|id| json!({ "id": id, "outcome": job.desk().cancel(&id, job.at()) })).collect())
}

/// What a closing plan says to withdraw, and what became of that.
pub(super) fn withdrawn(job: &Job<'_>) -> Vec<Value> {
    let ids = to_withdraw(job).unwrap_or_default().into_iter();
    ids.map(|id| json!({ "id": id, "outcome": job.desk().withdrawn(&id) })).collect()
}

fn to_withdraw(job: &Job<'_>) -> Result<Vec<ClOrdId>, Failure> {
    #[derive(serde::Deserialize)]
    struct Closing {
        #[serde(default)]
        cancel: Vec<ClOrdId>,
    }
    Ok(job.may::<Closing>(&["closing_plan"])?.map_or(Vec::new(), |closing| closing.cancel))
}

fn at_close(plan: &Plan) -> bool {
    plan.orders.iter().all(|intent| intent.kind.at_close())
}

/// When an attempt looks at what was filled. An order for the close is done once it is taken; any other
/// once its time is over.
pub(super) fn seen(job: &Job<'_>, plan: &Plan, schedule: &Schedule) -> DateTime<Utc> {
    if at_close(plan) { job.at() } else { schedule.end }
}

pub(super) fn tell(
    job: &Job<'_>,
    (plan, sent): (&Plan, &[Outcome]),
    (schedule, held, seen): (&Schedule, &[Value], DateTime<Utc>),
    cancelled: &[Value],
) -> Done {
    let auction = at_close(plan);
    let tally = Tally::of(job, (plan, wanted(job, plan)), seen);
    let end = match tally.last_fill() {
        Some(last) if tally.filled == tally.ordered => last,
        Some(_) | None => schedule.end,
    };
    let took = if auction { None } else { Some(Span::between(&job.at(), &end)) };
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
    done.extend(&json!({
        "gate": gate, "held": held, "cancelled": cancelled,
        "schedule": { "start": schedule.start, "end": schedule.end },
    }));
    for outcome in sent {
        let intent = plan.intent(outcome.intent_id).map(|intent| intent.symbol.to_string());
        for violation in &outcome.violations {
            done.warn(&violation.label(), intent.as_deref(), violation.text.clone());
        }
    }
    let back = sent.iter().any(|outcome| outcome.held_back > 0) || !held.is_empty();
    let (id, label) = ("is_bps".into(), "cost against the decision prices".into());
    done.fact((id, label), tally.bps(), ("basis points", At::Moment(end)));
    done.metric("filled", tally.filled);
    done.degraded(back || (!auction && tally.filled < tally.ordered)).taking(took)
}

fn partial(plan: &Plan, tally: &Tally, auction: bool) -> Done {
    let n = plan.orders.len();
    let summary = if auction {
        format!("{n} sent to the closing auction")
    } else {
        let bps = tally.bps().map_or(String::new(), |bps| format!(", {bps:.1} bp"));
        format!("{} of {} sh filled, {}{bps}", tally.filled, tally.ordered, usd(tally.traded))
    };
    let mut done = Done::new(summary, tally.shown(plan));
    done.metric("traded_usd", tally.traded_f64());
    done
}

/// Stops sending at `at`: what still works is withdrawn, what is filled stays and is told.
pub(in crate::agents) fn stop(job: &Job<'_>, at: DateTime<Utc>) -> Answer {
    let Ok((plan, _)) = orders::plan_of(job) else { return Answer::Stopped };
    let open: Vec<_> = orders::of_plan(job, &plan, at)
        .into_iter()
        .filter(|view| !view.state.is_final())
        .map(
            |view| json!({ "id": view.order.id, "outcome": job.desk().cancel(&view.order.id, at) }),
        )
        .collect();
    let tally = Tally::of(job, (&plan, wanted(job, &plan)), at);
    if tally.views.is_empty() {
        return Answer::Stopped;
    }
    if let Some(failure) = unheard(job, at) {
        return Answer::Unknown(failure);
    }
    let mut done = partial(&plan, &tally, false);
    done.extend(&json!({ "cancelled": open, "stopped_at": at }));
    done.warn("stopped", None, "asked to stop: what was still working is withdrawn");
    Answer::Done(done.degraded(true).outcome(job))
}
