//! The console's looks: which style means what, in which colours, with which characters.

mod colours;
#[cfg(test)]
mod contrast_tests;
mod depth;
mod styles;

pub use depth::{ColorDepth, choose_depth};
pub use styles::Theme;
