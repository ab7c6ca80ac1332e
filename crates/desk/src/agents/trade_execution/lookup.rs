//! Outcome of an attempt to send a trade plan: orders at the broker, unsent orders, refused ones.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{emergency_exit, execute_orders, plan_orders, remainder::PlanChain};
use crate::{
    agents::job::{TaskContext, count_noun},
    trading::{
        desk::{IntentOutcome, OrderOutcome},
        order::TradeIntent,
        pretrade::Violation,
    },
};
use engine::{Failure, FailureKind, ProbeResult};

/// Asks the broker for each order of the task's plan, and returns the outcome of its attempt.
pub(in crate::agents) fn lookup(job: &TaskContext<'_>, at: DateTime<Utc>) -> ProbeResult {
    let Ok(chain) = PlanChain::of_task(job) else {
        return ProbeResult::DidNotHappen {
            evidence: "no plan was made that it could have sent".into(),
        };
    };
    let plan = chain.current();
    let fates = job.desk().order_outcomes(plan.hash(), at);
    let told: Vec<String> = fates.iter().map(|(id, fate)| format!("{id} {fate}")).collect();
    let told = told.join("; ");
    if fates.iter().any(|(_, fate)| matches!(fate, OrderOutcome::InDoubt(_))) {
        return ProbeResult::Unknown { why: told };
    }
    let unsent = job.desk().unsent_intents(plan.hash());
    let left = fates.iter().filter(|(_, fate)| *fate != OrderOutcome::NotSent).count();
    if left == 0 {
        let evidence =
            format!("no order of the plan has left; to be sent: {}", intent_names(&unsent));
        return ProbeResult::Unfinished { evidence };
    }
    if !unsent.is_empty() {
        let left = count_noun(left, "order");
        let evidence =
            format!("{left} of the plan left ({told}); not sent: {}", intent_names(&unsent));
        return ProbeResult::Unfinished { evidence };
    }
    if !fates.iter().any(|(_, fate)| matches!(fate, OrderOutcome::Known(_))) {
        return ProbeResult::DidNotHappen {
            evidence: format!("the broker has no order of the plan: {told}"),
        };
    }
    let views = plan_orders::of_chain(job, &chain, at);
    if chain.is_interrupted(job, &views) && !chain.unfilled_intents(job, &views).is_empty() {
        let evidence = execute_orders::interruption(job, &chain, at).message;
        return ProbeResult::Unfinished { evidence };
    }
    let schedule = if emergency_exit::is_exit(job.request.task_type.as_str()) {
        emergency_exit::schedule(job, plan)
    } else {
        execute_orders::schedule(job)
    };
    let (held, _) = execute_orders::held_back(job, plan);
    let sent = job.desk().outcomes(plan.hash());
    // A broker that was unreachable when the attempt would have counted its fills is asked now.
    let seen = execute_orders::seen(job, plan, &schedule).max(at);
    let done = execute_orders::execution_output(
        job,
        (&chain, &sent),
        (&schedule, &held, seen),
        &execute_orders::cancels(job),
    );
    // The moment at which the undisturbed attempt would have ended.
    let until = job.now() + done.took().unwrap_or_else(|| job.request.usual_time()).to_delta();
    if at < until {
        let evidence = format!("asked the broker by id, still at work: {told}");
        return ProbeResult::InProgress { until, evidence };
    }
    let evidence = format!("asked the broker by id: {told}");
    ProbeResult::Happened { outcome: done.into_result(job), evidence }
}

/// Returns the failure of an attempt that continues an earlier one and could not send every order that
/// was `due`; none when it could. Orders at the broker stay there.
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
        "{} of the approved plan could not be sent: {} ({}); orders at the broker stay there; retry \
         sends the rest once the cause is gone",
        count_noun(missing.len(), "order"),
        intent_names(&missing),
        why.join(", "),
    );
    Some(Failure::new(FailureKind::Rejected, text))
}

/// Lists intents as in `1 (SELL 120 AAPL), 2 (BUY 40 KO)`.
pub(super) fn intent_names(intents: &[TradeIntent]) -> String {
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
