//! The audit trail on disk: a file of chained entries for each run, its head noted in the journal.
//!
//! The journal comes first: an entry is made of an event that is committed. A file that ends elsewhere than
//! the journal (behind it after a crash, beyond it when the journal lost its end) is brought to the
//! events; never the other way round.

mod derive;
mod index;
mod repair;
mod verify;
mod writer;

pub use index::{TrailIndexRow, row_of_run};
pub use repair::rebuild_trail;
pub use verify::{TrailFileReport, verify_trails};
pub use writer::{TrailHeadHandle, TrailWriter};
