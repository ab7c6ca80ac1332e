//! `bellwether --plain`: the console in words, for screen readers, for logs, and where there is no
//! terminal to draw on.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write},
    thread,
};

use clap::{Args, ValueEnum};
use tokio::sync::mpsc;

use super::{CliContext, CliError, Exit, attach::configured_authority};
use crate::host::{PlainConsoleSetup, PlainError, PlainEventSource, RunRequest, run_plain_console};
use crate::host::{
    day::{DefaultPace, RunOptions, error_chain, obey_flag_files, start_system, tokio_runtime},
    desk_backing,
    late_start::{Prompting, apply_choice, on_missed, prompt_choice},
    open_journal::{JournalRequest, open_journal},
    run_inputs::RunInputs,
    serve::ServeMode,
    signals::SignalWatch,
};
use config::{CatchUpSetting, OnHangup};
use engine::{
    Actor, RunState,
    control::{Authority, SessionOpening},
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
    let RunOptions { config, mode, clock, scenario } =
        context.run_options(DefaultPace::Interactive)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let opening = SessionOpening {
        operator: config.day.operator.clone(),
        authority: configured_authority(&config),
    };
    // Whoever cannot type cannot help a day that is stuck.
    let somebody = io::stdin().is_terminal();
    let attendance = if somebody { Attendance::Attended } else { Attendance::Unattended };
    // Not a line is lost, however fast the day goes.
    let (keeper, events) = BufferedSink::new();
    let date = config.day.date;
    let mut controller = start_system(config)?;
    let inputs =
        RunInputs::new((controller.day_factory()?, controller.config()), &[], scenario.as_deref());
    let unless = if somebody { RecoveryMode::Ask } else { RecoveryMode::Auto };
    let request = JournalRequest { mode, unless, attendance, inputs };
    let mut kept = open_journal(controller.config(), request)?;
    let config = controller.config().clone();
    let (store, run) = (kept.store(), kept.recovering_run().cloned());
    for remark in &kept.remarks {
        writeln!(out, "note: {remark}")?;
    }
    kept.sinks.push(Box::new(keeper));
    obey_flag_files(&mut controller);
    let request = RunRequest {
        date,
        mode,
        clock,
        scenario,
        overlays: Vec::new(),
        attendance,
        sinks: kept.sinks,
        begins: kept.begins,
    };
    let mut day = controller.prepare_run_on(request, |run| desk_backing(&store, run))?;
    let can_act = somebody && opening.authority == Authority::Armed;
    let asked = if can_act { Prompting::Interactive } else { Prompting::Unattended };
    if let Some(late) = on_missed(&mut day, &config, asked, out)? {
        let Some(choice) = prompt_choice(&late, &mut io::stdin().lock(), out)? else {
            return Ok(Exit::Success);
        };
        apply_choice(&mut day, choice, Actor::Operator(config.day.operator.clone()))?;
    }
    day.driver.or_unasked(CatchUpSetting::UNASKED);
    let served = ServeMode::best_effort().open(&config, &day, err)?;
    let interrupted = SignalWatch::listen(day.handle.clone(), OnHangup::Finish)?;
    let driving = runtime.spawn(day.driver.run());
    let lines = somebody.then(stdin_lines);
    let events = PlainEventSource::FromJournal(events);
    let listener = PlainConsoleSetup { handle: day.handle, run, events, lines, opening };
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
