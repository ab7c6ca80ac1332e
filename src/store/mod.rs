//! The state folder: a run's events on disk, written by one process and read by any.
//!
//! [`Store`] is the one writer, by a lock on a file and an epoch in the database; [`Reader`] looks at
//! what is there, also while somebody writes. One step of a run is one transaction: it is there
//! whole or not at all.

mod archive;
mod chain;
mod check;
mod drills;
mod error;
mod facts;
mod flag;
mod found;
mod journal;
mod keep;
mod opened;
mod put_away;
mod reader;
mod row;
mod schema;
mod trail;
mod wal;
mod writer;

pub use check::{Checked, RunChecked, Verdict};
pub use drills::{DrillCheck, Drilled, Drills};
pub use error::StoreError;
pub use facts::Facts;
pub use flag::{Answer, Flag, Flags, Raised};
pub use found::Finding;
pub use journal::Journal;
pub use keep::{Kept, Moved, Retention};
pub use reader::{Reader, RunRow, Tail, Where};
pub use row::Entry;
pub use trail::{Seal, Trail, TrailFile, TrailRow, noted, rebuild, trails};
pub use wal::{Tear, Torn, scan};
pub use writer::{Owner, Store, owner};
