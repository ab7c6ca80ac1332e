//! The six built-in agents, and the contract any agent keeps with the driver.

mod analytics;
mod builtin;
mod contract;
mod derived;
mod done;
mod economist;
mod execution;
mod history;
mod inputs;
mod job;
mod junior;
mod manager;
mod opening;
mod senior;
mod tighten;

pub use self::{
    builtin::builtin,
    contract::{Agent, Looking, Performing, Reply, Request, Roster},
    job::Context,
    opening::{Holdings, OpenError, Opening, open_desk, volatility},
};
