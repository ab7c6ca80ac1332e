//! The console without a screen: lines of words out, and single-line commands in where somebody is
//! there to type them.

mod approve_args;
mod console;
mod parse;
mod preview_text;
mod run_command;
mod source;
mod verbs;

pub use console::{PlainConsoleSetup, PlainError, run_plain_console};
pub use run_command::{ArmingConflict, CommandResult, Consent, run_command_line};
pub use source::PlainEventSource;
pub use verbs::{find_task_by_name, line_verbs};
