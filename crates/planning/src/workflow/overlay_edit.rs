//! Edits of an overlay: first read, then checked against the workflow they change.

use std::ops::Range;

use super::{
    DependencyDef, DependencyKind, ForbiddenOrders, OverlayEdit, TaskOverrides,
    codes::{DUPLICATE_ID, LOOSENED, NO_CHANGE, UNKNOWN_EDIT, UNKNOWN_STAGE, UNKNOWN_TASK},
    load_overlay::{OverlayScope, SetScalar},
    ordinary_day,
    output_fields::check_conditions,
    task_draft::{self, TaskDraft, TaskMention, ValueSpans, read_common_keys, read_task_body},
    task_names::NameMatch,
    task_rules, values,
};
use crate::id::{StageId, TaskId, TaskType};
use diag::{DiagnosticCollector, MappingEntry, MappingReader, YamlNode, list_of, nearest, quote};

/// Largest factor of a limit.
const TIMES_MAX: f64 = 10.0;
/// The words for kinds of edits.
const KINDS: &[&str] =
    &["add", "remove", "set", "stage", "depend", "blackout", "limit", "require_approval"];

/// An edit being read.
pub(super) enum EditDraft {
    Add {
        stage: Option<StageId>,
        draft: Box<TaskDraft>,
    },
    Remove {
        task: TaskMention,
        why: String,
        id: Option<TaskId>,
    },
    Set {
        task: TaskMention,
        id: Option<TaskId>,
        fields: Box<TaskOverrides>,
        places: ValueSpans,
    },
    Depend {
        task: TaskMention,
        on: TaskMention,
        hardness: DependencyKind,
        ids: Option<(TaskId, TaskId)>,
    },
    /// An edit that names no task.
    Complete(OverlayEdit, Vec<SetScalar>),
}

/// Reads one item of `edits`. Added tasks are known to all edits of the file, so that they may
/// depend on each other in any order.
pub(super) fn read_edit(
    item: &YamlNode,
    desk: &mut OverlayScope<'_>,
    sink: &mut DiagnosticCollector,
) -> Option<EditDraft> {
    let entries = item.read_mapping("an edit, such as `remove: {task: …}`", sink)?;
    let [MappingEntry { key, key_span, value }] = entries else {
        let message = format!("an edit has one key, this has {}", entries.len());
        sink.report(UNKNOWN_EDIT, &item.span, message)
            .with_help("write each edit as an item of its own");
        return None;
    };
    let Some(kind) = KINDS.iter().find(|kind| **kind == key) else {
        let near = nearest(key, KINDS.iter().copied());
        let problem = sink.report(UNKNOWN_EDIT, key_span, format!("unknown edit {}", quote(key)));
        problem.label("unknown edit");
        match near {
            Some(_) => problem.with_suggestion(near),
            None => problem.with_help(format!("accepted: {}", list_of(KINDS.iter().copied()))),
        };
        return None;
    };
    let mut fields = MappingReader::open(value, key_span, &format!("`{kind}`"), sink)?;
    let written = match *kind {
        "add" => Some(add(&mut fields, desk, sink)),
        "remove" => remove(&mut fields, sink),
        "set" => set(&mut fields, sink),
        "depend" => depend(&mut fields, sink),
        "stage" => stage(&mut fields, desk, sink),
        "blackout" => blackout(&mut fields, sink),
        "limit" => limit(&mut fields, sink),
        _ => approval(&mut fields, sink),
    };
    fields.finish(sink);
    written
}

fn add(
    fields: &mut MappingReader<'_>,
    desk: &mut OverlayScope<'_>,
    sink: &mut DiagnosticCollector,
) -> EditDraft {
    let stage = fields.required("stage").and_then(|entry| known_stage(&entry.value, desk, sink));
    let mut draft = read_task_body(fields, None, desk.registry, sink);
    if draft.written.is_none() {
        let made = draft.task_type.as_ref().map(TaskType::as_str);
        draft.id = made.and_then(|name| TaskId::parse(name).ok());
    }
    match draft.id.clone() {
        Some(id) => {
            let task_type = draft.task_type.as_ref().map_or("", TaskType::as_str).to_owned();
            let span = draft.written.as_ref().map_or(&draft.span, |written| &written.span).clone();
            if let Some(first) = desk.added.get(&id) {
                sink.report(DUPLICATE_ID, &span, format!("`{id}` is added twice"))
                    .label("again here")
                    .with_related(first, "first added here");
            } else {
                desk.added.insert(id.clone(), span);
                if !desk.names.contains(&id) {
                    desk.names.add(&id, &task_type, true);
                }
            }
        }
        None => draft.mark_names_unusable(&mut desk.names),
    }
    EditDraft::Add { stage, draft: Box::new(draft) }
}

fn remove(fields: &mut MappingReader<'_>, sink: &mut DiagnosticCollector) -> Option<EditDraft> {
    let task = find_named(fields, "task", sink);
    let why = fields.required("why").and_then(|entry| entry.value.read_text(sink));
    Some(EditDraft::Remove { task: task?, why: why?.into(), id: None })
}

fn set(fields: &mut MappingReader<'_>, sink: &mut DiagnosticCollector) -> Option<EditDraft> {
    let task = find_named(fields, "task", sink);
    let mut places = ValueSpans::new();
    let set = read_common_keys(fields, &mut places, sink);
    if places.is_empty() && task.is_some() {
        let message = "this `set` sets nothing".into();
        sink.report(NO_CHANGE, fields.span(), message).label("changes nothing");
    }
    Some(EditDraft::Set { task: task?, id: None, fields: Box::new(set), places })
}

fn depend(fields: &mut MappingReader<'_>, sink: &mut DiagnosticCollector) -> Option<EditDraft> {
    let (task, on) = (find_named(fields, "task", sink), find_named(fields, "on", sink));
    let soft = fields.get("soft").and_then(|entry| entry.value.read_bool(sink));
    let hardness = if soft == Some(true) { DependencyKind::Soft } else { DependencyKind::Hard };
    Some(EditDraft::Depend { task: task?, on: on?, hardness, ids: None })
}

fn stage(
    fields: &mut MappingReader<'_>,
    desk: &mut OverlayScope<'_>,
    sink: &mut DiagnosticCollector,
) -> Option<EditDraft> {
    let stage = fields.required("stage").and_then(|entry| known_stage(&entry.value, desk, sink));
    let entry = fields.required("window");
    let window = entry.and_then(|entry| values::read_window(&entry.value, sink));
    let (stage, window, span) = (stage?, window?, entry?.value.span.clone());
    let scalar = SetScalar { of: format!("{stage}.window"), value: window.to_string(), span };
    desk.stages.insert(stage.clone(), window);
    Some(EditDraft::Complete(OverlayEdit::Stage { stage, window }, vec![scalar]))
}

fn blackout(fields: &mut MappingReader<'_>, sink: &mut DiagnosticCollector) -> Option<EditDraft> {
    let forbids = fields.required("forbids");
    let forbids = forbids.and_then(|entry| entry.value.read_keyword(ForbiddenOrders::WORDS, sink));
    let window = fields.required("window").and_then(|e| values::read_window(&e.value, sink));
    Some(EditDraft::Complete(
        OverlayEdit::Blackout { forbids: forbids?, window: window? },
        Vec::new(),
    ))
}

fn limit(fields: &mut MappingReader<'_>, sink: &mut DiagnosticCollector) -> Option<EditDraft> {
    let name = fields.required("name");
    let name = name.and_then(|entry| values::read_one_of(&entry.value, values::LIMITS, sink));
    let entry = fields.required("times")?;
    let times = entry.value.above_zero(TIMES_MAX, sink)?;
    if times > 1.0 {
        let message = format!("a factor of {times} loosens the limit");
        sink.report(LOOSENED, &entry.value.span, message)
            .label("above 1")
            .with_help("overlays are meant to tighten; where several apply the strictest wins");
    }
    Some(EditDraft::Complete(OverlayEdit::Limit { name: name?, times }, Vec::new()))
}

fn approval(fields: &mut MappingReader<'_>, sink: &mut DiagnosticCollector) -> Option<EditDraft> {
    let entry = fields.required("of")?;
    let of = values::read_one_of(&entry.value, values::APPROVALS, sink)?;
    Some(EditDraft::Complete(OverlayEdit::RequireApproval { of }, Vec::new()))
}

fn find_named(
    fields: &mut MappingReader<'_>,
    key: &'static str,
    sink: &mut DiagnosticCollector,
) -> Option<TaskMention> {
    let entry = fields.required(key)?;
    task_draft::read_task_mention(&entry.value, sink)
}

fn known_stage(
    node: &YamlNode,
    desk: &OverlayScope<'_>,
    sink: &mut DiagnosticCollector,
) -> Option<StageId> {
    let id: StageId = values::id(node, sink)?;
    if !desk.whole || desk.stages.contains_key(&id) {
        return Some(id);
    }
    let known = || desk.stages.keys().map(StageId::as_str);
    let near = nearest(id.as_str(), known());
    let problem = sink.report(UNKNOWN_STAGE, &node.span, format!("there is no stage `{id}`"));
    problem.label("unknown stage");
    match near {
        Some(_) => problem.with_suggestion(near),
        None => problem.with_help(format!("known: {}", list_of(known()))),
    };
    None
}

/// Resolves the names of an edit and checks its values. Edits are resolved in file order, so that a
/// removed task is unknown to later edits.
pub(super) fn resolve_edit(
    edit: &mut EditDraft,
    desk: &mut OverlayScope<'_>,
    sink: &mut DiagnosticCollector,
) {
    match edit {
        EditDraft::Add { stage, draft } => {
            settle_add(stage.as_ref(), draft, desk, sink);
        }
        EditDraft::Remove { task, id, .. } => {
            *id = resolve_target(task, desk, sink);
            if let Some(id) = id {
                desk.names.remove(id);
                desk.tasks.remove(id);
                desk.removed.insert(id.clone(), task.span.clone());
            }
        }
        EditDraft::Set { task, id, fields, places } => {
            *id = resolve_target(task, desk, sink);
            if let Some(id) = id {
                judge_set(id, fields, places, desk, sink);
            }
        }
        EditDraft::Depend { task, on, ids, .. } => {
            *ids = resolve_target(task, desk, sink).zip(resolve_target(on, desk, sink));
        }
        EditDraft::Complete(..) => {}
    }
}

fn settle_add(
    stage: Option<&StageId>,
    draft: &mut TaskDraft,
    desk: &mut OverlayScope<'_>,
    sink: &mut DiagnosticCollector,
) {
    draft.resolve_names(&desk.names, sink);
    if let Some(id) = &draft.id {
        if desk.tasks.contains_key(id) {
            let span = draft.written.as_ref().map_or(&draft.span, |written| &written.span);
            sink.report(DUPLICATE_ID, span, format!("the workflow already has a task `{id}`"))
                .label("there already")
                .with_help("change it with `set`, or `remove` it in an edit above");
        } else if desk.removed.contains_key(id) {
            // A task removed by an earlier edit and added again exists for later edits.
            let task_type = draft.task_type.as_ref().map_or("", TaskType::as_str);
            desk.names.add(id, task_type, true);
            desk.removed.remove(id);
        }
    }
    let window = stage.and_then(|stage| {
        desk.stages.get(stage).copied().or_else(|| ordinary_day::standard_stage_window(stage))
    });
    task_rules::judge_draft(draft, window, sink);
    let of_base = |id: &TaskId| desk.tasks.get(id).map(|task| (&task.agent, &task.task_type));
    check_conditions(&[draft], of_base, sink);
}

/// Returns the task that an edit names; one removed by an earlier edit is reported as such.
fn resolve_target(
    mention: &TaskMention,
    desk: &OverlayScope<'_>,
    sink: &mut DiagnosticCollector,
) -> Option<TaskId> {
    if let Some((id, span)) = desk.removed.get_key_value(mention.name.as_str())
        && !matches!(desk.names.resolve(&mention.name), NameMatch::One(_))
    {
        sink.report(UNKNOWN_TASK, &mention.span, format!("`{id}` is no longer there"))
            .label("unknown task")
            .with_related(span, "removed here");
        return None;
    }
    task_draft::resolve_mention(mention, &desk.names, sink)
}

fn judge_set(
    id: &TaskId,
    set: &TaskOverrides,
    places: &ValueSpans,
    desk: &OverlayScope<'_>,
    sink: &mut DiagnosticCollector,
) {
    let Some(base) = desk.tasks.get(id) else { return };
    let merged = TaskOverrides {
        window: set.window.or(base.window),
        deadline: set.deadline.or(base.deadline),
        ..set.clone()
    };
    let stage = desk.stage_of.get(id).and_then(|stage| desk.stages.get(stage)).copied();
    let case = task_rules::TaskCase {
        agent: Some(&base.agent),
        effect: base.effect,
        set: &merged,
        in_group: base.group.is_some(),
        stage,
        places,
        span: &(0..0),
    };
    task_rules::check_task_rules(&case, sink);
}

impl EditDraft {
    /// Returns the task on demand that this edit adds, if it adds one.
    pub(super) fn added_on_demand(&self) -> Option<&TaskId> {
        let Self::Add { draft, .. } = self else { return None };
        draft.id.as_ref().filter(|_| draft.on_demand)
    }

    /// Returns the dependencies that this edit adds: dependent task, dependency, place.
    pub(super) fn added_dependencies(&self) -> Vec<(&TaskId, DependencyDef, &Range<usize>)> {
        match self {
            Self::Add { draft, .. } => {
                let Some(id) = &draft.id else { return Vec::new() };
                draft.settled.iter().map(|(on, span)| (id, on.clone(), span)).collect()
            }
            Self::Depend { on, hardness, ids: Some((task, other)), .. } => {
                let hardness = *hardness;
                vec![(task, DependencyDef { on: other.clone(), hardness }, &on.span)]
            }
            Self::Depend { .. } | Self::Remove { .. } | Self::Set { .. } | Self::Complete(..) => {
                Vec::new()
            }
        }
    }

    /// Returns the scalars that the edit sets.
    pub(super) fn set_scalars(&self) -> Vec<SetScalar> {
        match self {
            Self::Complete(_, scalars) => scalars.clone(),
            Self::Set { id: Some(id), fields, places, .. } => set_scalars(id, fields, places),
            Self::Set { .. } | Self::Add { .. } | Self::Remove { .. } | Self::Depend { .. } => {
                Vec::new()
            }
        }
    }

    /// Returns the edit if all its parts could be read.
    pub(super) fn build(self) -> Option<OverlayEdit> {
        Some(match self {
            Self::Add { stage, draft } => {
                OverlayEdit::Add { stage: stage?, task: Box::new(draft.build()?) }
            }
            Self::Remove { why, id, .. } => OverlayEdit::Remove { task: id?, why },
            Self::Set { id, fields, .. } => OverlayEdit::Set { task: id?, fields },
            Self::Depend { hardness, ids, .. } => {
                let (task, on) = ids?;
                OverlayEdit::Depend { task, on: DependencyDef { on, hardness } }
            }
            Self::Complete(edit, _) => edit,
        })
    }
}

/// Returns every scalar of a `set` as text; equal texts mean equal values.
fn set_scalars(id: &TaskId, set: &TaskOverrides, places: &ValueSpans) -> Vec<SetScalar> {
    let data = set
        .task_data
        .iter()
        .map(|(key, value)| ("task_data", format!("task_data.{key}"), Some(value.to_string())));
    let text = |value: Option<String>, key: &'static str| (key, key.to_owned(), value);
    let own = [
        text(set.priority.map(|value| value.to_string()), "priority"),
        text(set.timeout.map(|value| value.to_string()), "timeout"),
        text(set.max_retries.map(|value| value.to_string()), "max_retries"),
        text(set.window.map(|value| value.to_string()), "window"),
        text(set.deadline.map(|value| value.to_string()), "deadline"),
        text(set.every.map(|value| value.to_string()), "every"),
        text(set.valid_for.map(|value| value.to_string()), "valid_for"),
    ];
    let all = own.into_iter().chain(data);
    all.filter_map(|(key, name, value)| {
        let span = places.get(key)?.clone();
        Some(SetScalar { of: format!("{id}.{name}"), value: value?, span })
    })
    .collect()
}
