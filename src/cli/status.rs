//! `bellwether status`: the specification's status document.

use std::io::Write;

use chrono::NaiveTime;
use clap::Args;

use super::{
    CliError, Context, Exit,
    day::{Asked, Unless, chain, moment, system, tokio_runtime},
};
use crate::{
    controller::DayRequest,
    runtime::{Attendance, Clock, Pace, wall},
};

/// Words of `bellwether status`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether status                       what this system is made of, with no day under way
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
    context: &Context<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let Asked { config, mode, scenario, .. } = context.asked(Unless::Alone)?;
    let until = args.at.as_deref().map(|text| time(text)).transpose()?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let (date, start) = (config.day.date, moment(&config, config.day.start));
    let until = until.map(|time| moment(&config, time));
    let mut controller = system(config)?;
    let document = match until {
        None => controller.status(None, wall()),
        Some(until) => {
            let day = controller.begin_day(DayRequest {
                date,
                mode,
                clock: Clock::starting(start, Pace::Max),
                scenario,
                overlays: Vec::new(),
                attendance: Attendance::Unattended,
                sinks: Vec::new(),
            })?;
            let state = runtime
                .block_on(day.driver.run_until(until))
                .map_err(|error| CliError::new(Exit::Internal, chain(&error)))?;
            controller.started_at(start);
            controller.status(Some(&state), until)
        }
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
    Ok(Exit::Good)
}

fn time(text: &str) -> Result<NaiveTime, CliError> {
    let seconds = NaiveTime::parse_from_str(text, "%H:%M:%S");
    seconds.or_else(|_no_seconds| NaiveTime::parse_from_str(text, "%H:%M")).map_err(|_unreadable| {
        let shown = crate::yaml::shown(text);
        CliError::new(Exit::Usage, format!("--at {shown}: write a time of day, as 10:42"))
    })
}
