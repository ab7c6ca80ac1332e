//! The port of a log of durable facts, which a store implements.

use std::io;

/// What a fact must outlive before it counts as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The process, however it ends.
    SurvivesCrash,
    /// The power: it is on disk.
    SurvivesPowerLoss,
}

/// A log of facts, each one line of JSON, kept in order. One writer.
pub trait FactLog: Send {
    /// Appends a fact. An error leaves open whether it was written; [`FactLog::read`] tells.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being written.
    fn append(&mut self, fact: &str, care: Durability) -> io::Result<()>;

    /// Every fact, oldest first.
    ///
    /// # Errors
    ///
    /// A log that cannot be read, or in which a fact is not as it was written.
    fn read(&mut self) -> io::Result<Vec<String>>;
}
