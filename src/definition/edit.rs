//! One edit of an overlay: read first, then checked against the day it changes.

use std::ops::Range;

use super::{
    DependencyDef, Edit, Hardness, TaskSet,
    code::{DUPLICATE_ID, LOOSENED, NO_CHANGE, UNKNOWN_EDIT, UNKNOWN_STAGE, UNKNOWN_TASK},
    hours, law,
    names::Found,
    overlay::{Desk, Scalar},
    read,
    task::{self, Draft, Mention, Places, body, common},
};
use crate::{
    id::{StageId, TaskId, TaskType},
    yaml::{Content, Entry, Fields, Node, Sink, list_of, nearest, shown},
};

/// Largest factor of a limit.
const TIMES_MAX: f64 = 10.0;
/// The kinds of edit.
const KINDS: &[&str] =
    &["add", "remove", "set", "stage", "depend", "blackout", "limit", "require_approval"];

/// An edit under reading.
pub(super) enum Written {
    Add {
        stage: Option<StageId>,
        draft: Box<Draft>,
    },
    Remove {
        task: Mention,
        why: String,
        id: Option<TaskId>,
    },
    Set {
        task: Mention,
        id: Option<TaskId>,
        fields: Box<TaskSet>,
        places: Places,
    },
    Depend {
        task: Mention,
        on: Mention,
        hardness: Hardness,
        ids: Option<(TaskId, TaskId)>,
    },
    /// Nothing in it names a task.
    Ready(Edit, Vec<Scalar>),
}

/// Reads one item of `edits`. Tasks that are added are known from here on to all edits of the
/// file, so that they may wait for each other in any order.
pub(super) fn written(item: &Node, desk: &mut Desk<'_>, sink: &mut Sink) -> Option<Written> {
    let entries = item.map("an edit, such as `remove: {task: …}`", sink)?;
    let [Entry { key, key_span, value }] = entries else {
        let message = format!("an edit has one key, this has {}", entries.len());
        sink.report(UNKNOWN_EDIT, &item.span, message)
            .help("write each edit as an item of its own");
        return None;
    };
    let Some(kind) = KINDS.iter().find(|kind| **kind == key) else {
        let near = nearest(key, KINDS.iter().copied());
        let problem =
            sink.report(UNKNOWN_EDIT, key_span, format!("there is no edit {}", shown(key)));
        problem.label("unknown edit");
        match near {
            Some(_) => problem.suggest(near),
            None => problem.help(format!("accepted: {}", list_of(KINDS.iter().copied()))),
        };
        return None;
    };
    let mut fields = Fields::of(value, key_span, &format!("`{kind}`"), sink)?;
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

fn add(fields: &mut Fields<'_>, desk: &mut Desk<'_>, sink: &mut Sink) -> Written {
    let stage = fields.need("stage").and_then(|entry| known_stage(&entry.value, desk, sink));
    let mut draft = body(fields, None, desk.registry, sink);
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
                    .also(first, "first added here");
            } else {
                desk.added.insert(id.clone(), span);
                if !desk.names.has(&id) {
                    desk.names.add(&id, &task_type, true);
                }
            }
        }
        None => draft.spoil(&mut desk.names),
    }
    Written::Add { stage, draft: Box::new(draft) }
}

fn remove(fields: &mut Fields<'_>, sink: &mut Sink) -> Option<Written> {
    let task = named(fields, "task", sink);
    let why = fields.need("why").and_then(|entry| entry.value.text(sink));
    Some(Written::Remove { task: task?, why: why?.into(), id: None })
}

fn set(fields: &mut Fields<'_>, sink: &mut Sink) -> Option<Written> {
    let task = named(fields, "task", sink);
    let mut places = Places::new();
    let set = common(fields, &mut places, sink);
    if places.is_empty() && task.is_some() {
        let message = "this `set` sets nothing".into();
        sink.report(NO_CHANGE, fields.span(), message).label("changes nothing");
    }
    Some(Written::Set { task: task?, id: None, fields: Box::new(set), places })
}

fn depend(fields: &mut Fields<'_>, sink: &mut Sink) -> Option<Written> {
    let (task, on) = (named(fields, "task", sink), named(fields, "on", sink));
    let soft = fields.get("soft").and_then(|entry| entry.value.flag(sink));
    let hardness = if soft == Some(true) { Hardness::Soft } else { Hardness::Hard };
    Some(Written::Depend { task: task?, on: on?, hardness, ids: None })
}

fn stage(fields: &mut Fields<'_>, desk: &mut Desk<'_>, sink: &mut Sink) -> Option<Written> {
    let stage = fields.need("stage").and_then(|entry| known_stage(&entry.value, desk, sink));
    let entry = fields.need("window");
    let window = entry.and_then(|entry| read::window(&entry.value, sink));
    let (stage, window, span) = (stage?, window?, entry?.value.span.clone());
    let scalar = Scalar { of: format!("{stage}.window"), value: window.to_string(), span };
    desk.stages.insert(stage.clone(), window);
    Some(Written::Ready(Edit::Stage { stage, window }, vec![scalar]))
}

fn blackout(fields: &mut Fields<'_>, sink: &mut Sink) -> Option<Written> {
    let forbids = fields.need("forbids");
    let forbids = forbids.and_then(|entry| read::one_of(&entry.value, read::FORBIDDEN, sink));
    let window = fields.need("window").and_then(|e| read::window(&e.value, sink));
    Some(Written::Ready(Edit::Blackout { forbids: forbids?, window: window? }, Vec::new()))
}

fn limit(fields: &mut Fields<'_>, sink: &mut Sink) -> Option<Written> {
    let name = fields.need("name");
    let name = name.and_then(|entry| read::one_of(&entry.value, read::LIMITS, sink));
    let entry = fields.need("times")?;
    let times = entry.value.above_zero(TIMES_MAX, sink)?;
    if times > 1.0 {
        let message = format!("a factor of {times} loosens the limit");
        sink.report(LOOSENED, &entry.value.span, message)
            .label("above 1")
            .help("overlays are meant to tighten; where several apply the strictest wins");
    }
    Some(Written::Ready(Edit::Limit { name: name?, times }, Vec::new()))
}

fn approval(fields: &mut Fields<'_>, sink: &mut Sink) -> Option<Written> {
    let entry = fields.need("of")?;
    let of = read::one_of(&entry.value, read::APPROVALS, sink)?;
    Some(Written::Ready(Edit::RequireApproval { of }, Vec::new()))
}

fn named(fields: &mut Fields<'_>, key: &'static str, sink: &mut Sink) -> Option<Mention> {
    let entry = fields.need(key)?;
    task::mention(&entry.value, sink)
}

fn known_stage(node: &Node, desk: &Desk<'_>, sink: &mut Sink) -> Option<StageId> {
    let id: StageId = read::id(node, sink)?;
    if !desk.whole || desk.stages.contains_key(&id) {
        return Some(id);
    }
    let known = || desk.stages.keys().map(StageId::as_str);
    let near = nearest(id.as_str(), known());
    let problem = sink.report(UNKNOWN_STAGE, &node.span, format!("there is no stage `{id}`"));
    problem.label("unknown stage");
    match near {
        Some(_) => problem.suggest(near),
        None => problem.help(format!("known: {}", list_of(known()))),
    };
    None
}

/// Settles the names of an edit and judges its values; edits are settled in the order of the file,
/// so that a task once removed is gone for those below.
pub(super) fn settle(edit: &mut Written, desk: &mut Desk<'_>, sink: &mut Sink) {
    match edit {
        Written::Add { stage, draft } => {
            settle_add(stage.as_ref(), draft, desk, sink);
        }
        Written::Remove { task, id, .. } => {
            *id = find(task, desk, sink);
            if let Some(id) = id {
                desk.names.remove(id);
                desk.tasks.remove(id);
                desk.removed.insert(id.clone(), task.span.clone());
            }
        }
        Written::Set { task, id, fields, places } => {
            *id = find(task, desk, sink);
            if let Some(id) = id {
                judge_set(id, fields, places, desk, sink);
            }
        }
        Written::Depend { task, on, ids, .. } => {
            *ids = find(task, desk, sink).zip(find(on, desk, sink));
        }
        Written::Ready(..) => {}
    }
}

fn settle_add(stage: Option<&StageId>, draft: &mut Draft, desk: &mut Desk<'_>, sink: &mut Sink) {
    draft.settle(&desk.names, sink);
    if let Some(id) = &draft.id {
        if desk.tasks.contains_key(id) {
            let span = draft.written.as_ref().map_or(&draft.span, |written| &written.span);
            sink.report(DUPLICATE_ID, span, format!("the workflow already has a task `{id}`"))
                .label("there already")
                .help("change it with `set`, or `remove` it in an edit above");
        } else if desk.removed.contains_key(id) {
            // Taken out above and put back changed: it is there for the edits below.
            let task_type = draft.task_type.as_ref().map_or("", TaskType::as_str);
            desk.names.add(id, task_type, true);
            desk.removed.remove(id);
        }
    }
    let window =
        stage.and_then(|stage| desk.stages.get(stage).copied().or_else(|| hours::standard(stage)));
    law::judge_draft(draft, window, sink);
}

/// The task an edit means; one removed above is reported as such.
fn find(mention: &Mention, desk: &Desk<'_>, sink: &mut Sink) -> Option<TaskId> {
    if let Some((id, span)) = desk.removed.get_key_value(mention.name.as_str())
        && !matches!(desk.names.find(&mention.name), Found::One(_))
    {
        sink.report(UNKNOWN_TASK, &mention.span, format!("`{id}` is no longer there"))
            .label("unknown task")
            .also(span, "removed here");
        return None;
    }
    task::settle(mention, &desk.names, sink)
}

fn judge_set(id: &TaskId, set: &TaskSet, places: &Places, desk: &Desk<'_>, sink: &mut Sink) {
    let Some(base) = desk.tasks.get(id) else { return };
    let merged = TaskSet {
        window: set.window.or(base.window),
        deadline: set.deadline.or(base.deadline),
        ..set.clone()
    };
    let stage = desk.stage_of.get(id).and_then(|stage| desk.stages.get(stage)).copied();
    let case = law::Case {
        agent: Some(&base.agent),
        effect: base.effect,
        set: &merged,
        in_group: base.group.is_some(),
        stage,
        places,
        span: &(0..0),
    };
    law::judge(&case, sink);
}

impl Written {
    /// What this edit makes wait for what.
    pub(super) fn waits(&self) -> Vec<(&TaskId, DependencyDef, &Range<usize>)> {
        match self {
            Self::Add { draft, .. } => {
                let Some(id) = &draft.id else { return Vec::new() };
                draft.settled.iter().map(|(on, span)| (id, on.clone(), span)).collect()
            }
            Self::Depend { on, hardness, ids: Some((task, other)), .. } => {
                let hardness = *hardness;
                vec![(task, DependencyDef { on: other.clone(), hardness }, &on.span)]
            }
            Self::Depend { .. } | Self::Remove { .. } | Self::Set { .. } | Self::Ready(..) => {
                Vec::new()
            }
        }
    }

    /// The scalars it sets.
    pub(super) fn scalars(&self) -> Vec<Scalar> {
        match self {
            Self::Ready(_, scalars) => scalars.clone(),
            Self::Set { id: Some(id), fields, places, .. } => set_scalars(id, fields, places),
            Self::Set { .. } | Self::Add { .. } | Self::Remove { .. } | Self::Depend { .. } => {
                Vec::new()
            }
        }
    }

    /// The edit, if all that it needs could be read.
    pub(super) fn build(self) -> Option<Edit> {
        Some(match self {
            Self::Add { stage, draft } => {
                Edit::Add { stage: stage?, task: Box::new(draft.build()?) }
            }
            Self::Remove { why, id, .. } => Edit::Remove { task: id?, why },
            Self::Set { id, fields, .. } => Edit::Set { task: id?, fields },
            Self::Depend { hardness, ids, .. } => {
                let (task, on) = ids?;
                Edit::Depend { task, on: DependencyDef { on, hardness } }
            }
            Self::Ready(edit, _) => edit,
        })
    }
}

/// Every scalar of a `set`, as text: equal texts mean equal values.
fn set_scalars(id: &TaskId, set: &TaskSet, places: &Places) -> Vec<Scalar> {
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
        Some(Scalar { of: format!("{id}.{name}"), value: value?, span })
    })
    .collect()
}

/// Whether a document is meant as an overlay.
pub(super) fn is_overlay(root: &Node) -> bool {
    let Content::Map(entries) = &root.content else { return false };
    let has = |key: &str| entries.iter().any(|entry| entry.key == key);
    has("overlay") || (has("edits") && !has("stages"))
}
