//! Approval of the trade plan a task sends: from an operator's answer, or by the policy for exits.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    agents::job::{TaskContext, bad_data, bad_input},
    trading::{
        order::TradeIntent,
        trade_plan::{Approval, ApprovedBy, TradePlan},
    },
};
use engine::{Failure, FailureKind, ReviewedPlan};
use planning::{id::TaskId, workflow::EffectClass};

/// Records the approval of a plan: an operator's answer to the approval task that this task depends
/// on, or the policy that exits may always be sent. Nothing else approves a plan.
pub(super) fn approve(job: &TaskContext<'_>, plan: &TradePlan) -> Result<Approval, Failure> {
    let approval = given_approval(job, plan)?;
    job.desk().record_approval(approval.clone()).map_err(|error| bad_data(error.to_string()))?;
    Ok(approval)
}

/// Records the approval of the remainder of an approved plan: it holds as far as the approval of the
/// plan, given by the same operator or policy.
pub(super) fn approve_remainder(
    job: &TaskContext<'_>,
    (original, remainder): (&TradePlan, &TradePlan),
) -> Result<Approval, Failure> {
    if let Some(no) = job.desk().rejection(original.hash()) {
        let text = format!("plan {} was rejected by {}: {}", original.plan_id, no.by, no.reason);
        return Err(Failure::new(FailureKind::Permission, text));
    }
    let Approval { approver, by, at, reason, .. } = given_approval(job, original)?;
    let whole = Approval::of_whole_plan(remainder, &approver, by, at);
    let approval = Approval { reason, ..whole };
    job.desk().record_approval(approval.clone()).map_err(|error| bad_data(error.to_string()))?;
    Ok(approval)
}

/// The approval that holds for a plan now.
fn given_approval(job: &TaskContext<'_>, plan: &TradePlan) -> Result<Approval, Failure> {
    let exits = plan.orders.iter().all(|intent| intent.risk_reducing);
    match human(job) {
        Some((task, answer)) => check_answer(job, plan, task, answer),
        None if exits => {
            let mut by_rule =
                Approval::of_whole_plan(plan, "policy", ApprovedBy::Policy, job.now());
            by_rule.reason = "exits are approved beforehand".into();
            Ok(by_rule)
        }
        None => {
            let text = format!("plan {} adds risk and is not approved", plan.plan_id);
            Err(Failure::new(FailureKind::Permission, text))
        }
    }
}

/// The approval task that this task depends on, and its answer.
fn human<'a>(job: &'a TaskContext<'_>) -> Option<(&'a TaskId, &'a Value)> {
    let day = &job.request.plan;
    let human = job.request.upstream.iter().find(|(id, _)| {
        let task = day.find_task(id.as_str()).map(|ix| day.task(ix));
        task.is_some_and(|task| task.effect == EffectClass::Human)
    });
    human.map(|(id, answer)| (id, &**answer))
}

/// Approved shares of each intent of a plan, by its number: all of them unless the operator approved a
/// part. Shares held back by a blackout or a pre-trade check are counted.
pub(super) fn wanted(job: &TaskContext<'_>, plan: &TradePlan) -> BTreeMap<u32, i64> {
    let said = human(job).and_then(|(task, answer)| check_answer(job, plan, task, answer).ok());
    let shares = |intent: &TradeIntent| match &said {
        Some(said) if !said.intents.contains(&intent.intent_id) => 0,
        Some(said) => said.approved_quantity(intent),
        None => intent.qty,
    };
    plan.orders.iter().map(|intent| (intent.intent_id, shares(intent))).collect()
}

/// Returns the approval given by the answer to an approval task. The answer may name the approved
/// `intents` and `trims` (shares by number of intent); otherwise it approves the whole plan. An answer
/// that names a plan approves no other.
fn check_answer(
    job: &TaskContext<'_>,
    plan: &TradePlan,
    task: &TaskId,
    answer: &Value,
) -> Result<Approval, Failure> {
    let by = |kind: &str| answer.pointer(&format!("/approved_by/{kind}")).and_then(Value::as_str);
    let (approver, kind) = match (by("operator"), by("policy")) {
        (Some(person), _) => (person, ApprovedBy::SelfApproved),
        (None, Some(policy)) => (policy, ApprovedBy::Policy),
        // The approval task was set completed; the event of that command names the operator.
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

/// Reads a field of an answer; an answer with an unreadable field approves nothing.
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
