//! From the words of a command line to the function that does it.

use std::io::Write;

use clap::Parser as _;

use super::{
    CliError, Context, Exit, act,
    args::{Cli, Command},
    attach, audit, calendar, check, config, drill, dry_run, history, journal, kill, once,
    plain::{self, ConsoleFlags, Manner},
    rearm, replay, run, serve, status, watchdog,
};
#[cfg(feature = "tui")]
use super::{console, keys, tour};
#[cfg(feature = "tui")]
use crate::console::Station;
use crate::engine::TradingState;

/// Does what a command line says; `words` begin with the program's name.
///
/// Answers go to `out`, complaints to `err`. A broken pipe on either is a quiet, good end.
pub fn main(
    words: impl IntoIterator<Item = std::ffi::OsString>,
    vars: &[(String, String)],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => return wording(&error, out, err),
    };
    match obey(&cli, vars, out, err) {
        Ok(exit) => exit,
        Err(CliError { exit, message }) => {
            if !message.is_empty() {
                let _ = writeln!(err, "bellwether: {message}");
            }
            exit
        }
    }
}

fn obey(
    cli: &Cli,
    vars: &[(String, String)],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let context = Context { settings: &cli.settings, vars };
    if cli.command.is_some() && cli.console != ConsoleFlags::default() {
        let message = "--plain and --once are the console's: leave the subcommand out";
        return Err(CliError::new(Exit::Usage, message));
    }
    match &cli.command {
        None if cli.console.once.is_some() => once::run(&cli.console, &context, out),
        None => console(cli, &context, out, err),
        Some(Command::Act(args)) => act::run(args, &context, out),
        Some(Command::Verb(verb)) => act::run(&verb.act(), &context, out),
        Some(Command::Attach(args)) => attach::run(args, &context, out, err),
        Some(Command::Audit(args)) => audit::run(args, &context, out),
        Some(Command::Calendar(args)) => calendar::run(args, &context, out),
        Some(Command::Check(args)) => check::run(args, &context, out),
        Some(Command::Config(args)) => config::run(args, &context, out),
        Some(Command::Drill(args)) => drill::run(args, &context, out),
        Some(Command::DryRun(args)) => dry_run::run(args, &context, out),
        Some(Command::Events(args)) => history::events(args, &context, out),
        Some(Command::Export(args)) => history::export(args, &context, out),
        Some(Command::History(args)) => history::history(args, &context, out),
        Some(Command::Halt(args)) => kill::run((TradingState::Halted, args), &context, out),
        Some(Command::Journal(args)) => journal::run(args, &context, out),
        Some(Command::Kill(args)) => kill::run((TradingState::Killed, args), &context, out),
        #[cfg(feature = "tui")]
        Some(Command::Keys(args)) => keys::run(args, &context, out),
        Some(Command::Rearm(args)) => rearm::run(args, &context, out),
        Some(Command::Reduce(args)) => kill::run((TradingState::ReduceOnly, args), &context, out),
        Some(Command::Replay(args)) => replay::run(args, &context, out, err),
        Some(Command::Run(args)) => run::run(args, &context, out, err),
        Some(Command::Serve(args)) => serve::run(args, &context, out, err),
        Some(Command::Status(args)) => status::run(args, &context, out),
        #[cfg(feature = "tui")]
        Some(Command::Tour(args)) => tour::run(args, out, err),
        Some(Command::Watchdog(args)) => watchdog::run(args, &context, out),
    }
}

/// The console: on the terminal, or in words where there is none to draw on.
fn console(
    cli: &Cli,
    context: &Context<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    match plain::manner(cli.console.plain, context) {
        #[cfg(feature = "tui")]
        Manner::Drawn => {
            let station = if cli.kiosk { Station::Wall } else { Station::Desk };
            return console::run(context, station, err);
        }
        #[cfg(not(feature = "tui"))]
        Manner::Drawn => {}
        Manner::Asked => {}
        Manner::Forced(why) => {
            writeln!(err, "bellwether: {why}: one line per event instead of a screen (--plain)")?;
        }
    }
    plain::run(context, out, err)
}

/// `--help` and `--version` are answers; every other thing clap says is a complaint.
fn wording(error: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    if error.use_stderr() {
        let _ = write!(err, "{error}");
        Exit::Usage
    } else {
        let _ = write!(out, "{error}");
        Exit::Good
    }
}
