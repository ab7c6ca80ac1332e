//! The day while overlays are being laid over the standard one: tasks by name, and wishes for values.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    choose::Applied, error::PlanProblem, ledger::Ledger, resolve::effect_of, settle::Wish,
};
use crate::{
    definition::{
        Definition, DependencyDef, Edit, Effect, Hardness, OnClose, Overlay, TaskDef, TaskPriority,
        TaskSet,
    },
    id::{StageId, TaskId},
    time::{Anchor, Span, Window},
};

/// What overlays want of one task.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    pub(super) window: Vec<Wish<Window>>,
    pub(super) deadline: Vec<Wish<Anchor>>,
    pub(super) every: Vec<Wish<Span>>,
    pub(super) valid_for: Vec<Wish<Span>>,
    pub(super) timeout: Vec<Wish<Span>>,
    pub(super) max_retries: Vec<Wish<u32>>,
    pub(super) priority: Vec<Wish<TaskPriority>>,
    pub(super) task_data: BTreeMap<String, Vec<Wish<Value>>>,
}

/// One task as its file has it, and what is wanted of it.
#[derive(Debug)]
pub(super) struct DraftTask {
    pub(super) stage: StageId,
    pub(super) def: TaskDef,
    /// The file that defines it.
    pub(super) origin: Arc<str>,
    pub(super) wishes: Wishes,
}

/// One stage as its file has it, and what is wanted of it.
#[derive(Debug)]
pub(super) struct DraftStage {
    pub(super) id: StageId,
    pub(super) window: Window,
    pub(super) on_close: OnClose,
    pub(super) wishes: Vec<Wish<Window>>,
}

/// A task the day does not have.
#[derive(Debug)]
pub(super) struct Gone {
    pub(super) stage: StageId,
    pub(super) why: String,
    /// The rule that removed it.
    pub(super) origin: String,
    pub(super) effect: Effect,
}

/// The day under construction.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) source: Arc<str>,
    pub(super) stages: Vec<DraftStage>,
    pub(super) tasks: IndexMap<TaskId, DraftTask>,
    pub(super) gone: BTreeMap<TaskId, Gone>,
    /// What is forbidden, when, and the file that says so.
    pub(super) blackouts: Vec<(String, Window, Arc<str>)>,
    pub(super) limits: BTreeMap<String, Vec<Wish<f64>>>,
    pub(super) approvals: BTreeSet<String>,
    pub(super) ledger: Ledger,
    pub(super) problems: Vec<PlanProblem>,
}

impl Draft {
    /// The standard day, untouched.
    pub(super) fn of(base: &Definition) -> Self {
        let stages = base.stages.iter().map(|stage| DraftStage {
            id: stage.id.clone(),
            window: stage.window,
            on_close: stage.on_close,
            wishes: Vec::new(),
        });
        let tasks = base.tasks().map(|(stage, task)| {
            let origin = Arc::clone(&base.source);
            let def = task.clone();
            let wishes = Wishes::default();
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
            ledger: Ledger::default(),
            problems: Vec::new(),
        }
    }

    /// Lays one overlay over what is there.
    pub(super) fn lay(&mut self, overlay: &Overlay, applied: &Applied) {
        let field = format!("overlay {}", overlay.name);
        self.ledger.note(None, field, &applied.why, &overlay.source);
        if overlay.replaces {
            self.clear(overlay);
        }
        for edit in &overlay.edits {
            self.edit(edit, overlay, applied);
        }
    }

    /// Takes every task out of the day, for an overlay that stands alone.
    fn clear(&mut self, overlay: &Overlay) {
        let why = format!("{} stands alone", overlay.name);
        let anew =
            |id: &TaskId, edit: &Edit| matches!(edit, Edit::Add { task, .. } if task.id == *id);
        for task in self.tasks.keys().cloned().collect::<Vec<_>>() {
            if overlay.edits.iter().any(|edit| anew(&task, edit)) {
                self.replace(&task, &overlay.source);
            } else {
                self.remove(&task, &why, &overlay.source);
            }
        }
    }

    /// Takes a task out of the day.
    pub(super) fn remove(&mut self, task: &TaskId, why: &str, origin: &str) {
        if let Some(taken) = self.tasks.shift_remove(task) {
            let (effect, stage) = (effect_of(&taken.def), taken.stage);
            let note = self.ledger.note(Some(task), "presence", format!("removed: {why}"), origin);
            note.was = Some(format!("in {stage}"));
            self.gone.insert(
                task.clone(),
                Gone { stage, why: why.into(), origin: origin.into(), effect },
            );
        }
    }

    /// Makes room for another task of the same name.
    fn replace(&mut self, task: &TaskId, origin: &str) {
        if let Some(taken) = self.tasks.shift_remove(task) {
            let note = self.ledger.note(Some(task), "presence", "defined anew", origin);
            note.was = Some(format!("as in {}", taken.origin));
        }
    }

    fn edit(&mut self, edit: &Edit, overlay: &Overlay, applied: &Applied) {
        let (rank, origin) = (overlay.rank, &overlay.source);
        match edit {
            Edit::Add { stage, task } => self.add(stage, task, overlay, applied),
            Edit::Remove { task, why } => {
                if self.tasks.contains_key(task) {
                    self.remove(task, why, origin);
                } else {
                    self.missing(task, origin);
                }
            }
            Edit::Set { task, fields } => match self.tasks.get_mut(task) {
                Some(draft) => draft.wishes.take(fields, rank, origin),
                None => self.missing(task, origin),
            },
            Edit::Stage { stage, window } => {
                match self.stages.iter_mut().find(|draft| draft.id == *stage) {
                    Some(draft) => {
                        let origin = Arc::clone(origin);
                        draft.wishes.push(Wish { value: *window, rank, origin });
                    }
                    None => self.unknown_stage(stage, origin),
                }
            }
            Edit::Depend { task, on } => self.depend(task, on, origin),
            Edit::Blackout { forbids, window } => {
                // What concerns single companies forbids nothing about the others.
                let named = applied.symbols.iter().map(|symbol| format!("{forbids} {symbol}"));
                let mut kinds: Vec<_> = named.collect();
                if kinds.is_empty() {
                    kinds.push(forbids.clone());
                }
                let rows = kinds.into_iter().map(|kind| (kind, *window, Arc::clone(origin)));
                self.blackouts.extend(rows);
            }
            Edit::Limit { name, times } => {
                let wish = Wish { value: *times, rank, origin: Arc::clone(origin) };
                self.limits.entry(name.clone()).or_default().push(wish);
            }
            Edit::RequireApproval { of } => self.require_approval(of, origin),
        }
    }

    /// Orders of this kind need approval, besides those that always do.
    pub(super) fn require_approval(&mut self, of: &str, origin: &str) {
        if self.approvals.insert(of.into()) {
            self.ledger.note(None, format!("approval {of}"), "required", origin);
        }
    }

    fn add(&mut self, stage: &StageId, task: &TaskDef, overlay: &Overlay, applied: &Applied) {
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
                self.problems.push(PlanProblem::DefinedTwice {
                    task: task.id.clone(),
                    first: first.origin.to_string(),
                    second: origin.to_string(),
                });
            }
            return;
        }
        self.gone.remove(&task.id);
        if !overlay.replaces {
            self.ledger.note(Some(&task.id), "presence", format!("added to {stage}"), origin);
        }
        let (stage, origin, wishes) = (stage.clone(), Arc::clone(origin), Wishes::default());
        self.tasks.insert(task.id.clone(), DraftTask { stage, def, origin, wishes });
    }

    fn depend(&mut self, task: &TaskId, on: &DependencyDef, origin: &Arc<str>) {
        let Some(draft) = self.tasks.get_mut(task) else { return self.missing(task, origin) };
        match draft.def.dependencies.iter_mut().find(|known| known.on == on.on) {
            Some(known) if known.hardness == Hardness::Hard || known.hardness == on.hardness => {
                return;
            }
            Some(known) => known.hardness = Hardness::Hard,
            None => draft.def.dependencies.push(on.clone()),
        }
        let until = until(on.hardness);
        self.ledger.note(Some(task), format!("waits for {}", on.on), until, origin);
    }

    /// An overlay speaks of a task that is not there: either another removed it, which is well,
    /// or no day has it.
    fn missing(&mut self, task: &TaskId, origin: &str) {
        match self.gone.get(task) {
            Some(gone) => {
                let value = format!("removed: {}", gone.why);
                let note = self.ledger.note(Some(task), "presence", value, origin);
                note.conflict = Some(format!("{origin} changes it; the removal stands"));
            }
            None => self
                .problems
                .push(PlanProblem::UnknownTask { origin: origin.into(), task: task.clone() }),
        }
    }

    fn unknown_stage(&mut self, stage: &StageId, origin: &str) {
        let (origin, stage) = (origin.into(), stage.clone());
        self.problems.push(PlanProblem::UnknownStage { origin, stage });
    }
}

/// What of another task is awaited, in words.
pub(super) const fn until(hardness: Hardness) -> &'static str {
    match hardness {
        Hardness::Hard => "until it succeeds",
        Hardness::Soft => "until it ends",
    }
}

impl Wishes {
    fn take(&mut self, fields: &TaskSet, rank: u32, origin: &Arc<str>) {
        fn push<T: Copy>(list: &mut Vec<Wish<T>>, value: Option<T>, rank: u32, origin: &Arc<str>) {
            list.extend(value.map(|value| Wish { value, rank, origin: Arc::clone(origin) }));
        }
        let TaskSet {
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
            let wish = Wish { value: value.clone(), rank, origin: Arc::clone(origin) };
            self.task_data.entry(name.clone()).or_default().push(wish);
        }
    }
}
