//! What a dry run found, as text and as JSON: who is late, when things run, what does not run and why.

mod gantt;
mod outline;
mod page;
mod sentence;
mod table;

pub use outline::{OutlineRow, OutlineText, RowTone, outline_rows, task_of};
pub use page::{PageStyle, text_rows, to_json};
