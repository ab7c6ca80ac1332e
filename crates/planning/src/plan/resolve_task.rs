//! Resolution of a drafted task into a planned one, with a note for each value.

use std::{fmt, sync::Arc};

use serde_json::Value;

use super::{
    day_draft::DraftTask,
    day_hours::ResolvedWindow,
    model::{AgentIx, PlannedTask, StageIx},
    note::NotedValue,
    notes::{ExchangeMoment, MomentRange, PlanNotes},
    plan_settings::PlanSettings,
    precedence::{Precedence, Preference, Resolved, resolve_preferences},
};
use crate::{
    id::TaskId,
    time::Span,
    workflow::{EffectClass, TaskDef, TaskPriority, default_effect},
};

/// Expected duration where no file gives one; replaced by measured durations once there are some.
const ESTIMATE: Span = Span::secs(30);
/// The origin of a value that no file or setting gives.
const BY_DEFAULT: &str = "default";

/// Returns the effect class of a task: from its file, otherwise the default of its agent.
pub(super) fn effect_of(def: &TaskDef) -> EffectClass {
    def.effect.unwrap_or_else(|| default_effect(&def.agent))
}

/// The resolved window and deadline of a task.
#[derive(Debug)]
pub(super) struct TaskHours {
    pub(super) open: ResolvedWindow,
    pub(super) deadline: Resolved<ExchangeMoment>,
}

/// Resolver of the values of tasks, which also notes their origins.
pub(super) struct Resolver<'a> {
    pub(super) settings: &'a PlanSettings,
    pub(super) ledger: &'a mut PlanNotes,
}

impl Resolver<'_> {
    /// Builds the planned task; the caller fills in its dependencies, which are indices of the
    /// plan.
    pub(super) fn task(
        &mut self,
        draft: &DraftTask,
        hours: &TaskHours,
        stage: StageIx,
        agent: AgentIx,
    ) -> PlannedTask {
        let (def, id) = (&draft.def, &draft.def.id);
        self.hours(id, hours);
        let effect = effect_of(def);
        self.note_own(draft, "effect", def.effect.is_some(), effect.as_str());
        let task_data = self.task_data(draft);
        let every = self.optional(draft, "every", def.every, &draft.wishes.every);
        let valid_for = self.optional(draft, "valid_for", def.valid_for, &draft.wishes.valid_for);
        if def.on_demand {
            self.ledger.add_note(Some(id), "on_demand", true, &draft.origin);
        }
        if let Some(when) = &def.when {
            self.ledger.add_note(Some(id), "when", when, &draft.origin);
        }
        let MomentRange { from, to } = hours.open.stretch;
        let priority = self.priority(draft);
        PlannedTask {
            id: id.clone(),
            stage,
            agent,
            task_type: def.task_type.clone(),
            task_data,
            priority,
            effect,
            dependencies: Vec::new(),
            opens_at: from,
            closes_at: to,
            deadline: hours.deadline.value.0,
            timeout: self.timeout(draft),
            queue_timeout: def.queue_timeout,
            max_retries: self.max_retries(draft, effect),
            every,
            valid_for,
            when: None,
            estimate: def.estimate.unwrap_or(ESTIMATE),
            required: def.required.unwrap_or(priority != TaskPriority::Low),
            group: def.group.clone(),
            on_demand: def.on_demand,
        }
    }

    fn hours(&mut self, id: &TaskId, hours: &TaskHours) {
        let TaskHours { open, deadline } = hours;
        let note =
            self.ledger.add_note(Some(id), NotedValue::Window, open.describe(), &open.origin);
        note.was = open.was.map(|was| was.to_string());
        note.conflict.clone_from(&open.conflict);
        let note =
            self.ledger.add_note(Some(id), NotedValue::Deadline, deadline.value, &deadline.origin);
        note.conflict.clone_from(&deadline.conflict);
        note.was = open
            .was
            .map(|was| ExchangeMoment(was.to))
            .filter(|was| *was != deadline.value)
            .map(|was| was.to_string());
    }

    fn timeout(&mut self, draft: &DraftTask) -> Span {
        let configured = &self.settings.task_timeout;
        let own =
            Self::own_or_configured(draft, draft.def.timeout, configured.value, &configured.source);
        self.apply_preferences(draft, "timeout", own, &draft.wishes.timeout)
    }

    fn max_retries(&mut self, draft: &DraftTask, effect: EffectClass) -> u32 {
        let configured = &self.settings.max_retries;
        let own = match effect {
            EffectClass::Pure | EffectClass::Idempotent => Self::own_or_configured(
                draft,
                draft.def.max_retries,
                configured.value,
                &configured.source,
            ),
            EffectClass::Effectful | EffectClass::Human => {
                let origin = if draft.def.max_retries.is_some() {
                    Arc::clone(&draft.origin)
                } else {
                    format!("{BY_DEFAULT}: {} work is not repeated", effect.as_str()).into()
                };
                (draft.def.max_retries.unwrap_or(0), origin)
            }
        };
        self.apply_preferences(draft, "max_retries", own, &draft.wishes.max_retries)
    }

    fn priority(&mut self, draft: &DraftTask) -> TaskPriority {
        let origin = match draft.def.priority {
            Some(_) => Arc::clone(&draft.origin),
            None => BY_DEFAULT.into(),
        };
        let own = (draft.def.priority.unwrap_or(TaskPriority::Medium), origin);
        self.apply_preferences(draft, "priority", own, &draft.wishes.priority)
    }

    fn task_data(&mut self, draft: &DraftTask) -> Arc<Value> {
        let mut data = draft.def.task_data.clone();
        for (name, wishes) in &draft.wishes.task_data {
            // JSON values have no order; any fixed one makes the result deterministic.
            let text = Value::to_string;
            let order = |a: &Value, b: &Value| text(a).lt(&text(b));
            let Some(settled) = resolve_preferences(wishes, Precedence::HighestRankWins, order)
            else {
                continue;
            };
            let was = data.insert(name.clone(), settled.value.clone());
            self.note(&draft.def.id, &format!("task_data.{name}"), &settled, was);
        }
        Arc::new(Value::Object(data))
    }

    /// Returns the value of the file, otherwise that of the settings, with its origin.
    fn own_or_configured<T>(
        draft: &DraftTask,
        own: Option<T>,
        configured: T,
        source: &str,
    ) -> (T, Arc<str>) {
        match own {
            Some(value) => (value, Arc::clone(&draft.origin)),
            None => (configured, format!("configuration: {source}").into()),
        }
    }

    /// Applies the value that overlays prefer, if any, by rank; the smaller one between equal
    /// ranks.
    fn apply_preferences<T: Copy + Ord + fmt::Display>(
        &mut self,
        draft: &DraftTask,
        field: &str,
        own: (T, Arc<str>),
        wishes: &[Preference<T>],
    ) -> T {
        let id = &draft.def.id;
        if let Some(settled) =
            resolve_preferences(wishes, Precedence::HighestRankWins, |a, b| a < b)
        {
            self.note(id, field, &settled, Some(own.0));
            return settled.value;
        }
        self.ledger.add_note(Some(id), field, own.0, own.1);
        own.0
    }

    /// Does the same for an optional duration; here the shorter one wins regardless of rank.
    fn optional(
        &mut self,
        draft: &DraftTask,
        field: &str,
        own: Option<Span>,
        wishes: &[Preference<Span>],
    ) -> Option<Span> {
        let id = &draft.def.id;
        if let Some(settled) = resolve_preferences(wishes, Precedence::StrictestWins, |a, b| a < b)
        {
            self.note(id, field, &settled, own);
            return Some(settled.value);
        }
        if let Some(value) = own {
            self.ledger.add_note(Some(id), field, value, &draft.origin);
        }
        own
    }

    fn note<T: fmt::Display + PartialEq>(
        &mut self,
        id: &TaskId,
        field: &str,
        settled: &Resolved<T>,
        was: Option<T>,
    ) {
        let note = self.ledger.add_note(Some(id), field, &settled.value, &settled.origin);
        note.was = was.filter(|was| *was != settled.value).map(|was| was.to_string());
        note.conflict.clone_from(&settled.conflict);
    }

    fn note_own(&mut self, draft: &DraftTask, field: &str, written: bool, value: &str) {
        let origin = if written { &*draft.origin } else { BY_DEFAULT };
        self.ledger.add_note(Some(&draft.def.id), field, value, origin);
    }
}
