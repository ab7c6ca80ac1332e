//! The console's looks: which style means what, in which colours, with which characters.

mod colours;
mod depth;
#[cfg(test)]
mod sight;
mod styles;

pub use depth::{Palette, wanted};
pub use styles::Theme;
