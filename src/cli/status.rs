//! `bellwether status`: the specification's status document.

use std::io::Write;

use chrono::NaiveTime;
use clap::Args;
use serde_json::json;

use super::{CliContext, CliError, Exit, drill, health::FolderHealth};
use crate::host::{
    Component, ComponentHealth, HealthState,
    day::{SimulatedDay, parse_time_flag, simulate_day},
    health::totals_of_folder,
    orchestration_controller::agents_status,
};
use engine::RunState;
use runtime::wall_now;
use store::FlagFiles;
use view::{
    drill::drill_age,
    format,
    status::{ProcessInfo, StatusExtras, SystemStatus, status},
};

/// Words of `bellwether status`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether status                       the run that is served in the state folder, the counts of all its
                                          runs, and the health of each component
  bellwether status --at 10:42            as it stands at 10:42 of the default day, simulated up to there
  bellwether status --at 14:10 --json     the same as the specification's JSON document

Ends with 1 when a component failed. `bellwether health` also fails when no process drives a run.")]
pub struct StatusArgs {
    /// Simulate the day up to this time, exchange time, and show the status there
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The document as JSON
    #[arg(long)]
    pub json: bool,
}

/// Prints the status document.
///
/// # Errors
///
/// [`CliError`] for configuration, files, dates or times that make no sense, a day that cannot be
/// driven, or when `out` cannot be written.
pub fn run(
    args: &StatusArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let until = args.at.as_deref().map(|text| parse_time_flag("--at", text)).transpose()?;
    let (document, components) = match until {
        Some(until) => simulated(context, until)?,
        None => of_folder(context)?,
    };
    if args.json {
        let text = serde_json::to_string_pretty(&document)
            .map_err(|error| CliError::new(Exit::Internal, error.to_string()))?;
        writeln!(out, "{text}")?;
    } else {
        writeln!(out, "{}", document.text().trim_end())?;
        components.iter().try_for_each(|one| writeln!(out, "{}", one.line()))?;
    }
    out.flush()?;
    // That no run is driven is an answer, not a fault.
    let failed = |one: &ComponentHealth| {
        let idle = one.component == Component::Engine && !document.system_running;
        one.state == HealthState::Failed && !idle
    };
    Ok(if components.iter().any(failed) { Exit::Failed } else { Exit::Success })
}

type StatusAndHealth = (SystemStatus, Vec<ComponentHealth>);

/// The status of the configured day, simulated up to a time.
fn simulated(context: &CliContext<'_>, until: NaiveTime) -> Result<StatusAndHealth, CliError> {
    let SimulatedDay { controller, state, until } = simulate_day(context, Some(until), Vec::new())?;
    let document = controller.status(Some(&state), until);
    Ok((document, controller.health_check()))
}

/// The status of the state folder: of the run that is served there, and of all runs of its journal.
fn of_folder(context: &CliContext<'_>) -> Result<StatusAndHealth, CliError> {
    let FolderHealth { config, served, days, report } = FolderHealth::check(context)?;
    let run = served.as_ref().map(|it| &it.run);
    let at = served.as_ref().map_or_else(wall_now, |it| it.at);
    let mut process = ProcessInfo::started(run.map_or(at, RunState::started_at));
    let folder = &config.places.state;
    // A journal that cannot be read is among the components.
    if let Err(error) =
        totals_of_folder(folder, run.map(|run| run.plan().run.as_str()), &mut process)
    {
        tracing::warn!("earlier runs are not counted: {error}");
    }
    let mut document = status(run, &process, at);
    document.system_running = served.is_some();
    if let Ok(days) = &days {
        document.agents = agents_status(days.agent_names(), run.map(|run| (run, at)));
    }
    let extras = &mut document.bellwether;
    if run.is_none() {
        flagged(extras, &FlagFiles::in_folder(folder));
    }
    extras.kill_drill = Some(drill_age(drill::last_drill(&config), wall_now()));
    extras.components = report.components.iter().map(|one| json!(one)).collect();
    Ok((document, report.components))
}

/// With no day under way: what a flag file would have the next one begin under.
fn flagged(told: &mut StatusExtras, flags: &FlagFiles) {
    if let Ok(Some((state, flag))) = flags.raised_flag() {
        let by = flag.by.map_or_else(|| "unknown".into(), |by| by.to_string());
        told.trading = state.to_string();
        let at =
            flag.at.map_or_else(String::new, |at| format!("since {} ET ", format::format_time(at)));
        told.trading_since =
            format!("{at}by {}: {}", format::sanitize(&by), format::sanitize(&flag.why));
    }
}
