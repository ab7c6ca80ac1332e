//! Days settled from the shipped files, for the tests that look at them.
#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use bellwether::{
    calendar,
    definition::{Hardness, Registry},
    plan::{
        Applied, BuildInput, DayFacts, Library, Plan, PlanError, PlannedTask, Settings, Volatility,
        build, choose,
    },
    time::Span,
};
use chrono::{DateTime, Utc};

pub(crate) fn library() -> Library {
    Library::builtin(&Registry::builtin()).unwrap()
}

pub(crate) fn facts(date: &str) -> DayFacts {
    DayFacts::on(date.parse().unwrap()).unwrap()
}

pub(crate) fn settle(
    library: &Library,
    facts: &DayFacts,
    applied: &[Applied],
) -> Result<Plan, PlanError> {
    build(BuildInput { library, facts, applied, settings: &Settings::default() })
}

pub(crate) fn plan_of(facts: &DayFacts) -> Plan {
    let library = library();
    settle(&library, facts, &choose(facts, &library)).unwrap()
}

pub(crate) fn plan(date: &str) -> Plan {
    plan_of(&facts(date))
}

pub(crate) fn applied(overlay: &str) -> Applied {
    Applied { overlay: overlay.into(), why: "asked for".into(), symbols: Vec::new() }
}

pub(crate) fn task<'a>(plan: &'a Plan, id: &str) -> &'a PlannedTask {
    plan.task(plan.find_task(id).unwrap_or_else(|| unreachable!("no {id} on {}", plan.date)))
}

pub(crate) fn et(at: DateTime<Utc>) -> String {
    calendar::exchange_local(at).format("%H:%M").to_string()
}

/// `13:00 .. 13:30, 13:30`: window and deadline, exchange time.
pub(crate) fn hours(plan: &Plan, id: &str) -> String {
    let task = task(plan, id);
    format!("{} .. {}, {}", et(task.opens_at), et(task.closes_at), et(task.deadline))
}

pub(crate) fn stage_hours(plan: &Plan) -> Vec<String> {
    let row = |stage: &bellwether::plan::PlannedStage| {
        format!("{} {} .. {}", stage.id, et(stage.opens_at), et(stage.closes_at))
    };
    plan.stages.iter().map(row).collect()
}

pub(crate) fn waits_for(plan: &Plan, id: &str) -> Vec<(String, Hardness)> {
    let waits = task(plan, id).dependencies.iter();
    waits.map(|dependency| (plan.task(dependency.on).id.to_string(), dependency.hardness)).collect()
}

pub(crate) fn has(plan: &Plan, id: &str) -> bool {
    plan.find_task(id).is_some()
}

pub(crate) fn volatility(regime: &str, factor: f64, every_s: u64) -> Volatility {
    let names = ["gross", "order_notional", "participation"];
    Volatility {
        regime: regime.into(),
        vix: Some(25.6),
        multipliers: names.map(|name| (name.into(), factor)).into(),
        monitor_every: Some(Span::secs(every_s)),
        approval: None,
    }
}
