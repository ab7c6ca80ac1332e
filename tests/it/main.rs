//! The one test binary.

mod agents;
mod agents_bad;
mod calendar;
mod cli;
mod compose;
mod config;
mod day;
mod every_day;
mod explain;
mod laws;
mod layers;
mod market;
mod market_data;
mod plan;
mod source;
mod support;
mod tidy;
mod trading;
mod trading_day;
mod trading_gate;
mod trading_gate_case;
mod whole_day;
