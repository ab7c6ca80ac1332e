//! `bellwether log-level`: changes what a running process logs.

use std::io::Write;

use clap::Args;

use super::{CliContext, CliError, Exit, attach::AttachTarget};
use crate::host::day::tokio_runtime;

/// Words of `bellwether log-level`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether log-level debug                          everything down to DEBUG, from now on
  bellwether log-level warn,bellwether_runtime=trace  one module in detail, the rest quiet
  bellwether log-level info                           back to the default

Changes the log of the process that serves the day, until it ends; docs/logs.md names the modules. Ends with 3
when the filter is refused, and with 1 when no process serves a day.")]
pub struct LogLevelArgs {
    /// A level, or TARGET=LEVEL with commas
    pub filter: String,
    /// Where the day is served.
    #[command(flatten)]
    pub at: AttachTarget,
}

/// Changes the filter of the log.
///
/// # Errors
///
/// [`CliError`] where no day is served, and for a filter that is refused.
pub fn run(
    args: &LogLevelArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    tokio_runtime()?.block_on(async {
        let connection = args.at.attach(&config).await?;
        let changed = connection.handle.set_log_filter(args.filter.clone()).await;
        changed.map_err(|error| CliError::new(Exit::Refused, error.to_string()))
    })?;
    writeln!(out, "the log filter is now {}", diag::quote(&args.filter))?;
    out.flush()?;
    Ok(Exit::Success)
}
