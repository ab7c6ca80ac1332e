//! A scripted tour: the real day, the real console, keys from a file, and a clock moved by hand, so
//! that what it shows is the same each time. The pictures of the documents are made by it.

mod read;
mod script;
mod show;
mod sitting;

pub use script::{Script, ScriptError};
pub use show::{Missing, Shown, TourError, show};
