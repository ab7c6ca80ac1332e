//! Draft of a task as read from a file, before its names are resolved.

use std::{collections::BTreeMap, ops::Range};

use super::{
    AgentCatalog, Condition, DependencyDef, DependencyKind, EffectClass, TaskDef, TaskOverrides,
    codes::{AMBIGUOUS, BAD_CONDITION, UNKNOWN_AGENT, UNKNOWN_TASK, UNKNOWN_TYPE},
    default_effect,
    task_names::{NameMatch, TaskNames, format_candidates},
    values,
};
use crate::{
    id::{AgentId, TaskId, TaskType},
    time::Span,
};
use diag::{
    DiagnosticCollector, MappingEntry, MappingReader, NodeContent, YamlNode, list_of, nearest,
    quote,
};

/// Places of the values of a task, by key.
pub(super) type ValueSpans = BTreeMap<&'static str, Range<usize>>;

/// A reference to another task by name.
#[derive(Debug, Clone)]
pub(super) struct TaskMention {
    pub name: String,
    pub span: Range<usize>,
}

/// A condition as written.
#[derive(Debug, Clone)]
pub(super) struct WhenClause {
    pub task: TaskMention,
    pub field: String,
    pub negated: bool,
}

/// A task being read; values that could not be read are absent.
#[derive(Debug)]
pub(super) struct TaskDraft {
    /// The place for problems of the whole task.
    pub span: Range<usize>,
    /// The id as written, valid or not.
    pub written: Option<TaskMention>,
    /// The final id, set by the caller that knows the other tasks.
    pub id: Option<TaskId>,
    pub agent: Option<AgentId>,
    pub task_type: Option<TaskType>,
    pub set: TaskOverrides,
    pub queue_timeout: Option<Span>,
    pub effect: Option<EffectClass>,
    pub estimate: Option<Span>,
    pub required: Option<bool>,
    pub group: Option<String>,
    pub on_demand: bool,
    pub waits: Vec<(TaskMention, DependencyKind)>,
    pub when: Option<WhenClause>,
    /// Its resolved dependencies with their places.
    pub settled: Vec<(DependencyDef, Range<usize>)>,
    pub condition: Option<Condition>,
    pub places: ValueSpans,
}

/// Reads a task; `key` is its name where tasks are a mapping.
pub(super) fn read_task(
    node: &YamlNode,
    key: Option<&MappingEntry>,
    registry: &AgentCatalog,
    sink: &mut DiagnosticCollector,
) -> Option<TaskDraft> {
    let span = key.map_or(&node.span, |entry| &entry.key_span);
    let mut fields = MappingReader::open(node, span, "a task", sink)?;
    let draft = read_task_body(&mut fields, key, registry, sink);
    fields.finish(sink);
    Some(draft)
}

/// Reads the keys of a task from `fields`, which may have others.
pub(super) fn read_task_body(
    fields: &mut MappingReader<'_>,
    key: Option<&MappingEntry>,
    registry: &AgentCatalog,
    sink: &mut DiagnosticCollector,
) -> TaskDraft {
    let mut places = ValueSpans::new();
    let written = match key {
        Some(entry) => Some(TaskMention { name: entry.key.clone(), span: entry.key_span.clone() }),
        None => fields.get("id").and_then(|entry| read_task_mention(&entry.value, sink)),
    };
    let id = written.as_ref().and_then(|id| values::read_id(&id.name, &id.span, sink));
    let (agent, task_type) = read_agent_and_type(fields, registry, &mut places, sink);
    let set = read_common_keys(fields, &mut places, sink);
    let queue_timeout = read_with_span(fields, "queue_timeout", &mut places, |node| {
        values::span_from(Span::ZERO, "queue_timeout", node, sink)
    });
    let effect =
        read_with_span(fields, "effect", &mut places, |node| values::read_effect_class(node, sink));
    let estimate =
        read_with_span(fields, "estimate", &mut places, |node| values::read_span(node, sink));
    let required = read_with_span(fields, "required", &mut places, |node| node.read_bool(sink));
    let group =
        read_with_span(fields, "group", &mut places, |node| node.read_text(sink).map(Into::into));
    let on_demand = read_with_span(fields, "on_demand", &mut places, |node| node.read_bool(sink))
        .unwrap_or(false);
    let mut waits = mentions(fields.get("dependencies"), DependencyKind::Hard, sink);
    waits.extend(mentions(fields.get("soft_dependencies"), DependencyKind::Soft, sink));
    let when = fields.get("when").and_then(|entry| when(&entry.value, sink));
    let declared = agent.as_ref().zip(task_type.as_ref());
    let declared = declared.and_then(|(agent, task_type)| registry.declared(agent, task_type));
    let effect = effect.or(declared.map(|properties| properties.effect));
    let estimate = estimate.or(declared.and_then(|properties| properties.estimate));
    // A task of the operator always asks; only the name of the effect may be left out.
    let asks = agent.as_ref().map(default_effect) == Some(EffectClass::Human);
    TaskDraft {
        span: fields.span().clone(),
        written,
        id,
        effect: effect.or(asks.then_some(EffectClass::Human)),
        agent,
        task_type,
        set,
        queue_timeout,
        estimate,
        required,
        group,
        on_demand,
        waits,
        when,
        settled: Vec::new(),
        condition: None,
        places,
    }
}

/// Reads `key` with `reader` and records its place.
fn read_with_span<T>(
    fields: &mut MappingReader<'_>,
    key: &'static str,
    places: &mut ValueSpans,
    mut reader: impl FnMut(&YamlNode) -> Option<T>,
) -> Option<T> {
    let entry = fields.get(key)?;
    places.insert(key, entry.value.span.clone());
    reader(&entry.value)
}

/// Reads the keys common to a task and an overlay's `set`.
pub(super) fn read_common_keys(
    fields: &mut MappingReader<'_>,
    places: &mut ValueSpans,
    sink: &mut DiagnosticCollector,
) -> TaskOverrides {
    let data = read_with_span(fields, "task_data", places, |node| {
        node.read_mapping("a mapping of parameters", sink)?;
        Some(node.to_json())
    });
    let task_data = match data {
        Some(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    TaskOverrides {
        task_data,
        priority: read_with_span(fields, "priority", places, |node| values::priority(node, sink)),
        timeout: read_with_span(fields, "timeout", places, |node| {
            values::span_from(Span::ZERO, "timeout", node, sink)
        }),
        max_retries: read_with_span(fields, "max_retries", places, |node| {
            node.read_integer(0..=values::RETRIES_MAX, sink)
        }),
        window: read_with_span(fields, "window", places, |node| values::read_window(node, sink)),
        deadline: read_with_span(fields, "deadline", places, |node| {
            values::read_anchor(node, sink)
        }),
        every: read_with_span(fields, "every", places, |node| {
            values::span_from(values::LOOPS_MIN, "every", node, sink)
        }),
        valid_for: read_with_span(fields, "valid_for", places, |node| {
            values::span_from(Span::ZERO, "valid_for", node, sink)
        }),
    }
}

/// Reads agent and task type. A nearly correct name is taken for the intended one, so that one
/// mistake gives one problem.
fn read_agent_and_type(
    fields: &mut MappingReader<'_>,
    registry: &AgentCatalog,
    places: &mut ValueSpans,
    sink: &mut DiagnosticCollector,
) -> (Option<AgentId>, Option<TaskType>) {
    let agent = fields.required("agent");
    let agent = agent.and_then(|entry| known_agent(&entry.value, registry, sink));
    let Some(entry) = fields.required("task_type") else { return (agent, None) };
    let node = &entry.value;
    places.insert("task_type", node.span.clone());
    let Some(task_type) = values::id(node, sink) else { return (agent, None) };
    let Some(who) = &agent else { return (agent, Some(task_type)) };
    let types = || registry.task_types(who);
    if types().any(|known| known == task_type.as_str()) {
        return (agent, Some(task_type));
    }
    let near = nearest(task_type.as_str(), types());
    let problem = sink.report(UNKNOWN_TYPE, &node.span, format!("`{who}` does no `{task_type}`"));
    problem.label("unknown task type");
    let elsewhere = registry.agents.iter().find(|(_, types)| types.contains(&task_type));
    match (near, elsewhere) {
        (None, Some((other, _))) => problem.with_help(format!("`{other}` does it")),
        (None, None) => problem.with_help(format!("it does {}", list_of(types()))),
        (Some(_), _) => problem.with_suggestion(near),
    };
    let meant = near.and_then(|name| TaskType::parse(name).ok());
    (agent, Some(meant.unwrap_or(task_type)))
}

fn known_agent(
    node: &YamlNode,
    registry: &AgentCatalog,
    sink: &mut DiagnosticCollector,
) -> Option<AgentId> {
    let text = node.read_text(sink)?;
    if let Some(agent) = registry.resolve_agent(text) {
        return Some(agent.clone());
    }
    let near = nearest(text, registry.agent_names());
    let problem =
        sink.report(UNKNOWN_AGENT, &node.span, format!("there is no agent {}", quote(text)));
    problem.label("unknown agent");
    match near {
        Some(_) => problem.with_suggestion(near),
        None => problem
            .with_help(format!("known: {}", list_of(registry.agents.keys().map(AgentId::as_str)))),
    };
    near.and_then(|name| registry.resolve_agent(name)).cloned()
}

/// Reads a reference to a task.
pub(super) fn read_task_mention(
    node: &YamlNode,
    sink: &mut DiagnosticCollector,
) -> Option<TaskMention> {
    let name = node.read_text(sink)?.to_owned();
    Some(TaskMention { name, span: node.span.clone() })
}

fn mentions(
    entry: Option<&MappingEntry>,
    hardness: DependencyKind,
    sink: &mut DiagnosticCollector,
) -> Vec<(TaskMention, DependencyKind)> {
    let Some(entry) = entry else { return Vec::new() };
    let Some(items) = entry.value.read_list("a list of tasks, such as `[risk_assessment]`", sink)
    else {
        return Vec::new();
    };
    let named = items.iter().filter_map(|item| read_task_mention(item, sink));
    named.map(|mention| (mention, hardness)).collect()
}

fn when(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<WhenClause> {
    let text = node.read_text(sink)?;
    let (negated, rest) = match text.trim().strip_prefix("not ") {
        Some(rest) => (true, rest.trim()),
        None => (false, text.trim()),
    };
    let sound = |field: &&str| field.split('.').all(|part| !part.is_empty() && !part.contains(' '));
    let parts = rest.split_once('.').filter(|(task, field)| !task.is_empty() && sound(field));
    let Some((task, field)) = parts else {
        let message = format!("{} is not a condition", quote(text));
        sink.report(BAD_CONDITION, &node.span, message)
            .with_help("write `task.field` or `not task.field`, as in `rebalance_check.needed`");
        return None;
    };
    let task = TaskMention { name: task.into(), span: node.span.clone() };
    Some(WhenClause { task, field: field.into(), negated })
}

/// Returns the task to which a reference resolves, or reports why there is none.
pub(super) fn resolve_mention(
    mention: &TaskMention,
    names: &TaskNames,
    sink: &mut DiagnosticCollector,
) -> Option<TaskId> {
    let name = &mention.name;
    match names.resolve(name) {
        NameMatch::One(id) => Some(id),
        NameMatch::Unusable => None,
        NameMatch::Ambiguous(ids) => {
            let message = format!("{} is the task type of {} tasks", quote(name), ids.len());
            sink.report(AMBIGUOUS, &mention.span, message)
                .label("which of them?")
                .with_help(format!("name one by its id: {}", format_candidates(&ids)));
            None
        }
        NameMatch::NotFound(near) => {
            let message = format!("there is no task {}", quote(name));
            sink.report(UNKNOWN_TASK, &mention.span, message)
                .label("unknown task")
                .with_suggestion(near.as_deref());
            None
        }
    }
}

impl TaskDraft {
    /// Resolves its dependencies, including the task of its condition.
    pub(super) fn resolve_names(&mut self, names: &TaskNames, sink: &mut DiagnosticCollector) {
        let mut settled: Vec<(DependencyDef, Range<usize>)> = Vec::new();
        for (mention, hardness) in &self.waits {
            let Some(on) = resolve_mention(mention, names, sink) else { continue };
            // Repeated dependencies are merged; hard ones come first and win.
            if !settled.iter().any(|(known, _)| known.on == on) {
                settled.push((DependencyDef { on, hardness: *hardness }, mention.span.clone()));
            }
        }
        if let Some(when) = &self.when
            && let Some(task) = resolve_mention(&when.task, names, sink)
        {
            if !settled.iter().any(|(known, _)| known.on == task) {
                let on = DependencyDef { on: task.clone(), hardness: DependencyKind::Soft };
                settled.push((on, when.task.span.clone()));
            }
            let (field, negated) = (when.field.clone(), when.negated);
            self.condition = Some(Condition { task, field, negated });
        }
        self.settled = settled;
    }

    /// Returns the task if all its parts could be read.
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
            on_demand: self.on_demand,
        })
    }

    /// Marks every name this task might have as unusable.
    pub(super) fn mark_names_unusable(&self, names: &mut TaskNames) {
        let written = self.written.as_ref().map(|written| written.name.as_str());
        let task_type = self.task_type.as_ref().map(TaskType::as_str);
        for name in written.into_iter().chain(task_type) {
            names.mark_unusable(name);
        }
    }
}

/// Returns whether a node is an empty list or mapping.
pub(super) fn is_empty(node: &YamlNode) -> bool {
    match &node.content {
        NodeContent::Null => true,
        NodeContent::List(items) => items.is_empty(),
        NodeContent::Map(entries) => entries.is_empty(),
        NodeContent::Bool(_) | NodeContent::Number(_) | NodeContent::Text(_) => false,
    }
}
