//! The state folder: a run's events on disk, written by one process and read by any.
//!
//! [`Store`] is the one writer, by a lock on a file and an epoch in the database; [`Reader`] looks at
//! what is there, also while somebody writes. One step of a run is one transaction: it is there
//! whole or not at all.

mod error;
mod facts;
mod journal;
mod reader;
mod row;
mod schema;
mod writer;

pub use error::StoreError;
pub use facts::Facts;
pub use journal::Journal;
pub use reader::{Reader, RunRow, Tail};
pub use row::Entry;
pub use writer::{Owner, Store};
