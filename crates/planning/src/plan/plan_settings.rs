//! Settings used by a day plan, each with its source.

use std::collections::BTreeMap;

use super::{limits::EngineLimits, model::RunMode};
use crate::{id::AgentId, time::Span};

/// A value with its source, such as `default` or `MAX_RETRIES in the environment`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    pub value: T,
    /// The source in words.
    pub source: String,
}

impl<T> Sourced<T> {
    /// Wraps a default value.
    pub fn default_value(value: T) -> Self {
        Self { value, source: "default".into() }
    }
}

/// The settings that apply to any day.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanSettings {
    /// The limits that the engine enforces.
    pub limits: EngineLimits,
    /// Sources of single limits, by field name of [`EngineLimits`]; absent means `default`.
    pub limit_sources: BTreeMap<String, String>,
    /// Longest duration of an attempt if the workflow file gives none (`DEFAULT_TASK_TIMEOUT`).
    pub task_timeout: Sourced<Span>,
    /// Number of retries if the workflow file gives none (`MAX_RETRIES`); not used for effectful
    /// and human tasks.
    pub max_retries: Sourced<u32>,
    /// Number of slots by agent, where it differs from [`Self::default_slots`].
    pub slots: BTreeMap<AgentId, u32>,
    /// Number of slots of any other agent.
    pub default_slots: u32,
    pub mode: RunMode,
    /// The number of the run of this date, counted from 1.
    pub generation: u32,
}

impl Default for PlanSettings {
    /// Returns the specification's values (300 s, 3 retries, 5 tasks at once), two slots per agent,
    /// and the first run of a simulated day.
    fn default() -> Self {
        Self {
            limits: EngineLimits::default(),
            limit_sources: BTreeMap::new(),
            task_timeout: Sourced::default_value(Span::secs(300)),
            max_retries: Sourced::default_value(3),
            slots: BTreeMap::new(),
            default_slots: 2,
            mode: RunMode::Sim,
            generation: 1,
        }
    }
}
