//! Rows of the event table: the event as JSON, with a checksum over it and all earlier events.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use engine::{CorrelationId, Event, RecordedEvent};

/// A checksum over a run's events up to one of them.
pub(super) type EventSum = [u8; 16];

/// An event as stored in the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// Position in the run, from 1, without gaps.
    pub seq: u64,
    /// Time of the event, UTC.
    pub at: DateTime<Utc>,
    pub corr: CorrelationId,
    /// The stable word for the kind of event.
    pub kind: String,
    /// The event as JSON, as it was written.
    pub body: String,
}

impl EventRow {
    pub(super) fn from_recorded(recorded: &RecordedEvent) -> serde_json::Result<Self> {
        let kind = recorded.event.kind_name().to_owned();
        let body = serde_json::to_string(&recorded.event)?;
        Ok(Self { seq: recorded.seq, at: recorded.at, corr: recorded.corr, kind, body })
    }

    /// Parses the JSON of the event.
    ///
    /// # Errors
    ///
    /// The kind of event, or a part of it, is unknown to this program.
    pub fn to_recorded(&self) -> serde_json::Result<RecordedEvent> {
        let event: Event = serde_json::from_str(&self.body)?;
        Ok(RecordedEvent { seq: self.seq, at: self.at, corr: self.corr, event })
    }

    /// Returns the checksum up to this row. It changes if a row is changed, dropped or moved.
    pub(super) fn chained_sum(&self, before: EventSum) -> EventSum {
        let mut digest = Sha256::new();
        digest.update(before);
        digest.update(self.seq.to_be_bytes());
        digest.update(to_nanos(self.at).to_be_bytes());
        digest.update(self.corr.0.to_be_bytes());
        digest.update(self.body.as_bytes());
        let mut sum = EventSum::default();
        sum.copy_from_slice(&digest.finalize()[..16]);
        sum
    }
}

/// Converts a moment to nanoseconds since 1970; a moment after 2262 becomes the last representable
/// one.
pub(super) fn to_nanos(at: DateTime<Utc>) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(i64::MAX)
}

/// Converts nanoseconds since 1970 to a moment.
pub(super) const fn from_nanos(nanos: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(nanos)
}
