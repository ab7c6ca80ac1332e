//! The day without a screen: one line, or one JSON object, per event, and a summary at the end.

mod narrator;
mod reporter;
mod screen_table;
mod summary;

pub use narrator::Narrator;
pub use reporter::{OutputFormat, Reporter, Verbosity};
pub use screen_table::{ScreenName, ScreenTable};
