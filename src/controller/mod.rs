//! Where the parts meet: start-up and shut-down in order, days made ready, the console attached.

#[cfg(feature = "tui")]
mod console_loop;
mod daily;
mod days;
mod error;
mod orchestration;
mod window;

#[cfg(feature = "tui")]
pub use console_loop::{
    ConsoleError, Left, Logged, Surroundings, capture_log, picture, run_console, saved_filters,
};
pub use daily::DailyTradingWorkflow;
pub use days::{Days, DaysError, market_data};
pub use error::ControllerError;
pub use orchestration::{Day, DayRequest, HealthCheck, OrchestrationController};
