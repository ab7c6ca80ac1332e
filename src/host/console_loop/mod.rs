//! The console's loop: the only place where the console waits, and what it wants done is done.

mod attempt_logs;
mod connection;
mod console;
mod effects;
mod environment;
mod export;
mod log_capture;
mod saved_filters;
mod signals;
mod waits;

pub use connection::EngineConnection;
pub use console::{ConsoleError, ConsoleExit, ExitCause, run_console};
pub use environment::{ConsoleEnvironment, LateStartPrompt, TrailFollower};
pub use log_capture::{LogCapture, capture_log};
pub use saved_filters::saved_filters;
