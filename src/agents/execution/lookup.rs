//! What became of an attempt to send a plan: what is at the broker, what is still to be sent, what stays
//! out.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{orders, send};
use crate::{
    agents::job::{Job, plural},
    engine::{Failure, FailureKind, Lookup},
    trading::{
        desk::{Fate, Outcome},
        gate::Violation,
        order::Intent,
    },
};

/// What became of an attempt to send a plan, from the broker, order by order.
pub(in crate::agents) fn lookup(job: &Job<'_>, at: DateTime<Utc>) -> Lookup {
    let Ok((plan, _)) = orders::plan_of(job) else {
        return Lookup::Absent { evidence: "no plan was made that it could have sent".into() };
    };
    let fates = job.desk().fates(plan.hash(), at);
    let told: Vec<String> = fates.iter().map(|(id, fate)| format!("{id} {fate}")).collect();
    let told = told.join("; ");
    if fates.iter().any(|(_, fate)| matches!(fate, Fate::Doubt(_))) {
        return Lookup::Unknown { why: told };
    }
    let unsent = job.desk().unsent(plan.hash());
    let left = fates.iter().filter(|(_, fate)| *fate != Fate::NeverLeft).count();
    if left == 0 {
        let evidence = format!("no order of the plan has left; to be sent: {}", named(&unsent));
        return Lookup::Unfinished { evidence };
    }
    if !unsent.is_empty() {
        let left = plural(left, "order");
        let evidence = format!("{left} of the plan left ({told}); not sent: {}", named(&unsent));
        return Lookup::Unfinished { evidence };
    }
    if !fates.iter().any(|(_, fate)| matches!(fate, Fate::Answered(_))) {
        return Lookup::Absent { evidence: format!("the broker has no order of the plan: {told}") };
    }
    let schedule = send::schedule(job);
    let (held, _) = send::held_back(job, &plan);
    let sent = job.desk().outcomes(plan.hash());
    // A broker that was away when the attempt would have looked is asked now.
    let seen = send::seen(job, &plan, &schedule).max(at);
    let done = send::tell(job, (&plan, &sent), (&schedule, &held, seen), &send::withdrawn(job));
    // The attempt would have answered then, had nothing come between.
    let until = job.at() + done.took().unwrap_or_else(|| job.request.usual_time()).delta();
    if at < until {
        let evidence = format!("asked the broker by id, still at work: {told}");
        return Lookup::Working { until, evidence };
    }
    let evidence = format!("asked the broker by id: {told}");
    Lookup::Found { outcome: done.outcome(job), evidence }
}

/// The failure of an attempt that goes on with an earlier one and could not send all that was `due`;
/// none when it could. What is at the broker stays there.
pub(super) fn left_out(sent: &[Outcome], due: &[Intent]) -> Option<Failure> {
    let out = |outcome: &&Outcome| outcome.sent_qty == 0 && outcome.is_new();
    let out: Vec<&Outcome> = sent.iter().filter(out).collect();
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
        plural(missing.len(), "order"),
        named(&missing),
        why.join(", "),
    );
    Some(Failure::new(FailureKind::Rejected, text))
}

/// Intents as a person knows them.
fn named(intents: &[Intent]) -> String {
    if intents.is_empty() {
        return "nothing".into();
    }
    let all: Vec<String> = intents
        .iter()
        .map(|intent| {
            let Intent { intent_id, side, qty, symbol, .. } = intent;
            format!("{intent_id} ({side} {qty} {symbol})")
        })
        .collect();
    all.join(", ")
}
