//! The operations console for an AI trading desk's day.
//!
//! This crate composes the others: `cli` parses the command line, `host` runs days, consoles and
//! drills. It must never decide anything about tasks or orders; those rules are in [`engine`] and
//! [`desk`]. `ARCHITECTURE.md` has the map of the crates.

pub mod cli;
pub mod host;

pub use audit;
pub use config;
pub use desk;
pub use diag;
pub use engine;
pub use planning;
pub use runtime;
pub use store;
#[cfg(feature = "tui")]
pub use tui;
pub use view;
