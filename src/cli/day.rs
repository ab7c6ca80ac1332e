//! From flags to a day that is ready to run: date, mode, clock, scenario.

use std::{fs, io, path::Path, sync::Arc};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use tokio::runtime::{Builder, Runtime};

use super::{
    CliError, Context, Exit,
    late::{Somebody, on_missed},
};
use crate::{
    calendar,
    config::{Config, Origin, Speed},
    controller::{Begins, ControllerError, DayRequest, OrchestrationController},
    engine::RunState,
    journal::Sink,
    plan::Mode,
    runtime::{Attendance, Clock, Pace, Scenario, hear_signals, wall},
    store::{Flags, Owner, Store},
};

/// The word for the real day, where a date is asked for.
pub(super) const TODAY: &str = "today";
/// The scenario of a first look at the console.
const DEMO: &str = "demo";
/// The word for no scenario, where the demo would have one.
const NO_SCENARIO: &str = "none";

/// Today's date on the exchange's calendar.
pub(super) fn today() -> NaiveDate {
    calendar::exchange_local(wall()).date()
}

/// How the day of a command line is to be run.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) config: Config,
    pub(super) mode: Mode,
    pub(super) clock: Clock,
    pub(super) scenario: Option<Arc<Scenario>>,
}

/// What a command does with the clock when nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unless {
    /// Takes the configured speed: somebody watches.
    Watched,
    /// Does not wait.
    Alone,
}

impl Context<'_> {
    /// Reads everything about the day that was asked for.
    pub(super) fn asked(&self, unless: Unless) -> Result<Asked, CliError> {
        let config = self.config()?;
        let paper = self.settings.day.date.as_deref() == Some(TODAY);
        let mode = if paper { Mode::Paper } else { Mode::Sim };
        let chosen = |key: &str| config.row(key).is_some_and(|row| row.origin != Origin::Default);
        let pace = pace(&config, unless);
        let clock = if paper {
            Clock::real()
        } else {
            Clock::starting(moment(&config, config.day.start), pace)
        };
        let first_look = unless == Unless::Watched && !paper && !chosen("date");
        let scenario = match &config.day.scenario {
            Some(path) if path.as_os_str() == NO_SCENARIO => None,
            Some(path) => Some(scenario(path)?),
            None => first_look.then(|| Scenario::builtin(DEMO)).flatten(),
        };
        Ok(Asked { config, mode, clock, scenario: scenario.map(Arc::new) })
    }
}

/// How fast a virtual clock goes.
pub(super) fn pace(config: &Config, unless: Unless) -> Pace {
    let chosen = config.row("speed").is_some_and(|row| row.origin != Origin::Default);
    match config.day.speed {
        Speed::Max => Pace::Max,
        Speed::Times(_) if unless == Unless::Alone && !chosen => Pace::Max,
        Speed::Times(factor) => Pace::Times(factor),
    }
}

/// A day that was simulated up to a moment.
pub(super) struct Played {
    pub(super) controller: OrchestrationController,
    pub(super) state: RunState,
    pub(super) until: DateTime<Utc>,
}

/// Simulates the day that was asked for, up to a time of its own; without one, to its beginning.
pub(super) fn played(
    context: &Context<'_>,
    until: Option<NaiveTime>,
    sinks: Vec<Box<dyn Sink>>,
) -> Result<Played, CliError> {
    let Asked { config, mode, scenario, .. } = context.asked(Unless::Alone)?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let (date, start) = (config.day.date, moment(&config, config.day.start));
    let until = until.map_or(start, |time| moment(&config, time));
    let mut controller = system(config)?;
    let mut day = controller.begin_day(DayRequest {
        date,
        mode,
        clock: Clock::starting(start, Pace::Max),
        scenario,
        overlays: Vec::new(),
        attendance: Attendance::Unattended,
        sinks,
        begins: Begins::default(),
    })?;
    on_missed(&mut day, controller.config(), Somebody::Nobody, &mut io::sink())?;
    let state = runtime
        .block_on(day.driver.run_until(until))
        .map_err(|error| CliError::new(Exit::Internal, chain(&error)))?;
    controller.started_at(start);
    Ok(Played { controller, state, until })
}

/// A time of day as the flag `name` takes it.
pub(super) fn time(name: &str, text: &str) -> Result<NaiveTime, CliError> {
    let seconds = NaiveTime::parse_from_str(text, "%H:%M:%S");
    seconds.or_else(|_no_seconds| NaiveTime::parse_from_str(text, "%H:%M")).map_err(|_unreadable| {
        let shown = crate::yaml::shown(text);
        CliError::new(Exit::Usage, format!("{name} {shown}: write a time of day, as 10:42"))
    })
}

/// A time of day of the configured date, exchange time.
pub(super) fn moment(config: &Config, time: NaiveTime) -> DateTime<Utc> {
    calendar::exchange_moment(config.day.date, time)
}

/// A scenario inside the program, by name, or in a file.
fn scenario(path: &Path) -> Result<Scenario, CliError> {
    let name = path.to_string_lossy();
    if let Some(known) = Scenario::builtin(&name) {
        return Ok(known);
    }
    let text = fs::read_to_string(path).map_err(|source| ControllerError::NoScenario {
        name: name.clone().into_owned(),
        source,
    })?;
    Ok(Scenario::parse(&name, &text).map_err(ControllerError::from)?)
}

/// The runtime a command works in. Two workers: a driver, and whoever it asks.
pub(super) fn tokio_runtime() -> Result<Runtime, io::Error> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// The journal of the state folder, open for writing.
pub(super) fn writer(config: &Config) -> Result<Store, CliError> {
    hear_signals()?;
    let owner = Owner { pid: std::process::id(), operator: config.day.operator.clone() };
    Ok(Store::open(&config.places.state, &owner)?)
}

/// Lets the days of a system obey the flag files of the state folder, whose journal it writes.
pub(super) fn obey(controller: &mut OrchestrationController) {
    let flags = Flags::of(&controller.config().places.state);
    controller.obey(flags);
}

/// A system that is up. Must be called inside a runtime.
pub(super) fn system(config: Config) -> Result<OrchestrationController, CliError> {
    let mut controller = OrchestrationController::new(config);
    controller.startup_system()?;
    Ok(controller)
}

impl From<ControllerError> for CliError {
    fn from(error: ControllerError) -> Self {
        if let ControllerError::Desk(_) = error {
            let advice = "the data has to reach back before the date; choose another day or data";
            return Self::new(Exit::Failed, format!("{}; {advice}", chain(&error)));
        }
        let exit = match error {
            ControllerError::Days(_)
            | ControllerError::Calendar(_)
            | ControllerError::Scenario(_)
            | ControllerError::NoScenario { .. } => Exit::Usage,
            ControllerError::NotRunning
            | ControllerError::Book(_)
            | ControllerError::Limits(_)
            | ControllerError::Engine(_)
            | ControllerError::Desk(_)
            | ControllerError::Drive(_)
            | ControllerError::Kill(_) => Exit::Internal,
        };
        Self::new(exit, chain(&error))
    }
}

/// What went wrong and why, in one line: an error and what lies under it.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}
