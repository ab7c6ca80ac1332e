//! Declarations of own agents: the file `agents.yaml`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::mcp::{McpServer, read_mcp};
use diag::{BAD_WORD, Diagnostic, DiagnosticCollector, MISSING_KEY, MappingReader, YamlNode};
use planning::{
    id::{AgentId, TaskType},
    time::Span,
    workflow::{AgentCatalog, EffectClass},
};

/// The task type that sends orders; it is always done by the built-in agent.
pub const SENDS_ORDERS: [&str; 2] = ["execute_orders", "emergency_exit"];

const EFFECTS: &[(&str, EffectClass)] = &[
    ("pure", EffectClass::Pure),
    ("idempotent", EffectClass::Idempotent),
    ("effectful", EffectClass::Effectful),
];

const FALLBACKS: &[(&str, Fallback)] = &[("builtin", Fallback::Builtin), ("fail", Fallback::Fail)];

/// The way to an own agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentConnection {
    /// A child process that speaks the line protocol.
    Command(Vec<String>),
    /// A Python class, run by the Python host: `MODULE:CLASS` or `FILE.py:CLASS`.
    Python(String),
    /// A server of the Model Context Protocol in a child process.
    Mcp(McpServer),
}

/// The executor of a task type whose own agent cannot be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// The built-in agent.
    Builtin,
    /// None: the task fails.
    Fail,
}

/// Properties of a task type of an own agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskTypeDeclaration {
    /// Its effect class; effectful if it is not given.
    pub effect: EffectClass,
    /// Its usual duration.
    pub estimate: Option<Span>,
}

/// A task type of a built-in agent that an own agent does instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The built-in agent.
    pub agent: AgentId,
    /// The task type.
    pub task_type: TaskType,
    /// Who does it where the own agent cannot be started.
    pub fallback: Fallback,
}

/// The declaration of an own agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentDeclaration {
    /// Its name in workflows.
    pub id: AgentId,
    /// The way to it.
    pub connection: AgentConnection,
    /// Its task types under its own name.
    pub task_types: BTreeMap<TaskType, TaskTypeDeclaration>,
    /// The task types of built-in agents that it does instead.
    pub serves: Vec<Route>,
    /// Environment variables it is given besides the usual ones, by name.
    pub environment: Vec<String>,
}

/// The own agents of a desk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnAgents {
    /// The declarations, by name.
    pub agents: Vec<AgentDeclaration>,
    /// The folder of the file, in which commands are run.
    pub folder: PathBuf,
}

impl OwnAgents {
    /// Parses the file `agents.yaml`, called `name` in messages; its commands run in `folder`.
    ///
    /// # Errors
    ///
    /// Every problem of the file, with line and column.
    pub fn parse(name: &str, text: &str, folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let (root, mut sink) = diag::parse(name, text)?.into_parts();
        let agents = read_agents(&root, &mut sink).unwrap_or_default();
        sink.into_result()?;
        Ok(Self { agents, folder: folder.to_owned() })
    }

    /// Adds the own agents and their task types to a catalog.
    pub fn add_to(&self, catalog: &mut AgentCatalog) {
        for agent in &self.agents {
            for (task_type, declared) in &agent.task_types {
                catalog.declare(&agent.id, task_type, declared.effect, declared.estimate);
            }
        }
    }
}

fn read_agents(root: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Vec<AgentDeclaration>> {
    let mut fields = MappingReader::open(root, &root.span, "the file of own agents", sink)?;
    let entries = fields
        .required("agents")
        .and_then(|entry| entry.value.read_mapping("a mapping of names to agents", sink));
    fields.finish(sink);
    let builtin = AgentCatalog::builtin();
    let mut found = Vec::new();
    for entry in entries.unwrap_or_default() {
        let id = AgentId::parse(&entry.key).map_err(|error| {
            let message = format!("{} is no name of an agent: {error}", diag::quote(&entry.key));
            sink.report(BAD_WORD, &entry.key_span, message);
        });
        if builtin.resolve_agent(&entry.key).is_some() {
            let message = format!("`{}` is the name of a built-in agent", entry.key);
            sink.report(BAD_WORD, &entry.key_span, message).with_help(
                "give the agent a name of its own; `serves` names the task types it takes over",
            );
        }
        let fields = MappingReader::open(&entry.value, &entry.key_span, "an agent", sink);
        if let (Ok(id), Some(fields)) = (id, fields) {
            found.extend(read_agent(id, fields, &builtin, sink));
        }
    }
    Some(found)
}

fn read_agent(
    id: AgentId,
    mut fields: MappingReader<'_>,
    builtin: &AgentCatalog,
    sink: &mut DiagnosticCollector,
) -> Option<AgentDeclaration> {
    let command = fields.get("command").and_then(|entry| read_texts(&entry.value, sink));
    let python = fields.get("python").and_then(|e| e.value.read_text(sink)).map(ToOwned::to_owned);
    let has_mcp = fields.get("mcp").is_some();
    let mcp = fields.get("mcp").and_then(|entry| read_mcp(&entry.value, sink));
    let environment = fields.get("env").and_then(|entry| read_texts(&entry.value, sink));
    let task_types = fields.get("task_types").map(|entry| read_task_types(&entry.value, sink));
    let serves = fields.get("serves").map(|entry| read_routes(&entry.value, builtin, sink));
    let span = fields.span().clone();
    fields.finish(sink);
    let connection = match (command, python) {
        (None, None) if has_mcp => mcp.map(AgentConnection::Mcp),
        _ if has_mcp => {
            let message = format!("{id} has an `mcp` and another way to it; one is enough");
            sink.report(BAD_WORD, &span, message);
            None
        }
        (Some(command), None) => Some(AgentConnection::Command(command)),
        (None, Some(python)) => Some(AgentConnection::Python(python)),
        (Some(_), Some(_)) => {
            let message = format!("{id} has a `command` and a `python`; one of them is enough");
            sink.report(BAD_WORD, &span, message);
            None
        }
        (None, None) => {
            let message = format!("{id} has neither a `command`, a `python` nor an `mcp`");
            sink.report(MISSING_KEY, &span, message)
                .with_help("write `python: FILE.py:CLASS`, or `command: [PROGRAM, ARGUMENT]`");
            None
        }
    };
    if task_types.is_none() && serves.is_none() {
        let message = format!("{id} does nothing: it has no `task_types` and serves no agent");
        sink.report(MISSING_KEY, &span, message);
    }
    let (task_types, serves) = (task_types.unwrap_or_default(), serves.unwrap_or_default());
    let environment = environment.unwrap_or_default();
    Some(AgentDeclaration { id, connection: connection?, task_types, serves, environment })
}

fn read_texts(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Vec<String>> {
    let list = node.read_list("a list of words", sink)?;
    let words: Vec<_> =
        list.iter().filter_map(|word| word.read_scalar_text("a word", sink)).collect();
    if words.is_empty() {
        sink.report(MISSING_KEY, &node.span, "the list is empty".into());
    }
    (!words.is_empty()).then_some(words)
}

fn read_task_types(
    node: &YamlNode,
    sink: &mut DiagnosticCollector,
) -> BTreeMap<TaskType, TaskTypeDeclaration> {
    let what = "a mapping of task types to their properties";
    let entries = node.read_mapping(what, sink).unwrap_or_default();
    let mut found = BTreeMap::new();
    for entry in entries {
        let Ok(task_type) = TaskType::parse(&entry.key).map_err(|error| {
            let message = format!("{} is no task type: {error}", diag::quote(&entry.key));
            sink.report(BAD_WORD, &entry.key_span, message);
        }) else {
            continue;
        };
        // Without properties nothing is known of its effect.
        let mut declared = TaskTypeDeclaration { effect: EffectClass::Effectful, estimate: None };
        let span = &entry.key_span;
        if !entry.value.is_null()
            && let Some(mut fields) = MappingReader::open(&entry.value, span, "a task type", sink)
        {
            let effect = fields.get("effect").and_then(|e| e.value.read_keyword(EFFECTS, sink));
            declared.effect = effect.unwrap_or(declared.effect);
            declared.estimate = fields.get("estimate").and_then(|e| {
                let text = e.value.read_scalar_text("a length of time", sink)?;
                let read = text.parse::<Span>().map_err(|error| {
                    sink.report(diag::WRONG_TYPE, &e.value.span, error.to_string());
                });
                read.ok()
            });
            fields.finish(sink);
        }
        found.insert(task_type, declared);
    }
    found
}

fn read_routes(
    node: &YamlNode,
    builtin: &AgentCatalog,
    sink: &mut DiagnosticCollector,
) -> Vec<Route> {
    let list = node.read_list("a list of task types of built-in agents", sink).unwrap_or_default();
    list.iter().filter_map(|node| read_route(node, builtin, sink)).collect()
}

fn read_route(
    node: &YamlNode,
    builtin: &AgentCatalog,
    sink: &mut DiagnosticCollector,
) -> Option<Route> {
    let mut fields = MappingReader::open(node, &node.span, "an entry of `serves`", sink)?;
    let agent = fields.required("agent");
    let task_type = fields.required("task_type");
    let fallback = fields
        .get("fallback")
        .map_or(Some(Fallback::Fail), |entry| entry.value.read_keyword(FALLBACKS, sink));
    fields.finish(sink);
    let (agent, task_type) = (agent?, task_type?);
    let name = agent.value.read_text(sink)?;
    let Some(agent_id) = builtin.resolve_agent(name) else {
        let message = format!("there is no built-in agent {}", diag::quote(name));
        let names = builtin.agents.keys().map(AgentId::as_str);
        let near = diag::nearest(name, names.chain(builtin.aliases.keys().map(String::as_str)));
        sink.report(BAD_WORD, &agent.value.span, message).with_suggestion(near);
        return None;
    };
    let name = task_type.value.read_text(sink)?;
    let known = builtin.agents.get(agent_id)?;
    let Some(found) = known.iter().find(|known| known.as_str() == name) else {
        let message = format!("`{agent_id}` does no {}", diag::quote(name));
        let near = diag::nearest(name, known.iter().map(TaskType::as_str));
        sink.report(BAD_WORD, &task_type.value.span, message).with_suggestion(near);
        return None;
    };
    if SENDS_ORDERS.contains(&name) || agent_id.as_str() == "operator" {
        let message = format!("`{agent_id}.{name}` cannot be done by an own agent");
        sink.report(BAD_WORD, &task_type.value.span, message)
            .with_help("orders are sent and approved by the program alone");
        return None;
    }
    Some(Route { agent: agent_id.clone(), task_type: found.clone(), fallback: fallback? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_agents(text: &str) -> Result<OwnAgents, String> {
        OwnAgents::parse("agents.yaml", text, Path::new("/desk"))
            .map_err(|problems| diag::render(&problems, diag::RenderStyle::Plain))
    }

    #[test]
    fn a_declaration_is_read_with_its_task_types_and_routes() {
        let text = "
agents:
  news_desk:
    python: agents/news.py:NewsDesk
    env: [NEWS_TOKEN]
    task_types:
      score_news: { effect: pure, estimate: 20s }
      post_note:
    serves:
      - { agent: senior, task_type: deep_dive, fallback: builtin }
";
        let own = parse_agents(text).unwrap();
        let agent = &own.agents[0];
        assert_eq!(agent.connection, AgentConnection::Python("agents/news.py:NewsDesk".into()));
        let effects: Vec<_> = agent.task_types.values().map(|declared| declared.effect).collect();
        assert_eq!(effects, [EffectClass::Effectful, EffectClass::Pure], "unknown is effectful");
        assert_eq!(agent.serves[0].agent.as_str(), "senior_analyst");
        assert_eq!(agent.serves[0].fallback, Fallback::Builtin);
        let mut catalog = AgentCatalog::builtin();
        own.add_to(&mut catalog);
        assert!(catalog.resolve_agent("news_desk").is_some());
    }

    #[test]
    fn every_mistake_of_a_declaration_is_told_at_its_place() {
        for (text, told) in [
            ("agents: {a: {}}", "neither a `command`, a `python` nor an `mcp`"),
            (
                "agents: {a: {mcp: {command: [x], map: {t: {tool: buy}}}}}",
                "the tool `buy` is not allowed",
            ),
            ("agents: {a: {python: x, mcp: {command: [x]}}}", "one is enough"),
            ("agents: {a: {command: []}}", "the list is empty"),
            ("agents: {a: {python: x, command: [y]}}", "one of them is enough"),
            ("agents: {a: {python: x}}", "does nothing"),
            ("agents: {economist: {python: x}}", "a built-in agent"),
            ("agents: {\"a b\": {python: x}}", "no name of an agent"),
            ("agents: {a: {pyhton: x}}", "python"),
            ("agents: {a: {python: x, task_types: {t: {effect: read}}}}", "pure"),
            ("agents: {a: {python: x, serves: [{agent: senor, task_type: t}]}}", "senior"),
            (
                "agents: {a: {python: x, serves: [{agent: trader, task_type: emergency_exit}]}}",
                "cannot be done by an own agent",
            ),
            (
                "agents: {a: {python: x, serves: [{agent: trader, task_type: execute_orders}]}}",
                "sent and approved by the program alone",
            ),
            ("[]", "mapping"),
            ("", "empty"),
        ] {
            let error = parse_agents(text).unwrap_err();
            assert!(error.contains(told) && error.contains("agents.yaml"), "{text}: {error}");
        }
    }
}
