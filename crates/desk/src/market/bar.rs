//! Values of one session: a price bar, or an observation of an economic series.

use chrono::NaiveDate;
use serde::Serialize;

/// One session of one symbol. Every price is positive and finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bar {
    /// Session date in New York.
    pub date: NaiveDate,
    /// Open, high and low, if the source has them and they are consistent with the close.
    pub range: Option<BarRange>,
    /// Last price of the session as given in the file.
    pub close: f64,
    /// Close adjusted for splits and dividends, if the file has one.
    pub adj_close: Option<f64>,
    /// Number of shares traded.
    pub volume: Option<f64>,
}

/// The prices that a close-only source lacks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BarRange {
    pub open: f64,
    /// Highest price; at least open and close.
    pub high: f64,
    /// Lowest price; at most open and close.
    pub low: f64,
}

impl Bar {
    /// Returns the price for computing returns: the adjusted close if there is one.
    #[must_use]
    pub fn return_price(&self) -> f64 {
        self.adj_close.unwrap_or(self.close)
    }

    /// Creates a bar with only a close.
    #[must_use]
    pub const fn close_only(date: NaiveDate, close: f64) -> Self {
        Self { date, range: None, close, adj_close: None, volume: None }
    }
}

/// A value of an economic series with its release date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Observation {
    /// The day, or first day of the week, month or quarter, that the value describes.
    pub date: NaiveDate,
    /// The day of publication: from the file, or assumed from the usual lag of its frequency.
    pub release: NaiveDate,
    /// In the unit of the series: percent, index points, USD a barrel, persons.
    pub value: f64,
}

/// Longest gap accepted between bars, in days; longer than any closing of the exchange since 1990
/// (7 days in 2001).
const HOLE_DAYS: i64 = 30;

/// Returns the days between two sessions if they are too many for one history: bars before and
/// after such a gap often come from files with different split levels.
pub(super) fn long_gap(from: NaiveDate, to: NaiveDate) -> Option<i64> {
    Some((to - from).num_days()).filter(|days| *days > HOLE_DAYS)
}

/// Returns the most recent bars without a long gap.
pub(super) fn since_last_gap(bars: &[Bar]) -> &[Bar] {
    let broken = bars.windows(2).rposition(|pair| long_gap(pair[0].date, pair[1].date).is_some());
    let (_, newest) = bars.split_at(broken.map_or(0, |at| at + 1));
    newest
}
