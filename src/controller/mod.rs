//! Where the parts meet: start-up and shut-down in order, days made ready, the console attached.

#[cfg(feature = "tui")]
mod asking;
#[cfg(feature = "tui")]
mod console_loop;
mod daily;
mod days;
mod desk_backing;
mod drill;
mod error;
mod orchestration;
mod own_engine;
mod plain;
#[cfg(feature = "tui")]
mod tour;
mod window;

#[cfg(feature = "tui")]
pub use console_loop::{
    Asking, ConsoleError, Followed, Leaving, Left, Line, Logged, Surroundings, capture_log,
    run_console, saved_filters,
};
pub use daily::DailyTradingWorkflow;
pub use days::{Days, DaysError, market_data};
pub use desk_backing::desk_backing;
pub use drill::{
    Attempt, DrillError, Evidence, KillDrill, Known, Restarted, Resting, drill_kill, judge,
};
pub use error::ControllerError;
pub use orchestration::{Begins, Day, DayRequest, HealthCheck, OrchestrationController};
pub use plain::{Acted, Agreement, Listener, Manners, PlainError, Told, VERBS, Verb, act, talk};
#[cfg(feature = "tui")]
pub use tour::{Missing, Script, ScriptError, Shown, TourError, show};
