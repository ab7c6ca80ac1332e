//! The day without a screen: one line, or one JSON object, per event, and a summary at the end.

mod reporter;
mod summary;

pub use reporter::{Format, Reporter, Verbosity};
