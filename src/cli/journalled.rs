//! A day that is kept: the journal of the state folder, and the run a program left in it that goes on.

use std::io::{IsTerminal as _, Write};

use super::{CliError, Exit, day::writer, journal::upkeep};
use crate::{
    audit::Head,
    config::{Config, Recovering},
    controller::Begins,
    engine::RunState,
    journal::Sink,
    plan::Mode,
    present::recovery,
    runtime::{Attendance, Recover, wall},
    store::{Journal, Reader, RunRow, Seal, Store, StoreError, Trail},
};

/// The journal of a day that is about to begin or to go on.
pub(super) struct Kept {
    store: Store,
    /// Who must have its events: the journal, then the audit trail.
    pub(super) sinks: Vec<Box<dyn Sink>>,
    /// Where the trail ends.
    pub(super) seal: Seal,
    /// Where the trail of the last run ended, which that of a new one goes on from.
    #[cfg_attr(not(feature = "tui"), expect(dead_code, reason = "the console alone shows it"))]
    pub(super) previous: Option<Head>,
    /// What was found wrong in the journal and the trails, and what was done about that and about old
    /// runs; for a person to read.
    pub(super) remarks: Vec<String>,
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
    let store = writer(config)?;
    let mut remarks: Vec<_> = store.found().iter().map(ToString::to_string).collect();
    remarks.extend(upkeep(&store, config));
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
        let (state, sum) = reader.fold(run.id).map_err(unless_another)?;
        // What was cut from its end may have told of work that was begun: a person looks first.
        let cut = reader.lost_its_end(run.id)?;
        let how = if cut && config.day.recover == Recovering::ByPlace { Recover::Ask } else { how };
        let journal = Journal::resume(store.clone(), run.id, sum)?;
        let begins = Begins::TakenUp { state: Box::new(state), how };
        return with_trail(store, journal, (begins, remarks));
    }
    let run = runs.iter().filter(|run| run.date == date).map(RunRow::generation).max();
    let begins = Begins::Anew { run: run.unwrap_or_default() + 1 };
    let journal = Journal::new(store.clone());
    with_trail(store, journal, (begins, remarks))
}

fn with_trail(
    store: Store,
    journal: Journal,
    (begins, mut remarks): (Begins, Vec<String>),
) -> Result<Kept, CliError> {
    let (trail, found) = Trail::open(&store)?;
    remarks.extend(found);
    let (seal, previous) = (trail.seal(), trail.previous()?);
    let sinks: Vec<Box<dyn Sink>> = vec![Box::new(journal), Box::new(trail)];
    Ok(Kept { store, sinks, seal, previous, remarks, begins })
}

/// Why a run that should go on cannot be read, and how to begin another.
fn unless_another(error: StoreError) -> CliError {
    let mut error = CliError::from(error);
    error.message.push_str("; `--recover never` begins another run beside it");
    error
}

/// Whether somebody has agreed that a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreed {
    /// Nobody was asked.
    Unasked,
    /// Whoever sits here has.
    ByPerson,
}

/// Shows what was last known of each task of a run that goes on, and what is decided about it. Where
/// somebody has to agree, nobody can be asked and nobody can come, nothing is done.
pub(super) fn show(
    kept: &Kept,
    attendance: Attendance,
    err: &mut dyn Write,
) -> Result<Agreed, CliError> {
    let Begins::TakenUp { state, how } = &kept.begins else { return Ok(Agreed::Unasked) };
    for line in recovery::lines(state, wall()) {
        writeln!(err, "bellwether: {line}")?;
    }
    // Who attaches to a served day is asked there.
    if *how != Recover::Ask || attendance == Attendance::Served {
        return Ok(Agreed::Unasked);
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
        return Ok(Agreed::ByPerson);
    }
    refused("nothing was started; the run stays as it was left")
}
