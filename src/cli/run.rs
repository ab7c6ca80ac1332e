//! `bellwether run`: a day without a screen, one line or one JSON object per event.

use std::{
    io::{self, Write},
    sync::{Arc, mpsc},
};

use chrono::{DateTime, Utc};
use clap::Args;

use super::{
    CliError, Context, Exit,
    day::{Asked, Unless, chain, system, tokio_runtime},
};
use crate::{
    controller::DayRequest,
    engine::{Recorded, RunState, RunStatus},
    report::{Format, Reporter, Verbosity},
    runtime::{Attendance, DriveError, Sink},
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

Ends with 0 when all required work was done (a closed day included), and with 1 when it was not.")]
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
}

/// Runs a day and prints it.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, a day that cannot be driven,
/// or when `out` cannot be written.
pub fn run(args: &RunArgs, context: &Context<'_>, out: &mut dyn Write) -> Result<Exit, CliError> {
    let Asked { config, mode, clock, scenario } = context.asked(Unless::Alone)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let date = config.day.date;
    let glyphs = match config.look.glyphs {
        crate::config::Glyphs::Unicode => crate::present::words::GlyphSet::Utf8,
        crate::config::Glyphs::Ascii => crate::present::words::GlyphSet::Ascii,
    };
    let mut controller = system(config)?;
    let (sender, batches) = mpsc::sync_channel(BEHIND_MAX);
    let day = controller.begin_day(DayRequest {
        date,
        mode,
        clock,
        scenario,
        overlays: args.overlay.clone(),
        attendance: Attendance::Unattended,
        sinks: vec![Box::new(Printer(sender))],
    })?;
    let driving = runtime.spawn(day.driver.run());
    let format = if args.json { Format::Json } else { Format::Text };
    let verbosity = if args.verbose { Verbosity::Verbose } else { Verbosity::Normal };
    let mut reporter = Reporter::new(&mut *out, format, verbosity).glyphs(glyphs);
    // The printer folds the events itself: what it says of the run is what the events say.
    let mut run: Option<RunState> = None;
    let mut at: Option<DateTime<Utc>> = None;
    for recorded in batches.into_iter().flatten() {
        fold(&mut run, &recorded)?;
        at = Some(recorded.at);
        if let Some(run) = &run {
            reporter.event(run, &recorded)?;
        }
    }
    if let (Some(run), Some(at)) = (&run, at) {
        reporter.close(run, at)?;
    }
    match runtime.block_on(driving) {
        Ok(Ok(state)) => Ok(ended(&state)),
        // What was printed before is whole; a reader that left had enough.
        Ok(Err(DriveError::Record(error))) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(Exit::Good)
        }
        Ok(Err(error)) => Err(CliError::new(Exit::Internal, chain(&error))),
        Err(crash) => Err(CliError::new(Exit::Internal, format!("the engine crashed: {crash}"))),
    }
}

fn fold(run: &mut Option<RunState>, recorded: &Recorded) -> Result<(), CliError> {
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
