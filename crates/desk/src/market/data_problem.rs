//! Problems of input data, by row, with the treatment of each.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use diag::safe_name;

/// A problem in an input file. Every omission from a data set is reported as one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataProblem {
    /// Name of the file as given.
    pub file: String,
    /// Symbol or series concerned, if known.
    pub symbol: Option<String>,
    /// Line in the file, from 1, if a single line is concerned.
    pub row: Option<u64>,
    /// Session or observation date concerned, if it could be read.
    pub date: Option<NaiveDate>,
    /// The kind of problem.
    pub reason: DataProblemKind,
}

/// The treatment of problematic data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowTreatment {
    /// The whole file was ignored.
    FileIgnored,
    /// A column was ignored.
    ColumnIgnored,
    /// The row or cell was dropped.
    Dropped,
    /// Part of the row (open, high, low or volume) was dropped, the close kept.
    PartDropped,
    /// The data were used unchanged and should be reviewed.
    Flagged,
}

/// The kind of problem of a file, column or row.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DataProblemKind {
    /// No known format has these columns.
    #[error("no known format has the columns `{header}`; the nearest is {nearest}")]
    UnknownFormat {
        /// The first line, shortened.
        header: String,
        /// The most similar accepted header, and what is different.
        nearest: String,
    },
    /// Bars of a symbol that neither a column nor the file names.
    #[error("neither a column nor the file's name tells the symbol: rename the file to SYMBOL.csv")]
    NoSymbol,
    /// Bars of minutes, hours, weeks or months.
    #[error("the rows are not days: only daily bars are used")]
    NotDaily,
    /// Dates with slashes in which no day is after the 12th.
    #[error("`{text}` can be read in two ways: write the dates as YYYY-MM-DD")]
    AmbiguousDates {
        /// The first date.
        text: String,
    },
    /// Values that nothing uses yet.
    #[error("`{column}` is not used: dividends are not booked")]
    NotUsed { column: String },
    /// No data row follows the header.
    #[error("the file has no data rows")]
    Empty,
    /// A column with an unknown name.
    #[error("unknown column `{column}`")]
    UnknownColumn { column: String },
    /// A row with another number of fields than the header.
    #[error("{found} fields where the header has {expected}")]
    Fields {
        /// Number of fields in the row.
        found: usize,
        /// Number of fields in the header.
        expected: usize,
    },
    /// The CSV parser rejected the row.
    #[error("malformed CSV: {detail}")]
    Malformed {
        /// The message of the parser.
        detail: String,
    },
    #[error("`{text}` is not a date (YYYY-MM-DD)")]
    BadDate {
        /// The text of the cell, shortened.
        text: String,
    },
    #[error("`{text}` in `{column}` is not a number")]
    BadNumber {
        column: String,
        /// The text of the cell, shortened.
        text: String,
    },
    /// A number that is infinite or `NaN`.
    #[error("`{column}` is not finite")]
    NotFinite { column: String },
    /// A price that is zero or negative, or a negative volume.
    #[error("`{column}` is {value}")]
    NotPositive { column: String, value: f64 },
    /// A required cell is empty.
    #[error("`{column}` is empty")]
    #[serde(rename = "blank")]
    EmptyValue { column: String },
    /// Empty cells of a column, reported once.
    #[error("{count} empty cells, the first in this row")]
    #[serde(rename = "blanks")]
    EmptyValues {
        /// Number of empty cells.
        count: usize,
        /// The days of their rows.
        #[serde(skip)]
        days: Vec<NaiveDate>,
    },
    /// A high that is below the low.
    #[error("high {high} is below low {low}")]
    HighBelowLow { high: f64, low: f64 },
    /// Open or close outside the session's range.
    #[error("open {open} or close {close} lies outside low {low} .. high {high}")]
    OutsideRange { open: f64, high: f64, low: f64, close: f64 },
    /// The file has the date twice for the symbol; the first row is used.
    #[error("the date is in this file twice; the first row is used")]
    DuplicateDate,
    /// The universe lists the symbol twice; the first row is used.
    #[error("the symbol is listed twice; the first row is used")]
    DuplicateSymbol,
    /// The row is older than the one before it; the rows were sorted. Reported once for a symbol of
    /// a file, and never for rows from the newest to the oldest.
    #[error("the row is older than the one before it: the rows were sorted")]
    Unsorted,
    /// Two files have bars for the same sessions.
    #[error("{count} sessions are also in another file; {kept}")]
    Overlap {
        /// Number of common sessions.
        count: usize,
        /// The file that is used.
        kept: &'static str,
        /// The common sessions.
        #[serde(skip)]
        days: Vec<NaiveDate>,
    },
    /// A move too large to be plausible without a split record.
    #[error("return {ret:+.4} is beyond ±{limit:.4} and no split is recorded")]
    #[serde(rename = "jump")]
    PriceJump {
        /// Simple return from the previous bar.
        ret: f64,
        /// max(0.25, 8 times the EWMA volatility of a day).
        limit: f64,
    },
    /// A gap so long that earlier bars are not used together with later ones.
    #[error("no bar for {days} days: the history starts again here")]
    #[serde(rename = "hole")]
    Gap {
        /// Length in calendar days.
        days: i64,
    },
    /// Sessions of the calendar without a bar.
    #[error("{count} sessions without a bar, the first {first}")]
    MissingSessions {
        /// Number of such sessions in the lookback.
        count: usize,
        /// The oldest such session.
        first: NaiveDate,
    },
    /// The most recent bar is older than the last completed session.
    #[error("{lag} sessions behind")]
    Stale {
        /// Number of completed sessions after that bar.
        lag: usize,
    },
}

impl DataProblemKind {
    /// Returns the treatment of data with this problem.
    #[must_use]
    pub const fn treatment(&self) -> RowTreatment {
        match self {
            Self::UnknownFormat { .. }
            | Self::NoSymbol
            | Self::NotDaily
            | Self::AmbiguousDates { .. }
            | Self::Empty => RowTreatment::FileIgnored,
            Self::UnknownColumn { .. } | Self::NotUsed { .. } => RowTreatment::ColumnIgnored,
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

impl DataProblem {
    /// Returns the problem as far as it concerns days that are `known`, or `None` if it concerns
    /// later ones only. Problems of a header have no day and are always known.
    pub(super) fn as_known(&self, known: impl Fn(NaiveDate) -> bool) -> Option<Self> {
        let on = |days: &[NaiveDate]| -> Vec<NaiveDate> {
            days.iter().copied().filter(|day| known(*day)).collect()
        };
        let (count, reason) = if let DataProblemKind::EmptyValues { days, .. } = &self.reason {
            let days = on(days);
            (days.len(), DataProblemKind::EmptyValues { count: days.len(), days })
        } else if let DataProblemKind::Overlap { kept, days, .. } = &self.reason {
            let days = on(days);
            (days.len(), DataProblemKind::Overlap { count: days.len(), kept, days })
        } else {
            (usize::from(self.date.is_none_or(known)), self.reason.clone())
        };
        (count > 0).then(|| Self { reason, ..self.clone() })
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
