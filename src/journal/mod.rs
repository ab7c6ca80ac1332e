//! The ports of the engine: what agents, event sinks and fact logs have to provide.

mod agent;
mod fact_log;
mod sink;

pub use agent::{Agent, Looking, Performing, Reply, Request, Roster};
pub use fact_log::{Care, FactLog};
pub use sink::Sink;
