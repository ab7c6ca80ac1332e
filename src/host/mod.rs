//! Where the parts meet: start-up and shut-down in order, days made ready, the console attached.

mod agent_status;
pub(crate) mod books;
pub(crate) mod calendar_setup;
#[cfg(feature = "tui")]
mod console_loop;
#[cfg(feature = "tui")]
mod console_requests;
mod controller_builder;
mod daily_trading_workflow;
mod data_window;
pub(crate) mod day;
pub(crate) mod days;
mod desk_backing;
mod drill;
pub(crate) mod embedded_agents;
mod error;
pub(crate) mod health;
mod http;
pub(crate) mod input_file;
pub(crate) mod late_start;
pub(crate) mod log;
pub(crate) mod notifications;
pub(crate) mod open_journal;
pub(crate) mod orchestration_controller;
pub(crate) mod own_agents;
mod own_engine;
mod plain;
pub(crate) mod print_queue;
mod recovery_wait;
pub(crate) mod run_end;
pub(crate) mod run_inputs;
pub(crate) mod serve;
pub(crate) mod signals;
pub(crate) mod start;
pub(crate) mod stderr;
mod systemd;

pub use books::BooksError;
#[cfg(feature = "tui")]
pub use console_loop::{
    ConsoleEnvironment, ConsoleError, ConsoleExit, EngineConnection, ExitCause, LateStartPrompt,
    LogCapture, TrailFollower, capture_log, run_console, saved_filters,
};
#[cfg(feature = "tui")]
pub use console_requests::send_request;
pub use controller_builder::ControllerBuilder;
pub use daily_trading_workflow::DailyTradingWorkflow;
pub use days::{DayFactory, DayFactoryError, market_data};
pub use desk_backing::desk_backing;
pub use drill::{
    AfterRestart, DiskEvidence, DrillError, Evidence, KillDrill, OrdersAtRaise, SendAfterKill,
    check_evidence, drill_kill,
};
pub use embedded_agents::{EmbeddedAgentError, EmbeddedAgents};
pub use error::ControllerError;
pub use health::{
    Component, ComponentHealth, DataHealth, HealthInputs, HealthReport, HealthState, ServedRun,
    check_components,
};
pub use orchestration_controller::{OrchestrationController, PreparedRun, RunRequest, StartKind};
pub use plain::{
    ArmingConflict, CommandResult, Consent, PlainConsoleSetup, PlainError, PlainEventSource,
    find_task_by_name, line_verbs, run_command_line, run_plain_console,
};
