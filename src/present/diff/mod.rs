//! What differs: between two attempts of a task, and between two runs.

mod attempts;
mod lines;
mod rows;
mod runs;

pub use attempts::{AttemptDiff, AttemptFacts, attempts, between};
pub use lines::{Line, Side, changed, lines, near_changes};
pub use rows::Row;
pub use runs::{RunDiff, TaskDiff, runs};
