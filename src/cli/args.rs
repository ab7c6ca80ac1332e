//! The words of the command line.

use clap::{Parser, Subcommand};

#[cfg(feature = "tui")]
use super::keys::KeysArgs;
use super::{
    SettingFlags,
    alert::AlertArgs,
    attach::AttachArgs,
    audit::AuditArgs,
    book::BookArgs,
    calendar::CalendarArgs,
    check::CheckArgs,
    completions::CompletionsArgs,
    config::ConfigArgs,
    control::{ControlArgs, VerbArgs},
    data::DataArgs,
    drill::DrillArgs,
    dry_run::DryRunArgs,
    health::HealthArgs,
    history::{EventExportArgs, EventsArgs, HistoryArgs},
    init::{InitArgs, WorkflowsArgs},
    journal::JournalArgs,
    log_level::LogLevelArgs,
    logs::LogsArgs,
    own_agents::AgentsArgs,
    plain::ConsoleFlags,
    re_enable::ReEnableArgs,
    replay::ReplayArgs,
    run::RunArgs,
    serve::ServeArgs,
    status::StatusArgs,
    trading_flags::TradingFlagArgs,
    watchdog::WatchdogArgs,
    why::WhyArgs,
};

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
    pub command: Option<CliCommand>,
}

/// What can be asked of the program.
#[derive(Debug, Clone, Subcommand)]
pub enum CliCommand {
    /// Send a command to a served run: retry, hold, approve, pause, …; `control help` lists all
    Control(ControlArgs),
    /// List the agents of your own, see whether they work, and try one outside of a run
    Agents(AgentsArgs),
    /// Open the console on a day that is served
    Attach(AttachArgs),
    /// Verify, show or export the audit trail: who did or decided what, when and why
    Audit(AuditArgs),
    /// Show the book and its history, take one in from a file or a broker's table, correct it
    Book(BookArgs),
    /// List the notifiers of alerts, or try them
    Alert(AlertArgs),
    /// Show a year, a month or a day of the exchange: sessions, early closes, special days
    Calendar(CalendarArgs),
    /// Tell every problem of the workflow files at once, with file, line and column
    Check(CheckArgs),
    /// Print the completions of a shell, for its completion folder
    #[command(hide = true)]
    Completions(CompletionsArgs),
    /// Print the manual page
    #[command(hide = true, after_help = "Examples:\n  bellwether man | man -l -")]
    Man,
    /// Show every setting, its value, and where the value came from
    Config(ConfigArgs),
    /// Report what market data is there and what is wrong with it; take in files of vendors
    Data(DataArgs),
    /// Try on a simulated day what must work on the worst one: the kill
    Drill(DrillArgs),
    /// Play a day beforehand: what would run, when, why not, and which deadlines are at risk
    DryRun(DryRunArgs),
    /// Tell a day of the journal again
    Events(EventsArgs),
    /// Write a day of the journal as rows: NDJSON or CSV
    Export(EventExportArgs),
    /// List the runs of the journal
    Runs(HistoryArgs),
    /// Halt trading: no new orders, working orders cancelled (HALTED)
    Halt(TradingFlagArgs),
    /// Check the components of the state folder and of the run that is served there, for probes
    Health(HealthArgs),
    /// Write a desk of your own to start from: settings, a workflow, a working agent
    Init(InitArgs),
    /// Check the journal, or keep it small: what is whole, what was torn, what is old
    Journal(JournalArgs),
    /// Print what an agent and its process said during an attempt
    Logs(LogsArgs),
    /// Kill trading: no orders, no tasks, working orders cancelled (KILLED)
    Kill(TradingFlagArgs),
    /// List every key of the console, as it is set here, or check a file with keys
    #[cfg(feature = "tui")]
    Keys(KeysArgs),
    /// Change what the log of a served run holds, while it runs
    LogLevel(LogLevelArgs),
    /// Loosen trading by one step; with a reason and a typed phrase
    ReEnable(ReEnableArgs),
    /// The verb of REDUCE-ONLY trading.
    #[command(about = "Allow only orders that reduce positions (REDUCE_ONLY)")]
    ReduceOnly(TradingFlagArgs),
    /// Play a day of the journal again, in the console or in words; nothing can be done in it
    Replay(ReplayArgs),
    /// Run a day without a screen: one line, or one JSON object, per event
    Run(RunArgs),
    /// Run a day as a service: without a screen, with a socket for consoles and commands
    Serve(ServeArgs),
    /// Show the status document, of the system or of a day simulated up to a time
    Status(StatusArgs),
    /// Watch a day's heartbeat from a process of its own, and kill when it stops
    Watchdog(WatchdogArgs),
    /// Show why a task does not run, or ended as it did
    Why(WhyArgs),
    /// Write the built-in workflow files to a folder
    Workflows(WorkflowsArgs),
    /// A verb of the table.
    #[command(flatten)]
    Verb(VerbArgs),
}
