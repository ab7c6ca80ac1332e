//! What happens and how things stand for who listens instead of looking: words, no signs.

mod line;
mod summary;

pub use line::{line, spoken};
pub use summary::summary;
