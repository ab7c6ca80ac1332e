//! Parsers of single cells: dates, prices and volumes, each with the reason if unusable.

use chrono::NaiveDate;
use csv::StringRecord;

use super::{bar::BarRange, data_problem::DataProblemKind, format};

/// A number, or `None` for an empty cell.
pub(super) type NumberCell = Result<Option<f64>, DataProblemKind>;

pub(super) fn trim_cell(cell: &str) -> &str {
    cell.trim().trim_matches('"')
}

pub(super) fn cell_at(record: &StringRecord, at: usize) -> &str {
    trim_cell(record.get(at).unwrap_or_default())
}

pub(super) fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

pub(super) fn read_date(text: &str) -> Result<NaiveDate, DataProblemKind> {
    format::date(text).ok_or_else(|| DataProblemKind::BadDate { text: shorten(text) })
}

/// Parses a number; returns `None` for an empty cell.
pub(super) fn parse_number(text: &str, column: &str) -> NumberCell {
    if text.is_empty() || text == "." {
        return Ok(None); // FRED writes a dot for a missing value
    }
    let column = || column.to_owned();
    let Ok(value) = text.parse::<f64>() else {
        return Err(DataProblemKind::BadNumber { column: column(), text: shorten(text) });
    };
    if value.is_finite() {
        Ok(Some(value))
    } else {
        Err(DataProblemKind::NotFinite { column: column() })
    }
}

pub(super) fn price(record: &StringRecord, column: &str, at: usize) -> NumberCell {
    match parse_number(cell_at(record, at), column)? {
        Some(value) if value <= 0.0 => {
            Err(DataProblemKind::NotPositive { column: column.to_owned(), value })
        }
        other => Ok(other),
    }
}

pub(super) fn parse_volume(record: &StringRecord, at: usize) -> NumberCell {
    match parse_number(cell_at(record, at), "volume")? {
        Some(value) if value < 0.0 => {
            Err(DataProblemKind::NotPositive { column: "volume".to_owned(), value })
        }
        other => Ok(other),
    }
}

pub(super) fn require_number(cell: NumberCell, column: &str) -> Result<f64, DataProblemKind> {
    cell?.ok_or_else(|| DataProblemKind::EmptyValue { column: column.to_owned() })
}

pub(super) fn wrong_range(range: BarRange, close: f64) -> Option<DataProblemKind> {
    let BarRange { open, high, low } = range;
    if high < low {
        Some(DataProblemKind::HighBelowLow { high, low })
    } else if open.max(close) > high || open.min(close) < low {
        Some(DataProblemKind::OutsideRange { open, high, low, close })
    } else {
        None
    }
}
