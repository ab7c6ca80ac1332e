//! The one test binary.

mod calendar;
mod console;
mod market;
mod market_data;
mod support;
