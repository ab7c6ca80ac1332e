//! The one test binary.

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
mod days;
mod dryrun;
mod every_day;
mod explain;
mod laws;
mod layers;
mod market;
mod market_data;
mod plan;
mod source;
mod spec;
#[expect(dead_code, unreachable_pub, reason = "shared with the benchmarks, which use the rest")]
mod support;
mod terminal;
mod tidy;
mod trading;
mod trading_day;
mod trading_gate;
mod trading_gate_case;
mod whole_day;
