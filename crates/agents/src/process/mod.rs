//! Agents in child processes.

mod agent;
pub(crate) mod child;
mod crash_counter;
mod keeper;
pub(crate) mod lines;
mod stopping;
#[cfg(test)]
mod tests;

pub use agent::{CallError, ProcessAgent, ProcessCommand, ProcessState, ProcessStatus};
