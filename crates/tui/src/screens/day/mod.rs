//! The day screen: stages, tasks, agents and events at a glance.

pub(crate) mod view;
