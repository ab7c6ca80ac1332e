//! The day without a screen: one line, or one JSON object, per event, and a summary at the end.

mod narrator;
mod reporter;
mod sheet;
mod summary;

pub use narrator::Narrator;
pub use reporter::{Format, Reporter, Verbosity};
pub use sheet::{Page, Sheet};
