//! Keeps the journal, archive, audit files, fact logs and flag files of a state folder.
//!
//! This crate must never know the desk: its facts are opaque texts, stored through `engine::port`.
//! [`Store`] is the only writer, ensured by a file lock and an epoch in the database;
//! [`JournalReader`] reads at any time, also while a run is written. Each step of a run is one
//! transaction, recorded completely or not at all.

mod archive;
mod attempt_log;
mod book_log;
mod committed_head;
mod damage;
mod database;
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
mod lost_end;
mod opened;
mod reader;
mod retention;
mod schema;
mod trail;
mod writer;

pub use attempt_log::{AttemptLogKind, AttemptLogLine, AttemptLogWriter, AttemptLogs};
pub use book_log::{BookLog, BookLogEntry};
pub use damage::DamageFinding;
pub use drill_log::{DrillCheck, DrillLog, DrillResult};
pub use error::StoreError;
pub use event_row::EventRow;
pub use fact_log::RunFactLog;
pub use flag_files::{FlagFiles, FlagResponse, Raised, TradingFlag};
pub use heartbeat::{HeartbeatStamp, Uptime};
pub use integrity::{IntegrityReport, RunCheck, RunIntegrity};
pub use journal::Journal;
pub use lost_end::LostEnd;
pub use reader::{EventLocation, JournalReader, RunSummary, RunTail};
pub use retention::{MovedRun, Retention, RetentionReport};
pub use trail::{
    TrailFileReport, TrailHeadHandle, TrailIndexRow, TrailWriter, rebuild_trail, row_of_run,
    verify_last_trail, verify_trails,
};
pub use writer::{JournalOwner, Store, journal_owner};
