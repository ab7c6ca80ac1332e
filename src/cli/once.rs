//! `bellwether --once SCREEN`: what one screen lists at a moment, without opening it.

use std::{
    io::{self, Write},
    sync::{Arc, mpsc},
};

use super::{
    CliError, Context, Exit,
    day::{played, time},
    plain::ConsoleFlags,
};
use crate::{
    engine::{Recorded, RunState},
    report::Sheet,
    runtime::Sink,
};

/// Keeps every event of the day.
struct Kept(mpsc::Sender<Arc<Recorded>>);

impl Sink for Kept {
    fn record(&mut self, events: &[Arc<Recorded>], _run: &RunState) -> io::Result<()> {
        // The receiver lives as long as the day does.
        events.iter().for_each(|event| drop(self.0.send(Arc::clone(event))));
        Ok(())
    }
}

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
    let at = flags.at.as_deref().map(time).transpose()?;
    let (kept, events) = mpsc::channel();
    let played = played(context, at, vec![Box::new(Kept(kept))])?;
    let events: Vec<_> = events.try_iter().collect();
    let sheet = Sheet::of(screen.into(), &played.state, &events, played.until);
    if flags.json {
        writeln!(out, "{:#}", sheet.json())?;
    } else {
        write!(out, "{}", sheet.text())?;
    }
    out.flush()?;
    Ok(Exit::Good)
}
