//! Builds a controller with agents and a workflow of the embedding program.

use std::sync::Arc;

use super::{
    embedded_agents::{EmbeddedAgentError, EmbeddedAgents},
    orchestration_controller::OrchestrationController,
};
use config::Config;
use engine::port::Agent;

/// Collects what a controller is made of; see [`OrchestrationController::builder`].
#[derive(Debug, Clone, Default)]
pub struct ControllerBuilder {
    config: Config,
    embedded: EmbeddedAgents,
}

impl ControllerBuilder {
    /// Adds an agent. Under the name of a built-in agent it does the task types that it describes,
    /// and the built-in agent does all others.
    #[must_use]
    pub fn agent(mut self, name: impl Into<String>, agent: impl Agent + 'static) -> Self {
        self.embedded = self.embedded.agent(name, agent);
        self
    }

    /// Adds agents that were collected before.
    #[must_use]
    pub fn agents(mut self, embedded: EmbeddedAgents) -> Self {
        self.embedded = embedded;
        self
    }

    /// Sets the workflow of every day: the text of a workflow file, in YAML or JSON. Without it, days
    /// follow the workflow that the configuration names, or the built-in one.
    #[must_use]
    pub fn workflow(mut self, text: impl Into<Arc<str>>) -> Self {
        self.embedded = self.embedded.workflow(text);
        self
    }

    /// Sets the configuration; by default every setting has its default value.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Creates the controller of a system that is not up yet.
    ///
    /// # Errors
    ///
    /// [`EmbeddedAgentError`] for a name that no agent can have, or a task type that is left to the
    /// program. Problems of the workflow are reported by
    /// [`startup_system`](OrchestrationController::startup_system).
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, in which event handlers are called.
    pub fn build(self) -> Result<OrchestrationController, EmbeddedAgentError> {
        self.embedded.check()?;
        Ok(OrchestrationController::with_embedded(self.config, self.embedded))
    }
}
