//! `bellwether health`: whether a run is driven and its components work, for probes and containers.

use std::io::Write;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;

use super::{CliContext, CliError, Exit, attach::AttachTarget};
use crate::host::{
    Component, DataHealth, DayFactory, HealthInputs, HealthReport, HealthState, ServedRun,
    check_components,
    day::{DefaultPace, tokio_runtime},
};
use config::Config;
use engine::{OrderReport, RunState};

/// Words of `bellwether health`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether health                          a line for each component, with the remedy for what failed
  bellwether health --component journal      only that component, for a probe
  bellwether health --json                   one JSON object

Each component is tested: a file is written and synced, the journal and the last audit trail are read, the run
that is served is asked for its state. Ends with
  0  a process drives a run, and no component failed
  1  a component failed
  3  no process drives a run in the state folder
`degraded` components, such as a halted desk, do not change the exit code.")]
pub struct HealthArgs {
    /// Check only this component
    #[arg(long, value_name = "NAME", value_parser = parse_component)]
    pub component: Option<Component>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

fn parse_component(text: &str) -> Result<Component, String> {
    let names = Component::ALL.map(Component::as_str);
    Component::ALL
        .into_iter()
        .find(|one| one.as_str() == text)
        .ok_or_else(|| format!("no component `{text}`; components: {}", names.join(", ")))
}

/// The run that is served in the state folder, with its orders and its time.
pub(super) struct Served {
    pub(super) run: RunState,
    pub(super) orders: OrderReport,
    pub(super) at: DateTime<Utc>,
}

/// The health of a state folder, and what was read for it.
pub(super) struct FolderHealth {
    pub(super) config: Config,
    pub(super) served: Option<Served>,
    pub(super) days: Result<DayFactory, String>,
    pub(super) report: HealthReport,
}

impl FolderHealth {
    /// Checks every component of the configured state folder.
    ///
    /// # Errors
    ///
    /// [`CliError`] for a configuration that makes no sense.
    pub(super) fn check(context: &CliContext<'_>) -> Result<Self, CliError> {
        let config = context.run_options(DefaultPace::Unattended)?.config;
        let served = tokio_runtime()?.block_on(AttachTarget::served_run(&config));
        let days = DayFactory::with_embedded(config.clone(), context.embedded)
            .map_err(|error| error.to_string());
        let inputs = HealthInputs {
            folder: &config.places.state,
            date: config.day.date,
            served: served.as_ref().map(|it| ServedRun {
                run: &it.run,
                orders: &it.orders,
                at: it.at,
            }),
            data: days.as_ref().map(DataHealth::of_days).map_err(String::as_str),
        };
        let report = check_components(&inputs);
        Ok(Self { config, served, days, report })
    }
}

/// Prints the health of the state folder.
///
/// # Errors
///
/// [`CliError`] for a configuration that makes no sense, or when `out` cannot be written.
pub fn run(
    args: &HealthArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let HealthReport { driving, mut components } = FolderHealth::check(context)?.report;
    components.retain(|one| args.component.is_none_or(|wanted| wanted == one.component));
    let report = HealthReport { driving, components };
    if args.json {
        writeln!(out, "{:#}", json!(report.json()))?;
    } else {
        report.components.iter().try_for_each(|one| writeln!(out, "{}", one.line()))?;
    }
    out.flush()?;
    Ok(match (args.component, report.worst()) {
        (None, _) if !report.driving => Exit::Refused,
        (_, HealthState::Failed) => Exit::Failed,
        (_, HealthState::Ok | HealthState::Degraded) => Exit::Success,
    })
}
