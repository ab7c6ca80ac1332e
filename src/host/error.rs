//! Why the system did not come up, or a day could not be made ready.

use super::{books::BooksError, days::DayFactoryError};
use desk::{agents::OpenDayDeskError, trading::limits::LimitsError};
use planning::calendar::UnknownYearError;
use runtime::{DriveError, EngineError, ScenarioError};

/// See the module.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControllerError {
    /// Days are made by a system that is up.
    #[error("the system is not up; start it first")]
    NotRunning,
    /// Workflow files, market data, or a day that cannot be planned.
    #[error(transparent)]
    Days(#[from] DayFactoryError),
    /// The calendar does not know the date.
    #[error(transparent)]
    Calendar(#[from] UnknownYearError),
    /// The desk's book.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The desk's limits.
    #[error("the desk's limits cannot be read")]
    Limits(#[source] LimitsError),
    /// The desk.
    #[error(transparent)]
    Desk(#[from] OpenDayDeskError),
    /// The workflow engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The run could not be driven.
    #[error(transparent)]
    Drive(#[from] DriveError),
    /// Nothing listens for a kill.
    #[error("the kill switch cannot be watched, so no day is begun")]
    Kill(#[source] std::io::Error),
    /// The file of the Python host cannot be written.
    #[error("the Python host of own agents cannot be written to {}", path.display())]
    PythonHost {
        /// The file.
        path: std::path::PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The scenario file.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A scenario of this name is neither inside the program nor a file.
    #[error("cannot read the scenario `{name}`; give a file, or `demo`")]
    NoScenario {
        /// What was asked for.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
}
