//! `bellwether --plain`: the console in words, for screen readers, for logs, and where there is no
//! terminal to draw on.

use std::{
    fs::File,
    io::{self, BufRead as _, IsTerminal as _, Write},
    os::{fd::AsFd as _, unix::fs::FileTypeExt as _},
    thread,
};

use clap::{Args, ValueEnum};
use tokio::sync::mpsc;

use super::{CliContext, CliError, Exit, attach::configured_authority};
use crate::host::{PlainConsoleSetup, PlainError, PlainEventSource, run_plain_console};
use crate::host::{
    day::{DefaultPace, error_chain, tokio_runtime},
    late_start::prompt_choice,
    serve::ServeMode,
    signals::SignalWatch,
    start::{MissedWorkAnswer, StartDialog, StartRequest, StartedRun, start},
};
use config::OnHangup;
use engine::{
    RunState,
    control::{Authority, SessionOpening},
    forecast::catch_up::LateStart,
    port::EventSink,
};
use runtime::{Attendance, BufferedSink, RecoveryMode};
use view::report::ScreenName;

/// Lines typed ahead.
const LINES_MAX: usize = 16;

/// Flags of the console, where no subcommand is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct ConsoleFlags {
    /// The console in words: one line per event, and commands typed as lines; `help` lists them
    #[arg(long, conflicts_with = "once")]
    pub plain: bool,
    /// Print what one screen lists at a moment, and end
    #[arg(long, value_name = "SCREEN")]
    pub once: Option<PrintedScreen>,
    /// The moment of `--once`, exchange time: the day is simulated up to there
    #[arg(long, value_name = "TIME", requires = "once")]
    pub at: Option<String>,
    /// `--once` as JSON
    #[arg(long, requires = "once")]
    pub json: bool,
}

/// A screen that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PrintedScreen {
    /// The stages of the day
    Day,
    /// Every task, most pressing first
    Tasks,
    /// The agents
    Agents,
    /// What happened, oldest first
    Events,
    /// Alerts, and what waits for an answer
    Alerts,
}

impl From<PrintedScreen> for ScreenName {
    fn from(screen: PrintedScreen) -> Self {
        match screen {
            PrintedScreen::Day => Self::Day,
            PrintedScreen::Tasks => Self::Tasks,
            PrintedScreen::Agents => Self::Agents,
            PrintedScreen::Events => Self::Events,
            PrintedScreen::Alerts => Self::Alerts,
        }
    }
}

/// Where the console is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConsoleMode {
    /// Drawn.
    Drawn,
    /// In words, as was asked.
    Plain,
    /// In words, and why.
    PlainNoTerminal(&'static str),
}

/// Where the console is shown: drawn, where there is something to draw on and nobody minds.
pub(super) fn console_mode(plain: bool, context: &CliContext<'_>) -> ConsoleMode {
    let dumb = context.vars.iter().any(|(name, value)| name == "TERM" && value == "dumb");
    if plain {
        ConsoleMode::Plain
    } else if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        ConsoleMode::PlainNoTerminal("there is no terminal here")
    } else if dumb {
        ConsoleMode::PlainNoTerminal("TERM is dumb")
    } else if cfg!(feature = "tui") {
        ConsoleMode::Drawn
    } else {
        ConsoleMode::PlainNoTerminal("this build draws no screen")
    }
}

/// Opens the console in words on the day that was asked for.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, for a day that cannot be
/// driven, or when `out` cannot be written.
pub fn run(
    context: &CliContext<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let options = context.run_options(DefaultPace::Interactive)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let opening = SessionOpening {
        operator: options.config.day.operator.clone(),
        authority: configured_authority(&options.config),
    };
    tell_piped_input(err)?;
    // An operator who cannot type cannot help a run that is stuck.
    let (terminal, service) = (io::stdin().is_terminal(), ServeMode::best_effort());
    let (attendance, recovery) = if terminal {
        (Attendance::Attended, RecoveryMode::Ask)
    } else {
        (Attendance::Unattended, RecoveryMode::Auto)
    };
    // No line is lost, however fast the run goes.
    let (sink, events) = BufferedSink::new();
    let (overlays, sinks): (_, Vec<Box<dyn EventSink>>) = (Vec::new(), vec![Box::new(sink)]);
    let request = StartRequest { options, overlays, recovery, attendance, service, sinks };
    let can_ask = terminal && opening.authority == Authority::Armed;
    let mut dialog = PlainDialog { out: &mut *out, err, can_ask };
    let Some(started) = start(request, &mut dialog)? else { return Ok(Exit::Success) };
    let StartedRun { mut controller, driver, handle, store, served, recovered: run, .. } = started;
    let _kill = started.kill;
    let interrupted = SignalWatch::listen(handle.clone(), OnHangup::Finish)?;
    let driving = runtime.spawn(driver.run());
    let lines = terminal.then(stdin_lines);
    let events = PlainEventSource::FromJournal(events);
    let listener = PlainConsoleSetup { handle, run, events, lines, opening };
    let told = match runtime.block_on(run_plain_console(listener, Some(driving), out)) {
        Ok(told) => told,
        // A reader that left had enough.
        Err(PlainError::Write(error)) => return Err(error.into()),
        Err(error) => return Err(CliError::new(Exit::Internal, error_chain(&error))),
    };
    runtime.block_on(controller.shutdown_system("the console was left"));
    runtime.block_on(served.close());
    if told.as_ref().is_none_or(|run| !run.has_ended() && !run.is_recovering()) {
        store.mark_left_unfinished()?;
    }
    if let (Some(signal), Some(_)) =
        (interrupted.signal_name(), told.as_ref().filter(|run| !run.has_ended()))
    {
        return Err(CliError::new(Exit::Failed, format!("ended by {signal} before the day was")));
    }
    // A day that was left before its end did not fail.
    Ok(told.filter(RunState::has_ended).map_or(Exit::Success, |run| super::run::exit_of_run(&run)))
}

/// Tells a start in the console's own lines, and asks on the standard input.
struct PlainDialog<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    can_ask: bool,
}

impl StartDialog for PlainDialog<'_> {
    fn note(&mut self, remark: &str) -> io::Result<()> {
        writeln!(self.out, "note: {remark}")
    }

    fn announce(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.err, "bellwether: {line}")
    }

    fn can_ask(&self) -> bool {
        self.can_ask
    }

    fn ask_missed_work(&mut self, late: LateStart) -> Result<MissedWorkAnswer, CliError> {
        prompt_choice(&late, &mut io::stdin().lock(), self.out)
    }

    fn can_ask_later(&self) -> bool {
        false
    }
}

/// Says that lines from a pipe or a file are not taken: a script sends its commands with
/// `bellwether control`, which answers with an exit code.
pub(super) fn tell_piped_input(err: &mut dyn Write) -> io::Result<()> {
    let told = io::stdin().as_fd().try_clone_to_owned().map(File::from).and_then(|f| f.metadata());
    let kind = told.map(|told| told.file_type());
    if kind.is_ok_and(|kind| kind.is_fifo() || kind.is_file()) {
        writeln!(
            err,
            "bellwether: standard input is no terminal: its lines are not read; send commands with \
             `bellwether control`"
        )?;
    }
    Ok(())
}

/// Lines of the standard input, read by a thread that ends with the program.
pub(super) fn stdin_lines() -> mpsc::Receiver<String> {
    let (typed, lines) = mpsc::channel(LINES_MAX);
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if typed.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}
