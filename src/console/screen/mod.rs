//! The screens: what opens from where, and which filter belongs to which.
pub(super) mod agent;
pub(super) mod alerts;
pub(super) mod audit;
pub(super) mod event;
pub(super) mod graph;
mod nav;
pub(super) mod plan;
pub(super) mod recovery;
pub(super) mod runs;
pub(super) mod task;

pub(super) use nav::{back, filter, open, set_filter};
