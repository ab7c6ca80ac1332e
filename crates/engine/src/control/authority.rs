//! Who may do what: what a session may, and the answers it gets.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{commit_check::CommitDenied, proposal::Preview};
use crate::{Command, CommandRefusal};

/// What a session may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// Nothing but look (`--read-only`), and never more.
    #[serde(rename = "locked")]
    ReadOnly,
    /// Look, and brake.
    Observe,
    /// Everything, with what its tier asks for.
    Armed,
}

impl Authority {
    /// The word on screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "READ-ONLY",
            Self::Observe => "OBSERVE",
            Self::Armed => "ARMED",
        }
    }
}

/// How a session is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOpening {
    /// Whose it is.
    pub operator: String,
    /// What it would like. `Armed` is given only where nothing can be harmed and nobody else is
    /// armed; elsewhere such a session observes until it arms with a reason.
    pub authority: Authority,
}

/// What a session may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionStatus {
    /// What.
    pub authority: Authority,
    /// When that ends by itself, on the wall, UTC.
    pub until: Option<DateTime<Utc>>,
}

/// What became of an act that was agreed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommitResult {
    /// The proposal's number.
    pub proposal: u64,
    /// What was done, with the number of its order; each stands in an `operator_acted` event.
    pub done: Vec<(u64, Command)>,
    /// What the engine refused, and why.
    pub refused: Vec<(Command, CommandRefusal)>,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CommitError {
    /// The plan is another now; nothing was given to the engine.
    #[error("the preview changed")]
    #[serde(rename = "changed")]
    PreviewStale(Box<Preview>),
    /// It is not allowed, or something is missing.
    #[error(transparent)]
    Denied(#[from] CommitDenied),
    /// The engine refuses it.
    #[error(transparent)]
    Refused(#[from] CommandRefusal),
    /// Nothing can be recorded, so nothing is done.
    #[error("the journal is unavailable, so the command was not run: {0}")]
    #[serde(rename = "frozen")]
    JournalUnavailable(String),
    /// The day is over and nobody answers.
    #[error("the run has ended and takes no orders; start a new one")]
    #[serde(rename = "gone")]
    EngineGone,
}
