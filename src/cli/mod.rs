//! The command line: one file per subcommand, clap for the words, an exit code for the answer.
//!
//! To add a subcommand: a file here with its `Args` and `run(args, out) -> Result<Exit, CliError>`,
//! a variant in [`args::Command`] whose doc comment is its help, and one arm in [`main`]. Nothing
//! here decides anything about a day; it reads words, calls `controller` or a lower row, and prints.

pub mod args;
pub mod config;
mod dispatch;
mod exit;
mod settings;

pub use dispatch::main;
pub use exit::{CliError, Exit};
pub use settings::{DayFlags, LookFlags, SettingFlags, load};
