//! The one test binary.
mod market;
mod market_data;
