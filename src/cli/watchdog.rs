//! `bellwether watchdog`: a process beside the day that kills when the day's heartbeat stops.

use std::{io::Write, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;

use super::{CliError, Context, Exit, day::tokio_runtime, kill::stop};
use crate::{
    engine::{Actor, TradingState},
    runtime::wall,
    store::{Flag, Flags, owner},
    time::Span,
};

/// How often the heartbeat is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// Words of `bellwether watchdog`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether watchdog                 kills when the day of the state folder is silent for 30 s
  bellwether watchdog --after 10s     sooner
  bellwether watchdog --once          looks once: 0 alive or no day, 1 silent and killed

A day that ends in order takes its heartbeat with it and is not killed. A process that died leaves it:
the flag file then keeps the next start KILLED until a person re-arms it.")]
pub struct WatchdogArgs {
    /// How old the heartbeat may become
    #[arg(long, value_name = "SPAN", default_value = "30s")]
    pub after: Span,
    /// Look once and end
    #[arg(long)]
    pub once: bool,
}

/// Watches until it has killed, or is ended.
///
/// # Errors
///
/// [`CliError`] for a configuration that makes no sense, a flag that cannot be written, or when `out`
/// cannot be.
pub fn run(
    args: &WatchdogArgs,
    context: &Context<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let flags = Flags::of(&config.places.state);
    let runtime = tokio_runtime()?;
    loop {
        if let Some(silent) = silence(&flags, wall()).filter(|silent| *silent > args.after.delta())
        {
            let silent = silent.num_seconds();
            let why = format!("no heartbeat for {silent} s");
            let by = Some(Actor::Policy("watchdog".into()));
            let flag = Flag { by, why, at: Some(wall()) };
            let told = stop(&flags, TradingState::Killed, &flag, Flags::raise)?;
            writeln!(out, "no heartbeat for {silent} s")?;
            told.lines().iter().try_for_each(|line| writeln!(out, "{line}"))?;
            return Ok(Exit::Failed);
        }
        if args.once {
            let alive = match (flags.beaten(), owner(flags.folder())?) {
                (Some(at), Some(_)) => {
                    format!("alive: last heartbeat {} UTC", at.format("%H:%M:%S"))
                }
                (_, None) => "no day runs there".into(),
                (None, Some(_)) => "a day runs there and has not beaten yet".into(),
            };
            writeln!(out, "{alive}")?;
            return Ok(Exit::Good);
        }
        runtime.block_on(tokio::time::sleep(EVERY));
    }
}

/// How long the heartbeat has been silent; `None` where there is none, or the kill is known already.
fn silence(flags: &Flags, now: DateTime<Utc>) -> Option<TimeDelta> {
    if matches!(flags.strictest(), Ok(TradingState::Killed)) {
        return None;
    }
    Some(now - flags.beaten()?)
}
