//! The terminal console: a model, a function that changes it, a function that draws it.
mod action;
mod chord;
pub mod keymap;
mod picture;
pub mod terminal;
mod theme;
mod throttle;

pub use action::Action;
pub use chord::Chord;
pub use picture::{svg, text};
pub use theme::{Palette, Theme};
pub use throttle::Throttle;
