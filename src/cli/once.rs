//! `bellwether --once SCREEN`: what one screen lists at a moment, without opening it.

use std::{io::Write, iter};

use super::{
    CliError, Context, Exit,
    day::{played, time},
    plain::ConsoleFlags,
};
use crate::{report::Sheet, runtime::Keeper};

/// Prints the screen; without `--at`, as it is when the day's clock starts.
///
/// # Errors
///
/// [`CliError`] for configuration, files, dates or times that make no sense, a day that cannot be
/// driven, or when `out` cannot be written.
pub(super) fn run(
    flags: &ConsoleFlags,
    context: &Context<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let Some(screen) = flags.once else { return Ok(Exit::Good) };
    let at = flags.at.as_deref().map(|text| time("--at", text)).transpose()?;
    let (kept, mut events) = Keeper::new();
    let played = played(context, at, vec![Box::new(kept)])?;
    let events: Vec<_> = iter::from_fn(|| events.try_recv().ok()).collect();
    let sheet = Sheet::of(screen.into(), &played.state, &events, played.until);
    if flags.json {
        writeln!(out, "{:#}", sheet.json())?;
    } else {
        write!(out, "{}", sheet.text())?;
    }
    out.flush()?;
    Ok(Exit::Good)
}
