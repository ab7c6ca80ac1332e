//! The one test binary.

mod calendar;
mod market;
mod market_data;
mod support;
