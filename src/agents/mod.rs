//! The six built-in agents.

mod analytics;
mod builtin;
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
    job::Context,
    opening::{Holdings, OpenError, Opening, open_desk, volatility},
};
