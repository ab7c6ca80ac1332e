//! `bellwether --plain`: the console in words, for screen readers, for logs, and where there is no
//! terminal to draw on.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write},
    thread,
};

use clap::{Args, ValueEnum};
use tokio::sync::mpsc;

use super::{
    CliError, Context, Exit,
    attach::authority,
    day::{Asked, Unless, chain, obey, system, tokio_runtime},
    interrupt::Interrupted,
    journalled::kept,
    late::{Somebody, ask, choose, on_missed},
    serving::Service,
};
use crate::{
    acting::{Authority, Opening},
    config::{OnHangup, OnMissed},
    controller::{DayRequest, Listener, PlainError, Told, desk_backing, talk},
    engine::{Actor, RunState},
    report::Page,
    runtime::{Attendance, Keeper, Recover},
};

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
    pub once: Option<Screen>,
    /// The moment of `--once`, exchange time: the day is simulated up to there
    #[arg(long, value_name = "TIME", requires = "once")]
    pub at: Option<String>,
    /// `--once` as JSON
    #[arg(long, requires = "once")]
    pub json: bool,
}

/// A screen that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Screen {
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

impl From<Screen> for Page {
    fn from(screen: Screen) -> Self {
        match screen {
            Screen::Day => Self::Day,
            Screen::Tasks => Self::Tasks,
            Screen::Agents => Self::Agents,
            Screen::Events => Self::Events,
            Screen::Alerts => Self::Alerts,
        }
    }
}

/// Where the console is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Drawn.
    Drawn,
    /// In words, as was asked.
    Asked,
    /// In words, and why.
    Forced(&'static str),
}

/// Where the console is shown: drawn, where there is something to draw on and nobody minds.
pub(super) fn manner(plain: bool, context: &Context<'_>) -> Manner {
    let dumb = context.vars.iter().any(|(name, value)| name == "TERM" && value == "dumb");
    if plain {
        Manner::Asked
    } else if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        Manner::Forced("there is no terminal here")
    } else if dumb {
        Manner::Forced("TERM is dumb")
    } else if cfg!(feature = "tui") {
        Manner::Drawn
    } else {
        Manner::Forced("this build draws no screen")
    }
}

/// Opens the console in words on the day that was asked for.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, for a day that cannot be
/// driven, or when `out` cannot be written.
pub fn run(
    context: &Context<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let Asked { config, mode, clock, scenario } = context.asked(Unless::Watched)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let opening = Opening { operator: config.day.operator.clone(), authority: authority(&config) };
    // Whoever cannot type cannot help a day that is stuck.
    let somebody = io::stdin().is_terminal();
    let attendance = if somebody { Attendance::Attended } else { Attendance::Unattended };
    // Not a line is lost, however fast the day goes.
    let (keeper, events) = Keeper::new();
    let date = config.day.date;
    let mut controller = system(config)?;
    let mut kept =
        kept(controller.config(), mode, if somebody { Recover::Ask } else { Recover::Auto })?;
    let config = controller.config().clone();
    let (store, run) = (kept.store(), kept.taken_up().cloned());
    for remark in &kept.remarks {
        writeln!(out, "note: {remark}")?;
    }
    kept.sinks.push(Box::new(keeper));
    obey(&mut controller);
    let request = DayRequest {
        date,
        mode,
        clock,
        scenario,
        overlays: Vec::new(),
        attendance,
        sinks: kept.sinks,
        begins: kept.begins,
    };
    let mut day = controller.begin_day_on(request, |run| desk_backing(&store, run))?;
    let can_act = somebody && opening.authority == Authority::Armed;
    let asked = if can_act { Somebody::There } else { Somebody::Nobody };
    if let Some(late) = on_missed(&mut day, &config, asked, out)? {
        let Some(choice) = ask(&late, &mut io::stdin().lock(), out)? else {
            return Ok(Exit::Good);
        };
        choose(&mut day, choice, Actor::Operator(config.day.operator.clone()))?;
    }
    day.driver.or_unasked(OnMissed::UNASKED);
    let served = Service::beside().open(&config, &day, err)?;
    let interrupted = Interrupted::listen(day.handle.clone(), OnHangup::Finish)?;
    let driving = runtime.spawn(day.driver.run());
    let lines = somebody.then(lines);
    let events = Told::Kept(events);
    let listener = Listener { handle: day.handle, run, events, lines, opening };
    let told = match runtime.block_on(talk(listener, Some(driving), out)) {
        Ok(told) => told,
        // A reader that left had enough.
        Err(PlainError::Write(error)) => return Err(error.into()),
        Err(error) => return Err(CliError::new(Exit::Internal, chain(&error))),
    };
    runtime.block_on(controller.shutdown_system("the console was left"));
    runtime.block_on(served.finish());
    if told.as_ref().is_none_or(|run| !run.ended() && !run.recovering()) {
        store.left()?;
    }
    if let (Some(signal), Some(_)) = (interrupted.by(), told.as_ref().filter(|run| !run.ended())) {
        return Err(CliError::new(Exit::Failed, format!("ended by {signal} before the day was")));
    }
    // A day that was left before its end did not fail.
    Ok(told.filter(RunState::ended).map_or(Exit::Good, |run| super::run::ended(&run)))
}

/// Lines of the standard input, read by a thread that ends with the program.
pub(super) fn lines() -> mpsc::Receiver<String> {
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
