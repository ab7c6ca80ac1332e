//! View of the data as known on a given day, which excludes the future. All analysis reads through
//! it.

use std::cmp::Ordering;

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    bar::{Bar, Observation},
    data_problem::DataProblem,
    dataset::{BENCHMARKS, Dataset},
    features::DEFAULT_BENCHMARK,
    format::{VIX, VIX3M},
    universe::Universe,
};

/// The side of a session's close on which a view stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionSide {
    /// Before the close of the day's session: bars of earlier sessions, releases of earlier days
    /// (one made at 08:30 today is not known at 06:00).
    #[serde(rename = "before")]
    ExcludingToday,
    /// After the close: includes the day's own bar and releases.
    #[serde(rename = "through")]
    IncludingToday,
}

/// A borrowed view; creating one copies nothing.
///
/// The level of adjusted closes depends on later dividends, so use returns from them, not levels; a
/// late vintage of an economic series includes its revisions.
#[derive(Debug, Clone, Copy)]
pub struct MarketView<'a> {
    market: &'a Dataset,
    date: NaiveDate,
    reach: SessionSide,
}

impl<'a> MarketView<'a> {
    pub(super) const fn new(market: &'a Dataset, date: NaiveDate, reach: SessionSide) -> Self {
        Self { market, date, reach }
    }

    /// Returns the day of the view.
    #[must_use]
    pub const fn date(&self) -> NaiveDate {
        self.date
    }

    /// Returns whether data of `day` are known.
    #[must_use]
    pub fn includes(&self, day: NaiveDate) -> bool {
        match (day.cmp(&self.date), self.reach) {
            (Ordering::Less, SessionSide::ExcludingToday | SessionSide::IncludingToday)
            | (Ordering::Equal, SessionSide::IncludingToday) => true,
            (Ordering::Equal, SessionSide::ExcludingToday)
            | (Ordering::Greater, SessionSide::ExcludingToday | SessionSide::IncludingToday) => {
                false
            }
        }
    }

    /// Returns the known bars of a symbol, oldest first; empty for an unknown symbol.
    #[must_use]
    pub fn bars(&self, symbol: &str) -> &'a [Bar] {
        let all = self.market.bars.get(symbol).map_or(&[][..], Vec::as_slice);
        let (known, _) = all.split_at(all.partition_point(|bar| self.includes(bar.date)));
        known
    }

    /// Returns the most recent known bar of a symbol.
    #[must_use]
    pub fn last_bar(&self, symbol: &str) -> Option<&'a Bar> {
        self.bars(symbol).last()
    }

    /// Returns the benchmark: an index or a fund on it, the first one with known bars.
    #[must_use]
    pub fn benchmark(&self) -> &'static str {
        let known = |name: &&str| self.last_bar(name).is_some();
        BENCHMARKS.into_iter().find(known).unwrap_or(DEFAULT_BENCHMARK)
    }

    /// Returns the VIX closes in index points, oldest first.
    #[must_use]
    pub fn vix(&self) -> &'a [Bar] {
        self.bars(VIX)
    }

    /// Returns the closes of the three-month volatility index; empty in the bundled data.
    #[must_use]
    pub fn vix3m(&self) -> &'a [Bar] {
        self.bars(VIX3M)
    }

    /// Returns the observations of an economic series released so far, oldest first, each in the
    /// latest vintage released so far. Ids are those of FRED.
    pub fn series(&self, id: &str) -> impl Iterator<Item = &'a Observation> + use<'a> {
        let view = *self;
        let all = self.market.series.get(id).map_or(&[][..], Vec::as_slice);
        all.iter().enumerate().filter_map(move |(at, obs)| {
            let newer = all
                .get(at + 1..)?
                .iter()
                .take_while(|next| next.date == obs.date)
                .any(|next| view.includes(next.release));
            (view.includes(obs.release) && !newer).then_some(obs)
        })
    }

    /// Returns the problems of a symbol's or series' rows on known days.
    pub fn problems<'s>(
        &self,
        symbol: &'s str,
    ) -> impl Iterator<Item = &'a DataProblem> + use<'a, 's> {
        let view = *self;
        self.market.problems.iter().filter(move |problem| {
            problem.symbol.as_deref() == Some(symbol)
                && problem.date.is_some_and(|day| view.includes(day))
        })
    }

    /// Returns all problems as far as they concern known days.
    pub fn known_problems(&self) -> impl Iterator<Item = DataProblem> + use<'a> {
        let view = *self;
        self.market.problems.iter().filter_map(move |one| one.as_known(|day| view.includes(day)))
    }

    /// Returns whether a split of the symbol is recorded for that day; splits are announced in
    /// advance.
    #[must_use]
    pub fn split_on(&self, symbol: &str, day: NaiveDate) -> bool {
        self.market.splits.get(symbol).is_some_and(|days| days.contains(&day))
    }

    /// Returns the tradable names.
    #[must_use]
    pub const fn universe(&self) -> &'a Universe {
        self.market.universe()
    }
}
