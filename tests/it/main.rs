//! The one test binary.
mod calendar;
mod compose;
mod day;
mod every_day;
mod explain;
mod plan;
