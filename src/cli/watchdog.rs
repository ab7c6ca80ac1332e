//! `bellwether watchdog`: a process beside the day that kills when the day's heartbeat stops.

use std::{io::Write, time::Duration};

use chrono::TimeDelta;
use clap::Args;

use super::{CliContext, CliError, Exit, trading_flags::raise_flag};
use crate::host::day::tokio_runtime;
use engine::{Actor, TradingState};
use planning::time::Span;
use runtime::{heartbeat_now, wall_now};
use store::{FlagFiles, HeartbeatStamp, TradingFlag, journal_owner};

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
the flag file then keeps the next start KILLED until an operator re-enables trading.")]
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
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let flags = FlagFiles::in_folder(&config.places.state);
    let after = args.after.to_delta();
    let silent = if args.once {
        silence(&flags, &heartbeat_now()).filter(|silent| *silent > after)
    } else {
        Some(tokio_runtime()?.block_on(silent_for(&flags, after, heartbeat_now)))
    };
    let Some(silent) = silent else {
        writeln!(out, "{}", standing(&flags)?)?;
        return Ok(Exit::Success);
    };
    let why = format!("no heartbeat for {} s", silent.num_seconds());
    let by = Some(Actor::Policy("watchdog".into()));
    let flag = TradingFlag { by, why: why.clone(), at: Some(wall_now()) };
    // It waits for the day's answer in a runtime of its own: not to be called inside another.
    let told = raise_flag(&flags, TradingState::Killed, &flag, FlagFiles::raise)?;
    writeln!(out, "{why}")?;
    told.lines().iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(Exit::Failed)
}

/// Looks until the heartbeat has been silent for longer than `after`; gives for how long.
async fn silent_for(
    flags: &FlagFiles,
    after: TimeDelta,
    now: impl Fn() -> HeartbeatStamp,
) -> TimeDelta {
    loop {
        if let Some(silent) = silence(flags, &now()).filter(|silent| *silent > after) {
            return silent;
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// What one look finds where nothing is wrong.
fn standing(flags: &FlagFiles) -> Result<String, CliError> {
    Ok(match (flags.last_heartbeat(), journal_owner(flags.folder())?) {
        (Some(beat), Some(_)) => {
            format!("alive: last heartbeat {} UTC", beat.at.format("%H:%M:%S"))
        }
        (_, None) => "no day runs there".into(),
        (None, Some(_)) => "a day runs there and has not beaten yet".into(),
    })
}

/// How long the heartbeat has been silent; `None` where there is none, or the kill is known already.
fn silence(flags: &FlagFiles, now: &HeartbeatStamp) -> Option<TimeDelta> {
    if matches!(flags.strictest_raised(), Ok(TradingState::Killed)) {
        return None;
    }
    Some(flags.last_heartbeat()?.age(now))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use store::Uptime;
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn silence_is_counted_by_the_monotonic_clock_alone() {
        let folder = tempfile::tempdir().unwrap();
        let flags = FlagFiles::in_folder(folder.path());
        let began = Instant::now();
        // The wall clock is set forward by 40 seconds after half an hour.
        let now = || {
            let passed = began.elapsed();
            let set = TimeDelta::seconds(if passed.as_secs() > 1800 { 40 } else { 0 });
            HeartbeatStamp {
                at: DateTime::UNIX_EPOCH + TimeDelta::from_std(passed).unwrap() + set,
                uptime: Some(Uptime { boot: "a".into(), passed }),
            }
        };
        let beating = async {
            while began.elapsed() < Duration::from_hours(1) {
                flags.write_heartbeat(&now()).unwrap();
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        };
        let watched = silent_for(&flags, TimeDelta::seconds(30), now);
        let (silent, ()) = tokio::join!(watched, beating);
        assert_eq!(silent.num_seconds(), 31, "the first look after 30 s of silence");
        assert_eq!(began.elapsed().as_secs(), 3595 + 31, "not before the hour was over");
    }
}
