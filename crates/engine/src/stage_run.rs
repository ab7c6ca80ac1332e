//! What is known of one stage: its status and how many of its tasks are in which state.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::command::Waiver;

/// Where a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StageStatus {
    /// Its window has not opened.
    Waiting,
    /// Its window is open, or some of its tasks have not ended.
    Open,
    /// All its tasks ended well.
    Completed,
    /// All its required tasks ended well; others did not.
    CompletedWithIssues,
    /// A required task was not done.
    Failed,
    /// Its window closed before any of its tasks started.
    Missed,
    /// The run was cancelled.
    Cancelled,
}

impl StageStatus {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Open,
        Self::Completed,
        Self::CompletedWithIssues,
        Self::Failed,
        Self::Missed,
        Self::Cancelled,
    ];

    /// The word on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Open => "OPEN",
            Self::Completed => "COMPLETED",
            Self::CompletedWithIssues => "COMPLETED_WITH_ISSUES",
            Self::Failed => "FAILED",
            Self::Missed => "MISSED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Whether all its tasks have ended.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        !matches!(self, Self::Waiting | Self::Open)
    }
}

/// What is known of one stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageRun {
    /// Where it stands.
    pub status: StageStatus,
    /// When it opened.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Since when nothing can move without a person.
    pub stuck_since: Option<DateTime<Utc>>,
    /// What was waived to force it open.
    pub waivers: Vec<Waiver>,
    /// How many of its tasks are in each state, in the order of [`super::TaskState::ALL`].
    pub counts: [u32; 14],
}

impl StageRun {
    pub(super) const fn new() -> Self {
        Self {
            status: StageStatus::Waiting,
            started_at: None,
            ended_at: None,
            stuck_since: None,
            waivers: Vec::new(),
            counts: [0; 14],
        }
    }
}
