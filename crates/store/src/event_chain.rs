//! Verification of a run's checksums row by row, which distinguishes damage at the end from damage
//! in the middle.

use rusqlite::{Connection, Row, params, types::Type};

use super::{
    EventRow,
    event_row::{EventSum, from_nanos},
};
use engine::CorrelationId;

/// The query for the rows of a run, in order.
pub(super) const ROWS: &str =
    "SELECT seq, at, corr, kind, body, sum FROM events WHERE run = ?1 ORDER BY seq";

/// The result of verifying the checksums of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ChainHealth {
    /// Every row matches its checksum.
    Sound { events: u64, sum: EventSum },
    /// All rows from this one to the last are damaged.
    DamagedTail { from: u64, what: &'static str },
    /// This row is damaged, but a later one is intact.
    DamagedMiddle { seq: u64, what: &'static str },
}

const MISSING: &str = "it is missing";
const CHANGED: &str = "it does not match its checksum";

/// Reads a row; `None` if it holds values that no valid row can have.
pub(super) fn entry_from_row(row: &Row<'_>) -> rusqlite::Result<Option<(EventRow, EventSum)>> {
    let read = || -> rusqlite::Result<(EventRow, EventSum)> {
        let number = |place| {
            let wrong =
                |_negative| rusqlite::Error::InvalidColumnType(place, String::new(), Type::Integer);
            u64::try_from(row.get::<_, i64>(place)?).map_err(wrong)
        };
        let entry = EventRow {
            seq: number(0)?,
            at: from_nanos(row.get(1)?),
            corr: CorrelationId(number(2)?),
            kind: row.get(3)?,
            body: row.get(4)?,
        };
        Ok((entry, row.get(5)?))
    };
    match read() {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.sqlite_error_code().is_some() => Err(error),
        Err(_of_a_value) => Ok(None),
    }
}

/// The state of a verification: number and checksum of the last intact row. Each row must be passed
/// to `next` in order.
#[derive(Debug, Default)]
pub(super) struct EventChain {
    pub(super) events: u64,
    pub(super) sum: EventSum,
}

impl EventChain {
    /// Verifies the next row.
    pub(super) fn next(&mut self, entry: &EventRow, written: EventSum) -> Result<(), &'static str> {
        if entry.seq != self.events + 1 {
            return Err(MISSING);
        }
        let sum = entry.chained_sum(self.sum);
        if sum != written {
            return Err(CHANGED);
        }
        (self.events, self.sum) = (entry.seq, sum);
        Ok(())
    }
}

/// Verifies every row of a run.
pub(super) fn check_run(db: &Connection, run: i64) -> rusqlite::Result<ChainHealth> {
    let mut ask = db.prepare_cached(ROWS)?;
    let mut rows = ask.query(params![run])?;
    let mut chain = EventChain::default();
    let mut broken: Option<(u64, &'static str)> = None;
    let mut before = EventSum::default();
    while let Some(row) = rows.next()? {
        let read = entry_from_row(row)?;
        match (&read, broken) {
            (Some((entry, written)), None) => {
                if let Err(what) = chain.next(entry, *written) {
                    broken = Some((chain.events + 1, what));
                }
            }
            (None, None) => broken = Some((chain.events + 1, CHANGED)),
            // A row after the damage is intact if its checksum follows from the one stored in the
            // row before.
            (Some((entry, written)), Some((seq, what)))
                if entry.chained_sum(before) == *written =>
            {
                return Ok(ChainHealth::DamagedMiddle { seq, what });
            }
            (Some(_) | None, Some(_)) => {}
        }
        before = read.map_or(before, |(_, written)| written);
    }
    Ok(match broken {
        None => ChainHealth::Sound { events: chain.events, sum: chain.sum },
        // Without its first row nothing of a run is left to keep.
        Some((seq @ 0..=1, what)) => ChainHealth::DamagedMiddle { seq, what },
        Some((from, what)) => ChainHealth::DamagedTail { from, what },
    })
}
