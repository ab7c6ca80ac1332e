//! From flags to a day that is ready to run: date, mode, clock, scenario.

use std::{io, path::Path, sync::Arc};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use tokio::runtime::{Builder, Runtime};

use super::{input_file::read_input_text, late_start::settle_missed_work, start::SilentDialog};
use crate::cli::{CliContext, CliError, Exit};
use crate::host::{
    BooksError, ControllerError, EmbeddedAgents, OrchestrationController, RunRequest, StartKind,
};
use config::{Config, SettingOrigin, SpeedSetting};
use engine::{RunState, port::EventSink};
use planning::{calendar, plan::RunMode};
use runtime::{Attendance, ClockPace, RunClock, Scenario, hear_signals, wall_now};
use store::{FlagFiles, JournalOwner, Store};

/// The word for the real day, where a date is asked for.
pub(crate) const TODAY: &str = "today";
/// The scenario of a first look at the console.
const DEMO: &str = "demo";
/// The word for no scenario, where the demo would have one.
const NO_SCENARIO: &str = "none";

/// Today's date on the exchange's calendar.
pub(crate) fn exchange_today() -> NaiveDate {
    calendar::exchange_local(wall_now()).date()
}

/// How the day of a command line is to be run.
#[derive(Debug)]
pub(crate) struct RunOptions {
    pub(crate) config: Config,
    pub(crate) mode: RunMode,
    pub(crate) clock: RunClock,
    pub(crate) scenario: Option<Arc<Scenario>>,
    /// Agents of the embedding program.
    pub(crate) embedded: EmbeddedAgents,
}

/// What a command does with the clock when nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultPace {
    /// Takes the configured speed: somebody watches.
    Interactive,
    /// Does not wait.
    Unattended,
}

impl CliContext<'_> {
    /// Reads everything about the day that was asked for.
    pub(crate) fn run_options(&self, unless: DefaultPace) -> Result<RunOptions, CliError> {
        let config = self.config()?;
        let paper = self.settings.day.date.as_deref() == Some(TODAY);
        let mode = if paper { RunMode::Paper } else { RunMode::Sim };
        let chosen =
            |key: &str| config.setting(key).is_some_and(|row| row.origin != SettingOrigin::Default);
        let pace = clock_pace(&config, unless);
        let clock = if paper {
            RunClock::real()
        } else {
            RunClock::starting(moment_of_day(&config, config.day.start), pace)
        };
        let first_look = unless == DefaultPace::Interactive && !paper && !chosen("date");
        let scenario = match &config.day.scenario {
            Some(path) if path.as_os_str() == NO_SCENARIO => None,
            Some(path) => Some(scenario(path)?),
            None => first_look.then(|| Scenario::builtin(DEMO)).flatten(),
        };
        let (scenario, embedded) = (scenario.map(Arc::new), self.embedded.clone());
        Ok(RunOptions { config, mode, clock, scenario, embedded })
    }
}

/// How fast a virtual clock goes.
pub(crate) fn clock_pace(config: &Config, unless: DefaultPace) -> ClockPace {
    let chosen = config.setting("speed").is_some_and(|row| row.origin != SettingOrigin::Default);
    match config.day.speed {
        SpeedSetting::Max => ClockPace::Max,
        SpeedSetting::Times(_) if unless == DefaultPace::Unattended && !chosen => ClockPace::Max,
        SpeedSetting::Times(factor) => ClockPace::Times(factor),
    }
}

/// A day that was simulated up to a moment.
pub(crate) struct SimulatedDay {
    pub(crate) controller: OrchestrationController,
    pub(crate) state: RunState,
    pub(crate) until: DateTime<Utc>,
}

/// Simulates the day that was asked for, up to a time of its own; without one, to its beginning.
pub(crate) fn simulate_day(
    context: &CliContext<'_>,
    until: Option<NaiveTime>,
    sinks: Vec<Box<dyn EventSink>>,
) -> Result<SimulatedDay, CliError> {
    let RunOptions { config, mode, scenario, embedded, .. } =
        context.run_options(DefaultPace::Unattended)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let (date, start) = (config.day.date, moment_of_day(&config, config.day.start));
    let until = until.map_or(start, |time| moment_of_day(&config, time));
    let mut controller = start_system(config, &embedded)?;
    let mut day = controller.prepare_run(RunRequest {
        date,
        mode,
        clock: RunClock::starting(start, ClockPace::Max),
        scenario,
        overlays: Vec::new(),
        attendance: Attendance::Unattended,
        sinks,
        begins: StartKind::default(),
    })?;
    settle_missed_work(&mut day, controller.config(), &mut SilentDialog)?;
    let state = runtime
        .block_on(day.driver.run_until(until))
        .map_err(|error| CliError::new(Exit::Internal, error_chain(&error)))?;
    controller.started_at(start);
    Ok(SimulatedDay { controller, state, until })
}

/// A time of day as the flag `name` takes it.
pub(crate) fn parse_time_flag(name: &str, text: &str) -> Result<NaiveTime, CliError> {
    let seconds = NaiveTime::parse_from_str(text, "%H:%M:%S");
    seconds.or_else(|_no_seconds| NaiveTime::parse_from_str(text, "%H:%M")).map_err(|_unreadable| {
        let shown = diag::quote(text);
        CliError::new(Exit::Usage, format!("{name} {shown}: write a time of day, as 10:42"))
    })
}

/// A time of day of the configured date, exchange time.
pub(crate) fn moment_of_day(config: &Config, time: NaiveTime) -> DateTime<Utc> {
    calendar::exchange_moment(config.day.date, time)
}

/// A scenario inside the program, by name, or in a file.
fn scenario(path: &Path) -> Result<Scenario, CliError> {
    let name = path.to_string_lossy();
    if let Some(known) = Scenario::builtin(&name) {
        return Ok(known);
    }
    let text = read_input_text(path).map_err(|source| ControllerError::NoScenario {
        name: name.clone().into_owned(),
        source,
    })?;
    Ok(Scenario::parse(&name, &text).map_err(ControllerError::from)?)
}

/// The runtime a command works in. Two workers: a driver, and whoever it asks.
pub(crate) fn tokio_runtime() -> Result<Runtime, io::Error> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// The journal of the state folder, open for writing.
pub(crate) fn open_journal_writer(config: &Config) -> Result<Store, CliError> {
    hear_signals()?;
    let owner = JournalOwner { pid: std::process::id(), operator: config.day.operator.clone() };
    Ok(Store::open(&config.places.state, &owner)?)
}

/// Lets the days of a system obey the flag files of the state folder, whose journal it writes.
pub(crate) fn obey_flag_files(controller: &mut OrchestrationController) {
    let flags = FlagFiles::in_folder(&controller.config().places.state);
    controller.obey_flags(flags);
}

/// A system that is up. Must be called inside a runtime.
pub(crate) fn start_system(
    config: Config,
    embedded: &EmbeddedAgents,
) -> Result<OrchestrationController, CliError> {
    let mut controller = OrchestrationController::with_embedded(config, embedded.clone());
    controller.startup_system()?;
    Ok(controller)
}

impl From<ControllerError> for CliError {
    fn from(error: ControllerError) -> Self {
        if let ControllerError::Desk(_) = error {
            let advice = "the data has to reach back before the date; choose another day or data";
            return Self::new(Exit::Failed, format!("{}; {advice}", error_chain(&error)));
        }
        let exit = match error {
            ControllerError::Books(BooksError::File { .. } | BooksError::Read { .. })
            | ControllerError::Days(_)
            | ControllerError::Calendar(_)
            | ControllerError::Scenario(_)
            | ControllerError::NoScenario { .. } => Exit::Usage,
            ControllerError::NotRunning
            | ControllerError::Books(_)
            | ControllerError::Limits(_)
            | ControllerError::Engine(_)
            | ControllerError::Desk(_)
            | ControllerError::Drive(_)
            | ControllerError::PythonHost { .. }
            | ControllerError::Kill(_) => Exit::Internal,
        };
        Self::new(exit, error_chain(&error))
    }
}

/// What went wrong and why, in one line: an error and what lies under it.
pub(crate) fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}
