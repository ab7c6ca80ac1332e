//! The fourteen states of a task, and what each means for whoever counts or waits.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a task stands. The specification's seven, and seven more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskState {
    /// Known; its window, a dependency or freshness is not satisfied.
    Pending,
    /// Everything is satisfied but a slot or an open gate.
    Queued,
    /// Exactly one attempt is alive.
    Running,
    /// The last attempt failed; another follows at a known moment. Holds no slot.
    Retrying,
    /// A person holds it back.
    Held,
    /// Asked to stop; the agent has not yet said so.
    Cancelling,
    /// Whether its effect happened is not known. Blocks dependants.
    InDoubt,
    /// Succeeded.
    Completed,
    /// Failed, and will not be tried again by the machine.
    Failed,
    /// Ended by a clock.
    Timeout,
    /// Stopped by a person, or with the run.
    Cancelled,
    /// Decided not to run.
    Skipped,
    /// Cannot run since something upstream ended badly. Lifts by itself.
    UpstreamFailed,
    /// Its window closed before it started.
    Missed,
}

impl TaskState {
    /// All fourteen.
    pub const ALL: [Self; 14] = [
        Self::Pending,
        Self::Queued,
        Self::Running,
        Self::Retrying,
        Self::Held,
        Self::Cancelling,
        Self::InDoubt,
        Self::Completed,
        Self::Failed,
        Self::Timeout,
        Self::Cancelled,
        Self::Skipped,
        Self::UpstreamFailed,
        Self::Missed,
    ];

    /// The word on screen and in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Retrying => "RETRYING",
            Self::Held => "HELD",
            Self::Cancelling => "CANCELLING",
            Self::InDoubt => "IN_DOUBT",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Timeout => "TIMEOUT",
            Self::Cancelled => "CANCELLED",
            Self::Skipped => "SKIPPED",
            Self::UpstreamFailed => "UPSTREAM_FAILED",
            Self::Missed => "MISSED",
        }
    }

    /// Whether nothing more happens unless a person, or a change upstream, makes it.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        match self {
            Self::Completed
            | Self::Failed
            | Self::Timeout
            | Self::Cancelled
            | Self::Skipped
            | Self::UpstreamFailed
            | Self::Missed => true,
            Self::Pending
            | Self::Queued
            | Self::Running
            | Self::Retrying
            | Self::Held
            | Self::Cancelling
            | Self::InDoubt => false,
        }
    }

    /// Whether it ended otherwise than it should have.
    #[must_use]
    pub const fn is_bad_end(self) -> bool {
        match self {
            Self::Failed
            | Self::Timeout
            | Self::Cancelled
            | Self::UpstreamFailed
            | Self::Missed => true,
            Self::Pending
            | Self::Queued
            | Self::Running
            | Self::Retrying
            | Self::Held
            | Self::Cancelling
            | Self::InDoubt
            | Self::Completed
            | Self::Skipped => false,
        }
    }

    /// Whether an attempt is alive and, unless it asks a person, holds a slot.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::Cancelling)
    }

    /// Its place in lists parallel to [`TaskState::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        #[expect(clippy::as_conversions, reason = "the number of a variant, in order of ALL")]
        {
            self as usize
        }
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_state_is_its_place_among_all() {
        for (place, state) in TaskState::ALL.into_iter().enumerate() {
            assert_eq!(state.index(), place, "{state}");
        }
    }
}
