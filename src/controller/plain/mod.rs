//! The console without a screen: lines of words out, and single-line commands in where somebody is
//! there to type them.

mod ask;
mod heard;
mod talk;
mod told;

pub use talk::{Listener, PlainError, talk};
pub use told::Told;
