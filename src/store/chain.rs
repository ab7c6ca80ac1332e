//! Follows the sums of a run from row to row, and tells damage at its end from damage in its middle.

use rusqlite::{Connection, Row, params, types::Type};

use super::{
    Entry,
    row::{Sum, at},
};
use crate::engine::Corr;

/// The rows of a run, in order.
pub(super) const ROWS: &str =
    "SELECT seq, at, corr, kind, body, sum FROM events WHERE run = ?1 ORDER BY seq";

/// What the sums of a run say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Health {
    /// Every row is as it was written.
    Whole { events: u64, sum: Sum },
    /// From this row to the last none is.
    Tail { from: u64, what: &'static str },
    /// This row is not, and one behind it is.
    Middle { seq: u64, what: &'static str },
}

const MISSING: &str = "it is missing";
const CHANGED: &str = "it is not as it was written";

/// A row as it was read; `None`: it holds what no row can.
pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Option<(Entry, Sum)>> {
    let read = || -> rusqlite::Result<(Entry, Sum)> {
        let number = |place| {
            let wrong =
                |_negative| rusqlite::Error::InvalidColumnType(place, String::new(), Type::Integer);
            u64::try_from(row.get::<_, i64>(place)?).map_err(wrong)
        };
        let entry = Entry {
            seq: number(0)?,
            at: at(row.get(1)?),
            corr: Corr(number(2)?),
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

/// Follows a run from its first row on. Rows are whole as long as `each` is told of them.
#[derive(Debug, Default)]
pub(super) struct Chain {
    pub(super) events: u64,
    pub(super) sum: Sum,
}

impl Chain {
    /// Takes the next row.
    pub(super) fn next(&mut self, entry: &Entry, written: Sum) -> Result<(), &'static str> {
        if entry.seq != self.events + 1 {
            return Err(MISSING);
        }
        let sum = entry.sum(self.sum);
        if sum != written {
            return Err(CHANGED);
        }
        (self.events, self.sum) = (entry.seq, sum);
        Ok(())
    }
}

/// Looks at every row of a run.
pub(super) fn look(db: &Connection, run: i64) -> rusqlite::Result<Health> {
    let mut ask = db.prepare_cached(ROWS)?;
    let mut rows = ask.query(params![run])?;
    let mut chain = Chain::default();
    let mut broken: Option<(u64, &'static str)> = None;
    let mut before = Sum::default();
    while let Some(row) = rows.next()? {
        let read = entry(row)?;
        match (&read, broken) {
            (Some((entry, written)), None) => {
                if let Err(what) = chain.next(entry, *written) {
                    broken = Some((chain.events + 1, what));
                }
            }
            (None, None) => broken = Some((chain.events + 1, CHANGED)),
            // Whether a row behind the damage is whole, the sum written beside the one before it tells.
            (Some((entry, written)), Some((seq, what))) if entry.sum(before) == *written => {
                return Ok(Health::Middle { seq, what });
            }
            (Some(_) | None, Some(_)) => {}
        }
        before = read.map_or(before, |(_, written)| written);
    }
    Ok(match broken {
        None => Health::Whole { events: chain.events, sum: chain.sum },
        // Without its first row a run is none: there is nothing to cut back to.
        Some((seq @ 0..=1, what)) => Health::Middle { seq, what },
        Some((from, what)) => Health::Tail { from, what },
    })
}
