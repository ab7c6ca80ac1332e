//! Alerts outside of the terminal: what is raised, who hears of it, and how it is sent.

pub(crate) mod conditions;
pub(crate) mod delivery;
pub(crate) mod lane;
pub(crate) mod message;
pub(crate) mod outbox;
mod payload;
mod sender;
pub(crate) mod service;
