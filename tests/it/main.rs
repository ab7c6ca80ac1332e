//! The one test binary.

mod calendar;
mod laws;
mod market;
mod market_data;
#[expect(dead_code, unreachable_pub, reason = "shared with the benchmarks, which use the rest")]
mod support;
