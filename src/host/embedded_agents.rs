//! Agents and a workflow in Rust, given by a program that embeds this one.

use std::{collections::BTreeMap, fmt, sync::Arc};

use agents::SENDS_ORDERS;
use engine::port::{Agent, AgentRegistry};
use planning::{
    id::{AgentId, TaskType},
    workflow::AgentCatalog,
};

/// The name that workflows give to the operator.
const OPERATOR: &str = "operator";
/// The name of the workflow in messages.
const WORKFLOW: &str = "the embedded workflow";

/// A reason why an embedded agent cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedAgentError {
    /// The name is no name of an agent.
    #[error("cannot embed the agent {}: {cause}", diag::quote(.name))]
    Name {
        /// The name.
        name: String,
        /// The difference from what is allowed.
        cause: String,
    },
    /// A task type of the agent has no valid name.
    #[error("cannot embed the agent {agent}: its task type {}: {cause}", diag::quote(.name))]
    TaskType {
        /// The agent.
        agent: String,
        /// The name of the task type.
        name: String,
        /// The difference from what is allowed.
        cause: String,
    },
    /// The work is left to the program.
    #[error(
        "cannot embed the agent {agent}: {task_type} cannot be done by an own agent; orders are sent \
         and approved by the program alone"
    )]
    Reserved {
        /// The agent.
        agent: String,
        /// The task type.
        task_type: String,
    },
}

/// Agents in Rust, and the workflow of the day, in place of what configuration names.
///
/// An agent under a name of its own does the tasks that a workflow assigns to it. Under the name of a
/// built-in agent it does the task types that it describes, and the built-in agent does all others.
#[derive(Clone, Default)]
pub struct EmbeddedAgents {
    agents: BTreeMap<String, Arc<dyn Agent>>,
    workflow: Option<Arc<str>>,
}

impl fmt::Debug for EmbeddedAgents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let described = self.agents.iter().map(|(name, agent)| (name, agent.describe()));
        f.debug_map().entries(described).finish()
    }
}

impl EmbeddedAgents {
    /// Creates a list without agents.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an agent. An agent added earlier under the name is replaced.
    #[must_use]
    pub fn agent(mut self, name: impl Into<String>, agent: impl Agent + 'static) -> Self {
        self.agents.insert(name.into(), Arc::new(agent));
        self
    }

    /// Sets the workflow of every day: the text of a workflow file, in YAML or JSON.
    #[must_use]
    pub fn workflow(mut self, text: impl Into<Arc<str>>) -> Self {
        self.workflow = Some(text.into());
        self
    }

    /// Returns name and text of the workflow.
    pub(crate) fn workflow_file(&self) -> Option<(&'static str, &str)> {
        self.workflow.as_deref().map(|text| (WORKFLOW, text))
    }

    /// Returns whether there are no agents.
    pub(crate) fn is_empty(&self) -> bool {
        self.agents.is_empty()
    }

    /// Returns names and task types, in the order of names.
    pub(crate) fn described(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.agents.iter().map(|(name, agent)| (name.as_str(), agent.describe()))
    }

    /// Checks all names.
    ///
    /// # Errors
    ///
    /// [`EmbeddedAgentError`] for the first agent that cannot be used.
    pub fn check(&self) -> Result<(), EmbeddedAgentError> {
        self.parsed().try_for_each(|agent| agent.map(|_sound| ()))
    }

    fn parsed(&self) -> impl Iterator<Item = Result<EmbeddedAgent, EmbeddedAgentError>> {
        self.agents.iter().map(|(name, agent)| parse(name, agent))
    }

    /// Adds the agents and their task types to a catalog.
    pub(crate) fn add_to(&self, catalog: &mut AgentCatalog) {
        for (id, agent, task_types) in self.parsed().flatten() {
            for task_type in task_types {
                catalog.declare_new(&id, &task_type, agent.effect(task_type.as_str()));
            }
        }
    }

    /// Puts the agents into a registry, in front of built-in agents of the same name.
    pub(crate) fn route(&self, registry: &mut AgentRegistry) {
        for (id, agent, _) in self.parsed().flatten() {
            registry.insert_before(id, agent);
        }
    }
}

type EmbeddedAgent = (AgentId, Arc<dyn Agent>, Vec<TaskType>);

fn parse(name: &str, agent: &Arc<dyn Agent>) -> Result<EmbeddedAgent, EmbeddedAgentError> {
    let wrong = |error: &dyn fmt::Display| EmbeddedAgentError::Name {
        name: name.to_owned(),
        cause: error.to_string(),
    };
    let named = AgentId::parse(name).map_err(|error| wrong(&error))?;
    // An alias would be a second agent in the registry, which no workflow can reach.
    let builtin = AgentCatalog::builtin();
    if let Some(known) = builtin.resolve_agent(name).filter(|known| **known != named) {
        return Err(wrong(&format!("it is another name of {known}; use that")));
    }
    let mut task_types = Vec::new();
    for task_type in agent.describe() {
        let parsed = TaskType::parse(task_type).map_err(|error| EmbeddedAgentError::TaskType {
            agent: name.to_owned(),
            name: task_type.to_owned(),
            cause: error.to_string(),
        })?;
        let builtin = builtin.agents.get(&named).is_some_and(|types| types.contains(&parsed));
        if name == OPERATOR || (builtin && SENDS_ORDERS.contains(&task_type)) {
            let (agent, task_type) = (name.to_owned(), task_type.to_owned());
            return Err(EmbeddedAgentError::Reserved { agent, task_type });
        }
        task_types.push(parsed);
    }
    Ok((named, Arc::clone(agent), task_types))
}
