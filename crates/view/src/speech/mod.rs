//! What happens and how things stand for who listens instead of looking: words, no signs.

mod line;
mod summary;

pub use line::{spell_out, spoken_event_line};
pub use summary::spoken_summary;
