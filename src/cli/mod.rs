//! The command line: one file per subcommand, clap for the words, an exit code for the answer.
//!
//! To add a subcommand: a file here with its words (`Args`, examples in `after_help`) and
//! `run(args, context, out) -> Result<Exit, CliError>`; a variant in [`args::Command`], whose doc
//! comment is its help; one arm in `dispatch.rs`; its row in the README's table, which a test
//! compares. No subcommand means the console.
//! Nothing here decides anything about a day: it reads words, calls a lower row, and prints.

pub mod args;
pub mod audit;
pub mod calendar;
pub mod check;
pub mod config;
#[cfg(feature = "tui")]
pub mod console;
mod day;
mod dispatch;
pub mod dry_run;
mod exit;
pub mod history;
mod interrupt;
#[cfg(feature = "tui")]
pub mod keys;
mod late;
mod market;
mod once;
pub mod plain;
pub mod run;
mod settings;
pub mod status;
#[cfg(feature = "tui")]
pub mod tour;

pub use dispatch::main;
pub use exit::{CliError, Exit};
pub use settings::{Context, DayFlags, LookFlags, SettingFlags};
