//! Commands in words: what a line means, how it is completed, and what a few letters find.
//!
//! A line names a row of the registry, with or without its target, or a command with words of its own.
//! What acts goes the way of a key, guards and all; there is no other.

mod complete;
mod find;
mod resolve;
mod run;
mod table;
mod target;

pub(super) use complete::{completions, ghost_text};
pub use find::PaletteHit;
pub(super) use find::search;
pub(super) use run::{run_binding, run_line, show_target};
pub(super) use table::COMMANDS;
pub(super) use target::NamedTarget;
