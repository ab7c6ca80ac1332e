//! A day that is kept: the journal of the state folder, and the run a program left in it that goes on.

use std::io::{IsTerminal as _, Write};

use super::{
    day::open_journal_writer,
    run_inputs::{RunInputs, RunInputsSink},
};
use crate::cli::{CliError, Exit, journal::apply_retention};
use crate::host::StartKind;
use audit::TrailHead;
use config::{Config, RecoverySetting};
use engine::{RunState, port::EventSink};
use planning::plan::RunMode;
use runtime::{Attendance, RecoveryMode, wall_now};
use store::{Journal, JournalReader, RunSummary, Store, StoreError, TrailHeadHandle, TrailWriter};
use view::recovery;

/// The journal of a day that is about to begin or to go on.
pub(crate) struct OpenedJournal {
    store: Store,
    /// Who must have its events: the journal, then the audit trail.
    pub(crate) sinks: Vec<Box<dyn EventSink>>,
    /// Where the trail ends.
    pub(crate) seal: TrailHeadHandle,
    /// Where the trail of the last run ended, which that of a new one goes on from.
    pub(crate) previous: Option<TrailHead>,
    /// What was found wrong in the journal and the trails, and what was done about that and about old
    /// runs; for a person to read.
    pub(crate) remarks: Vec<String>,
    /// How the day begins.
    pub(crate) begins: StartKind,
    /// One line for each input of the continued run that differs.
    pub(crate) differing: Vec<String>,
}

/// The day that a journal is opened for.
pub(crate) struct JournalRequest {
    pub(crate) mode: RunMode,
    /// Who continues an unfinished run where the configuration leaves it open.
    pub(crate) unless: RecoveryMode,
    /// Whether an operator may come who decides.
    pub(crate) attendance: Attendance,
    pub(crate) inputs: RunInputs,
}

impl OpenedJournal {
    /// The run as it was left, when it goes on.
    pub(crate) fn recovering_run(&self) -> Option<&RunState> {
        match &self.begins {
            StartKind::New { .. } => None,
            StartKind::Recovered { state, .. } => Some(state),
        }
    }

    /// The store, for who marks the run as left once it no longer goes on.
    pub(crate) fn store(&self) -> Store {
        self.store.clone()
    }
}

/// Opens the journal, and finds out how the configured day begins in it: anew, or where a program
/// that ended left it. A run whose inputs differ is not continued before an operator has said so.
///
/// # Errors
///
/// [`CliError`] for a journal that cannot be opened, and for differing inputs that nobody can confirm.
pub(crate) fn open_journal(
    config: &Config,
    request: JournalRequest,
) -> Result<OpenedJournal, CliError> {
    let JournalRequest { mode, unless, attendance, inputs } = request;
    let folder = &config.places.state;
    let store = open_journal_writer(config)?;
    let mut remarks: Vec<_> = store.damage_findings().iter().map(ToString::to_string).collect();
    remarks.extend(apply_retention(&store, config));
    let (date, mode) = (config.day.date.to_string(), mode.to_string());
    let reader = JournalReader::open(folder)?;
    let runs = reader.runs()?;
    let same = |run: &&RunSummary| run.date == date && run.mode == mode;
    let (how, left_too) = match config.day.recover {
        RecoverySetting::ByConsole => (Some(unless), false),
        RecoverySetting::Ask => (Some(RecoveryMode::Ask), true),
        RecoverySetting::Auto => (Some(RecoveryMode::Auto), true),
        RecoverySetting::Paused => (Some(RecoveryMode::Paused), true),
        RecoverySetting::Never => (None, false),
    };
    let last = runs.iter().rev().find(same);
    if let (Some(how), Some(run)) = (how, last)
        && run.is_unfinished(left_too)
    {
        let (state, sum) = reader.rebuild_state(run.id).map_err(unless_another)?;
        // What was cut from its end may have told of work that was begun: a person looks first.
        let cut = reader.lost_its_end(run.id)?;
        let how = if cut && config.day.recover == RecoverySetting::ByConsole {
            RecoveryMode::Ask
        } else {
            how
        };
        let differing = inputs.differences(&store, &run.name)?;
        let told = config.day.recover != RecoverySetting::ByConsole;
        let how = how_with(&differing, (how, told), attendance, &run.name)?;
        remarks.extend(differing.iter().map(|line| format!("run {}: {line}", run.name)));
        let journal = Journal::for_recovered_run(store.clone(), run.id, sum)?;
        let begins = StartKind::Recovered { state: Box::new(state), how };
        return with_trail(store, journal, (begins, remarks), (inputs, differing));
    }
    let run = runs.iter().filter(|run| run.date == date).map(RunSummary::generation).max();
    let begins = StartKind::New { run: run.unwrap_or_default() + 1 };
    let journal = Journal::new(store.clone());
    with_trail(store, journal, (begins, remarks), (inputs, Vec::new()))
}

/// Returns who continues a run whose inputs may differ. Where they do and nobody said beforehand that it is
/// to be continued, an operator confirms it.
fn how_with(
    differing: &[String],
    (how, told): (RecoveryMode, bool),
    attendance: Attendance,
    run: &str,
) -> Result<RecoveryMode, CliError> {
    if differing.is_empty() || told || how == RecoveryMode::Ask {
        return Ok(how);
    }
    if attendance == Attendance::Unattended {
        let lines = differing.join("\n  ");
        let message = format!(
            "run {run} was not continued: its inputs differ; use --recover auto to continue it with \
             these, or --recover never to begin another\n  {lines}"
        );
        return Err(CliError::new(Exit::Refused, message));
    }
    Ok(RecoveryMode::Ask)
}

fn with_trail(
    store: Store,
    journal: Journal,
    (begins, mut remarks): (StartKind, Vec<String>),
    (inputs, differing): (RunInputs, Vec<String>),
) -> Result<OpenedJournal, CliError> {
    let (trail, found) = TrailWriter::open(&store)?;
    remarks.extend(found);
    let (seal, previous) = (trail.head_handle(), trail.previous_head()?);
    let inputs = RunInputsSink { inputs, store: store.clone() };
    let sinks: Vec<Box<dyn EventSink>> = vec![Box::new(journal), Box::new(trail), Box::new(inputs)];
    Ok(OpenedJournal { store, sinks, seal, previous, remarks, begins, differing })
}

/// Why a run that should go on cannot be read, and how to begin another.
fn unless_another(error: StoreError) -> CliError {
    let mut error = CliError::from(error);
    error.message.push_str("; `--recover never` begins another run beside it");
    error
}

/// Whether somebody has agreed that a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecoveryConsent {
    /// Nobody was asked.
    Automatic,
    /// Whoever sits here has.
    ByOperator,
}

/// Shows what was last known of each task of a run that goes on, and what is decided about it. Where
/// somebody has to agree, nobody can be asked and nobody can come, nothing is done.
pub(crate) fn show_recovery(
    kept: &OpenedJournal,
    attendance: Attendance,
    err: &mut dyn Write,
) -> Result<RecoveryConsent, CliError> {
    let StartKind::Recovered { state, how } = &kept.begins else {
        return Ok(RecoveryConsent::Automatic);
    };
    for line in recovery::recovery_lines(state, wall_now()) {
        writeln!(err, "bellwether: {line}")?;
    }
    // Who attaches to a served day is asked there.
    if *how != RecoveryMode::Ask || attendance == Attendance::Served {
        return Ok(RecoveryConsent::Automatic);
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
        return Ok(RecoveryConsent::ByOperator);
    }
    refused("nothing was started; the run stays as it was left")
}
