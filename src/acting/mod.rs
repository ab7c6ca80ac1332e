//! Acting on a run: what an act would do, how much is asked of whoever wants it, and whether what
//! was agreed to is still what would happen.
//!
//! Propose → plan → commit. The plan is computed from the state by trying the act on a copy of the
//! engine; its hash says what was agreed to. All of it is pure: the driver enforces it, a dialog
//! shows it, and neither can come to another answer.

mod check;
mod consequence;
mod proposal;
mod propose;
mod session;
mod tier;
mod trial;

pub use check::{Denied, check};
pub use proposal::{
    ActHash, ActPlan, Commit, Line, Mark, Proposal, Section, SectionKind, Subject, Target,
    short_run,
};
pub use propose::propose;
pub use session::{Authority, Committed, NotCommitted, Opening, Standing};
pub use tier::{Guards, Tier, tier};
