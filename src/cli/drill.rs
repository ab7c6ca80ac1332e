//! `bellwether drill`: what must work on the worst day, tried on a simulated one.

use std::io::Write;

use clap::{Args, Subcommand};

use super::{CliContext, CliError, Exit};
use crate::host::day::{DefaultPace, RunOptions, error_chain, tokio_runtime};
use crate::host::{DrillError, KillDrill, check_evidence, drill_kill};
use config::{Config, env};
use engine::Actor;
use planning::plan::RunMode;
use runtime::wall_now;
use store::{DrillLog, DrillResult, TradingFlag};
use view::{drill::LastDrill, format};

/// The name of the drill of the kill in the state folder.
const KILL: &str = "kill";

/// Words of `bellwether drill`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether drill kill                      raise a kill while orders rest, and look at all that must follow
  bellwether drill kill --json               the same as the line that is kept
  bellwether drill kill --date 2018-12-24    on another recorded day; one whose orders rest and fill

The day is simulated in this process, in a temporary folder: no flag, journal or order of the desk is
touched. What came of it is kept in `drills.ndjson` in the state folder; `bellwether status` and the
console's `K` tell how long ago that was. Ends with 0 when all held, with 1 when anything did not.")]
pub struct DrillArgs {
    /// What is drilled.
    #[command(subcommand)]
    pub what: DrillKind,
}

/// What can be drilled.
#[derive(Debug, Clone, Subcommand)]
pub enum DrillKind {
    /// The kill, out of band, while orders rest at the broker
    Kill {
        /// As one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Drills, tells it, and keeps it.
///
/// # Errors
///
/// [`CliError`] for a configuration or date that makes no sense, a day that cannot be driven, or a result
/// that cannot be kept or printed.
pub fn run(
    args: &DrillArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let DrillKind::Kill { json } = args.what;
    let RunOptions { config, mode, scenario, .. } = context.run_options(DefaultPace::Unattended)?;
    if mode != RunMode::Sim {
        let text = "a drill is played on a recorded day: give a --date of the past";
        return Err(CliError::new(Exit::Refused, text));
    }
    let by = config.day.operator.clone();
    let (date, drills) = (config.day.date, DrillLog::in_folder(&config.places.state));
    let flag = TradingFlag {
        by: Some(Actor::Operator(by.clone())),
        why: "a drill".into(),
        at: Some(wall_now()),
    };
    let drill = KillDrill { config, scenario, within: env::temp_folder() };
    let raise =
        move |flags: &store::FlagFiles| flags.raise(engine::TradingState::Killed, &flag).map(drop);
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let checks = check_evidence(&runtime.block_on(Box::pin(drill_kill(drill, raise)))?);
    let held = checks.iter().all(|check| check.ok);
    let program = env!("CARGO_PKG_VERSION").into();
    let drilled =
        DrillResult { drill: KILL.into(), at: wall_now(), by, program, date, held, checks };
    let kept = drills.append(&drilled);
    print_result(&drilled, json, out)?;
    let path = drills.path().display().to_string();
    kept.map_err(|error| CliError::new(Exit::Internal, format!("cannot write {path}: {error}")))?;
    Ok(if held { Exit::Success } else { Exit::Failed })
}

fn print_result(drilled: &DrillResult, json: bool, out: &mut dyn Write) -> Result<(), CliError> {
    if json {
        let text = serde_json::to_string(drilled);
        let text = text.map_err(|error| CliError::new(Exit::Internal, error.to_string()))?;
        writeln!(out, "{text}")?;
        return Ok(());
    }
    for check in &drilled.checks {
        let mark = if check.ok { "ok" } else { "FAILED" };
        writeln!(out, "{:<20} {mark:<6} {}", check.name, format::sanitize(&check.told))?;
    }
    let count = |ok| drilled.checks.iter().filter(|check| check.ok == ok).count();
    match count(false) {
        0 => writeln!(out, "the kill holds on {}: all {} checks", drilled.date, count(true))?,
        n => writeln!(out, "the kill DOES NOT HOLD on {}: {n} failed", drilled.date)?,
    }
    Ok(())
}

/// The last drill of the kill of a state folder; one that cannot be read is none.
pub(super) fn last_drill(config: &Config) -> Option<LastDrill> {
    let last = DrillLog::in_folder(&config.places.state).last(KILL);
    let last =
        last.inspect_err(|error| tracing::warn!(%error, "the drills cannot be read")).ok()??;
    Some(LastDrill { at: last.at, held: last.held })
}

impl From<DrillError> for CliError {
    fn from(error: DrillError) -> Self {
        match error {
            DrillError::Day(error) => error.into(),
            DrillError::Store(error) => error.into(),
            other @ (DrillError::Folder { .. } | DrillError::Read(_)) => {
                Self::new(Exit::Internal, error_chain(&other))
            }
        }
    }
}
