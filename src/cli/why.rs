//! `bellwether why`: the reasons for which a task does not run, or ended as it did.

use std::io::Write;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;

use super::{CliContext, CliError, Exit, attach::AttachTarget};
use crate::host::{day::tokio_runtime, find_task_by_name};
use engine::RunState;
use store::JournalReader;
use view::{format, why::state_reasons};

/// Words of `bellwether why`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether why execute_open                  in the day that is served here, or in the last run
  bellwether why execute_open --run 2018-12-19 at the end of the last run of that date
  bellwether why execute_open --json           an object with the reasons and the commands that help")]
pub struct WhyArgs {
    /// The task
    #[arg(value_name = "TASK")]
    pub task: String,
    /// A run of the journal by number, date or name; without it, the served day, else the last run
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// Prints the reasons of a task.
///
/// # Errors
///
/// [`CliError`] for an unknown task or run, or when `out` cannot be written.
pub fn run(
    args: &WhyArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let (run, at) = rebuild_run(args, context)?;
    let task =
        find_task_by_name(&run, &args.task).map_err(|error| CliError::new(Exit::Usage, error))?;
    let state = run.task(task).state;
    let lines: Vec<String> =
        state_reasons(&run, task, at).iter().map(|reason| reason.to_line(&run)).collect();
    if args.json {
        let told = json!({ "run": run.plan().run, "task": args.task, "at": at, "state": state, "reasons": lines });
        writeln!(out, "{told:#}")?;
    } else {
        let at = format::format_time(at);
        writeln!(
            out,
            "{} is {state} at {at} {} in run {}",
            args.task,
            planning::calendar::clock_name(),
            run.plan().run
        )?;
        for line in lines {
            writeln!(out, "  {}", format::sanitize(&line))?;
        }
    }
    out.flush()?;
    Ok(Exit::Success)
}

/// Returns the run as it is now, or as it was at its last event.
fn rebuild_run(
    args: &WhyArgs,
    context: &CliContext<'_>,
) -> Result<(RunState, DateTime<Utc>), CliError> {
    let config = context.config()?;
    if args.run.is_none() {
        let runtime = tokio_runtime()?;
        let served = runtime.block_on(AttachTarget::snapshot_if_served(&config))?;
        if let Some((run, beat)) = served {
            let at = run.last_event_at().max(beat.now);
            return Ok((run, at));
        }
    }
    let reader = JournalReader::open(&config.places.state)?;
    let found = reader.find_run(args.run.as_deref().unwrap_or("last"))?;
    let (run, _) = reader.rebuild_state(found.id)?;
    let at = run.last_event_at();
    Ok((run, at))
}
