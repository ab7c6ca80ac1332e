//! Agents in child processes.

mod agent;
pub(crate) mod child;
mod crash_counter;
mod keeper;
mod keeper_mcp;
mod keeper_messages;
pub(crate) mod lines;
#[cfg(test)]
mod mcp_tests;
#[cfg(test)]
mod note_tests;
pub(crate) mod secrets;
mod stopping;
#[cfg(test)]
mod tests;

pub use agent::{CallError, ProcessAgent, ProcessCommand, ProcessState, ProcessStatus};
