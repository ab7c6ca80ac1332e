//! Draft of a day while overlays are applied: tasks by name, and preferred values.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    error::DayPlanProblem,
    note::{NotedValue, PlanNote},
    notes::PlanNotes,
    precedence::Preference,
    resolve_task::effect_of,
    select_overlays::AppliedOverlay,
};
use crate::{
    id::{StageId, TaskId},
    time::{SessionAnchor, Span, Window},
    workflow::{
        DependencyDef, DependencyKind, EffectClass, ForbiddenOrders, OnClose, Overlay, OverlayEdit,
        TaskDef, TaskOverrides, TaskPriority, WorkflowDefinition,
    },
};

/// The values that overlays prefer for one task.
#[derive(Debug, Default)]
pub(super) struct TaskPreferences {
    pub(super) window: Vec<Preference<Window>>,
    pub(super) deadline: Vec<Preference<SessionAnchor>>,
    pub(super) every: Vec<Preference<Span>>,
    pub(super) valid_for: Vec<Preference<Span>>,
    pub(super) timeout: Vec<Preference<Span>>,
    pub(super) max_retries: Vec<Preference<u32>>,
    pub(super) priority: Vec<Preference<TaskPriority>>,
    pub(super) task_data: BTreeMap<String, Vec<Preference<Value>>>,
}

/// A task as its file defines it, with the values overlays prefer.
#[derive(Debug)]
pub(super) struct DraftTask {
    pub(super) stage: StageId,
    pub(super) def: TaskDef,
    /// The file that defines it.
    pub(super) origin: Arc<str>,
    pub(super) wishes: TaskPreferences,
}

/// A stage as its file defines it, with the windows overlays prefer.
#[derive(Debug)]
pub(super) struct DraftStage {
    pub(super) id: StageId,
    pub(super) window: Window,
    pub(super) on_close: OnClose,
    pub(super) wishes: Vec<Preference<Window>>,
}

/// A task removed from the day.
#[derive(Debug)]
pub(super) struct RemovedTask {
    pub(super) stage: StageId,
    pub(super) why: String,
    /// The rule that removed it.
    pub(super) origin: String,
    pub(super) effect: EffectClass,
}

/// A blackout as an overlay gives it.
#[derive(Debug)]
pub(super) struct DraftBlackout {
    pub(super) forbids: ForbiddenOrders,
    pub(super) symbol: Option<String>,
    pub(super) window: Window,
    /// The file that requires it.
    pub(super) origin: Arc<str>,
}

/// A day plan under construction.
#[derive(Debug)]
pub(super) struct DayDraft {
    pub(super) source: Arc<str>,
    pub(super) stages: Vec<DraftStage>,
    pub(super) tasks: IndexMap<TaskId, DraftTask>,
    pub(super) gone: BTreeMap<TaskId, RemovedTask>,
    pub(super) blackouts: Vec<DraftBlackout>,
    pub(super) limits: BTreeMap<String, Vec<Preference<f64>>>,
    pub(super) approvals: BTreeSet<String>,
    pub(super) ledger: PlanNotes,
    pub(super) problems: Vec<DayPlanProblem>,
}

impl DayDraft {
    /// Creates the draft of the standard day.
    pub(super) fn from_workflow(base: &WorkflowDefinition) -> Self {
        let stages = base.stages.iter().map(|stage| DraftStage {
            id: stage.id.clone(),
            window: stage.window,
            on_close: stage.on_close,
            wishes: Vec::new(),
        });
        let tasks = base.tasks().map(|(stage, task)| {
            let origin = Arc::clone(&base.source);
            let def = task.clone();
            let wishes = TaskPreferences::default();
            (task.id.clone(), DraftTask { stage: stage.id.clone(), def, origin, wishes })
        });
        Self {
            source: Arc::clone(&base.source),
            stages: stages.collect(),
            tasks: tasks.collect(),
            gone: BTreeMap::new(),
            blackouts: Vec::new(),
            limits: BTreeMap::new(),
            approvals: BTreeSet::new(),
            ledger: PlanNotes::default(),
            problems: Vec::new(),
        }
    }

    /// Applies one overlay to the draft.
    pub(super) fn apply_overlay(&mut self, overlay: &Overlay, applied: &AppliedOverlay) {
        let about = NotedValue::Overlay(overlay.name.clone());
        self.ledger.add_note(None, about, &applied.why, &overlay.source);
        if overlay.replaces {
            self.clear(overlay);
        }
        for edit in &overlay.edits {
            self.edit(edit, overlay, applied);
        }
    }

    /// Removes every task, for an overlay that replaces the workflow.
    fn clear(&mut self, overlay: &Overlay) {
        let why = format!("{} replaces the workflow", overlay.name);
        let anew = |id: &TaskId, edit: &OverlayEdit| matches!(edit, OverlayEdit::Add { task, .. } if task.id == *id);
        for task in self.tasks.keys().cloned().collect::<Vec<_>>() {
            if overlay.edits.iter().any(|edit| anew(&task, edit)) {
                self.replace(&task, &overlay.source);
            } else {
                self.remove(&task, &why, &overlay.source);
            }
        }
    }

    /// Removes a task from the day.
    pub(super) fn remove(&mut self, task: &TaskId, why: &str, origin: &str) {
        if let Some(taken) = self.tasks.shift_remove(task) {
            let (effect, stage) = (effect_of(&taken.def), taken.stage);
            let about = NotedValue::Removed { why: why.into() };
            let text = PlanNote::removal_text(why);
            let note = self.ledger.add_note(Some(task), about, text, origin);
            note.was = Some(format!("in {stage}"));
            self.gone.insert(
                task.clone(),
                RemovedTask { stage, why: why.into(), origin: origin.into(), effect },
            );
        }
    }

    /// Removes a task that another one of the same name replaces.
    fn replace(&mut self, task: &TaskId, origin: &str) {
        if let Some(taken) = self.tasks.shift_remove(task) {
            let note = self.ledger.add_note(Some(task), NotedValue::Presence, "redefined", origin);
            note.was = Some(format!("as in {}", taken.origin));
        }
    }

    fn edit(&mut self, edit: &OverlayEdit, overlay: &Overlay, applied: &AppliedOverlay) {
        let (rank, origin) = (overlay.rank, &overlay.source);
        match edit {
            OverlayEdit::Add { stage, task } => self.add(stage, task, overlay, applied),
            OverlayEdit::Remove { task, why } => {
                if self.tasks.contains_key(task) {
                    self.remove(task, why, origin);
                } else {
                    self.missing(task, origin);
                }
            }
            OverlayEdit::Set { task, fields } => match self.tasks.get_mut(task) {
                Some(draft) => draft.wishes.add_overrides(fields, rank, origin),
                None => self.missing(task, origin),
            },
            OverlayEdit::Stage { stage, window } => {
                match self.stages.iter_mut().find(|draft| draft.id == *stage) {
                    Some(draft) => {
                        let origin = Arc::clone(origin);
                        draft.wishes.push(Preference { value: *window, rank, origin });
                    }
                    None => self.unknown_stage(stage, origin),
                }
            }
            OverlayEdit::Depend { task, on } => self.depend(task, on, origin),
            OverlayEdit::Blackout { forbids, window } => {
                // A blackout about named companies does not affect the others.
                let mut symbols: Vec<_> = applied.symbols.iter().cloned().map(Some).collect();
                if symbols.is_empty() {
                    symbols.push(None);
                }
                let draft = |symbol| DraftBlackout {
                    forbids: *forbids,
                    symbol,
                    window: *window,
                    origin: Arc::clone(origin),
                };
                self.blackouts.extend(symbols.into_iter().map(draft));
            }
            OverlayEdit::Limit { name, times } => {
                let wish = Preference { value: *times, rank, origin: Arc::clone(origin) };
                self.limits.entry(name.clone()).or_default().push(wish);
            }
            OverlayEdit::RequireApproval { of } => self.require_approval(of, origin),
        }
    }

    /// Requires approval for this kind of order, in addition to the kinds that always need it.
    pub(super) fn require_approval(&mut self, of: &str, origin: &str) {
        if self.approvals.insert(of.into()) {
            self.ledger.add_note(None, NotedValue::Approval(of.into()), "required", origin);
        }
    }

    fn add(
        &mut self,
        stage: &StageId,
        task: &TaskDef,
        overlay: &Overlay,
        applied: &AppliedOverlay,
    ) {
        let origin = &overlay.source;
        if !self.stages.iter().any(|draft| draft.id == *stage) {
            return self.unknown_stage(stage, origin);
        }
        let mut def = task.clone();
        if !applied.symbols.is_empty() {
            let reporting = applied.symbols.iter().map(|s| Value::from(s.as_str())).collect();
            def.task_data.insert("reporting".into(), Value::Array(reporting));
        }
        if let Some(first) = self.tasks.get(&task.id) {
            // The same task from two overlays is one task.
            if first.def != def || first.stage != *stage {
                self.problems.push(DayPlanProblem::DuplicateTask {
                    task: task.id.clone(),
                    first: first.origin.to_string(),
                    second: origin.to_string(),
                });
            }
            return;
        }
        self.gone.remove(&task.id);
        if !overlay.replaces {
            self.ledger.add_note(
                Some(&task.id),
                NotedValue::Presence,
                format!("added to {stage}"),
                origin,
            );
        }
        let (stage, origin, wishes) =
            (stage.clone(), Arc::clone(origin), TaskPreferences::default());
        self.tasks.insert(task.id.clone(), DraftTask { stage, def, origin, wishes });
    }

    fn depend(&mut self, task: &TaskId, on: &DependencyDef, origin: &Arc<str>) {
        let Some(draft) = self.tasks.get_mut(task) else { return self.missing(task, origin) };
        match draft.def.dependencies.iter_mut().find(|known| known.on == on.on) {
            Some(known)
                if known.hardness == DependencyKind::Hard || known.hardness == on.hardness =>
            {
                return;
            }
            Some(known) => known.hardness = DependencyKind::Hard,
            None => draft.def.dependencies.push(on.clone()),
        }
        let until = awaited_state_text(on.hardness);
        let about = NotedValue::WaitsFor(on.on.to_string());
        self.ledger.add_note(Some(task), about, until, origin);
    }

    /// Handles an overlay that names an absent task: it is noted if another overlay removed the
    /// task, and a problem if no day has it.
    fn missing(&mut self, task: &TaskId, origin: &str) {
        match self.gone.get(task) {
            Some(gone) => {
                let (about, value) = (
                    NotedValue::Removed { why: gone.why.clone() },
                    PlanNote::removal_text(&gone.why),
                );
                let note = self.ledger.add_note(Some(task), about, value, origin);
                note.conflict = Some(format!("{origin} changes it; the removal wins"));
            }
            None => self
                .problems
                .push(DayPlanProblem::UnknownTask { origin: origin.into(), task: task.clone() }),
        }
    }

    fn unknown_stage(&mut self, stage: &StageId, origin: &str) {
        let (origin, stage) = (origin.into(), stage.clone());
        self.problems.push(DayPlanProblem::UnknownStage { origin, stage });
    }
}

/// Returns the awaited state of a dependency, in words.
pub(super) const fn awaited_state_text(hardness: DependencyKind) -> &'static str {
    match hardness {
        DependencyKind::Hard => "until it succeeds",
        DependencyKind::Soft => "until it ends",
    }
}

impl TaskPreferences {
    fn add_overrides(&mut self, fields: &TaskOverrides, rank: u32, origin: &Arc<str>) {
        fn push<T: Copy>(
            list: &mut Vec<Preference<T>>,
            value: Option<T>,
            rank: u32,
            origin: &Arc<str>,
        ) {
            list.extend(value.map(|value| Preference { value, rank, origin: Arc::clone(origin) }));
        }
        let TaskOverrides {
            task_data,
            priority,
            timeout,
            max_retries,
            window,
            deadline,
            every,
            valid_for,
        } = fields;
        push(&mut self.window, *window, rank, origin);
        push(&mut self.deadline, *deadline, rank, origin);
        push(&mut self.every, *every, rank, origin);
        push(&mut self.valid_for, *valid_for, rank, origin);
        push(&mut self.timeout, *timeout, rank, origin);
        push(&mut self.max_retries, *max_retries, rank, origin);
        push(&mut self.priority, *priority, rank, origin);
        for (name, value) in task_data {
            let wish = Preference { value: value.clone(), rank, origin: Arc::clone(origin) };
            self.task_data.entry(name.clone()).or_default().push(wish);
        }
    }
}
