//! The one test binary.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod agents;
mod agents_bad;
mod calendar;
mod check;
mod check_random;
mod cli;
mod cli_dry_run;
mod compose;
mod config;
mod console;
mod day;
mod dryrun;
mod engine_clocks;
mod engine_days;
mod engine_ends;
mod engine_force;
mod engine_legal;
mod engine_orders;
mod engine_random;
mod engine_script;
mod every_day;
mod explain;
mod laws;
mod layers;
mod market;
mod market_data;
mod plan;
mod runtime;
mod source;
mod spec;
mod spec_engine;
#[expect(unreachable_pub, reason = "shared with the benchmarks, which use the rest")]
mod support;
mod terminal;
mod tidy;
mod trading;
mod trading_day;
mod trading_gate;
mod trading_gate_case;
mod whole_day;
