//! Types and functions for audit files: one file of chained entries per run, with its head in the
//! journal.
//!
//! The journal comes first: an entry is derived from a committed event. A file whose end differs
//! from the journal (behind it after a crash, beyond it when the journal lost its end) is repaired
//! from the events, never the other way round.

mod derive;
mod index;
mod repair;
mod verify;
mod writer;

pub use index::{TrailIndexRow, row_of_run};
pub use repair::rebuild_trail;
pub use verify::{TrailFileReport, verify_last_trail, verify_trails};
pub use writer::{TrailHeadHandle, TrailWriter};
