//! What became of an attempt to send a plan: what is at the broker, what is still to be sent, what stays
//! out.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{execute_orders, plan_orders};
use crate::{
    agents::job::{TaskContext, count_noun},
    trading::{
        desk::{IntentOutcome, OrderOutcome},
        order::TradeIntent,
        pretrade::Violation,
    },
};
use engine::{Failure, FailureKind, ProbeResult};

/// What became of an attempt to send a plan, from the broker, order by order.
pub(in crate::agents) fn lookup(job: &TaskContext<'_>, at: DateTime<Utc>) -> ProbeResult {
    let Ok((plan, _)) = plan_orders::plan_of(job) else {
        return ProbeResult::DidNotHappen {
            evidence: "no plan was made that it could have sent".into(),
        };
    };
    let fates = job.desk().order_outcomes(plan.hash(), at);
    let told: Vec<String> = fates.iter().map(|(id, fate)| format!("{id} {fate}")).collect();
    let told = told.join("; ");
    if fates.iter().any(|(_, fate)| matches!(fate, OrderOutcome::InDoubt(_))) {
        return ProbeResult::Unknown { why: told };
    }
    let unsent = job.desk().unsent(plan.hash());
    let left = fates.iter().filter(|(_, fate)| *fate != OrderOutcome::NotSent).count();
    if left == 0 {
        let evidence = format!("no order of the plan has left; to be sent: {}", named(&unsent));
        return ProbeResult::Unfinished { evidence };
    }
    if !unsent.is_empty() {
        let left = count_noun(left, "order");
        let evidence = format!("{left} of the plan left ({told}); not sent: {}", named(&unsent));
        return ProbeResult::Unfinished { evidence };
    }
    if !fates.iter().any(|(_, fate)| matches!(fate, OrderOutcome::Known(_))) {
        return ProbeResult::DidNotHappen {
            evidence: format!("the broker has no order of the plan: {told}"),
        };
    }
    let schedule = execute_orders::schedule(job);
    let (held, _) = execute_orders::held_back(job, &plan);
    let sent = job.desk().outcomes(plan.hash());
    // A broker that was away when the attempt would have looked is asked now.
    let seen = execute_orders::seen(job, &plan, &schedule).max(at);
    let done = execute_orders::execution_output(
        job,
        (&plan, &sent),
        (&schedule, &held, seen),
        &execute_orders::withdrawn(job),
    );
    // The attempt would have answered then, had nothing come between.
    let until = job.now() + done.took().unwrap_or_else(|| job.request.usual_time()).to_delta();
    if at < until {
        let evidence = format!("asked the broker by id, still at work: {told}");
        return ProbeResult::InProgress { until, evidence };
    }
    let evidence = format!("asked the broker by id: {told}");
    ProbeResult::Happened { outcome: done.into_result(job), evidence }
}

/// The failure of an attempt that goes on with an earlier one and could not send all that was `due`;
/// none when it could. What is at the broker stays there.
pub(super) fn left_out(sent: &[IntentOutcome], due: &[TradeIntent]) -> Option<Failure> {
    let out = |outcome: &&IntentOutcome| outcome.sent_qty == 0 && outcome.is_new();
    let out: Vec<&IntentOutcome> = sent.iter().filter(out).collect();
    let numbers: BTreeSet<u32> = out.iter().map(|outcome| outcome.intent_id).collect();
    let mut missing = due.to_vec();
    missing.retain(|intent| numbers.contains(&intent.intent_id));
    if missing.is_empty() {
        return None;
    }
    let why: BTreeSet<String> =
        out.iter().flat_map(|outcome| &outcome.violations).map(Violation::label).collect();
    let why: Vec<String> = why.into_iter().collect();
    let text = format!(
        "{} of the approved plan could not be sent when it was gone on with: {} ({}); what is at the \
         broker stays there; retry sends the rest once the cause is gone",
        count_noun(missing.len(), "order"),
        named(&missing),
        why.join(", "),
    );
    Some(Failure::new(FailureKind::Rejected, text))
}

/// Intents as a person knows them.
fn named(intents: &[TradeIntent]) -> String {
    if intents.is_empty() {
        return "nothing".into();
    }
    let all: Vec<String> = intents
        .iter()
        .map(|intent| {
            let TradeIntent { intent_id, side, qty, symbol, .. } = intent;
            format!("{intent_id} ({side} {qty} {symbol})")
        })
        .collect();
    all.join(", ")
}
