//! Catalog of agents: ids, task types and aliases.

use std::collections::{BTreeMap, BTreeSet};

use super::EffectClass;
use crate::{
    id::{AgentId, TaskType},
    time::Span,
};

/// The agents that a workflow may name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentCatalog {
    /// The task types of each agent.
    pub agents: BTreeMap<AgentId, BTreeSet<TaskType>>,
    /// Alternative names of agents in files.
    pub aliases: BTreeMap<String, AgentId>,
    /// Properties of task types that are not built in.
    declared: BTreeMap<(AgentId, TaskType), DeclaredProperties>,
}

/// Properties of a declared task type, which its tasks have unless they say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DeclaredProperties {
    pub(super) effect: EffectClass,
    pub(super) estimate: Option<Span>,
}

/// A row of the table of built-in agents.
struct CatalogEntry {
    agent: &'static str,
    /// Default effect class of its tasks.
    effect: EffectClass,
    aliases: &'static [&'static str],
    task_types: &'static [&'static str],
}

/// The six agents of the specification, and the operator.
const BUILTIN: &[CatalogEntry] = &[
    CatalogEntry {
        agent: "junior_analyst",
        effect: EffectClass::Pure,
        aliases: &["junior", "junior_research_analyst"],
        task_types: &[
            "collect_market_data",
            "market_analysis",
            "screen_universe",
            "news_digest",
            "gap_scan",
            "intraday_scan",
            "ah_watch",
        ],
    },
    CatalogEntry {
        agent: "senior_analyst",
        effect: EffectClass::Pure,
        aliases: &["senior", "senior_research_analyst"],
        task_types: &["deep_dive", "rank_ideas", "earnings_review"],
    },
    CatalogEntry {
        agent: "economist",
        effect: EffectClass::Pure,
        aliases: &["macro", "macro_economist"],
        task_types: &[
            "event_calendar",
            "regime_classify",
            "macro_assessment",
            "cross_asset_check",
            "fomc_brief",
            "fomc_reaction",
            "next_day_prep",
        ],
    },
    CatalogEntry {
        agent: "portfolio_manager",
        effect: EffectClass::Pure,
        aliases: &["pm", "portfolio"],
        task_types: &[
            "portfolio_review",
            "risk_assessment",
            "construct_targets",
            "generate_trades",
            "validate_trades",
            "intraday_risk_check",
            "rebalance_check",
            "earnings_exposure",
        ],
    },
    CatalogEntry {
        agent: "trade_execution",
        effect: EffectClass::Effectful,
        aliases: &["trader", "execution", "trade_executor"],
        task_types: &[
            "pre_open_checks",
            "reconcile",
            "execute_orders",
            "emergency_exit",
            "monitor_orders",
            "closing_plan",
        ],
    },
    CatalogEntry {
        agent: "analytics_reporting",
        effect: EffectClass::Pure,
        aliases: &["analytics", "reporting", "analytics_and_reporting"],
        task_types: &["performance_analysis", "tca", "daily_report", "maintenance"],
    },
    CatalogEntry {
        agent: "operator",
        effect: EffectClass::Human,
        aliases: &["human", "desk"],
        task_types: &["approval"],
    },
];

impl AgentCatalog {
    /// Returns the six built-in agents and `operator`, with their task types and aliases.
    #[must_use]
    pub fn builtin() -> Self {
        let mut registry = Self::default();
        for row in BUILTIN {
            let Ok(agent) = AgentId::parse(row.agent) else { continue };
            let types = row.task_types.iter().filter_map(|name| TaskType::parse(name).ok());
            registry.agents.insert(agent.clone(), types.collect());
            for alias in row.aliases {
                registry.aliases.insert((*alias).into(), agent.clone());
            }
        }
        registry
    }

    /// Adds a task type of an agent that is not built in.
    pub fn declare(
        &mut self,
        agent: &AgentId,
        task_type: &TaskType,
        effect: EffectClass,
        estimate: Option<Span>,
    ) {
        self.agents.entry(agent.clone()).or_default().insert(task_type.clone());
        let properties = DeclaredProperties { effect, estimate };
        self.declared.insert((agent.clone(), task_type.clone()), properties);
    }

    /// Adds a task type of an agent, unless the catalog has it already.
    pub fn declare_new(&mut self, agent: &AgentId, task_type: &TaskType, effect: EffectClass) {
        let known = self.agents.get(agent).is_some_and(|types| types.contains(task_type));
        if !known {
            self.declare(agent, task_type, effect, None);
        }
    }

    /// Returns the properties of a declared task type; none of a built-in one.
    pub(super) fn declared(
        &self,
        agent: &AgentId,
        task_type: &TaskType,
    ) -> Option<DeclaredProperties> {
        self.declared.get(&(agent.clone(), task_type.clone())).copied()
    }

    /// Returns the agent with this id or alias.
    #[must_use]
    pub fn resolve_agent(&self, name: &str) -> Option<&AgentId> {
        let by_id = self.agents.get_key_value(name).map(|(id, _)| id);
        by_id.or_else(|| self.aliases.get(name))
    }

    /// Returns all ids and aliases, for suggestions.
    pub(super) fn agent_names(&self) -> impl Iterator<Item = &str> {
        self.agents.keys().map(AgentId::as_str).chain(self.aliases.keys().map(String::as_str))
    }

    /// Returns the task types of `agent`.
    pub(super) fn task_types(&self, agent: &AgentId) -> impl Iterator<Item = &str> {
        self.agents.get(agent).into_iter().flatten().map(TaskType::as_str)
    }
}

/// Returns the default effect class of tasks of `agent`. Tasks of an agent that is not built in are
/// `effectful`: their effect is unknown and must not be repeated automatically.
#[must_use]
pub fn default_effect(agent: &AgentId) -> EffectClass {
    builtin_effect(agent).unwrap_or(EffectClass::Effectful)
}

/// Returns the default effect class of a built-in agent, or `None` for any other.
pub(super) fn builtin_effect(agent: &AgentId) -> Option<EffectClass> {
    BUILTIN.iter().find(|row| row.agent == agent.as_str()).map(|row| row.effect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_well_formed_and_kept() {
        let registry = AgentCatalog::builtin();
        assert_eq!(registry.agents.len(), BUILTIN.len());
        for row in BUILTIN {
            let agent = registry.resolve_agent(row.agent).expect("the agent itself");
            assert_eq!(registry.agents[agent].len(), row.task_types.len(), "{agent}");
            for alias in row.aliases {
                assert_eq!(registry.resolve_agent(alias), Some(agent), "{alias}");
            }
        }
    }

    #[test]
    fn an_agent_the_program_does_not_know_is_effectful() {
        let effect = |name: &str| default_effect(&AgentId::parse(name).unwrap());
        assert_eq!(effect("my_agent"), EffectClass::Effectful);
        assert_eq!(effect("trade_execution"), EffectClass::Effectful);
        assert_eq!(effect("economist"), EffectClass::Pure);
    }
}
