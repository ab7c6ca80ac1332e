//! From the words of a command line to the function that does it.

use std::io::Write;

use clap::FromArgMatches as _;

use super::{
    CliContext, CliError, Exit, alert, applicable,
    args::{Cli, CliCommand},
    attach, audit, book, calendar, check, completions, config, control, data, drill, dry_run,
    health, history, init, journal, log_level, logs, own_agents,
    plain::{self, ConsoleFlags, ConsoleMode},
    print_screen, re_enable, replay, run, serve, status, trading_flags, watchdog, why,
};
#[cfg(feature = "tui")]
use super::{console, keys};
use crate::host::EmbeddedAgents;
use engine::TradingState;
#[cfg(feature = "tui")]
use tui::ConsoleKind;

/// Does what a command line says; `words` begin with the program's name.
///
/// Answers go to `out`, complaints to `err`. A broken pipe on either is a quiet, good end.
pub fn main(
    words: impl IntoIterator<Item = std::ffi::OsString>,
    vars: &[(String, String)],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    main_with(&EmbeddedAgents::default(), words, vars, (out, err))
}

/// The same for a program with agents, or a workflow, of its own: every command knows them, the
/// console included.
///
/// ```no_run
/// use std::{io, process::ExitCode};
///
/// use bellwether::{cli, config::env, engine::port::Agent, host::EmbeddedAgents};
///
/// # fn newsroom() -> impl Agent { Newsroom }
/// # struct Newsroom;
/// # impl Agent for Newsroom {
/// #     fn perform(&self, _: engine::port::AttemptRequest) -> engine::port::AttemptFuture<'_> {
/// #         unreachable!()
/// #     }
/// #     fn describe(&self) -> Vec<&str> { Vec::new() }
/// # }
/// fn main() -> ExitCode {
///     let agents = EmbeddedAgents::new().agent("newsroom", newsroom());
///     let (mut out, mut err) = (io::stdout().lock(), io::stderr());
///     cli::main_with(&agents, std::env::args_os(), &env::of_process(), (&mut out, &mut err)).into()
/// }
/// ```
pub fn main_with(
    embedded: &EmbeddedAgents,
    words: impl IntoIterator<Item = std::ffi::OsString>,
    vars: &[(String, String)],
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> Exit {
    if let Err(error) = embedded.check() {
        let _ = writeln!(err, "bellwether: {error}");
        return Exit::Usage;
    }
    let matched = applicable::command_line().try_get_matches_from(words);
    let cli = match matched.and_then(|matched| Cli::from_arg_matches(&matched)) {
        Ok(cli) => cli,
        Err(error) => return wording(&error, out, err),
    };
    let context = CliContext { settings: &cli.settings, vars, embedded };
    match run_command(&cli, &context, out, err) {
        Ok(exit) => exit,
        Err(CliError { exit, message }) => {
            if !message.is_empty() {
                let _ = writeln!(err, "bellwether: {message}");
            }
            exit
        }
    }
}

fn run_command(
    cli: &Cli,
    context: &CliContext<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    if cli.command.is_some() && cli.console != ConsoleFlags::default() {
        let message = "--plain and --once are the console's: leave the subcommand out";
        return Err(CliError::new(Exit::Usage, message));
    }
    match &cli.command {
        None if cli.console.once.is_some() => print_screen::run(&cli.console, context, out),
        None => console(cli, context, out, err),
        Some(CliCommand::Control(args)) => control::run(args, context, out),
        Some(CliCommand::Verb(verb)) => control::run(&verb.to_control_args(), context, out),
        Some(CliCommand::Agents(args)) => own_agents::run(args, context, out),
        Some(CliCommand::Attach(args)) => attach::run(args, context, out, err),
        Some(CliCommand::Alert(args)) => alert::run(args, context, out),
        Some(CliCommand::Audit(args)) => audit::run(args, context, out),
        Some(CliCommand::Book(args)) => book::run(args, context, out),
        Some(CliCommand::Calendar(args)) => calendar::run(args, context, out),
        Some(CliCommand::Check(args)) => check::run(args, context, out),
        Some(CliCommand::Completions(args)) => completions::run(args, out),
        Some(CliCommand::Man) => completions::man(out),
        Some(CliCommand::Config(args)) => config::run(args, context, out),
        Some(CliCommand::Data(args)) => data::run(args, context, out),
        Some(CliCommand::Drill(args)) => drill::run(args, context, out),
        Some(CliCommand::DryRun(args)) => dry_run::run(args, context, out),
        Some(CliCommand::Events(args)) => history::events(args, context, out),
        Some(CliCommand::Export(args)) => history::export_events(args, context, out),
        Some(CliCommand::Runs(args)) => history::list_runs(args, context, out),
        Some(CliCommand::Halt(args)) => {
            trading_flags::run((TradingState::Halted, args), context, out)
        }
        Some(CliCommand::Health(args)) => health::run(args, context, out),
        Some(CliCommand::Init(args)) => init::init(args, out),
        Some(CliCommand::Journal(args)) => journal::run(args, context, out),
        Some(CliCommand::Kill(args)) => {
            trading_flags::run((TradingState::Killed, args), context, out)
        }
        Some(CliCommand::Logs(args)) => logs::run(args, context, out),
        #[cfg(feature = "tui")]
        Some(CliCommand::Keys(args)) => keys::run(args, context, out),
        Some(CliCommand::ReEnable(args)) => re_enable::run(args, context, out),
        Some(CliCommand::ReduceOnly(args)) => {
            trading_flags::run((TradingState::ReduceOnly, args), context, out)
        }
        Some(CliCommand::Replay(args)) => replay::run(args, context, out, err),
        Some(CliCommand::LogLevel(args)) => log_level::run(args, context, out),
        Some(CliCommand::Run(args)) => run::run(args, context, out, err),
        Some(CliCommand::Serve(args)) => serve::run(args, context, out, err),
        Some(CliCommand::Status(args)) => status::run(args, context, out),
        Some(CliCommand::Watchdog(args)) => watchdog::run(args, context, out),
        Some(CliCommand::Why(args)) => why::run(args, context, out),
        Some(CliCommand::Workflows(args)) => init::workflows(args, out),
    }
}

/// The console: on the terminal, or in words where there is none to draw on.
fn console(
    cli: &Cli,
    context: &CliContext<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    match plain::console_mode(cli.console.plain, context) {
        #[cfg(feature = "tui")]
        ConsoleMode::Drawn => {
            let station = if cli.kiosk { ConsoleKind::Kiosk } else { ConsoleKind::Local };
            return console::run(context, station, err);
        }
        #[cfg(not(feature = "tui"))]
        ConsoleMode::Drawn => {}
        ConsoleMode::Plain => {}
        ConsoleMode::PlainNoTerminal(why) => {
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
        Exit::Success
    }
}
