//! The day played out beforehand with the real engine: what runs when, what does not, what is late.
//!
//! Nothing here can reach an agent: agents live rows above, and an attempt is only a length of time.

mod agent_usage;
mod attempt_model;
pub mod catch_up;
mod critical_chain;
mod downtime;
mod dry_run;
mod not_run;
mod report;
mod simulate;
mod slack;
mod warnings;

pub use downtime::Downtime;
pub use dry_run::{DryRunWithEvents, dry_run, dry_run_from, dry_run_with_events};
pub use report::{
    ChainLink, DryRunAgent, DryRunReport, DryRunStage, DryRunTask, DryRunWarning, NotRunReason,
    SimulatedAttempt, StartCause, TaskNotRun,
};
