//! The counts of a process or a state folder, for the status document.

use chrono::{DateTime, Utc};

/// Facts of the process beside its current run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProcessInfo {
    /// The start of the process, UTC.
    pub started_at: DateTime<Utc>,
    /// Earlier runs that ended well.
    pub runs_completed: u64,
    /// Earlier runs that did not.
    pub runs_failed: u64,
    /// Tasks that ended well in earlier runs.
    pub tasks_completed: u64,
    /// Tasks that ended badly in earlier runs.
    pub tasks_failed: u64,
    /// The total duration of completed tasks, in seconds.
    pub task_seconds: f64,
}

impl ProcessInfo {
    /// A process that has run nothing yet.
    #[must_use]
    pub const fn started(at: DateTime<Utc>) -> Self {
        Self {
            started_at: at,
            runs_completed: 0,
            runs_failed: 0,
            tasks_completed: 0,
            tasks_failed: 0,
            task_seconds: 0.0,
        }
    }
}
