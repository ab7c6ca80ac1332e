//! The conformance kit: cases of the line protocol, played against anybody's agent.

mod cases;
mod run;
mod session;

pub use run::{CaseResult, check_agent};
