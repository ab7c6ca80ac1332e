//! Commands for developers: the tour of the console, its pictures and recording, and generated
//! documentation.
//!
//! This crate must never be shipped: everything an operator needs belongs to the `bellwether`
//! package.

mod cast;
mod docs;
mod run_tour;
mod svg;
pub mod tour;

pub use cast::Asciicast;
pub use docs::{DocsArgs, write_docs};
pub use run_tour::{TourArgs, run_tour};
pub use svg::frame_svg;
