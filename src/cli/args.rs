//! The words of the command line.

use clap::{Parser, Subcommand};

use super::{
    SettingFlags,
    audit::AuditArgs,
    calendar::CalendarArgs,
    check::CheckArgs,
    config::ConfigArgs,
    dry_run::DryRunArgs,
    history::{EventsArgs, ExportArgs, HistoryArgs},
    journal::JournalArgs,
    plain::ConsoleFlags,
    replay::ReplayArgs,
    run::RunArgs,
    status::StatusArgs,
};
#[cfg(feature = "tui")]
use super::{keys::KeysArgs, tour::TourArgs};

/// The whole command line.
#[derive(Debug, Clone, Parser)]
#[command(name = "bellwether", version, about, max_term_width = 100)]
pub struct Cli {
    /// Flags that are settings.
    #[command(flatten)]
    pub settings: SettingFlags,
    /// Flags of the console.
    #[command(flatten)]
    pub console: ConsoleFlags,
    /// Open the console for a wall: gauges in large words, nothing can be done at it
    #[cfg(feature = "tui")]
    #[arg(long)]
    pub kiosk: bool,
    /// What to do; without it, the console.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be asked of the program.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Verify, show or export the audit trail: who did or decided what, when and why
    Audit(AuditArgs),
    /// Show a year, a month or a day of the exchange: sessions, early closes, special days
    Calendar(CalendarArgs),
    /// Tell every problem of the workflow files at once, with file, line and column
    Check(CheckArgs),
    /// Show every setting, its value, and where the value came from
    Config(ConfigArgs),
    /// Play a day beforehand: what would run, when, why not, and which deadlines are at risk
    DryRun(DryRunArgs),
    /// Tell a day of the journal again
    Events(EventsArgs),
    /// Write a day of the journal as rows: NDJSON or CSV
    Export(ExportArgs),
    /// List the days of the journal
    History(HistoryArgs),
    /// Check the journal, or keep it small: what is whole, what was torn, what is old
    Journal(JournalArgs),
    /// List every key of the console, as it is set here, or check a file with keys
    #[cfg(feature = "tui")]
    Keys(KeysArgs),
    /// Play a day of the journal again, in the console or in words; nothing can be done in it
    Replay(ReplayArgs),
    /// Run a day without a screen: one line, or one JSON object, per event
    Run(RunArgs),
    /// Show the status document, of the system or of a day simulated up to a time
    Status(StatusArgs),
    /// Go through a script of keys over a day: pictures, a recording, and whether it still holds
    #[cfg(feature = "tui")]
    Tour(TourArgs),
}
