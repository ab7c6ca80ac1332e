//! Resolves calendar, workflow file and overlays into the plan of one day.
//!
//! Must never know that anything runs: there is no clock, state, file or thread here. A workflow is
//! read with every problem found at once, and a plan is a value in which every moment is UTC.

pub mod calendar;
pub mod id;
pub mod plan;
pub mod time;
pub mod workflow;
