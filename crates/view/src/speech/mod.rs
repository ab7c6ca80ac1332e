//! Events and status as plain words without symbols, for screen readers.

mod line;
mod summary;

pub use line::{spell_out, spoken_event_line};
pub use summary::spoken_summary;
