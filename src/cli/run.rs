//! `bellwether run`: a day without a screen, one line or one JSON object per event.

use std::{
    io::{self, IsTerminal as _, Write},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
};

use chrono::{DateTime, Utc};
use clap::Args;
use tokio::sync::watch;

use super::{CliContext, CliError, Exit};
use crate::host::{PreparedRun, RunRequest, desk_backing};
use crate::host::{
    day::{DefaultPace, RunOptions, error_chain, obey_flag_files, start_system, tokio_runtime},
    late_start::{Prompting, apply_choice, on_missed, prompt_choice},
    open_journal::{RecoveryConsent, open_journal, show_recovery},
    serve::ServeMode,
    signals::SignalWatch,
};
use audit::TrailHead;
use config::{CatchUpSetting, Config, GlyphSetting};
use engine::{Actor, RecordedEvent, RunState, RunStatus, TaskState, port::EventSink};
use runtime::{DriveError, RecoveryMode, wall_now};
use view::{
    format::{self, GlyphSet},
    recovery,
    report::{OutputFormat, Reporter, Verbosity},
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
it makes up for what is needed (minimal). `--catch-up` says so beforehand, `dry-run --late TIME` shows
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
    context: &CliContext<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let asked = context.run_options(DefaultPace::Unattended)?;
    run_unattended(args, asked, ServeMode::best_effort(), (out, err))
}

/// Runs a day without a screen, prints it, and serves it.
pub(super) fn run_unattended(
    args: &RunArgs,
    asked: RunOptions,
    service: ServeMode,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> Result<Exit, CliError> {
    let RunOptions { config, mode, clock, scenario } = asked;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let date = config.day.date;
    let reporter = reporter(args, &config, &mut *out);
    let mut controller = start_system(config)?;
    for remark in controller.day_factory()?.data_remarks(date) {
        writeln!(err, "bellwether: note: {remark}")?;
    }
    let mut kept = open_journal(controller.config(), mode, RecoveryMode::Auto)?;
    let config = controller.config().clone();
    for remark in &kept.remarks {
        writeln!(err, "bellwether: note: {remark}")?;
    }
    let agreed = show_recovery(&kept, service.attendance(), err)?;
    let (store, begun) = (kept.store(), kept.recovering_run().cloned());
    let (sender, batches) = mpsc::sync_channel(BEHIND_MAX);
    kept.sinks.push(Box::new(PrintSink(sender)));
    obey_flag_files(&mut controller);
    let request = RunRequest {
        date,
        mode,
        clock,
        scenario,
        overlays: args.overlay.clone(),
        attendance: service.attendance(),
        sinks: kept.sinks,
        begins: kept.begins,
    };
    let mut day = controller.prepare_run_on(request, |run| desk_backing(&store, run))?;
    if agreed == RecoveryConsent::ByOperator {
        day.driver.confirm_recovery(Actor::Operator(config.day.operator.clone()));
    }
    if !settle_late_start(&mut day, (args, &config), err)? {
        return Ok(Exit::Success);
    }
    runtime.spawn(warned(day.handle.journal_fault()));
    let served = service.open(&config, &day, err)?;
    let interrupted = SignalWatch::listen(day.handle, service.on_hangup())?;
    let driving = runtime.spawn(day.driver.run());
    let told = print_run(begun, batches.into_iter().flatten(), reporter, || kept.seal.head())?;
    let driven = runtime.block_on(driving);
    runtime.block_on(served.close());
    let state = match driven {
        Ok(Ok(state)) => state,
        // What was printed before is whole; a reader that left had enough.
        Ok(Err(DriveError::Record(error)))
            if error.kind() == io::ErrorKind::BrokenPipe && error.get_ref().is_none() =>
        {
            return Ok(Exit::Success);
        }
        Ok(Err(error)) => return Err(CliError::new(Exit::Internal, error_chain(&error))),
        Err(crash) => {
            return Err(CliError::new(Exit::Internal, format!("the engine crashed: {crash}")));
        }
    };
    if state.is_recovering()
        && !(service.recovers_on_restart() && interrupted.signal_name().is_some())
    {
        let (why, _) = recovery::recovery_count_text(&state, wall_now());
        return Err(CliError::new(Exit::Refused, format!("nothing was started: {why}")));
    }
    if !state.has_ended() && !service.recovers_on_restart() {
        store.mark_left_unfinished()?;
    }
    if let Some(path) = &args.report {
        writeln!(err, "bellwether: {}", write_report(path, &state, kept.seal.head().as_ref())?)?;
    }
    match interrupted.signal_name().filter(|_| !state.has_ended()) {
        Some(signal) => {
            Err(CliError::new(service.exit_after_signal(), unfinished(signal, &state, told)))
        }
        None => Ok(exit_of_run(&state)),
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
        let _ = writeln!(io::stderr(), "bellwether: {}", recovery::journal_status(why.as_deref()));
    }
}

/// Settles what becomes of missed work; false when who was asked would rather not begin.
fn settle_late_start(
    day: &mut PreparedRun,
    (args, config): (&RunArgs, &Config),
    err: &mut dyn Write,
) -> Result<bool, CliError> {
    let terminal = io::stdin().is_terminal() && io::stderr().is_terminal() && !args.json;
    let somebody = if terminal { Prompting::Interactive } else { Prompting::Unattended };
    let Some(late) = on_missed(day, config, somebody, err)? else {
        day.driver.or_unasked(CatchUpSetting::UNASKED);
        return Ok(true);
    };
    let Some(choice) = prompt_choice(&late, &mut io::stdin().lock(), err)? else {
        return Ok(false);
    };
    apply_choice(day, choice, Actor::Operator(config.day.operator.clone()))?;
    Ok(true)
}

fn reporter<'a>(
    args: &RunArgs,
    config: &Config,
    out: &'a mut dyn Write,
) -> Reporter<&'a mut dyn Write> {
    let glyphs = match config.look.glyphs {
        GlyphSetting::Unicode => GlyphSet::Utf8,
        GlyphSetting::Ascii => GlyphSet::Ascii,
    };
    let format = if args.json { OutputFormat::Json } else { OutputFormat::Text };
    let verbosity = if args.verbose { Verbosity::Verbose } else { Verbosity::Normal };
    Reporter::new(out, format, verbosity).with_glyphs(glyphs)
}

/// Prints a day until it ends, from the run as it `began` if not from its first event, and then where
/// its audit trail ends; gives the moment of its last event.
pub(super) fn print_run(
    began: Option<RunState>,
    events: impl IntoIterator<Item = Arc<RecordedEvent>>,
    mut reporter: Reporter<&mut dyn Write>,
    seal: impl FnOnce() -> Option<TrailHead>,
) -> Result<Option<DateTime<Utc>>, CliError> {
    // The printer folds the events itself: what it says of the run is what the events say.
    let mut run = began;
    let mut at: Option<DateTime<Utc>> = None;
    for recorded in events {
        apply_event(&mut run, &recorded)?;
        at = Some(recorded.at);
        if let Some(run) = &run {
            reporter.event(run, &recorded)?;
        }
    }
    if let (Some(run), Some(at)) = (&run, at) {
        reporter.set_trail_head(seal());
        reporter.close(run, at)?;
    }
    Ok(at)
}

/// Writes the text of the day's report to a file; says so, or why there is none.
fn write_report(
    path: &Path,
    state: &RunState,
    head: Option<&TrailHead>,
) -> Result<String, CliError> {
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
    if state.is_recovering() {
        return format!("ended by {signal} while it waited to be let go on: nothing was started");
    }
    let open = state.tasks().filter(|(_, task)| !task.state.is_terminal()).count();
    let working: Vec<_> = state
        .tasks()
        .filter(|(_, task)| task.state == TaskState::Running)
        .map(|(ix, _)| state.plan().task(ix).id.as_str())
        .collect();
    let at = at.map_or_else(String::new, |at| format!(" after {}", format::format_time(at)));
    let working = if working.is_empty() { "none".into() } else { working.join(", ") };
    format!("ended by {signal}{at}: {open} tasks had not ended; at work: {working}")
}

pub(super) fn apply_event(
    run: &mut Option<RunState>,
    recorded: &RecordedEvent,
) -> Result<(), CliError> {
    let folded = match run {
        None => RunState::from_first_event(recorded).map(|state| *run = Some(state)),
        Some(state) => state.apply(recorded),
    };
    folded.map_err(|illegal| CliError::new(Exit::Internal, illegal.to_string()))
}

/// The exit code of a day.
pub(super) fn exit_of_run(state: &RunState) -> Exit {
    match state.status() {
        RunStatus::Completed(_) => Exit::Success,
        RunStatus::Running | RunStatus::Failed(_) | RunStatus::Cancelled => Exit::Failed,
    }
}

/// Sends every event to the thread that prints.
struct PrintSink(mpsc::SyncSender<Vec<Arc<RecordedEvent>>>);

impl EventSink for PrintSink {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        self.0.send(events.to_vec()).map_err(|_closed| io::ErrorKind::BrokenPipe.into())
    }
}
