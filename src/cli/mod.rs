//! The command line: one file per subcommand, clap for the words, an exit code for the answer.
//!
//! To add a subcommand: a file here with its words (`Args`, examples in `after_help`) and
//! `run(args, context, out) -> Result<Exit, CliError>`; a variant in [`args::Command`], whose doc
//! comment is its help; one arm in `dispatch.rs`; its row in the README's table, which a test
//! compares. No subcommand means the console.
//! Nothing here decides anything about a day: it reads words, calls a lower row, and prints.

pub mod act;
pub mod args;
pub mod attach;
pub mod audit;
pub mod audit_table;
pub mod calendar;
pub mod check;
pub mod config;
#[cfg(feature = "tui")]
pub mod console;
mod day;
mod dispatch;
pub mod drill;
pub mod dry_run;
mod exit;
pub mod history;
mod interrupt;
pub mod journal;
mod journalled;
#[cfg(feature = "tui")]
pub mod keys;
pub mod kill;
mod late;
mod market;
mod once;
pub mod plain;
pub mod rearm;
pub mod replay;
pub mod run;
pub mod serve;
mod serving;
mod settings;
pub mod status;
mod systemd;
#[cfg(feature = "tui")]
pub mod tour;

mod waiting;
pub mod watchdog;

pub use dispatch::main;
pub use exit::{CliError, Exit};
pub use settings::{Context, DayFlags, LookFlags, SettingFlags};
