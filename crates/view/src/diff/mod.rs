//! Differences between two attempts of a task, and between two runs.

mod attempts;
mod lines;
mod rows;
mod runs;

pub use attempts::{AttemptDiff, AttemptFacts, attempts_of, diff_attempts};
pub use lines::{DiffLine, DiffSide, diff_lines, has_changes, near_changes};
pub use rows::DiffRow;
pub use runs::{RunDiff, TaskDiff, diff_runs};
