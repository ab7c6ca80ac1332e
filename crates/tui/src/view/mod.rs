//! The frame, drawn from the model alone: one file for each region.

mod command_dialog;
mod dialog;
mod footer;
mod frame;
pub(crate) mod header;
pub(crate) mod histogram;
mod inspector;
mod late;
mod lookup;
mod orders;
pub(crate) mod pane;
mod prompt;
mod too_small;

pub(super) use command_dialog::{dialog_rows, unread_text, window_needed};
pub(super) use dialog::question_rows;
pub use frame::draw;
