//! The log of `run` and `serve`: lines for people or ECS JSON, to stderr or a file, never waited for.

mod layer;
mod line;
pub(crate) mod process_log;
mod redaction;
pub(crate) mod run_events;
