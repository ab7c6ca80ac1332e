//! `bellwether re-enable`: takes a flag away where no engine runs, one rung at a time, with reason and typed phrase.

use std::io::Write;

use clap::Args;

use super::{CliContext, CliError, Exit};
use engine::Actor;
use runtime::wall_now;
use store::{FlagFiles, TradingFlag, journal_owner};
use view::format;

/// Words of `bellwether re-enable`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether re-enable                                       what blocks orders, since when, and who asked for it
  bellwether re-enable --reason 'feed is back' --confirm 're-enable KILLED to HALTED'
  bellwether re-enable --reason 'book is right' --confirm 're-enable HALTED to ACTIVE'

KILLED is left only by way of HALTED. While a day runs, its console re-enables it (`K`), so that the
engine, the desk and the flag files agree; the flags are removed then. A recovered run keeps the
trading state of its journal, whatever the flags say.")]
pub struct ReEnableArgs {
    /// Why orders may be sent again
    #[arg(long, short)]
    pub reason: Option<String>,
    /// The phrase that `bellwether re-enable` asks for
    #[arg(long, value_name = "PHRASE")]
    pub confirm: Option<String>,
}

/// Tells what is raised; takes it down a rung when reason and phrase are given.
///
/// # Errors
///
/// [`CliError`]: a running day, a missing reason or a wrong phrase, flags that cannot be read or removed.
pub fn run(
    args: &ReEnableArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let flags = FlagFiles::in_folder(&config.places.state);
    let shown = flags.folder().display().to_string();
    let wrong = |error| CliError::new(Exit::Internal, format!("cannot read {shown}: {error}"));
    if !flags.folder().exists() {
        writeln!(out, "nothing keeps orders in: there is no state folder {shown} yet")?;
        return Ok(Exit::Success);
    }
    let Some((state, flag)) = flags.raised_flag().map_err(wrong)? else {
        writeln!(out, "nothing keeps orders in: no flag is raised in {shown}")?;
        return Ok(Exit::Success);
    };
    let to = state.next_looser();
    let phrase = format!("re-enable {state} to {to}");
    let by = flag.by.as_ref().map_or_else(|| "unknown".into(), ToString::to_string);
    let since = flag.at.map(|at| format!(" since {} UTC", at.format("%Y-%m-%d %H:%M:%S")));
    let (by, why) = (format::sanitize(&by), format::sanitize(&flag.why));
    writeln!(out, "{state}{} by {by}: {why}", since.unwrap_or_default())?;
    if let Some(pid) = journal_owner(flags.folder())? {
        let pid = pid.map_or_else(String::new, |pid| format!(" {pid}"));
        let text = format!("process{pid} runs a day there: re-enable trading in its console");
        return Err(CliError::new(Exit::Refused, text));
    }
    let reason = args.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let (Some(reason), Some(typed)) = (reason, &args.confirm) else {
        writeln!(out, "to re-enable: --reason WHY --confirm '{phrase}'")?;
        return Ok(Exit::Refused);
    };
    if *typed != phrase {
        let text = format!("the phrase does not match; nothing is re-enabled; type '{phrase}'");
        return Err(CliError::new(Exit::Refused, text));
    }
    let who = Actor::Operator(config.day.operator.clone());
    let why = format!("re-enabled from {state} ({why}): {reason}");
    // The looser flag is there before the stricter one goes: no moment is without one.
    flags.raise(to, &TradingFlag { by: Some(who), why, at: Some(wall_now()) }).map_err(wrong)?;
    flags.lower_to(to).map_err(wrong)?;
    writeln!(out, "{state} to {to}: {}", format::sanitize(reason))?;
    Ok(Exit::Success)
}
