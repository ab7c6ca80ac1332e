//! One task as it stands in a file, before its names are settled.

use std::{collections::BTreeMap, ops::Range};

use super::{
    Condition, DependencyDef, Effect, Hardness, Registry, TaskDef, TaskSet,
    code::{AMBIGUOUS, BAD_CONDITION, UNKNOWN_AGENT, UNKNOWN_TASK, UNKNOWN_TYPE},
    default_effect,
    names::{Found, Names, candidates},
    read,
};
use crate::{
    id::{AgentId, TaskId, TaskType},
    time::Span,
    yaml::{Content, Entry, Fields, Node, Sink, list_of, nearest, shown},
};

/// Where the values of a task stand, by key.
pub(super) type Places = BTreeMap<&'static str, Range<usize>>;

/// Another task named in a file.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub name: String,
    pub span: Range<usize>,
}

/// A condition as written.
#[derive(Debug, Clone)]
pub(super) struct When {
    pub task: Mention,
    pub field: String,
    pub negated: bool,
}

/// A task under reading; what could not be read is absent.
#[derive(Debug)]
pub(super) struct Draft {
    /// Where problems of the task as a whole are shown.
    pub span: Range<usize>,
    /// The id written down, sound or not.
    pub written: Option<Mention>,
    /// The id it goes by: set by whoever knows the other tasks.
    pub id: Option<TaskId>,
    pub agent: Option<AgentId>,
    pub task_type: Option<TaskType>,
    pub set: TaskSet,
    pub queue_timeout: Option<Span>,
    pub effect: Option<Effect>,
    pub estimate: Option<Span>,
    pub required: Option<bool>,
    pub group: Option<String>,
    pub waits: Vec<(Mention, Hardness)>,
    pub when: Option<When>,
    /// What it waits for, once the names are settled, and where that is written.
    pub settled: Vec<(DependencyDef, Range<usize>)>,
    pub condition: Option<Condition>,
    pub places: Places,
}

/// Reads a task; `key` is its name where tasks are a mapping.
pub(super) fn draft(
    node: &Node,
    key: Option<&Entry>,
    registry: &Registry,
    sink: &mut Sink,
) -> Option<Draft> {
    let span = key.map_or(&node.span, |entry| &entry.key_span);
    let mut fields = Fields::of(node, span, "a task", sink)?;
    let draft = body(&mut fields, key, registry, sink);
    fields.finish(sink);
    Some(draft)
}

/// Reads the keys of a task out of `fields`, which may have others.
pub(super) fn body(
    fields: &mut Fields<'_>,
    key: Option<&Entry>,
    registry: &Registry,
    sink: &mut Sink,
) -> Draft {
    let mut places = Places::new();
    let written = match key {
        Some(entry) => Some(Mention { name: entry.key.clone(), span: entry.key_span.clone() }),
        None => fields.get("id").and_then(|entry| mention(&entry.value, sink)),
    };
    let id = written.as_ref().and_then(|id| read::name(&id.name, &id.span, sink));
    let (agent, task_type) = who(fields, registry, &mut places, sink);
    let set = common(fields, &mut places, sink);
    let queue_timeout = own(fields, "queue_timeout", &mut places, |node| {
        read::span_from(Span::ZERO, "queue_timeout", node, sink)
    });
    let effect = own(fields, "effect", &mut places, |node| read::effect(node, sink));
    let estimate = own(fields, "estimate", &mut places, |node| read::span(node, sink));
    let required = own(fields, "required", &mut places, |node| node.flag(sink));
    let group = own(fields, "group", &mut places, |node| node.text(sink).map(Into::into));
    let mut waits = mentions(fields.get("dependencies"), Hardness::Hard, sink);
    waits.extend(mentions(fields.get("soft_dependencies"), Hardness::Soft, sink));
    let when = fields.get("when").and_then(|entry| when(&entry.value, sink));
    // A person is asked however the file puts it: only the effect's name may be left out.
    let asks = agent.as_ref().map(default_effect) == Some(Effect::Human);
    Draft {
        span: fields.span().clone(),
        written,
        id,
        effect: effect.or(asks.then_some(Effect::Human)),
        agent,
        task_type,
        set,
        queue_timeout,
        estimate,
        required,
        group,
        waits,
        when,
        settled: Vec::new(),
        condition: None,
        places,
    }
}

/// Reads `key` with `reader` and notes where it stands.
fn own<T>(
    fields: &mut Fields<'_>,
    key: &'static str,
    places: &mut Places,
    mut reader: impl FnMut(&Node) -> Option<T>,
) -> Option<T> {
    let entry = fields.get(key)?;
    places.insert(key, entry.value.span.clone());
    reader(&entry.value)
}

/// The keys a task and an overlay's `set` have in common.
pub(super) fn common(fields: &mut Fields<'_>, places: &mut Places, sink: &mut Sink) -> TaskSet {
    let data = own(fields, "task_data", places, |node| {
        node.map("a mapping of parameters", sink)?;
        Some(node.json())
    });
    let task_data = match data {
        Some(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    TaskSet {
        task_data,
        priority: own(fields, "priority", places, |node| read::priority(node, sink)),
        timeout: own(fields, "timeout", places, |node| {
            read::span_from(Span::ZERO, "timeout", node, sink)
        }),
        max_retries: own(fields, "max_retries", places, |node| {
            node.whole(0..=read::RETRIES_MAX, sink)
        }),
        window: own(fields, "window", places, |node| read::window(node, sink)),
        deadline: own(fields, "deadline", places, |node| read::anchor(node, sink)),
        every: own(fields, "every", places, |node| {
            read::span_from(read::LOOPS_MIN, "every", node, sink)
        }),
        valid_for: own(fields, "valid_for", places, |node| {
            read::span_from(Span::ZERO, "valid_for", node, sink)
        }),
    }
}

/// Reads agent and task type. A name that is nearly right is taken for the one meant, so that one
/// slip is one problem.
fn who(
    fields: &mut Fields<'_>,
    registry: &Registry,
    places: &mut Places,
    sink: &mut Sink,
) -> (Option<AgentId>, Option<TaskType>) {
    let agent = fields.need("agent");
    let agent = agent.and_then(|entry| known_agent(&entry.value, registry, sink));
    let Some(entry) = fields.need("task_type") else { return (agent, None) };
    let node = &entry.value;
    places.insert("task_type", node.span.clone());
    let Some(task_type) = read::id(node, sink) else { return (agent, None) };
    let Some(who) = &agent else { return (agent, Some(task_type)) };
    let types = || registry.types(who);
    if types().any(|known| known == task_type.as_str()) {
        return (agent, Some(task_type));
    }
    let near = nearest(task_type.as_str(), types());
    let problem = sink.report(UNKNOWN_TYPE, &node.span, format!("`{who}` does no `{task_type}`"));
    problem.label("unknown task type");
    let elsewhere = registry.agents.iter().find(|(_, types)| types.contains(&task_type));
    match (near, elsewhere) {
        (None, Some((other, _))) => problem.help(format!("`{other}` does it")),
        (None, None) => problem.help(format!("it does {}", list_of(types()))),
        (Some(_), _) => problem.suggest(near),
    };
    let meant = near.and_then(|name| TaskType::parse(name).ok());
    (agent, Some(meant.unwrap_or(task_type)))
}

fn known_agent(node: &Node, registry: &Registry, sink: &mut Sink) -> Option<AgentId> {
    let text = node.text(sink)?;
    if let Some(agent) = registry.find(text) {
        return Some(agent.clone());
    }
    let near = nearest(text, registry.names());
    let problem =
        sink.report(UNKNOWN_AGENT, &node.span, format!("there is no agent {}", shown(text)));
    problem.label("unknown agent");
    match near {
        Some(_) => problem.suggest(near),
        None => {
            problem.help(format!("known: {}", list_of(registry.agents.keys().map(AgentId::as_str))))
        }
    };
    near.and_then(|name| registry.find(name)).cloned()
}

/// A task named by a value.
pub(super) fn mention(node: &Node, sink: &mut Sink) -> Option<Mention> {
    let name = node.text(sink)?.to_owned();
    Some(Mention { name, span: node.span.clone() })
}

fn mentions(
    entry: Option<&Entry>,
    hardness: Hardness,
    sink: &mut Sink,
) -> Vec<(Mention, Hardness)> {
    let Some(entry) = entry else { return Vec::new() };
    let Some(items) = entry.value.list("a list of tasks, such as `[risk_assessment]`", sink) else {
        return Vec::new();
    };
    let named = items.iter().filter_map(|item| mention(item, sink));
    named.map(|mention| (mention, hardness)).collect()
}

fn when(node: &Node, sink: &mut Sink) -> Option<When> {
    let text = node.text(sink)?;
    let (negated, rest) = match text.trim().strip_prefix("not ") {
        Some(rest) => (true, rest.trim()),
        None => (false, text.trim()),
    };
    let sound = |field: &&str| field.split('.').all(|part| !part.is_empty() && !part.contains(' '));
    let parts = rest.split_once('.').filter(|(task, field)| !task.is_empty() && sound(field));
    let Some((task, field)) = parts else {
        let message = format!("{} is no condition", shown(text));
        sink.report(BAD_CONDITION, &node.span, message)
            .help("write `task.field` or `not task.field`, as in `rebalance_check.needed`");
        return None;
    };
    let task = Mention { name: task.into(), span: node.span.clone() };
    Some(When { task, field: field.into(), negated })
}

/// The task a mention means; what stands against it is noted.
pub(super) fn settle(mention: &Mention, names: &Names, sink: &mut Sink) -> Option<TaskId> {
    let name = &mention.name;
    match names.find(name) {
        Found::One(id) => Some(id),
        Found::Spoiled => None,
        Found::Many(ids) => {
            let message = format!("{} is the task type of {} tasks", shown(name), ids.len());
            sink.report(AMBIGUOUS, &mention.span, message)
                .label("which of them?")
                .help(format!("name one by its id: {}", candidates(&ids)));
            None
        }
        Found::Nothing(near) => {
            let message = format!("there is no task {}", shown(name));
            sink.report(UNKNOWN_TASK, &mention.span, message)
                .label("unknown task")
                .suggest(near.as_deref());
            None
        }
    }
}

impl Draft {
    /// Settles what it waits for, the task of its condition included.
    pub(super) fn settle(&mut self, names: &Names, sink: &mut Sink) {
        let mut settled: Vec<(DependencyDef, Range<usize>)> = Vec::new();
        for (mention, hardness) in &self.waits {
            let Some(on) = settle(mention, names, sink) else { continue };
            // Named twice it is waited for once; hard dependencies come first and win.
            if !settled.iter().any(|(known, _)| known.on == on) {
                settled.push((DependencyDef { on, hardness: *hardness }, mention.span.clone()));
            }
        }
        if let Some(when) = &self.when
            && let Some(task) = settle(&when.task, names, sink)
        {
            if !settled.iter().any(|(known, _)| known.on == task) {
                let on = DependencyDef { on: task.clone(), hardness: Hardness::Soft };
                settled.push((on, when.task.span.clone()));
            }
            let (field, negated) = (when.field.clone(), when.negated);
            self.condition = Some(Condition { task, field, negated });
        }
        self.settled = settled;
    }

    /// The task, if all that it needs could be read.
    pub(super) fn build(self) -> Option<TaskDef> {
        Some(TaskDef {
            id: self.id?,
            agent: self.agent?,
            task_type: self.task_type?,
            task_data: self.set.task_data,
            priority: self.set.priority,
            dependencies: self.settled.into_iter().map(|(on, _)| on).collect(),
            timeout: self.set.timeout,
            queue_timeout: self.queue_timeout,
            max_retries: self.set.max_retries,
            effect: self.effect,
            window: self.set.window,
            deadline: self.set.deadline,
            every: self.set.every,
            valid_for: self.set.valid_for,
            when: self.condition,
            estimate: self.estimate,
            required: self.required,
            group: self.group,
        })
    }

    /// Makes every name this task might have gone by known as spoiled.
    pub(super) fn spoil(&self, names: &mut Names) {
        let written = self.written.as_ref().map(|written| written.name.as_str());
        let task_type = self.task_type.as_ref().map(TaskType::as_str);
        for name in written.into_iter().chain(task_type) {
            names.spoil(name);
        }
    }
}

/// Whether a node is an empty list or mapping.
pub(super) fn is_empty(node: &Node) -> bool {
    match &node.content {
        Content::Null => true,
        Content::List(items) => items.is_empty(),
        Content::Map(entries) => entries.is_empty(),
        Content::Flag(_) | Content::Number(_) | Content::Text(_) => false,
    }
}
