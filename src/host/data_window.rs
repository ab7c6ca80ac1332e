//! Which days the market data can carry, and what is to be said of a day it cannot.

use chrono::NaiveDate;

use super::days::DayFactory;
use desk::{
    market::SessionSide,
    trading::{
        opening_book::{BookError, WeightedBook},
        symbol::Symbol,
    },
};
use planning::calendar;
use view::format::count_noun;

/// The demo desk's book.
const BOOK: &str = include_str!("../../assets/desk/book.yaml");

/// The volatility index, as data sets call it.
const VIX: &str = "VIX";

/// Last day of the data inside the program that all of it covers, as `assets/market/PROVENANCE.md`
/// says; some of its files go on for a few days.
const COHERENT_UNTIL: Option<NaiveDate> = NaiveDate::from_ymd_opt(2018, 12, 31);

impl DayFactory {
    /// First and last day with bars of the benchmark, of every tradable name and of the volatility
    /// index; nothing where the data holds no such day. On the first the regime is not yet known.
    ///
    /// Of the data inside the program 2014-01-03 to 2018-12-31.
    #[must_use]
    pub fn data_range(&self) -> Option<(NaiveDate, NaiveDate)> {
        let data = self.data();
        let mut symbols = vec![data.benchmark(), VIX];
        symbols.extend(data.universe().iter().map(|listing| listing.symbol.as_str()));
        let spans: Option<Vec<_>> =
            symbols.into_iter().map(|symbol| data.date_range(symbol)).collect();
        let (first, last) = spans?.into_iter().reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
        let last = match COHERENT_UNTIL {
            Some(until) if self.config.places.data.is_none() => last.min(until),
            Some(_) | None => last,
        };
        (first <= last).then_some((first, last))
    }

    /// What a person should know of the data before the day: files with problems, names without
    /// prices of the day, names of the book that the data does not know, an unknown volatility.
    #[must_use]
    pub fn data_remarks(&self, date: NaiveDate) -> Vec<String> {
        let mut all = Vec::new();
        if self.config.places.data.is_some() && !self.problems().is_empty() {
            let count = u64::try_from(self.problems().len()).unwrap_or(u64::MAX);
            let count = count_noun(count, "problem");
            all.push(format!(
                "market data: {count} in its files; `bellwether data check DIR` reports each"
            ));
        }
        all.extend(self.calendar_remarks(date));
        all.extend(self.missing_overlays(date));
        if !calendar::exchange_day(date).is_ok_and(|day| day.is_session()) {
            return all;
        }
        all.extend(self.silent(date));
        if let Some((_, missing)) =
            self.opening_book(date).ok().filter(|(_, missing)| !missing.is_empty())
        {
            let names = missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            all.push(format!(
                "no prices before {date} for {names} of the desk's book: their part of it is cash"
            ));
        }
        all.extend(self.remark_on(date));
        all
    }

    /// What is to be said of the calendar of a day: the row of one's own that decides the session,
    /// the end of the announced years, data of another exchange, names without earnings dates.
    #[must_use]
    pub fn calendar_remarks(&self, date: NaiveDate) -> Vec<String> {
        let known = calendar::current_calendar();
        let mut all: Vec<String> = known.session_source(date).into_iter().collect();
        all.extend(calendar::announcement_remark(date));
        if !known.is_new_york() && self.config.places.data.is_none() {
            all.push(format!(
                "the prices inside the program are New York's and the exchange is {}: set \
                 `data_dir` to prices of {}",
                known.code(),
                known.name()
            ));
        }
        if self.config.places.data.is_some() {
            all.extend(self.without_earnings(date));
        }
        all
    }

    /// Which tradable names have no earnings dates around a day; these are unknown, not none.
    fn without_earnings(&self, date: NaiveDate) -> Option<String> {
        // A company reports every quarter, so a table that covers the day has a row this near.
        let near = chrono::Days::new(100);
        let (from, to) = (date.checked_sub_days(near)?, date.checked_add_days(near)?);
        let known = calendar::earnings_coverage();
        let covers =
            |name: &str| known.get(name).is_some_and(|(first, last)| *first <= to && from <= *last);
        let data = self.data().for_day(date);
        let names: Vec<&str> = data.universe().iter().map(|one| one.symbol.as_str()).collect();
        let unknown: Vec<&str> = names.iter().copied().filter(|name| !covers(name)).collect();
        if unknown.is_empty() {
            return None;
        }
        let shown = unknown.iter().take(6).copied().collect::<Vec<_>>().join(", ");
        let more = if unknown.len() > 6 { ", …" } else { "" };
        Some(format!(
            "earnings dates unknown for {} of {} names ({shown}{more}): no earnings overlay guards \
             them; write earnings.csv",
            unknown.len(),
            names.len()
        ))
    }

    /// Which names have no prices of a day.
    fn silent(&self, date: NaiveDate) -> Option<String> {
        let data = self.data().for_day(date);
        let mut names: Vec<&str> = data.universe().iter().map(|one| one.symbol.as_str()).collect();
        names.push(data.benchmark());
        let silent: Vec<_> = names
            .iter()
            .copied()
            .filter(|name| data.bar_with_previous(name, date).is_none())
            .collect();
        if silent.is_empty() {
            return None;
        }
        let spans = || silent.iter().filter_map(|name| data.date_range(name));
        let (first, last) = (spans().map(|span| span.0).min(), spans().map(|span| span.1).max());
        let known = match first.zip(last) {
            Some((first, last)) => format!("; the data has {first} to {last}"),
            None => "; the data knows none of them".into(),
        };
        let (shown, all) = (silent.iter().take(6).copied().collect::<Vec<_>>(), names.len());
        let more = if silent.len() > shown.len() { ", …" } else { "" };
        Some(format!(
            "no prices of {date} for {} of {all} names ({}{more}){known}. `--data DIR` takes others",
            silent.len(),
            shown.join(", "),
        ))
    }

    /// The desk's book of a day without the names that are not tradable then, and those names.
    pub(super) fn opening_book(
        &self,
        date: NaiveDate,
    ) -> Result<(WeightedBook, Vec<Symbol>), BookError> {
        let mut book = WeightedBook::parse(BOOK)?;
        let data = self.data().for_day(date);
        let unknown = |name: &&Symbol| data.universe().get(name.as_str()).is_none();
        let missing: Vec<_> = book.weights.keys().filter(unknown).cloned().collect();
        book.weights.retain(|name, _| !missing.contains(name));
        Ok((book, missing))
    }

    /// What is to be said of a session whose volatility regime is not known, or is a precaution.
    #[must_use]
    pub fn remark_on(&self, date: NaiveDate) -> Option<String> {
        if !calendar::exchange_day(date).ok()?.is_session() {
            return None;
        }
        let expected = calendar::previous_session(date).ok()?.date;
        let last =
            self.data().as_of(date, SessionSide::ExcludingToday).vix().last().map(|bar| bar.date);
        let known = self.planning_facts(date).ok()?.volatility.is_some();
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
