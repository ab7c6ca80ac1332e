//! The one test binary.
mod calendar;
