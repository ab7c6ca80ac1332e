//! Resolves the exchange calendar, a workflow file and overlays into the plan of one day.
//!
//! This crate must never know that anything runs: it has no clock, state, file or thread. A
//! workflow file is read in one pass that reports every problem, and a [day plan](plan::DayPlan) is
//! a plain value in which every moment is UTC.

pub mod calendar;
pub mod id;
pub mod plan;
pub mod time;
pub mod workflow;
