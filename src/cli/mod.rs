//! The command line: one file per subcommand, clap for the words, an exit code for the answer.
//!
//! To add a subcommand: a file here with its words (`Args`, examples in `after_help`) and
//! `run(args, context, out) -> Result<Exit, CliError>`; a variant in `args::Command`, whose doc
//! comment is its help; one arm in `dispatch.rs`; its row in the README's table, which a test
//! compares. No subcommand means the console.
//! Nothing here decides anything about a day: it reads words, calls a lower row, and prints.

mod alert;
mod applicable;
pub mod args;
pub mod attach;
pub mod audit;
pub mod audit_table;
pub mod book;
mod book_change;
pub mod calendar;
pub mod check;
mod check_data;
pub mod completions;
pub mod config;
#[cfg(feature = "tui")]
pub mod console;
pub mod control;
pub mod data;
mod dispatch;
pub mod drill;
pub mod dry_run;
mod exit;
pub mod health;
pub mod history;
pub mod init;
pub mod journal;
#[cfg(feature = "tui")]
pub mod keys;
pub mod log_level;
pub mod logs;
pub mod own_agents;
pub mod plain;
mod print_screen;
pub mod re_enable;
mod recorded_attempt;
pub mod replay;
pub mod run;
mod run_printer;
pub mod serve;
mod settings;
pub mod status;
pub mod trading_flags;
pub mod watchdog;
pub mod why;

pub use completions::command_line_files;
pub use dispatch::{main, main_with};
pub use exit::{CliError, Exit};
pub use settings::{AppearanceFlags, CliContext, DayFlags, SettingFlags};
