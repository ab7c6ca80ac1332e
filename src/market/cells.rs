//! Reads single cells: dates, prices and volumes, each with the reason when it cannot be used.

use chrono::NaiveDate;
use csv::StringRecord;

use super::{bar::Range, format, problem::Reason};

/// A number, `None` when the cell is empty.
pub(super) type Cell = Result<Option<f64>, Reason>;

pub(super) fn clean(cell: &str) -> &str {
    cell.trim().trim_matches('"')
}

pub(super) fn cell(record: &StringRecord, at: usize) -> &str {
    clean(record.get(at).unwrap_or_default())
}

pub(super) fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

pub(super) fn read_date(text: &str) -> Result<NaiveDate, Reason> {
    format::date(text).ok_or_else(|| Reason::BadDate { text: shorten(text) })
}

/// A number, `None` for an empty cell.
pub(super) fn number(text: &str, column: &str) -> Cell {
    if text.is_empty() || text == "." {
        return Ok(None); // FRED writes a dot where there is no value
    }
    let column = || column.to_owned();
    let Ok(value) = text.parse::<f64>() else {
        return Err(Reason::BadNumber { column: column(), text: shorten(text) });
    };
    if value.is_finite() { Ok(Some(value)) } else { Err(Reason::NotFinite { column: column() }) }
}

pub(super) fn price(record: &StringRecord, column: &str, at: usize) -> Cell {
    match number(cell(record, at), column)? {
        Some(value) if value <= 0.0 => {
            Err(Reason::NotPositive { column: column.to_owned(), value })
        }
        other => Ok(other),
    }
}

pub(super) fn volume(record: &StringRecord, at: usize) -> Cell {
    match number(cell(record, at), "volume")? {
        Some(value) if value < 0.0 => {
            Err(Reason::NotPositive { column: "volume".to_owned(), value })
        }
        other => Ok(other),
    }
}

pub(super) fn needed(cell: Cell, column: &str) -> Result<f64, Reason> {
    cell?.ok_or_else(|| Reason::Blank { column: column.to_owned() })
}

pub(super) fn wrong_range(range: Range, close: f64) -> Option<Reason> {
    let Range { open, high, low } = range;
    if high < low {
        Some(Reason::HighBelowLow { high, low })
    } else if open.max(close) > high || open.min(close) < low {
        Some(Reason::OutsideRange { open, high, low, close })
    } else {
        None
    }
}
