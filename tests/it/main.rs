//! The one test binary.

mod calendar;
mod cli;
mod config;
mod engine_clocks;
mod engine_days;
mod engine_ends;
mod engine_force;
mod engine_legal;
mod engine_orders;
mod engine_random;
mod engine_script;
mod laws;
mod layers;
mod market;
mod market_data;
mod plan;
mod source;
mod spec_engine;
#[expect(dead_code, unreachable_pub, reason = "shared with the benchmarks, which use the rest")]
mod support;
mod tidy;
mod trading;
mod trading_day;
mod trading_gate;
