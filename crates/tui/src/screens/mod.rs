//! The screens: what opens from where, and which filter belongs to which.

pub(crate) mod agents;
pub(crate) mod alerts;
pub(crate) mod audit;
pub(crate) mod day;
pub(crate) mod dry_run;
pub(crate) mod event;
pub(crate) mod graph;
pub(crate) mod list;
mod open;
pub(crate) mod orders;
pub(crate) mod pulse;
pub(crate) mod recovery;
pub(crate) mod runs;
pub(crate) mod streams;
pub(crate) mod task;
pub(crate) mod tasks;

pub(super) use open::{focused_filter, go_back, open, set_filter};
