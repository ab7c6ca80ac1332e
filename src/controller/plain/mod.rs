//! The console without a screen: lines of words out, and single-line commands in where somebody is
//! there to type them.

mod act;
mod ask;
mod heard;
mod talk;
mod terms;
mod told;
mod verbs;

pub use act::{Acted, Agreement, Manners, act};
pub use talk::{Listener, PlainError, talk};
pub use told::Told;
pub use verbs::{VERBS, Verb};
