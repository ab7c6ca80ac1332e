//! The words of the command line.

use clap::{Parser, Subcommand};

use super::{
    SettingFlags,
    act::{ActArgs, VerbArgs},
    attach::AttachArgs,
    audit::AuditArgs,
    calendar::CalendarArgs,
    check::CheckArgs,
    config::ConfigArgs,
    drill::DrillArgs,
    dry_run::DryRunArgs,
    history::{EventsArgs, ExportArgs, HistoryArgs},
    journal::JournalArgs,
    kill::KillArgs,
    plain::ConsoleFlags,
    rearm::RearmArgs,
    replay::ReplayArgs,
    run::RunArgs,
    serve::ServeArgs,
    status::StatusArgs,
    watchdog::WatchdogArgs,
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
    /// Act on a day that is served: retry, hold, approve, pause, …; `act help` lists all
    Act(ActArgs),
    /// Open the console on a day that is served
    Attach(AttachArgs),
    /// Verify, show or export the audit trail: who did or decided what, when and why
    Audit(AuditArgs),
    /// Show a year, a month or a day of the exchange: sessions, early closes, special days
    Calendar(CalendarArgs),
    /// Tell every problem of the workflow files at once, with file, line and column
    Check(CheckArgs),
    /// Show every setting, its value, and where the value came from
    Config(ConfigArgs),
    /// Try on a simulated day what must work on the worst one: the kill
    Drill(DrillArgs),
    /// Play a day beforehand: what would run, when, why not, and which deadlines are at risk
    DryRun(DryRunArgs),
    /// Tell a day of the journal again
    Events(EventsArgs),
    /// Write a day of the journal as rows: NDJSON or CSV
    Export(ExportArgs),
    /// List the days of the journal
    History(HistoryArgs),
    /// Stop orders from outside: withdraw own ones, let no new ones out (HALTED)
    Halt(KillArgs),
    /// Check the journal, or keep it small: what is whole, what was torn, what is old
    Journal(JournalArgs),
    /// Stop everything from outside, whether or not the engine listens (KILLED)
    Kill(KillArgs),
    /// List every key of the console, as it is set here, or check a file with keys
    #[cfg(feature = "tui")]
    Keys(KeysArgs),
    /// Take a kill or a halt back where no engine runs, one rung at a time
    Rearm(RearmArgs),
    /// Let only what makes positions smaller out, from outside (`REDUCE_ONLY`)
    Reduce(KillArgs),
    /// Play a day of the journal again, in the console or in words; nothing can be done in it
    Replay(ReplayArgs),
    /// Run a day without a screen: one line, or one JSON object, per event
    Run(RunArgs),
    /// Run a day as a service: without a screen, with a socket for consoles and commands
    Serve(ServeArgs),
    /// Show the status document, of the system or of a day simulated up to a time
    Status(StatusArgs),
    /// Go through a script of keys over a day: pictures, a recording, and whether it still holds
    #[cfg(feature = "tui")]
    Tour(TourArgs),
    /// Watch a day's heartbeat from a process of its own, and kill when it stops
    Watchdog(WatchdogArgs),
    /// A verb of the table.
    #[command(flatten)]
    Verb(VerbArgs),
}
