//! Own agents that are ready to work.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use crate::{
    AgentConnection, AgentDeclaration, OwnAgents,
    process::{ProcessAgent, ProcessCommand},
    route::{ProcessRoute, RoutedAgent},
};
use engine::port::{Agent, AgentRegistry};
use planning::id::AgentId;

/// Environment variables that every agent's process is given.
pub(crate) const USUAL: &[&str] =
    &["PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "USER", "VIRTUAL_ENV"];

/// The surroundings of agents' processes.
#[derive(Debug, Clone, Default)]
pub struct AgentSurroundings {
    /// The environment of this program, of which agents get the usual and the declared variables.
    pub environment: Vec<(String, String)>,
    /// The file of the Python host.
    pub python_host: PathBuf,
}

impl AgentSurroundings {
    /// Returns the command line of an agent.
    #[must_use]
    pub fn command(&self, agent: &AgentDeclaration, own: &OwnAgents) -> ProcessCommand {
        let words = match &agent.connection {
            AgentConnection::Command(words) => words.clone(),
            AgentConnection::Mcp(server) => server.command.clone(),
            AgentConnection::Python(class) => {
                vec!["python3".into(), self.python_host.display().to_string(), class.clone()]
            }
        };
        let wanted = |name: &str| {
            USUAL.contains(&name) || agent.environment.iter().any(|declared| declared == name)
        };
        let environment = self.environment.iter().filter(|(name, _)| wanted(name)).cloned();
        ProcessCommand {
            agent: agent.id.to_string(),
            words,
            folder: own.folder.clone(),
            environment: environment.collect(),
        }
    }
}

fn process_of(agent: &AgentDeclaration, command: ProcessCommand) -> ProcessAgent {
    match &agent.connection {
        AgentConnection::Mcp(server) => ProcessAgent::for_mcp(command, server.clone()),
        AgentConnection::Command(_) | AgentConnection::Python(_) => ProcessAgent::new(command),
    }
}

/// Own agents, each with its process. A process starts with its first request and ends when this
/// and every agent made from it are dropped.
#[derive(Debug, Clone, Default)]
pub struct StartedAgents {
    agents: Vec<(AgentDeclaration, ProcessAgent)>,
}

impl StartedAgents {
    /// Prepares the processes of all own agents. Must be called inside a runtime.
    #[must_use]
    pub fn new(own: &OwnAgents, surroundings: &AgentSurroundings) -> Self {
        let agents = own
            .agents
            .iter()
            .map(|agent| (agent.clone(), process_of(agent, surroundings.command(agent, own))));
        Self { agents: agents.collect() }
    }

    /// Returns the own agents and their processes, in the order of their declarations.
    pub fn iter(&self) -> impl Iterator<Item = (&AgentDeclaration, &ProcessAgent)> {
        self.agents.iter().map(|(declared, process)| (declared, process))
    }

    /// Ends all processes.
    pub async fn stop(&self) {
        let mut stops = tokio::task::JoinSet::new();
        for (_, process) in &self.agents {
            let process = process.clone();
            stops.spawn(async move { process.stop().await });
        }
        stops.join_all().await;
    }

    /// Puts the own agents into a registry, under their names and in front of the built-in agents
    /// whose task types they do.
    pub fn route(&self, registry: &mut AgentRegistry) {
        let mut routes: BTreeMap<AgentId, BTreeMap<String, ProcessRoute>> = BTreeMap::new();
        for (declared, process) in &self.agents {
            let route = |fallback| ProcessRoute {
                name: declared.id.to_string(),
                process: process.clone(),
                fallback,
            };
            let own = routes.entry(declared.id.clone()).or_default();
            for task_type in declared.task_types.keys() {
                own.insert(task_type.to_string(), route(crate::Fallback::Fail));
            }
            for served in &declared.serves {
                let of_builtin = routes.entry(served.agent.clone()).or_default();
                of_builtin.insert(served.task_type.to_string(), route(served.fallback));
            }
        }
        for (id, routes) in routes.into_iter().filter(|(_, routes)| !routes.is_empty()) {
            let builtin: Option<Arc<dyn Agent>> = registry.get(&id).ok().cloned();
            registry.insert(id, Arc::new(RoutedAgent::new(builtin, routes)));
        }
    }
}
