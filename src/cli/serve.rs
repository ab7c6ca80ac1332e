//! `bellwether serve`: a day as a service, without a screen, with a socket for consoles and commands.

use std::{
    io::{self, Write},
    net::SocketAddr,
};

use clap::Args;

use super::{
    CliContext, CliError, Exit,
    run::{RunArgs, run_unattended},
};
use crate::host::{day::DefaultPace, log::process_log::ProcessLog, serve::ServeMode};
use config::LogLevel;

/// Words of `bellwether serve`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether serve                        the default day at its speed, served in the state folder
  bellwether serve --date today           PAPER: today, on the real clock
  bellwether serve --tcp                  also at 127.0.0.1:7411, for clients with the token
  bellwether serve --http                 /livez, /readyz, /health, /status, /metrics at 127.0.0.1:7412
  bellwether attach                       the console on it, from another terminal
  bellwether retry collect_data \"the feed is back\"

Its output is that of `bellwether run`. SIGTERM and SIGINT end it in order; SIGHUP does not end it.
Under systemd it reports readiness, status and a watchdog signal: packaging/bellwether.service is a unit
for it, and docs/serve.md says how to install it. Ends with 0 when all required work was done
or a signal ended it, and with 1 when the work was not done.")]
pub struct ServeArgs {
    /// How it is told.
    #[command(flatten)]
    pub run: RunArgs,
    /// Serve at a port of this machine besides; needs the token in the state folder
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = PORT)]
    pub tcp: Option<SocketAddr>,
    /// Serve probes, health, status and metrics over HTTP at a port of this machine
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = HTTP)]
    pub http: Option<SocketAddr>,
}

/// Where a run is served over TCP by default.
pub(super) const PORT: &str = "127.0.0.1:7411";
/// Where the HTTP interface is by default.
const HTTP: &str = "127.0.0.1:7412";

/// Runs a day and serves it.
///
/// # Errors
///
/// [`CliError`] for configuration, files or dates that make no sense, a day that cannot be driven or
/// served, or when `out` cannot be written.
pub fn run(
    args: &ServeArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, CliError> {
    let asked = context.run_options(DefaultPace::Interactive)?;
    let _log = ProcessLog::open(&asked.config, context.vars, LogLevel::Warn)?;
    run_unattended(
        &args.run,
        asked,
        ServeMode::as_service(args.tcp, args.http),
        (&mut BestEffortWriter(out), err),
    )
}

/// Writes while somebody takes it. A day that is served goes on when nobody does: its terminal was
/// closed, or what kept its lines was started anew.
struct BestEffortWriter<'a>(&'a mut dyn Write);

impl Write for BestEffortWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What cannot be written is in the journal.
        Ok(self.0.write(bytes).unwrap_or(bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().or(Ok(()))
    }
}
