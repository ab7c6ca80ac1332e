//! `bellwether replay`: a day of the journal played again, in the console or in words.

use std::io::Write;

use clap::Args;

use super::{
    CliContext, CliError, Exit,
    plain::{ConsoleMode, console_mode, stdin_lines},
};
use crate::host::{PlainConsoleSetup, PlainError, PlainEventSource, run_plain_console};
use crate::host::{
    day::{DefaultPace, clock_pace, error_chain, parse_time_flag, tokio_runtime},
    signals::SignalWatch,
};
use config::{Config, OnHangup};
use engine::{
    RecordedEvent,
    control::{Authority, SessionOpening},
    port::EventSink,
};
use planning::calendar;
use runtime::{BufferedSink, ReplayDriver, RunClock, RunHandle};
use store::{EventRow, JournalReader, RunSummary};
use view::format::safe_to;

/// Words of `bellwether replay`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether replay                          the last day of the journal, in the console
  bellwether replay 2018-12-19 --speed 600   the last run of that date, ten minutes of it in a second
  bellwether replay 3 --from 09:25           run 3, from five minutes before the open
  bellwether replay 3 --plain --speed max    in words, without waiting

No agent works and nothing is written: what is shown is what was recorded. `{` and `}` change the speed,
`,` and `.` step through what has been seen. Nothing can be done in a replay.")]
pub struct ReplayArgs {
    /// Number, date or name of the run; without it, the last one
    #[arg(value_name = "RUN", default_value = "last")]
    pub of: String,
    /// Begin at this time of the day, exchange time: what was before is shown as done
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// In words, one line per event; also where there is no terminal
    #[arg(long)]
    pub plain: bool,
}

/// A recorded day, ready to be played.
struct RecordedDay {
    config: Config,
    run: RunSummary,
    events: Vec<RecordedEvent>,
    /// What cannot be played behind them.
    unknown: Option<String>,
    from: Option<chrono::DateTime<chrono::Utc>>,
}

/// Plays a recorded day again.
///
/// # Errors
///
/// [`CliError`] when there is no such run, it is damaged, its events do not follow from one another, or the terminal or
/// `out` cannot be used.
pub fn run(
    args: &ReplayArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let day = read_day(args, context)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    if let Some(unknown) = &day.unknown {
        writeln!(err, "bellwether: note: {unknown}")?;
    }
    match console_mode(args.plain, context) {
        #[cfg(feature = "tui")]
        ConsoleMode::Drawn => replay_console(day, context, &runtime),
        #[cfg(not(feature = "tui"))]
        ConsoleMode::Drawn => replay_plain(day, &runtime, out),
        ConsoleMode::Plain | ConsoleMode::PlainNoTerminal(_) => replay_plain(day, &runtime, out),
    }
}

fn read_day(args: &ReplayArgs, context: &CliContext<'_>) -> Result<RecordedDay, CliError> {
    let config = context.config()?;
    let from = args.from.as_deref().map(|text| parse_time_flag("--from", text)).transpose()?;
    let reader = JournalReader::open(&config.places.state)?;
    let run = reader.find_run(&args.of)?;
    let entries = reader.events(run.id)?;
    let events: Vec<_> = entries.iter().map_while(|entry| entry.to_recorded().ok()).collect();
    let unknown = entries.get(events.len()).map(|EventRow { seq, kind, .. }| {
        let (rest, kind) = (entries.len() - events.len(), safe_to(kind, 40));
        format!("the replay ends before event {seq}: it is of a kind or form this program does not know ({kind}), {rest} events are not played")
    });
    let date = run.date.parse().ok();
    let from = date.zip(from).map(|(date, from)| calendar::exchange_moment(date, from));
    Ok(RecordedDay { config, run, events, unknown, from })
}

/// The replay, at the pace asked for, and the clock it goes by.
fn replay(
    day: RecordedDay,
    unless: DefaultPace,
    sinks: Vec<Box<dyn EventSink>>,
) -> Result<(ReplayDriver, RunHandle, RunClock), CliError> {
    let began = day.from.unwrap_or(day.run.began_at);
    let clock = RunClock::starting(began, clock_pace(&day.config, unless));
    let (replay, handle) =
        ReplayDriver::new(day.events, day.from, clock.clone(), sinks).map_err(|illegal| {
            CliError::new(Exit::Failed, format!("this run cannot be played: {illegal}"))
        })?;
    Ok((replay, handle, clock))
}

fn replay_plain(
    day: RecordedDay,
    runtime: &tokio::runtime::Runtime,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let RunSummary { id, date, mode, events, ended, name, .. } = &day.run;
    let end = ended.as_deref().unwrap_or("left before its end");
    let name = safe_to(name, 60);
    writeln!(
        out,
        "REPLAY of run {id}, {name}: {date}, {mode}, {events} events, {end}. Nothing can be done in it."
    )?;
    let (kept, told) = BufferedSink::new();
    let opening = SessionOpening {
        operator: day.config.day.operator.clone(),
        authority: Authority::ReadOnly,
    };
    let (replay, handle, _clock) = replay(day, DefaultPace::Unattended, vec![Box::new(kept)])?;
    let interrupted = SignalWatch::listen(handle.clone(), OnHangup::Finish)?;
    let driving = runtime.spawn(replay.run());
    let somebody = std::io::IsTerminal::is_terminal(&std::io::stdin());
    let (events, lines) = (PlainEventSource::FromJournal(told), somebody.then(stdin_lines));
    let listener = PlainConsoleSetup { handle, run: None, events, lines, opening };
    match runtime.block_on(run_plain_console(listener, Some(driving), out)) {
        Ok(_) => {}
        Err(PlainError::Write(error)) => return Err(error.into()),
        Err(error) => return Err(CliError::new(Exit::Internal, error_chain(&error))),
    }
    match interrupted.signal_name() {
        Some(signal) => Err(CliError::new(Exit::Failed, format!("ended by {signal}"))),
        // How the day went is no matter of the replay.
        None => Ok(Exit::Success),
    }
}

#[cfg(feature = "tui")]
fn replay_console(
    day: RecordedDay,
    context: &CliContext<'_>,
    runtime: &tokio::runtime::Runtime,
) -> Result<Exit, CliError> {
    use super::console::TerminalSetup;
    use crate::host::run_console;
    use tui::{ConsoleKind, ConsoleSettings};

    let config = day.config.clone();
    let screen = TerminalSetup::for_process(context, &config)?;
    let (replay, handle, clock) = replay(day, DefaultPace::Interactive, Vec::new())?;
    let settings = screen.console_settings(&config, (&clock, None), ConsoleKind::Local);
    let settings = ConsoleSettings { authority: Authority::ReadOnly, ..settings };
    let surroundings = screen.environment(context, &config, handle.subscribe_from_start());
    let mut playing = runtime.spawn(replay.run());
    let console = run_console(handle, clock, Some(&mut playing), settings, surroundings);
    runtime
        .block_on(console)
        .map_err(|error| CliError::new(Exit::Internal, error_chain(&error)))?;
    Ok(Exit::Success)
}
