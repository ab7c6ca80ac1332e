//! bellwether: the operations console for an AI trading desk's day.
//!
//! Modules stand in rows; a module uses only rows below its own. `ARCHITECTURE.md` draws them and
//! `tests/it/layers.rs` keeps them.

// row 0
pub mod id;
pub mod math;
pub mod stats;
pub mod time;
pub mod yaml;

// row 1
pub mod calendar;
pub mod definition;

// row 2
pub mod market;
pub mod plan;

// row 3
pub mod engine;

// row 4
pub mod acting;
pub mod audit;
pub mod config;
pub mod forecast;
pub mod journal;
pub mod trading;

// row 5
pub mod agents;
pub mod present;
pub mod store;
pub mod wire;

// row 6
#[cfg(feature = "tui")]
pub mod console;
pub mod report;
pub mod runtime;

// row 7
pub mod controller;

// row 8
pub mod cli;
