//! `bellwether run`: a day without a screen, one line or one JSON object per event.

use std::{
    io::{self, IsTerminal as _, Write},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
};

use chrono::{DateTime, Utc};
use clap::Args;
use tokio::sync::watch;

use super::{
    CliError, Context, Exit,
    day::{Asked, Unless, chain, obey, system, tokio_runtime},
    interrupt::Interrupted,
    journalled::{Agreed, kept, show},
    late::{Somebody, ask, choose, on_missed},
    serving::Service,
};
use crate::{
    audit::Head,
    config::{Config, Glyphs, OnMissed},
    controller::{Day, DayRequest, desk_backing},
    engine::{Actor, Recorded, RunState, RunStatus, TaskState},
    journal::Sink,
    present::{
        recovery,
        words::{self, GlyphSet},
    },
    report::{Format, Reporter, Verbosity},
    runtime::{DriveError, Recover, wall},
};

/// Batches of events on their way to the printer. When it is behind, the day waits: not a line
/// is lost.
const BEHIND_MAX: usize = 256;

/// Words of `bellwether run`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether run                               the default day, without waiting
  bellwether run --date 2018-12-24 --speed 60  a half day, a minute of it in a second
  bellwether run --json | jq -c 'select(.event == \"task_failed\")'
  bellwether run --scenario demo --verbose     with faults, and every round of the monitors
  bellwether run --date today                  PAPER: today, on the real clock
  bellwether run --report day.md               and the daily report, in a file

SIGINT and SIGTERM end a day that is under way: what happened is told, and the exit code is 1.
Begun after some of its windows, a day asks at a terminal what becomes of the missed work; elsewhere
it makes up for what is needed (minimal). `--on-missed` says so beforehand, `dry-run --late TIME` shows
the choices. Work that was let go fails nothing.

Ends with 0 when all required work was done (a closed day included), and with 1 when it was not.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct RunArgs {
    /// One JSON object per event and a summary object at the end
    #[arg(long)]
    pub json: bool,
    /// Also the rounds of monitoring loops, queueing and progress
    #[arg(long, short)]
    pub verbose: bool,
    /// Lay this overlay over the day besides those that apply; may be repeated
    #[arg(long, value_name = "NAME")]
    pub overlay: Vec<String>,
    /// Write the day's report here, as Markdown
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// Runs a day and prints it.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, a day that cannot be driven,
/// or when `out` cannot be written.
pub fn run(
    args: &RunArgs,
    context: &Context<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let asked = context.asked(Unless::Alone)?;
    alone(args, asked, Service::beside(), (out, err))
}

/// Runs a day without a screen, prints it, and serves it.
pub(super) fn alone(
    args: &RunArgs,
    asked: Asked,
    service: Service,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> Result<Exit, CliError> {
    let Asked { config, mode, clock, scenario } = asked;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let date = config.day.date;
    let reporter = reporter(args, &config, &mut *out);
    let mut controller = system(config)?;
    for remark in controller.days()?.remarks(date) {
        writeln!(err, "bellwether: note: {remark}")?;
    }
    let mut kept = kept(controller.config(), mode, Recover::Auto)?;
    let config = controller.config().clone();
    for remark in &kept.remarks {
        writeln!(err, "bellwether: note: {remark}")?;
    }
    let agreed = show(&kept, service.attendance(), err)?;
    let (store, begun) = (kept.store(), kept.taken_up().cloned());
    let (sender, batches) = mpsc::sync_channel(BEHIND_MAX);
    kept.sinks.push(Box::new(Printer(sender)));
    obey(&mut controller);
    let request = DayRequest {
        date,
        mode,
        clock,
        scenario,
        overlays: args.overlay.clone(),
        attendance: service.attendance(),
        sinks: kept.sinks,
        begins: kept.begins,
    };
    let mut day = controller.begin_day_on(request, |run| desk_backing(&store, run))?;
    if agreed == Agreed::ByPerson {
        day.driver.let_go_on(Actor::Operator(config.day.operator.clone()));
    }
    if !settled(&mut day, (args, &config), err)? {
        return Ok(Exit::Good);
    }
    runtime.spawn(warned(day.handle.frozen()));
    let served = service.open(&config, &day, err)?;
    let interrupted = Interrupted::listen(day.handle, service.on_hangup())?;
    let driving = runtime.spawn(day.driver.run());
    let told = tell(begun, batches.into_iter().flatten(), reporter, || kept.seal.head())?;
    let driven = runtime.block_on(driving);
    runtime.block_on(served.finish());
    let state = match driven {
        Ok(Ok(state)) => state,
        // What was printed before is whole; a reader that left had enough.
        Ok(Err(DriveError::Record(error)))
            if error.kind() == io::ErrorKind::BrokenPipe && error.get_ref().is_none() =>
        {
            return Ok(Exit::Good);
        }
        Ok(Err(error)) => return Err(CliError::new(Exit::Internal, chain(&error))),
        Err(crash) => {
            return Err(CliError::new(Exit::Internal, format!("the engine crashed: {crash}")));
        }
    };
    if state.recovering() && !(service.goes_on() && interrupted.by().is_some()) {
        let (why, _) = recovery::taken_up(&state, wall());
        return Err(CliError::new(Exit::Refused, format!("nothing was started: {why}")));
    }
    if !state.ended() && !service.goes_on() {
        store.left()?;
    }
    if let Some(path) = &args.report {
        writeln!(err, "bellwether: {}", written(path, &state, kept.seal.head().as_ref())?)?;
    }
    match interrupted.by().filter(|_| !state.ended()) {
        Some(signal) => Err(CliError::new(service.ended(), unfinished(signal, &state, told))),
        None => Ok(ended(&state)),
    }
}

/// Says beside the day, once each, that nothing can be recorded and that it can again.
async fn warned(mut frozen: watch::Receiver<Option<Arc<str>>>) {
    let mut told = false;
    while frozen.changed().await.is_ok() {
        let why = frozen.borrow_and_update().clone();
        if told == why.is_some() {
            continue;
        }
        told = why.is_some();
        // Whoever closed it does not want to know.
        let _ = writeln!(io::stderr(), "bellwether: {}", recovery::recorded(why.as_deref()));
    }
}

/// Settles what becomes of missed work; false when who was asked would rather not begin.
fn settled(
    day: &mut Day,
    (args, config): (&RunArgs, &Config),
    err: &mut dyn Write,
) -> Result<bool, CliError> {
    let terminal = io::stdin().is_terminal() && io::stderr().is_terminal() && !args.json;
    let somebody = if terminal { Somebody::There } else { Somebody::Nobody };
    let Some(late) = on_missed(day, config, somebody, err)? else {
        day.driver.or_unasked(OnMissed::UNASKED);
        return Ok(true);
    };
    let Some(choice) = ask(&late, &mut io::stdin().lock(), err)? else { return Ok(false) };
    choose(day, choice, Actor::Operator(config.day.operator.clone()))?;
    Ok(true)
}

fn reporter<'a>(
    args: &RunArgs,
    config: &Config,
    out: &'a mut dyn Write,
) -> Reporter<&'a mut dyn Write> {
    let glyphs = match config.look.glyphs {
        Glyphs::Unicode => GlyphSet::Utf8,
        Glyphs::Ascii => GlyphSet::Ascii,
    };
    let format = if args.json { Format::Json } else { Format::Text };
    let verbosity = if args.verbose { Verbosity::Verbose } else { Verbosity::Normal };
    Reporter::new(out, format, verbosity).glyphs(glyphs)
}

/// Prints a day until it ends, from the run as it `began` if not from its first event, and then where
/// its audit trail ends; gives the moment of its last event.
pub(super) fn tell(
    began: Option<RunState>,
    events: impl IntoIterator<Item = Arc<Recorded>>,
    mut reporter: Reporter<&mut dyn Write>,
    seal: impl FnOnce() -> Option<Head>,
) -> Result<Option<DateTime<Utc>>, CliError> {
    // The printer folds the events itself: what it says of the run is what the events say.
    let mut run = began;
    let mut at: Option<DateTime<Utc>> = None;
    for recorded in events {
        fold(&mut run, &recorded)?;
        at = Some(recorded.at);
        if let Some(run) = &run {
            reporter.event(run, &recorded)?;
        }
    }
    if let (Some(run), Some(at)) = (&run, at) {
        reporter.seal(seal());
        reporter.close(run, at)?;
    }
    Ok(at)
}

/// Writes the text of the day's report to a file; says so, or why there is none.
fn written(path: &Path, state: &RunState, head: Option<&Head>) -> Result<String, CliError> {
    let text = state.tasks().find_map(|(ix, task)| {
        let report = state.plan().task(ix).task_type.as_str() == "daily_report";
        task.outcome.as_ref().filter(|_| report)?.output.pointer("/data/markdown")?.as_str()
    });
    let shown = path.display();
    let Some(text) = text else {
        return Ok(format!("no report was written to {shown}: the day has no `daily_report`"));
    };
    let wrong = |error| CliError::new(Exit::Internal, format!("cannot write {shown}: {error}"));
    let sealed = head.map(|head| format!("\nAudit trail: ends with entry {head}\n"));
    std::fs::write(path, format!("{text}{}", sealed.unwrap_or_default())).map_err(wrong)?;
    Ok(format!("the report is in {shown}"))
}

/// What is to be said of a day that was ended from outside.
fn unfinished(signal: &str, state: &RunState, at: Option<DateTime<Utc>>) -> String {
    if state.recovering() {
        return format!("ended by {signal} while it waited to be let go on: nothing was started");
    }
    let open = state.tasks().filter(|(_, task)| !task.state.ended()).count();
    let working: Vec<_> = state
        .tasks()
        .filter(|(_, task)| task.state == TaskState::Running)
        .map(|(ix, _)| state.plan().task(ix).id.as_str())
        .collect();
    let at = at.map_or_else(String::new, |at| format!(" after {}", words::time(at)));
    let working = if working.is_empty() { "none".into() } else { working.join(", ") };
    format!("ended by {signal}{at}: {open} tasks had not ended; at work: {working}")
}

pub(super) fn fold(run: &mut Option<RunState>, recorded: &Recorded) -> Result<(), CliError> {
    let folded = match run {
        None => RunState::begin(recorded).map(|state| *run = Some(state)),
        Some(state) => state.apply(recorded),
    };
    folded.map_err(|illegal| CliError::new(Exit::Internal, illegal.to_string()))
}

/// The exit code of a day.
pub(super) fn ended(state: &RunState) -> Exit {
    match state.status() {
        RunStatus::Completed(_) => Exit::Good,
        RunStatus::Running | RunStatus::Failed(_) | RunStatus::Cancelled => Exit::Failed,
    }
}

/// Sends every event to the thread that prints.
struct Printer(mpsc::SyncSender<Vec<Arc<Recorded>>>);

impl Sink for Printer {
    fn record(&mut self, events: &[Arc<Recorded>], _run: &RunState) -> io::Result<()> {
        self.0.send(events.to_vec()).map_err(|_closed| io::ErrorKind::BrokenPipe.into())
    }
}
