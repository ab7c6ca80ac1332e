//! The report of a dry run as text and as JSON: deadlines, times, tasks that do not run and the
//! reasons.

mod gantt;
mod outline;
mod page;
mod sentence;
mod table;

pub use outline::{OutlineRow, OutlineText, RowTone, outline_rows, task_of};
pub use page::{PageStyle, text_rows, to_json};
