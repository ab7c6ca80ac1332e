//! The trading desk and the six built-in agents: market data, pre-trade checks, orders, simulated
//! broker, results.
//!
//! This crate must never know runs, journals or consoles: it sees one attempt request at a time,
//! and every moment and price is an argument.

pub mod agents;
pub mod market;
pub mod stats;
pub mod trading;
