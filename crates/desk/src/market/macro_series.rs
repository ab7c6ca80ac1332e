//! Economic series with the statistics an assessment needs: latest value, change over a year,
//! ten-year z-score, age.

use chrono::{Months, NaiveDate};

use super::{as_of::MarketView, bar::Observation};
use crate::stats::z_of;
use engine::math::checked_div;

/// A series as known in the view, oldest observation first.
pub(super) struct MacroSeries {
    pub(super) id: &'static str,
    obs: Vec<Observation>,
}

impl MacroSeries {
    /// Loads a series, unless it is missing or ended more than `max_age` days ago (counted from the
    /// start of its last period).
    pub(super) fn load(
        view: &MarketView<'_>,
        id: &'static str,
        max_age: i64,
    ) -> Result<Self, SeriesUnavailable> {
        let obs: Vec<Observation> = view.series(id).copied().collect();
        let Some(last) = obs.last() else { return Err(SeriesUnavailable::Missing) };
        if (view.date() - last.date).num_days() > max_age {
            return Err(SeriesUnavailable::Ended(last.date));
        }
        Ok(Self { id, obs })
    }

    /// Returns a series computed from this one, with the same name.
    pub(super) fn map_values(&self, of: impl Fn(&Self, usize) -> Option<f64>) -> Self {
        let value = |(at, obs): (usize, &Observation)| {
            of(self, at).map(|value| Observation { value, ..*obs })
        };
        Self { id: self.id, obs: self.obs.iter().enumerate().filter_map(value).collect() }
    }

    /// Returns the difference from another series on common days.
    pub(super) fn minus(&self, other: &Self) -> Self {
        self.map_values(|own, at| {
            let day = own.obs.get(at)?;
            Some(day.value - other.value_on(day.date)?)
        })
    }

    pub(super) fn last(&self) -> Option<&Observation> {
        self.obs.last()
    }

    pub(super) fn value(&self) -> Option<f64> {
        self.last().map(|obs| obs.value)
    }

    /// Returns the value observed for exactly that day or period.
    fn value_on(&self, date: NaiveDate) -> Option<f64> {
        let at = self.obs.binary_search_by_key(&date, |obs| obs.date).ok()?;
        self.obs.get(at).map(|obs| obs.value)
    }

    /// Returns the percent change over a year at an observation, if both values exist.
    pub(super) fn yoy_pct(&self, at: usize) -> Option<f64> {
        let now = self.obs.get(at)?;
        let then = self.value_on(now.date.checked_sub_months(Months::new(12))?)?;
        Some(100.0 * (checked_div(now.value, then)? - 1.0))
    }

    /// Returns the difference over a year at an observation.
    pub(super) fn yoy_diff(&self, at: usize) -> Option<f64> {
        let now = self.obs.get(at)?;
        Some(now.value - self.value_on(now.date.checked_sub_months(Months::new(12))?)?)
    }

    /// Returns the mean of the observation and the `n − 1` before it.
    pub(super) fn trailing_mean(&self, at: usize, n: usize) -> Option<f64> {
        let from = (at + 1).checked_sub(n)?;
        let values: Vec<f64> = self.obs.get(from..=at)?.iter().map(|obs| obs.value).collect();
        crate::stats::mean(&values)
    }

    /// Returns the latest value minus the one `n` observations earlier.
    pub(super) fn change_n(&self, n: usize) -> Option<f64> {
        let then = self.obs.len().checked_sub(n + 1).and_then(|at| self.obs.get(at))?;
        Some(self.value()? - then.value)
    }

    /// Returns the latest `n` values, or fewer if there are fewer.
    pub(super) fn recent(&self, n: usize) -> impl Iterator<Item = f64> {
        self.obs.iter().rev().take(n).map(|obs| obs.value)
    }

    /// Returns the values of the 12 months before the latest one, excluding it.
    pub(super) fn past_year(&self) -> impl Iterator<Item = f64> {
        let last = self.last().map(|obs| obs.date);
        let from = last.and_then(|day| day.checked_sub_months(Months::new(12)));
        let in_year = move |day: NaiveDate| from.is_some_and(|f| day >= f) && Some(day) < last;
        self.obs.iter().filter(move |obs| in_year(obs.date)).map(|obs| obs.value)
    }

    /// Returns the z-score of the latest value among those of the last ten years, at least 24 of
    /// them.
    pub(super) fn z_10y(&self) -> Option<f64> {
        let last = self.last()?;
        let from = last.date.checked_sub_months(Months::new(120))?;
        let sample: Vec<f64> =
            self.obs.iter().filter(|obs| obs.date > from).map(|obs| obs.value).collect();
        if sample.len() < 24 { None } else { z_of(last.value, &sample) }
    }
}

/// The reason for which a series is unusable.
pub(super) enum SeriesUnavailable {
    Missing,
    Ended(NaiveDate),
}
