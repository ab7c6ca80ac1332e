//! Whether an agreement may be carried out: same plan, reason given, phrase typed.

use serde::{Deserialize, Serialize};

use super::proposal::{Commit, Preview};

/// Why an act is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CommitDenied {
    /// The plan agreed to is not the plan there is.
    #[error("the preview changed after you confirmed")]
    #[serde(rename = "changed")]
    PreviewStale,
    /// A reason must be given.
    #[error("it needs a reason")]
    NoReason,
    /// The phrase must be typed exactly.
    #[error("the phrase does not match")]
    #[serde(rename = "phrase")]
    WrongPhrase,
    /// It was agreed to faster than the plan can have been read.
    #[error("confirmed too soon; read the preview and confirm again")]
    TooSoon,
    /// The session may only look.
    #[error("this session is read-only")]
    #[serde(rename = "locked")]
    ReadOnly,
    /// The session may look and brake.
    #[error("not armed; arm the session first")]
    NotArmed,
    /// Only brakes are taken without a plan.
    #[error("not a brake; request a preview first")]
    #[serde(rename = "no_brake")]
    NotABrake,
    /// The proposal was not made by this session, was carried out already as another plan, or lies
    /// so far back that nobody knows what became of it.
    #[error("the preview has expired; request it again")]
    #[serde(rename = "not_open")]
    SessionNotOpen,
    /// As many sessions are open as may be.
    #[error("too many sessions are open; close one")]
    TooMany,
}

/// Whether `commit` may be carried out, given the plan as it is now. Who may is another question.
///
/// # Errors
///
/// `Denied::Changed` before all else; then what is missing.
pub fn check_commit(plan: &Preview, commit: &Commit) -> Result<(), CommitDenied> {
    let same = plan.hash == commit.hash && plan.proposal == commit.proposal;
    if !same {
        return Err(CommitDenied::PreviewStale);
    }
    let blank = commit.reason.as_deref().is_none_or(|reason| reason.trim().is_empty());
    if plan.needs_reason && blank {
        return Err(CommitDenied::NoReason);
    }
    if plan.phrase.is_some() && plan.phrase != commit.phrase {
        return Err(CommitDenied::WrongPhrase);
    }
    Ok(())
}
