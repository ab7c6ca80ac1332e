//! Agents that are not part of the program: their declarations, the line protocol
//! `bellwether-agent/1`, the child processes that speak it, and the routes from a task type to them.
//!
//! This crate must never know the trading desk, the journal or a screen. An own agent is an
//! [`engine::port::Agent`] like a built-in one: the engine retries, pauses and times it out alike.

pub mod conformance;
mod declaration;
mod host_script;
mod mcp;
mod process;
mod protocol;
mod route;
mod schema;
mod started;

pub use declaration::{
    AgentConnection, AgentDeclaration, Fallback, OwnAgents, Route, SENDS_ORDERS,
    TaskTypeDeclaration,
};
pub use host_script::{HOST_FILE, HOST_SCRIPT};
pub use mcp::{McpServer, McpTool};
pub use process::{CallError, ProcessAgent, ProcessCommand, ProcessState, ProcessStatus};
pub use protocol::{AgentDescription, DescribedTaskType, LINE_MAX, PROTOCOL};
pub use schema::check_schema;
pub use started::{AgentSurroundings, StartedAgents};
