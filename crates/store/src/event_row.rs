//! An event as a row: its body as JSON, and a sum over it and everything before it.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use engine::{CorrelationId, Event, RecordedEvent};

/// A sum over a run's events up to one of them.
pub(super) type EventSum = [u8; 16];

/// An event as the journal keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// Position in the run, from 1, without gaps.
    pub seq: u64,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Correlation.
    pub corr: CorrelationId,
    /// The stable word for its kind.
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

    /// The event, as far as this program knows its kind.
    ///
    /// # Errors
    ///
    /// For an event of a kind, or with parts, that this program does not know.
    pub fn to_recorded(&self) -> serde_json::Result<RecordedEvent> {
        let event: Event = serde_json::from_str(&self.body)?;
        Ok(RecordedEvent { seq: self.seq, at: self.at, corr: self.corr, event })
    }

    /// The sum of everything up to this entry. An entry changed, dropped or moved changes it.
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

/// A moment as nanoseconds since 1970; beyond 2262, the last one that can be told.
pub(super) fn to_nanos(at: DateTime<Utc>) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(i64::MAX)
}

/// The moment so many nanoseconds after 1970.
pub(super) const fn from_nanos(nanos: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_nanos(nanos)
}
