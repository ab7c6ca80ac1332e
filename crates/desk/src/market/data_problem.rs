//! What is wrong with the data given, row by row, and what was done about it.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use diag::safe_name;

/// One finding in one input file. Nothing is left out of a data set without one of these.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataProblem {
    /// Name of the file as it was given.
    pub file: String,
    /// Symbol or series concerned, when known.
    pub symbol: Option<String>,
    /// Line in the file, the first being 1, when one line is to blame.
    pub row: Option<u64>,
    /// Session or observation date concerned, when it could be read.
    pub date: Option<NaiveDate>,
    /// What is wrong.
    pub reason: DataProblemKind,
}

/// What became of the offending data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowTreatment {
    /// The whole file was not used.
    FileIgnored,
    /// A column was not used.
    ColumnIgnored,
    /// The row or cell was left out.
    Dropped,
    /// Part of the row (open, high, low or volume) was left out, the close kept.
    PartDropped,
    /// The data were used as they are; somebody should look.
    Flagged,
}

/// What is wrong with a file, a column or a row.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DataProblemKind {
    /// No known format has these columns.
    #[error("no known format has the columns `{header}`")]
    UnknownFormat {
        /// The first line, shortened.
        header: String,
    },
    /// No data row follows the header.
    #[error("the file has no data rows")]
    Empty,
    /// A column nothing is known about.
    #[error("column `{column}` is not known")]
    UnknownColumn {
        /// Name in the header.
        column: String,
    },
    /// A row with another number of fields than the header.
    #[error("{found} fields where the header has {expected}")]
    Fields {
        /// Fields in the row.
        found: usize,
        /// Fields in the header.
        expected: usize,
    },
    /// The CSV reader gave up on the row.
    #[error("malformed CSV: {detail}")]
    Malformed {
        /// The reader's words.
        detail: String,
    },
    /// Not a date.
    #[error("`{text}` is not a date (YYYY-MM-DD)")]
    BadDate {
        /// The cell, shortened.
        text: String,
    },
    /// Not a number.
    #[error("`{text}` in `{column}` is not a number")]
    BadNumber {
        /// Column name.
        column: String,
        /// The cell, shortened.
        text: String,
    },
    /// Infinite or `NaN`.
    #[error("`{column}` is not finite")]
    NotFinite {
        /// Column name.
        column: String,
    },
    /// A price that is zero or negative, or a negative volume.
    #[error("`{column}` is {value}")]
    NotPositive {
        /// Column name.
        column: String,
        /// The value.
        value: f64,
    },
    /// A needed cell is empty.
    #[error("`{column}` is empty")]
    #[serde(rename = "blank")]
    EmptyValue {
        /// Column name.
        column: String,
    },
    /// Cells without a value, told once for a column.
    #[error("{count} empty cells, the first in this row")]
    #[serde(rename = "blanks")]
    EmptyValues {
        /// How many.
        count: usize,
    },
    /// High below low.
    #[error("high {high} is below low {low}")]
    HighBelowLow {
        /// The high.
        high: f64,
        /// The low.
        low: f64,
    },
    /// Open or close outside the session's range.
    #[error("open {open} or close {close} lies outside low {low} .. high {high}")]
    OutsideRange {
        /// The open.
        open: f64,
        /// The high.
        high: f64,
        /// The low.
        low: f64,
        /// The close.
        close: f64,
    },
    /// The same file has the date twice for the symbol; the first one counts.
    #[error("the date stands in this file twice; the first row counts")]
    DuplicateDate,
    /// The universe lists the symbol twice; the first row counts.
    #[error("the symbol is listed twice; the first row counts")]
    DuplicateSymbol,
    /// The row is older than the row before it; rows were put in order.
    #[error("the row is older than the one before it")]
    Unsorted,
    /// Two files speak of the same sessions.
    #[error("{count} sessions are also in another file; {kept}")]
    Overlap {
        /// Sessions in both.
        count: usize,
        /// Which one counts.
        kept: &'static str,
    },
    /// A move too large to be believed without a split record.
    #[error("return {ret:+.4} is beyond ±{limit:.4} and no split is recorded")]
    #[serde(rename = "jump")]
    PriceJump {
        /// Simple return from the bar before.
        ret: f64,
        /// max(0.25, 8 times the EWMA volatility of a day).
        limit: f64,
    },
    /// So long without a bar that what came before is not used together with what came after.
    #[error("no bar for {days} days: the history starts anew here")]
    #[serde(rename = "hole")]
    Gap {
        /// Calendar days.
        days: i64,
    },
    /// Sessions of the calendar without a bar.
    #[error("{count} sessions without a bar, the first {first}")]
    MissingSessions {
        /// How many in the lookback.
        count: usize,
        /// The oldest.
        first: NaiveDate,
    },
    /// The newest bar is older than the last completed session.
    #[error("{lag} sessions behind")]
    Stale {
        /// Completed sessions after the newest bar.
        lag: usize,
    },
}

impl DataProblemKind {
    /// What is done with data of which this is true.
    #[must_use]
    pub const fn treatment(&self) -> RowTreatment {
        match self {
            Self::UnknownFormat { .. } | Self::Empty => RowTreatment::FileIgnored,
            Self::UnknownColumn { .. } => RowTreatment::ColumnIgnored,
            Self::Fields { .. }
            | Self::Malformed { .. }
            | Self::BadDate { .. }
            | Self::BadNumber { .. }
            | Self::NotFinite { .. }
            | Self::NotPositive { .. }
            | Self::EmptyValue { .. }
            | Self::EmptyValues { .. }
            | Self::DuplicateDate
            | Self::DuplicateSymbol
            | Self::Overlap { .. } => RowTreatment::Dropped,
            Self::HighBelowLow { .. } | Self::OutsideRange { .. } => RowTreatment::PartDropped,
            Self::Unsorted
            | Self::PriceJump { .. }
            | Self::Gap { .. }
            | Self::MissingSessions { .. }
            | Self::Stale { .. } => RowTreatment::Flagged,
        }
    }
}

impl fmt::Display for DataProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&safe_name(&self.file))?;
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        if let Some(symbol) = &self.symbol {
            write!(f, " {}", safe_name(symbol))?;
        }
        if let Some(date) = self.date {
            write!(f, " {date}")?;
        }
        write!(f, ": {}", safe_name(&self.reason.to_string()))
    }
}
