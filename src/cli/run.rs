//! `bellwether run`: a day without a screen, one line or one JSON object per event.

use std::{
    io::{self, IsTerminal as _, Write},
    path::PathBuf,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use clap::Args;
use tokio::{runtime::Runtime, sync::watch};

use super::{CliContext, CliError, Exit, run_printer::RunPrinter};
pub(super) use crate::host::run_end::exit_of_run;
use crate::host::{
    day::{DefaultPace, RunOptions, tokio_runtime},
    late_start::prompt_choice,
    log::process_log::ProcessLog,
    open_journal::{OpenedJournal, RecoveryConsent, show_recovery},
    print_queue::{PrintQueue, print_queue},
    run_end::{DrivenRun, UnattendedRun},
    serve::ServeMode,
    signals::SignalWatch,
    start::{MissedWorkAnswer, StartDialog, StartRequest, start},
    stderr::write_stderr,
};
use audit::TrailHead;
use config::{Config, GlyphSetting, LogLevel};
use engine::{RunState, TaskState, forecast::catch_up::LateStart};
use runtime::{Attendance, RecoveryMode, RunHandle};
use store::{JournalReader, StoreError};
use view::{
    format::{self, GlyphSet},
    recovery,
    report::{OutputFormat, Reporter, Verbosity},
};

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

SIGINT and SIGTERM end a running day with a summary and exit code 1. So does
closed output (`| head`): the run stops in order, and only `--recover auto` continues it. Output
that is not read never delays the run: events that wait too long are dropped and counted.
A day that starts after some of its windows asks at a terminal what to do about the missed work;
elsewhere it catches up what is needed (minimal). `--catch-up` gives the answer beforehand, and
`dry-run --late TIME` shows the choices. Excused work fails nothing.

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
    let _log = ProcessLog::open(&asked.config, context.vars, LogLevel::Error)?;
    run_unattended(args, asked, ServeMode::best_effort(), (out, err))
}

/// Runs a day without a screen, prints it, and serves it.
pub(super) fn run_unattended(
    args: &RunArgs,
    asked: RunOptions,
    service: ServeMode,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> Result<Exit, CliError> {
    let runtime = tokio_runtime()?;
    let ended = {
        let _inside = runtime.enter();
        begin_and_print(&runtime, (args, asked), service, (out, &mut *err))
    };
    // A line that a blocked terminal has not taken must not keep the program.
    runtime.shutdown_background();
    ended
}

/// Counts the commands and retries of a run before this process continued it.
fn count_earlier<W: Write>(
    config: &Config,
    run: &RunState,
    reporter: &mut Reporter<W>,
) -> Result<(), StoreError> {
    let journal = JournalReader::open(&config.places.state)?;
    let found = journal.find_run(&run.plan().run)?;
    for recorded in journal.recorded_events(found.id)? {
        reporter.count(run, &recorded);
    }
    Ok(())
}

fn begin_and_print(
    runtime: &Runtime,
    (args, asked): (&RunArgs, RunOptions),
    service: ServeMode,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> Result<Exit, CliError> {
    let config = asked.config.clone();
    let mut reporter = reporter(args, &config, &mut *out);
    let (sink, queue) = print_queue();
    let request = StartRequest {
        options: asked,
        overlays: args.overlay.clone(),
        recovery: RecoveryMode::Auto,
        attendance: service.attendance(),
        service,
        sinks: vec![Box::new(sink)],
    };
    let terminal = io::stdin().is_terminal() && io::stderr().is_terminal() && !args.json;
    let mut dialog = RunDialog { err: &mut *err, terminal, attendance: service.attendance() };
    let Some(started) = start(request, &mut dialog)? else { return Ok(Exit::Success) };
    reporter.set_input_changes(started.differing.clone());
    runtime.spawn(report_journal_faults(started.handle.journal_fault()));
    let signals = SignalWatch::listen(started.handle.clone(), service.on_hangup())?;
    let (handle, begun, mut controller) = (started.handle, started.recovered, started.controller);
    if let Some(run) = &begun
        && let Err(error) = count_earlier(&config, run, &mut reporter)
    {
        writeln!(err, "bellwether: note: commands before this start are not counted: {error}")?;
    }
    let driven = UnattendedRun {
        driver: started.driver,
        kill: started.kill,
        served: started.served,
        store: started.store,
        seal: started.trail_head,
        service,
        signals: signals.clone(),
        report: args.report.clone(),
        differing: started.differing,
        unprinted: queue.dropped_lines(),
    };
    let printing = Printing { printer: RunPrinter::new(begun, reporter), handle, signals, service };
    let ended = printing.until_end(runtime, (queue, driven.spawn()), err);
    runtime.block_on(controller.stop_own_agents());
    ended
}

/// A run that is printed while it is driven elsewhere.
struct Printing<'a> {
    printer: RunPrinter<'a>,
    handle: RunHandle,
    signals: SignalWatch,
    service: ServeMode,
}

impl Printing<'_> {
    /// Prints the run to its end. Output that cannot be written stops the run in order.
    fn until_end(
        mut self,
        runtime: &Runtime,
        (mut queue, mut driven): (PrintQueue, DrivenRun),
        err: &mut dyn Write,
    ) -> Result<Exit, CliError> {
        let unprinted = queue.dropped_lines();
        let mut printed = self.printer.print(queue.by_ref());
        if printed.is_err() {
            drop(queue);
            // A run that is over needs no stopping.
            let _ = runtime.block_on(self.handle.stop());
        }
        // Closed where the driver failed: then there is no summary.
        if let (Ok((state, head)), true) = (runtime.block_on(&mut driven.ended), printed.is_ok()) {
            printed = self.close(state, head, unprinted.dropped());
        }
        let concluded = runtime.block_on(&mut driven.concluded);
        let concluded = concluded.unwrap_or_else(|_crashed| {
            Err(CliError::new(Exit::Internal, "the end of the run was not reached"))
        });
        let result = concluded.and_then(|end| {
            if let Some(line) = &end.report {
                writeln!(err, "bellwether: {line}")?;
            }
            self.exit(&end.state, printed)
        });
        match result {
            Err(error) if !error.message.is_empty() => {
                // Written here, where a terminal that takes nothing cannot keep a stopped program.
                writeln!(err, "bellwether: {}", error.message)?;
                Err(CliError::new(error.exit, ""))
            }
            other => other,
        }
    }

    fn close(
        &mut self,
        state: RunState,
        head: Option<TrailHead>,
        dropped: u64,
    ) -> Result<(), CliError> {
        if dropped > 0 {
            self.printer.gap(dropped, state)?;
        }
        self.printer.close(head)
    }

    fn exit(&self, state: &RunState, printed: Result<(), CliError>) -> Result<Exit, CliError> {
        let at = self.printer.last_event_at();
        if let Err(error) = printed {
            return Err(unprinted_end(&error, state));
        }
        match self.signals.signal_name().filter(|_| !state.has_ended()) {
            Some(signal) => {
                Err(CliError::new(self.service.exit_after_signal(), unfinished(signal, state, at)))
            }
            None => Ok(exit_of_run(state)),
        }
    }
}

/// Returns the error of a run whose output could not be written.
fn unprinted_end(error: &CliError, state: &RunState) -> CliError {
    let (exit, cause) = if error.message.is_empty() {
        (Exit::Failed, "its reader closed it")
    } else {
        (error.exit, error.message.as_str())
    };
    let run = &state.plan().run;
    let end = if state.has_ended() {
        format!("run {run} has ended; `bellwether events {run}` prints it")
    } else {
        let (open, at) = (open_tasks(state), format::format_time(state.last_event_at()));
        format!(
            "run {run} was stopped at {at}, {open}; `--recover auto` continues it, and \
             `bellwether serve` needs no reader"
        )
    };
    CliError::new(exit, format!("the output was not written to its end: {cause}; {end}"))
}

/// Writes when events cannot be recorded, and when they can again.
async fn report_journal_faults(mut fault: watch::Receiver<Option<Arc<str>>>) {
    let mut reported = false;
    while fault.changed().await.is_ok() {
        let why = fault.borrow_and_update().clone();
        if reported == why.is_some() {
            continue;
        }
        reported = why.is_some();
        write_stderr(recovery::journal_status(why.as_deref())).await;
    }
}

/// Tells and asks on the standard error and input.
struct RunDialog<'a> {
    err: &'a mut dyn Write,
    terminal: bool,
    attendance: Attendance,
}

impl StartDialog for RunDialog<'_> {
    fn note(&mut self, remark: &str) -> io::Result<()> {
        writeln!(self.err, "bellwether: note: {remark}")
    }

    fn announce(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.err, "bellwether: {line}")
    }

    fn confirm_recovery(&mut self, journal: &OpenedJournal) -> Result<RecoveryConsent, CliError> {
        show_recovery(journal, self.attendance, self.err)
    }

    fn can_ask(&self) -> bool {
        self.terminal
    }

    fn ask_missed_work(&mut self, late: LateStart) -> Result<MissedWorkAnswer, CliError> {
        prompt_choice(&late, &mut io::stdin().lock(), self.err)
    }

    fn can_ask_later(&self) -> bool {
        false
    }
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

/// What is to be said of a day that was ended from outside.
fn unfinished(signal: &str, state: &RunState, at: Option<DateTime<Utc>>) -> String {
    if state.is_recovering() {
        return format!(
            "ended by {signal} while the recovered run waited for an answer: nothing was started"
        );
    }
    let open = open_tasks(state);
    let working: Vec<_> = state
        .tasks()
        .filter(|(_, task)| task.state == TaskState::Running)
        .map(|(ix, _)| state.plan().task(ix).id.as_str())
        .collect();
    let at = at.map_or_else(String::new, |at| format!(" after {}", format::format_time(at)));
    let working = if working.is_empty() { "none".into() } else { working.join(", ") };
    format!("ended by {signal}{at}: {open}; at work: {working}")
}

fn open_tasks(state: &RunState) -> String {
    let open = state.tasks().filter(|(_, task)| !task.state.is_terminal()).count();
    format!("{open} tasks had not ended")
}
