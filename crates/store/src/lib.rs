//! The state folder: a run's events on disk, written by one process and read by any.
//!
//! [`Store`] is the one writer, by a lock on a file and an epoch in the database; [`Reader`] looks at
//! what is there, also while somebody writes. One step of a run is one transaction: it is there
//! whole or not at all.

mod archive;
mod damage;
mod drill_log;
mod error;
mod event_chain;
mod event_row;
mod fact_archive;
mod fact_log;
mod flag_files;
mod heartbeat;
mod integrity;
mod journal;
mod opened;
mod reader;
mod retention;
mod schema;
mod trail;
mod wal_tail;
mod writer;

pub use damage::DamageFinding;
pub use drill_log::{DrillCheck, DrillLog, DrillResult};
pub use error::StoreError;
pub use event_row::EventRow;
pub use fact_log::RunFactLog;
pub use flag_files::{FlagFiles, FlagResponse, Raised, TradingFlag};
pub use heartbeat::{HeartbeatStamp, Uptime};
pub use integrity::{IntegrityReport, RunCheck, RunIntegrity};
pub use journal::Journal;
pub use reader::{EventLocation, JournalReader, RunSummary, RunTail};
pub use retention::{MovedRun, Retention, RetentionReport};
pub use trail::{
    TrailFileReport, TrailHeadHandle, TrailIndexRow, TrailWriter, rebuild_trail, row_of_run,
    verify_trails,
};
pub use wal_tail::{TearKind, TornTail, scan_log};
pub use writer::{JournalOwner, Store, journal_owner};
