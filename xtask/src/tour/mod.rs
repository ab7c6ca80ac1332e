//! Scripted tour: a real run, the real console, keys from a file, and a clock set by hand, so that
//! the output is always the same. The pictures of the documentation come from it.

mod harness;
mod parse;
mod play;
mod script;

pub use play::{FailedExpectation, TourError, TourOutput, play_script};
pub use script::{Script, ScriptError};
