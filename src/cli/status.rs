//! `bellwether status`: the specification's status document.

use std::io::Write;

use clap::Args;

use super::{CliContext, CliError, Exit, attach::AttachTarget, drill};
use crate::host::day::{
    DefaultPace, SimulatedDay, parse_time_flag, simulate_day, start_system, tokio_runtime,
};
use runtime::wall_now;
use store::FlagFiles;
use view::{drill::drill_age, format, status::StatusExtras};

/// Words of `bellwether status`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether status                       the day that is served in the state folder; with none, what
                                          this system is made of
  bellwether status --at 10:42            as it stands at 10:42 of the default day, simulated up to there
  bellwether status --at 14:10 --json     the same as the specification's JSON document")]
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
    let (controller, document) = if until.is_some() {
        let SimulatedDay { controller, state, until } = simulate_day(context, until, Vec::new())?;
        let document = controller.status(Some(&state), until);
        (controller, document)
    } else {
        let config = context.run_options(DefaultPace::Unattended)?.config;
        let runtime = tokio_runtime()?;
        let _inside = runtime.enter();
        let mut controller = start_system(config)?;
        let mut document = if let Some((run, beat)) =
            runtime.block_on(AttachTarget::snapshot_if_served(controller.config()))?
        {
            controller.started_at(run.started_at());
            controller.status(Some(&run), run.last_event_at().max(beat.now))
        } else {
            let mut document = controller.status(None, wall_now());
            let flags = FlagFiles::in_folder(&controller.config().places.state);
            flagged(&mut document.bellwether, &flags);
            document
        };
        document.bellwether.kill_drill =
            Some(drill_age(drill::last_drill(controller.config()), wall_now()));
        (controller, document)
    };
    if args.json {
        let text = serde_json::to_string_pretty(&document)
            .map_err(|error| CliError::new(Exit::Internal, error.to_string()))?;
        writeln!(out, "{text}")?;
    } else {
        writeln!(out, "{}", document.text().trim_end())?;
        for check in controller.health_check() {
            let mark = if check.ok { "ok" } else { "NOT OK" };
            writeln!(out, "{:<14} {mark}: {}", check.name, check.text)?;
        }
    }
    out.flush()?;
    Ok(Exit::Success)
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
