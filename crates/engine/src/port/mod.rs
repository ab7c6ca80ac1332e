//! The ports of the engine: what agents, event sinks and fact logs have to provide.

#![warn(missing_docs)]

mod agent;
mod attempt_notes;
mod event_sink;
mod fact_log;
mod layered_agent;

pub use agent::{Agent, AgentRegistry, AttemptFuture, AttemptReply, AttemptRequest, ProbeFuture};
pub use attempt_notes::{AttemptNote, AttemptNotes};
pub use event_sink::EventSink;
pub use fact_log::{Durability, FactLog};
