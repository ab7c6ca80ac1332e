//! A day that is kept: the journal of the state folder, and the run a program left in it that goes on.

use std::io::{IsTerminal as _, Write};

use super::{CliError, Exit};
use crate::{
    config::{Config, Recovering},
    controller::Begins,
    engine::RunState,
    journal::Sink,
    plan::Mode,
    present::recovery,
    runtime::Recover,
    store::{Journal, Owner, Reader, RunRow, Store},
};

/// The journal of a day that is about to begin or to go on.
pub(super) struct Kept {
    store: Store,
    /// Where its events go.
    pub(super) journal: Box<dyn Sink>,
    /// How the day begins.
    pub(super) begins: Begins,
}

impl Kept {
    /// The run as it was left, when it goes on.
    pub(super) fn taken_up(&self) -> Option<&RunState> {
        match &self.begins {
            Begins::Anew { .. } => None,
            Begins::TakenUp { state, .. } => Some(state),
        }
    }

    /// The store, for who marks the run as left once it no longer goes on.
    pub(super) fn store(&self) -> Store {
        self.store.clone()
    }
}

/// Opens the journal, and finds out how the configured day begins in it: anew, or where a program
/// that ended left it. `unless`: who lets it go on when the configuration leaves that open.
pub(super) fn kept(config: &Config, mode: Mode, unless: Recover) -> Result<Kept, CliError> {
    let folder = &config.places.state;
    let owner = Owner { pid: std::process::id(), operator: config.day.operator.clone() };
    let store = Store::open(folder, &owner)?;
    let (date, mode) = (config.day.date.to_string(), mode.to_string());
    let reader = Reader::open(folder)?;
    let runs = reader.runs()?;
    let same = |run: &&RunRow| run.date == date && run.mode == mode;
    let (how, left_too) = match config.day.recover {
        Recovering::ByPlace => (Some(unless), false),
        Recovering::Ask => (Some(Recover::Ask), true),
        Recovering::Auto => (Some(Recover::Auto), true),
        Recovering::Paused => (Some(Recover::Paused), true),
        Recovering::Never => (None, false),
    };
    let last = runs.iter().rev().find(same);
    if let (Some(how), Some(run)) = (how, last)
        && run.goes_on(left_too)
    {
        let (state, sum) = reader.fold(run.id)?;
        let journal = Box::new(Journal::resume(store.clone(), run.id, sum)?);
        let begins = Begins::TakenUp { state: Box::new(state), how };
        return Ok(Kept { store, journal, begins });
    }
    let run = runs.iter().filter(|run| run.date == date).map(RunRow::generation).max();
    let begins = Begins::Anew { run: run.unwrap_or_default() + 1 };
    let journal = Box::new(Journal::new(store.clone()));
    Ok(Kept { store, journal, begins })
}

/// Shows what was last known of each task of a run that goes on, and what is decided about it. Where
/// somebody has to agree and nobody can be asked, nothing is done.
pub(super) fn show(kept: &Kept, err: &mut dyn Write) -> Result<(), CliError> {
    let Begins::TakenUp { state, how } = &kept.begins else { return Ok(()) };
    for line in recovery::lines(state) {
        writeln!(err, "bellwether: {line}")?;
    }
    if *how != Recover::Ask {
        return Ok(());
    }
    let refused = |text: &str| Err(CliError::new(Exit::Refused, text));
    if !std::io::stdin().is_terminal() {
        return refused(
            "nothing was started: nobody is here to agree; say --recover auto or paused",
        );
    }
    write!(err, "bellwether: go on like this? [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    refused("nothing was started; the run stays as it was left")
}
