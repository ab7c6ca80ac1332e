//! Acting on a run: what an act would do, how much is asked of whoever wants it, and whether what
//! was agreed to is still what would happen.
//!
//! Propose → plan → commit. The plan is computed from the state by trying the act on a copy of the
//! engine; its hash says what was agreed to. All of it is pure: the driver enforces it, a dialog
//! shows it, and neither can come to another answer.

mod authority;
mod commit_check;
mod consequence_text;
mod consequences;
mod preview;
mod preview_run;
mod proposal;
mod risk_tier;
mod verb;

pub use authority::{Authority, CommitError, CommitResult, SessionOpening, SessionStatus};
pub use commit_check::{CommitDenied, check_commit};
pub use preview::propose;
pub use proposal::{
    CommandTarget, Commit, LineWarning, Preview, PreviewHash, PreviewLine, PreviewSection,
    PreviewSectionKind, Proposal, TargetSnapshot, short_run,
};
pub use risk_tier::{GuardLevel, RiskTier, risk_tier};
pub use verb::{CommandVerb, ShellForm, VerbSpec, VerbTarget};
