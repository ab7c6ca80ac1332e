//! The words of the command line.

use clap::{Parser, Subcommand};

use super::{
    SettingFlags, calendar::CalendarArgs, check::CheckArgs, config::ConfigArgs, dry_run::DryRunArgs,
};

/// The whole command line.
#[derive(Debug, Clone, Parser)]
#[command(name = "bellwether", version, about, max_term_width = 100)]
pub struct Cli {
    /// Flags that are settings.
    #[command(flatten)]
    pub settings: SettingFlags,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be asked of the program.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Show a year, a month or a day of the exchange: sessions, early closes, special days
    Calendar(CalendarArgs),
    /// Tell every problem of the workflow files at once, with file, line and column
    Check(CheckArgs),
    /// Show every setting, its value, and where the value came from
    Config(ConfigArgs),
    /// Play a day beforehand: what would run, when, why not, and which deadlines are at risk
    DryRun(DryRunArgs),
}
