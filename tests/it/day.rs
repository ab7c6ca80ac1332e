//! Days settled from the shipped files, for the tests that look at them.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use bellwether::planning::{
    calendar,
    plan::{
        AppliedOverlay, BuildInput, DayPlan, DayPlanError, MorningVolatility, PlanSettings,
        PlannedTask, PlanningFacts, WorkflowLibrary, build_day_plan, select_overlays,
    },
    time::Span,
    workflow::{AgentCatalog, DependencyKind},
};
use chrono::{DateTime, Utc};

pub(crate) fn library() -> WorkflowLibrary {
    WorkflowLibrary::builtin(&AgentCatalog::builtin()).unwrap()
}

pub(crate) fn facts(date: &str) -> PlanningFacts {
    PlanningFacts::for_date(date.parse().unwrap()).unwrap()
}

pub(crate) fn settle(
    library: &WorkflowLibrary,
    facts: &PlanningFacts,
    applied: &[AppliedOverlay],
) -> Result<DayPlan, DayPlanError> {
    build_day_plan(BuildInput { library, facts, applied, settings: &PlanSettings::default() })
}

pub(crate) fn plan_of(facts: &PlanningFacts) -> DayPlan {
    let library = library();
    settle(&library, facts, &select_overlays(facts, &library)).unwrap()
}

pub(crate) fn plan(date: &str) -> DayPlan {
    plan_of(&facts(date))
}

pub(crate) fn applied(overlay: &str) -> AppliedOverlay {
    AppliedOverlay { overlay: overlay.into(), why: "asked for".into(), symbols: Vec::new() }
}

pub(crate) fn task<'a>(plan: &'a DayPlan, id: &str) -> &'a PlannedTask {
    plan.task(plan.find_task(id).unwrap_or_else(|| unreachable!("no {id} on {}", plan.date)))
}

pub(crate) fn et(at: DateTime<Utc>) -> String {
    calendar::exchange_local(at).format("%H:%M").to_string()
}

/// `13:00 .. 13:30, 13:30`: window and deadline, exchange time.
pub(crate) fn hours(plan: &DayPlan, id: &str) -> String {
    let task = task(plan, id);
    format!("{} .. {}, {}", et(task.opens_at), et(task.closes_at), et(task.deadline))
}

pub(crate) fn stage_hours(plan: &DayPlan) -> Vec<String> {
    let row = |stage: &planning::plan::PlannedStage| {
        format!("{} {} .. {}", stage.id, et(stage.opens_at), et(stage.closes_at))
    };
    plan.stages.iter().map(row).collect()
}

pub(crate) fn waits_for(plan: &DayPlan, id: &str) -> Vec<(String, DependencyKind)> {
    let waits = task(plan, id).dependencies.iter();
    waits.map(|dependency| (plan.task(dependency.on).id.to_string(), dependency.hardness)).collect()
}

pub(crate) fn has(plan: &DayPlan, id: &str) -> bool {
    plan.find_task(id).is_some()
}

pub(crate) fn volatility(regime: &str, factor: f64, every_s: u64) -> MorningVolatility {
    let names = ["gross", "order_notional", "participation"];
    MorningVolatility {
        regime: regime.into(),
        vix: Some(25.6),
        multipliers: names.map(|name| (name.into(), factor)).into(),
        monitor_every: Some(Span::secs(every_s)),
        approval: None,
    }
}
