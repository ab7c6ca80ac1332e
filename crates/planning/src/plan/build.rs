//! Builder of a day plan from workflow, overlays, session and settings.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use indexmap::IndexMap;

use super::{
    blackout::{Blackout, orders_text},
    day_draft::{DayDraft, DraftBlackout, DraftStage, DraftTask},
    day_hours::{DayHours, ResolvedWindow},
    error::{DayPlanError, DayPlanProblem},
    model::{
        AgentIx, DayPlan, Dependency, PlannedAgent, PlannedStage, PlannedTask, StageIx, TaskIx,
    },
    note::NotedValue,
    notes::{ExchangeMoment, MomentRange},
    plan_settings::PlanSettings,
    precedence::{Precedence, Preference, Resolved, resolve_preferences},
    resolve_task::{Resolver, TaskHours},
    select_overlays::{AppliedOverlay, MorningVolatility, PlanningFacts},
    workflow_library::WorkflowLibrary,
};
use crate::{
    calendar::{self, LunchBreak},
    id::{AgentId, StageId, TaskId},
    workflow::{DependencyDef, ForbiddenOrders},
};

/// The inputs of a day plan.
#[derive(Debug, Clone, Copy)]
pub struct BuildInput<'a> {
    pub library: &'a WorkflowLibrary,
    /// Calendar and market facts about the day.
    pub facts: &'a PlanningFacts,
    /// The overlays to apply: those of [`select_overlays`](super::select_overlays()), and any an
    /// operator adds.
    pub applied: &'a [AppliedOverlay],
    pub settings: &'a PlanSettings,
}

/// Builds the plan of a day.
///
/// The session is applied first, then overlays in order of rank. Tasks are merged by name, and a
/// removal is final. Limits take the smallest factor and never one above 1; blackouts are united;
/// windows that several overlays give are intersected; intervals, deadlines and validity take the
/// stricter value; other values come from the overlay of the highest rank. Every value has a
/// [`PlanNote`](super::PlanNote).
///
/// # Errors
///
/// [`DayPlanError`] with every problem: overlays that are not in the library or name tasks that no
/// day has, missing dependencies, cycles, order tasks without their approval.
pub fn build_day_plan(input: BuildInput<'_>) -> Result<DayPlan, DayPlanError> {
    let BuildInput { library, facts, applied, settings } = input;
    let hours = DayHours::for_day(&facts.day);
    let mut draft = DayDraft::from_workflow(&library.base);
    note_day(&mut draft, &hours, facts, settings);
    let mut order: Vec<_> = applied.iter().collect();
    order.sort_by_key(|applied| library.order_of(&applied.overlay));
    for applied in &order {
        if let Some(overlay) = library.overlays.get(&applied.overlay) {
            draft.apply_overlay(overlay, applied);
        } else {
            let (overlay, why) = (applied.overlay.clone(), applied.why.clone());
            draft.problems.push(DayPlanProblem::UnknownOverlay { overlay, why });
        }
    }
    if let Some(volatility) = &facts.volatility {
        lay_regime(&mut draft, volatility);
    }
    let stages = stage_hours(&draft, &hours);
    let tasks = task_hours(&mut draft, &hours, &stages);
    draft.settle_dependencies();
    if !draft.problems.is_empty() {
        return Err(DayPlanError { problems: draft.problems });
    }
    let blackouts = blackouts(&mut draft, &hours);
    let multipliers = multipliers(&mut draft);
    let (stages, tasks, agents) = PlanIndex { settings, stages, hours: tasks }.fill(&mut draft);
    let date = facts.day.date;
    Ok(DayPlan {
        run: format!("{date}-{}-{}", slug(&draft.source), settings.generation),
        workflow: library.base.name.clone(),
        date,
        day: hours.describe(),
        closed: !facts.day.is_session(),
        overlays: order.iter().map(|applied| applied.overlay.clone()).collect(),
        open: facts.day.open,
        close: facts.day.close,
        mode: settings.mode,
        stages,
        tasks,
        agents,
        limits: settings.limits,
        blackouts,
        multipliers,
        approvals: draft.approvals.into_iter().collect(),
        ends_with_work: false,
        notes: draft.ledger.into_notes(),
    })
}

/// Returns the short name of a workflow file: `standard` for `workflows/standard.yaml`.
fn slug(source: &str) -> &str {
    let name = source.rsplit('/').next().unwrap_or(source);
    name.split('.').next().unwrap_or(name)
}

/// Notes the session, the volatility regime and the limits of the settings.
fn note_day(
    draft: &mut DayDraft,
    hours: &DayHours<'_>,
    facts: &PlanningFacts,
    settings: &PlanSettings,
) {
    let (session, ordinary) = hours.session();
    let note = draft.ledger.add_note(None, NotedValue::Session, session, hours.origin());
    note.was = (session != ordinary).then(|| ordinary.to_string());
    if !facts.day.is_session() {
        note.value = "none".into();
        note.was = Some(ordinary.to_string());
    }
    if let Some(remark) = calendar::announcement_remark(facts.day.date) {
        draft.ledger.add_note(None, "calendar", remark, "calendar");
    }
    if let Some(volatility) = &facts.volatility {
        draft.ledger.add_note(
            None,
            NotedValue::Volatility,
            volatility.describe(),
            regime_origin(volatility),
        );
    }
    let limits = &settings.limits;
    let bounds: [(&str, String); 5] = [
        ("max_concurrent_tasks", limits.max_concurrent_tasks.to_string()),
        ("workflow_timeout", limits.workflow_timeout.to_string()),
        ("retry.base_delay", limits.retry.base_delay.to_string()),
        ("retry.max_delay", limits.retry.max_delay.to_string()),
        ("cancel_timeout", limits.cancel_timeout.to_string()),
    ];
    for (name, value) in bounds {
        let source = settings.limit_sources.get(name).map_or("default", String::as_str);
        draft.ledger.add_note(None, name, value, format!("configuration: {source}"));
    }
}

fn regime_origin(volatility: &MorningVolatility) -> Arc<str> {
    format!("volatility: {}", volatility.describe()).into()
}

/// Applies the limits of the volatility regime itself, in addition to its overlay; they can only
/// tighten.
fn lay_regime(draft: &mut DayDraft, volatility: &MorningVolatility) {
    let origin = regime_origin(volatility);
    // The rank is above every overlay, although it decides nothing where the stricter value wins.
    let rank = u32::MAX;
    for (name, factor) in &volatility.multipliers {
        // `max` turns NaN into 0: an unknown factor must not open a limit.
        let wish = Preference { value: factor.max(0.0), rank, origin: Arc::clone(&origin) };
        draft.limits.entry(name.clone()).or_default().push(wish);
    }
    if let Some(of) = &volatility.approval {
        draft.require_approval(of, &origin);
    }
    let Some(monitor_every) = volatility.monitor_every else { return };
    for task in draft.tasks.values_mut() {
        if task.def.every.is_some_and(|every| monitor_every < every) {
            let wish = Preference { value: monitor_every, rank, origin: Arc::clone(&origin) };
            task.wishes.every.push(wish);
        }
    }
}

fn stage_hours(draft: &DayDraft, hours: &DayHours<'_>) -> BTreeMap<StageId, ResolvedWindow> {
    let open = |stage: &DraftStage| {
        (stage.id.clone(), hours.resolve_stage_window(stage.window, &draft.source, &stage.wishes))
    };
    draft.stages.iter().map(open).collect()
}

/// Resolves windows and deadlines; removes a task whose window is empty.
fn task_hours(
    draft: &mut DayDraft,
    hours: &DayHours<'_>,
    stages: &BTreeMap<StageId, ResolvedWindow>,
) -> BTreeMap<TaskId, TaskHours> {
    let mut all = BTreeMap::new();
    for (id, task) in &draft.tasks {
        let (def, wishes) = (&task.def, &task.wishes);
        let open = match (def.window, wishes.window.is_empty(), stages.get(&task.stage)) {
            (Some(own), _, _) => hours.resolve_stage_window(own, &task.origin, &wishes.window),
            (None, true, Some(stage)) => stage.clone(),
            (None, _, stage) => {
                let own =
                    stage.and_then(|stage| stage.rule).or(wishes.window.first().map(|w| w.value));
                let Some(own) = own else { continue };
                hours.resolve_stage_window(own, &task.origin, &wishes.window)
            }
        };
        let end = || (ExchangeMoment(open.stretch.to), Arc::clone(&open.origin));
        let own = def.deadline.filter(|_| wishes.window.is_empty());
        let deadline = hours.cut_off(&wishes.deadline).unwrap_or_else(|| {
            let (value, origin) = own.map_or_else(end, |anchor| {
                (ExchangeMoment(hours.resolve_anchor(anchor)), Arc::clone(&task.origin))
            });
            Resolved { value, origin, conflict: None }
        });
        all.insert(id.clone(), TaskHours { open, deadline });
    }
    let empty = all.iter().filter(|(_, hours)| hours.open.stretch.is_empty());
    let empty: Vec<_> = empty.map(|(id, hours)| (id.clone(), hours.open.describe())).collect();
    for (id, words) in empty {
        let why = format!("its window is empty on this day: {words}");
        draft.remove(&id, &why, &hours.origin());
    }
    all
}

/// Returns the union of all blackouts, cut to the session, earliest first.
fn blackouts(draft: &mut DayDraft, hours: &DayHours<'_>) -> Vec<Blackout> {
    let (session, _) = hours.session();
    let mut all = Vec::new();
    for DraftBlackout { forbids, symbol, window, origin } in std::mem::take(&mut draft.blackouts) {
        let stretch = hours.resolve_window(window);
        let inside = stretch.intersection(session);
        let about = NotedValue::Blackout(orders_text(forbids, symbol.as_deref()));
        if inside.is_empty() {
            let note = draft.ledger.add_note(None, about, "none: outside the session", &*origin);
            note.was = Some(stretch.to_string());
            continue;
        }
        draft.ledger.add_note(None, about, inside, &*origin);
        let MomentRange { from, to } = inside;
        all.push(Blackout { forbids, symbol, from, to, origin: origin.to_string() });
    }
    if let Some(LunchBreak { from, to }) = hours.lunch() {
        let (forbids, origin) = (ForbiddenOrders::Entry, "calendar: lunch break");
        let about = NotedValue::Blackout(orders_text(forbids, None));
        draft.ledger.add_note(None, about, MomentRange { from, to }, origin);
        all.push(Blackout { forbids, symbol: None, from, to, origin: origin.into() });
    }
    all.sort_by(|a, b| {
        let key = |one: &Blackout| (one.from, one.to, one.forbids, one.symbol.clone());
        key(a).cmp(&key(b))
    });
    all.dedup();
    all
}

/// Returns the strictest factor of each limit, never above 1.
fn multipliers(draft: &mut DayDraft) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for (name, wishes) in std::mem::take(&mut draft.limits) {
        let Some(settled) =
            resolve_preferences(&wishes, Precedence::StrictestWins, |a, b| a.total_cmp(b).is_lt())
        else {
            continue;
        };
        let factor = settled.value.min(1.0);
        let about = NotedValue::Limit(name.clone());
        let note = draft.ledger.add_note(None, about, format!("x{factor}"), &*settled.origin);
        note.was = (factor < 1.0).then(|| "x1".into());
        note.conflict = settled.conflict;
        if settled.value > 1.0 {
            note.conflict = Some(format!("x{} wanted: a day never loosens a limit", settled.value));
        }
        all.insert(name, factor);
    }
    all
}

/// The resolved values needed to number stages, agents and tasks.
struct PlanIndex<'a> {
    settings: &'a PlanSettings,
    stages: BTreeMap<StageId, ResolvedWindow>,
    hours: BTreeMap<TaskId, TaskHours>,
}

impl PlanIndex<'_> {
    fn fill(
        &self,
        draft: &mut DayDraft,
    ) -> (Vec<PlannedStage>, Vec<PlannedTask>, Vec<PlannedAgent>) {
        let stages = self.stages(draft);
        let agents = self.agents(draft);
        let stage_at = |id: &StageId| stages.iter().position(|stage| stage.id == *id);
        let agent_at = |id: &AgentId| agents.iter().position(|agent| agent.id == *id);
        // Added tasks come last in their stage.
        draft.tasks.sort_by(|_, a, _, b| stage_at(&a.stage).cmp(&stage_at(&b.stage)));
        let mut resolver = Resolver { settings: self.settings, ledger: &mut draft.ledger };
        let mut tasks = Vec::new();
        for (id, task) in &draft.tasks {
            let place = (stage_at(&task.stage), agent_at(&task.def.agent), self.hours.get(id));
            let (Some(stage), Some(agent), Some(hours)) = place else { continue };
            let (stage, agent) = (StageIx::new(stage), AgentIx::new(agent));
            let mut planned = resolver.task(task, hours, stage, agent);
            planned.dependencies = dependencies(&draft.tasks, &task.def.dependencies);
            planned.when = task.def.when.clone().and_then(|when| {
                draft.tasks.get_index_of(&when.task).map(|place| (TaskIx::new(place), when))
            });
            tasks.push(planned);
        }
        (stages, tasks, agents)
    }

    /// Returns the stages that still have a task.
    fn stages(&self, draft: &mut DayDraft) -> Vec<PlannedStage> {
        let mut planned = Vec::new();
        for stage in &draft.stages {
            let Some(open) = self.stages.get(&stage.id) else { continue };
            let about = NotedValue::Stage(stage.id.to_string());
            if draft.tasks.values().all(|task| task.stage != stage.id) {
                let by = draft.gone.values().find(|gone| gone.stage == stage.id);
                let by = by.map_or(&*open.origin, |gone| gone.origin.as_str());
                let note = draft.ledger.add_note(None, about, "removed: no task left", by);
                note.was = Some(open.stretch.to_string());
                continue;
            }
            let note = draft.ledger.add_note(None, about, open.describe(), &*open.origin);
            note.was = open.was.map(|was| was.to_string());
            note.conflict.clone_from(&open.conflict);
            let MomentRange { from: opens_at, to: closes_at } = open.stretch;
            let (id, on_close) = (stage.id.clone(), stage.on_close);
            planned.push(PlannedStage { id, opens_at, closes_at, on_close });
        }
        planned
    }

    /// Returns the agents that have a task, sorted by name.
    fn agents(&self, draft: &DayDraft) -> Vec<PlannedAgent> {
        let ids: BTreeSet<_> = draft.tasks.values().map(|task| task.def.agent.clone()).collect();
        let slots = |id: &AgentId| self.settings.slots.get(id).copied();
        ids.into_iter()
            .map(|id| PlannedAgent { slots: slots(&id).unwrap_or(self.settings.default_slots), id })
            .collect()
    }
}

/// Converts dependencies to task indices; each task is known to exist by now.
fn dependencies(tasks: &IndexMap<TaskId, DraftTask>, known: &[DependencyDef]) -> Vec<Dependency> {
    let place = |dependency: &DependencyDef| {
        let on = TaskIx::new(tasks.get_index_of(&dependency.on)?);
        Some(Dependency { on, hardness: dependency.hardness })
    };
    known.iter().filter_map(place).collect()
}
