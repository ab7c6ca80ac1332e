//! What can be done with the rows of any list or stream without touching the run.
mod action;
mod copy;
mod fields;
mod marks;
mod mouse;
mod prompt;
mod reading;
mod saved;
mod stream;
mod update;
mod walk;

pub use action::{Format, Mark, OnStream, Rows};
pub(super) use marks::Marks;
pub(super) use mouse::mouse;
pub(super) use prompt::{completed, left, live, options, taken};
pub(super) use reading::{Reading, Which};
pub use saved::{SavedError, SavedFilters};
pub(super) use stream::{Flag, Shape, Stream, window};
pub(super) use update::{load, save, set, set_context, update};
