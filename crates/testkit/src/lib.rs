//! Sample plans and runs for unit tests. A dev-dependency only; must never be part of a shipped
//! binary.

pub mod sample;
