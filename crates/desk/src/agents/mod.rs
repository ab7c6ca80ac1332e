//! Types and functions for the six built-in agents.

mod analytics_reporting;
mod builtin;
mod derived;
mod economist;
mod job;
mod junior_analyst;
mod open_desk;
mod portfolio_manager;
mod returns;
mod senior_analyst;
mod task_output;
mod tighten;
mod trade_execution;
mod upstream;

pub use self::{
    builtin::builtin_agents,
    job::AgentContext,
    open_desk::{DeskOpening, Holdings, OpenDayDeskError, open_desk, volatility},
};
