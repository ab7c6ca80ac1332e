//! Sample plans and runs for unit tests. A dev-dependency only; must never be part of a shipped
//! binary.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a sample that cannot be made must stop the test that asks for it"
)]

pub mod sample;
