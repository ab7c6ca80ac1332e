//! A scripted tour: the real day, the real console, keys from a file, and a clock moved by hand, so
//! that what it shows is the same each time. The pictures of the documents are made by it.

mod harness;
mod parse;
mod play;
mod script;

pub use play::{FailedExpectation, TourError, TourOutput, play_script};
pub use script::{Script, ScriptError};
