//! Which days the market data can carry, and what is to be said of a day it cannot.

use chrono::NaiveDate;

use super::days::Days;
use crate::{
    calendar,
    market::{DEFAULT_BENCHMARK, Reach},
};

/// The volatility index, as data sets call it.
const VIX: &str = "VIX";

/// Last day of the data inside the program that all of it covers, as `assets/market/PROVENANCE.md`
/// says; some of its files go on for a few days.
const COHERENT_UNTIL: Option<NaiveDate> = NaiveDate::from_ymd_opt(2018, 12, 31);

impl Days {
    /// First and last day with bars of the benchmark, of every tradable name and of the volatility
    /// index; nothing where the data holds no such day. On the first the regime is not yet known.
    ///
    /// Of the data inside the program 2014-01-03 to 2018-12-31.
    #[must_use]
    pub fn sessions(&self) -> Option<(NaiveDate, NaiveDate)> {
        let data = self.data();
        let mut symbols = vec![DEFAULT_BENCHMARK, VIX];
        symbols.extend(data.universe().iter().map(|listing| listing.symbol.as_str()));
        let spans: Option<Vec<_>> = symbols.into_iter().map(|symbol| data.span(symbol)).collect();
        let (first, last) = spans?.into_iter().reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
        let last = match COHERENT_UNTIL {
            Some(until) if self.config.places.data.is_none() => last.min(until),
            Some(_) | None => last,
        };
        (first <= last).then_some((first, last))
    }

    /// What is to be said of a session whose volatility regime is not known, or is a precaution.
    #[must_use]
    pub fn remark_on(&self, date: NaiveDate) -> Option<String> {
        if !calendar::day(date).ok()?.is_session() {
            return None;
        }
        let expected = calendar::previous_session(date).ok()?.date;
        let last = self.data().as_of(date, Reach::Before).vix().last().map(|bar| bar.date);
        let known = self.facts(date).ok()?.volatility.is_some();
        match last {
            Some(last) if last >= expected => None,
            Some(last) if known => {
                Some(format!("volatility is a precaution: the VIX known then ends {last}"))
            }
            Some(last) => Some(format!(
                "volatility unknown: the VIX of this data ends {last}, so no regime is laid"
            )),
            None => Some(
                "volatility unknown: the data has no VIX before this day, so no regime is laid"
                    .into(),
            ),
        }
    }
}
