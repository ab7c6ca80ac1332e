//! Actions on the rows of any list or stream that do not affect the run.

mod action;
mod copy;
pub(super) mod fields;
mod marks;
mod mouse;
mod prompt;
mod saved_filters;
mod search;
mod stream;
mod stream_reader;
mod update;

pub use action::{ExportFormat, ListAction, MarkAction, StreamAction};
pub(super) use fields::NamedRow;
pub(super) use marks::MarkedTasks;
pub(super) use mouse::{clicked_row, on_mouse};
pub(super) use prompt::{
    accept_completion, accept_prompt, apply_live_filter, cancel_prompt, completions,
};
pub use saved_filters::{SavedFilters, SavedFiltersError};
pub(super) use stream::{Bookmark, LineLayout, StreamPosition, visible_range};
pub(super) use stream_reader::{StreamKind, StreamReader};
pub(super) use update::{list_action, load_filter, save_filter, set_context, set_filter};
