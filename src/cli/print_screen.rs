//! `bellwether --once SCREEN`: what one screen lists at a moment, without opening it.

use std::{io::Write, iter};

use super::{CliContext, CliError, Exit, plain::ConsoleFlags};
use crate::host::day::{parse_time_flag, simulate_day};
use runtime::BufferedSink;
use view::report::ScreenTable;

/// Prints the screen; without `--at`, as it is when the day's clock starts.
///
/// # Errors
///
/// [`CliError`] for configuration, files, dates or times that make no sense, a day that cannot be
/// driven, or when `out` cannot be written.
pub(super) fn run(
    flags: &ConsoleFlags,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let Some(screen) = flags.once else { return Ok(Exit::Success) };
    let at = flags.at.as_deref().map(|text| parse_time_flag("--at", text)).transpose()?;
    let (kept, mut events) = BufferedSink::new();
    let played = simulate_day(context, at, vec![Box::new(kept)])?;
    let events: Vec<_> = iter::from_fn(|| events.try_recv().ok()).collect();
    let sheet = ScreenTable::for_screen(screen.into(), &played.state, &events, played.until);
    if flags.json {
        writeln!(out, "{:#}", sheet.to_json())?;
    } else {
        write!(out, "{}", sheet.to_text())?;
    }
    out.flush()?;
    Ok(Exit::Success)
}
