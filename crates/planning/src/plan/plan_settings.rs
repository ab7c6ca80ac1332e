//! The values of configuration a plan takes in, each with the words that say where it comes from.

use std::collections::BTreeMap;

use super::{limits::EngineLimits, model::RunMode};
use crate::{id::AgentId, time::Span};

/// A value and where it comes from, in words: `default`, `MAX_RETRIES in the environment`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: String,
}

impl<T> Sourced<T> {
    /// A value that nobody chose.
    pub fn default_value(value: T) -> Self {
        Self { value, source: "default".into() }
    }
}

/// What configuration says about any day.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanSettings {
    /// The bounds the engine keeps.
    pub limits: EngineLimits,
    /// Where single bounds come from, by name of the field of [`Limits`]; absent: `default`.
    pub limit_sources: BTreeMap<String, String>,
    /// Longest an attempt may take if the file does not say (`DEFAULT_TASK_TIMEOUT`).
    pub task_timeout: Sourced<Span>,
    /// Attempts after the first if the file does not say (`MAX_RETRIES`); never for tasks that
    /// act on the world or ask a person.
    pub max_retries: Sourced<u32>,
    /// Tasks an agent may work on at once, where not [`Self::default_slots`].
    pub slots: BTreeMap<AgentId, u32>,
    /// Tasks any other agent may work on at once.
    pub default_slots: u32,
    /// Where clock, broker and data come from.
    pub mode: RunMode,
    /// Which run of the day this is, counted from 1.
    pub generation: u32,
}

impl Default for PlanSettings {
    /// The specification's configuration section: 300 s, 3 retries, 5 tasks at once; two slots
    /// per agent, the first run of a simulated day.
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
