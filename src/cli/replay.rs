//! `bellwether replay`: a day of the journal played again, in the console or in words.

use std::io::Write;

use clap::Args;

use super::{
    CliError, Context, Exit,
    day::{Unless, chain, pace, time, tokio_runtime},
    interrupt::Interrupted,
    plain::{Manner, lines, manner},
};
use crate::{
    acting::{Authority, Opening},
    calendar,
    config::{Config, OnHangup},
    controller::{Listener, PlainError, Told, talk},
    engine::Recorded,
    journal::Sink,
    present::words::safe_to,
    runtime::{Clock, Handle, Keeper, Replay},
    store::{Entry, Reader, RunRow},
};

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
struct Day {
    config: Config,
    run: RunRow,
    events: Vec<Recorded>,
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
    context: &Context<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let day = read(args, context)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    if let Some(unknown) = &day.unknown {
        writeln!(err, "bellwether: note: {unknown}")?;
    }
    match manner(args.plain, context) {
        #[cfg(feature = "tui")]
        Manner::Drawn => drawn(day, context, &runtime),
        #[cfg(not(feature = "tui"))]
        Manner::Drawn => spoken(day, &runtime, out),
        Manner::Asked | Manner::Forced(_) => spoken(day, &runtime, out),
    }
}

fn read(args: &ReplayArgs, context: &Context<'_>) -> Result<Day, CliError> {
    let config = context.config()?;
    let from = args.from.as_deref().map(|text| time("--from", text)).transpose()?;
    let reader = Reader::open(&config.places.state)?;
    let run = reader.find(&args.of)?;
    let entries = reader.events(run.id)?;
    let events: Vec<_> = entries.iter().map_while(|entry| entry.recorded().ok()).collect();
    let unknown = entries.get(events.len()).map(|Entry { seq, kind, .. }| {
        let (rest, kind) = (entries.len() - events.len(), safe_to(kind, 40));
        format!("the replay ends before event {seq}: it is of a kind or form this program does not know ({kind}), {rest} events are not played")
    });
    let date = run.date.parse().ok();
    let from = date.zip(from).map(|(date, from)| calendar::exchange_moment(date, from));
    Ok(Day { config, run, events, unknown, from })
}

/// The replay, at the pace asked for, and the clock it goes by.
fn replay(
    day: Day,
    unless: Unless,
    sinks: Vec<Box<dyn Sink>>,
) -> Result<(Replay, Handle, Clock), CliError> {
    let began = day.from.unwrap_or(day.run.began_at);
    let clock = Clock::starting(began, pace(&day.config, unless));
    let (replay, handle) =
        Replay::new(day.events, day.from, clock.clone(), sinks).map_err(|illegal| {
            CliError::new(Exit::Failed, format!("this run cannot be played: {illegal}"))
        })?;
    Ok((replay, handle, clock))
}

fn spoken(
    day: Day,
    runtime: &tokio::runtime::Runtime,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let RunRow { id, date, mode, events, ended, name, .. } = &day.run;
    let end = ended.as_deref().unwrap_or("left before its end");
    let name = safe_to(name, 60);
    writeln!(
        out,
        "REPLAY of run {id}, {name}: {date}, {mode}, {events} events, {end}. Nothing can be done in it."
    )?;
    let (kept, told) = Keeper::new();
    let opening =
        Opening { operator: day.config.day.operator.clone(), authority: Authority::Locked };
    let (replay, handle, _clock) = replay(day, Unless::Alone, vec![Box::new(kept)])?;
    let interrupted = Interrupted::listen(handle.clone(), OnHangup::Finish)?;
    let driving = runtime.spawn(replay.run());
    let somebody = std::io::IsTerminal::is_terminal(&std::io::stdin());
    let (events, lines) = (Told::Kept(told), somebody.then(lines));
    let listener = Listener { handle, run: None, events, lines, opening };
    match runtime.block_on(talk(listener, Some(driving), out)) {
        Ok(_) => {}
        Err(PlainError::Write(error)) => return Err(error.into()),
        Err(error) => return Err(CliError::new(Exit::Internal, chain(&error))),
    }
    match interrupted.by() {
        Some(signal) => Err(CliError::new(Exit::Failed, format!("ended by {signal}"))),
        // How the day went is no matter of the replay.
        None => Ok(Exit::Good),
    }
}

#[cfg(feature = "tui")]
fn drawn(
    day: Day,
    context: &Context<'_>,
    runtime: &tokio::runtime::Runtime,
) -> Result<Exit, CliError> {
    use super::console::Screen;
    use crate::{
        console::{Settings, Station},
        controller::run_console,
    };

    let config = day.config.clone();
    let screen = Screen::of(context, &config)?;
    let (replay, handle, clock) = replay(day, Unless::Watched, Vec::new())?;
    let settings = screen.settings(&config, (&clock, None), Station::Desk);
    let settings = Settings { authority: Authority::Locked, ..settings };
    let surroundings = screen.surroundings(context, &config, handle.follow());
    let mut playing = runtime.spawn(replay.run());
    let console = run_console(handle, clock, Some(&mut playing), settings, surroundings);
    runtime.block_on(console).map_err(|error| CliError::new(Exit::Internal, chain(&error)))?;
    Ok(Exit::Good)
}
