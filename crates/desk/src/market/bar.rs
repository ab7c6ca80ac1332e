//! The values of one session: a bar of prices, or one observation of an economic series.

use chrono::NaiveDate;
use serde::Serialize;

/// One session of one symbol. Every price is positive and finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bar {
    /// New York session date.
    pub date: NaiveDate,
    /// Open, high and low, where the source has them and they agree with the close.
    pub range: Option<BarRange>,
    /// Last price of the session as the file gives it.
    pub close: f64,
    /// Close adjusted for splits and dividends, where the file has a column for it.
    pub adj_close: Option<f64>,
    /// Shares traded.
    pub volume: Option<f64>,
}

/// What a close-only source does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BarRange {
    /// First price.
    pub open: f64,
    /// Highest price; at least open and close.
    pub high: f64,
    /// Lowest price; at most open and close.
    pub low: f64,
}

impl Bar {
    /// The price returns are computed from: the adjusted close where there is one.
    #[must_use]
    pub fn return_price(&self) -> f64 {
        self.adj_close.unwrap_or(self.close)
    }

    /// A bar of which only the close is known.
    #[must_use]
    pub const fn close_only(date: NaiveDate, close: f64) -> Self {
        Self { date, range: None, close, adj_close: None, volume: None }
    }
}

/// One value of an economic series and the day the public had it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Observation {
    /// The day, or first day of the week, month or quarter, the value speaks of.
    pub date: NaiveDate,
    /// The day it became known: from the file, or by the lag assumed for its frequency.
    pub release: NaiveDate,
    /// In the unit of the series: percent, index points, USD a barrel, persons.
    pub value: f64,
}

/// Longer without a bar than any closing of the exchange since 1990 (7 days in 2001), in days.
const HOLE_DAYS: i64 = 30;

/// The days between two sessions, when too many to call them neighbours: the bars before and after
/// such a hole, often from two files of other split levels, are two histories.
pub(super) fn long_gap(from: NaiveDate, to: NaiveDate) -> Option<i64> {
    Some((to - from).num_days()).filter(|days| *days > HOLE_DAYS)
}

/// The newest bars without a hole in them.
pub(super) fn since_last_gap(bars: &[Bar]) -> &[Bar] {
    let broken = bars.windows(2).rposition(|pair| long_gap(pair[0].date, pair[1].date).is_some());
    let (_, newest) = bars.split_at(broken.map_or(0, |at| at + 1));
    newest
}
