//! The audit trail on disk: a file of chained entries for each run, its head noted in the journal.
//!
//! The journal comes first: an entry is made of an event that is committed. A file that ends elsewhere than
//! the journal (behind it after a crash, beyond it when the journal lost its end) is brought to the
//! events; never the other way round.

mod check;
mod derive;
mod heads;
mod heal;
mod sink;

pub use check::{TrailFile, trails};
pub use heads::{TrailRow, noted};
pub use heal::rebuild;
pub use sink::{Seal, Trail};
