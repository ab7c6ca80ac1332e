//! Rules of an exchange file that give dates: fixed days, weekdays of a month, days tied to
//! Easter and equinoxes, with substitute days.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Weekday};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::rules::easter_sunday;

/// A holiday, or an early close, of an exchange file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayRule {
    /// The name shown as the reason.
    pub(super) name: Arc<str>,
    /// The day in each year; absent if `dates` lists the days.
    #[serde(default)]
    day: Option<DayOfYear>,
    /// Days that no rule gives.
    #[serde(default)]
    dates: Vec<NaiveDate>,
    /// First year of the rule.
    #[serde(default)]
    from: Option<i32>,
    /// Last year of the rule.
    #[serde(default)]
    to: Option<i32>,
    /// Years without the day.
    #[serde(default)]
    except: Vec<i32>,
    /// The substitute when the day has no session anyway.
    #[serde(default)]
    moved: SubstituteRule,
    /// End of the session; only for early closes.
    #[serde(default, deserialize_with = "optional_clock")]
    pub(super) close: Option<NaiveTime>,
}

/// The substitute of a day that falls on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SubstituteRule {
    /// None: the day is lost.
    #[default]
    No,
    /// A Sunday becomes the next day that is neither weekend nor holiday.
    Sunday,
    /// A Saturday or Sunday becomes the next day that is neither weekend nor holiday.
    Weekend,
    /// A Saturday becomes Friday, a Sunday Monday.
    Nearest,
    /// The last session on or before the day; for early closes.
    Earlier,
}

/// A day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayOfYear {
    /// `12-25`.
    Fixed(u32, u32),
    /// `easter-2`: days after Easter Sunday.
    Easter(i64),
    /// `1st mon 05`: month, weekday and its number.
    Nth(u32, Weekday, u8),
    /// `last mon 05`.
    Last(u32, Weekday),
    /// `vernal equinox`, as observed in Japan.
    Vernal,
    /// `autumnal equinox`, as observed in Japan.
    Autumnal,
}

impl DayOfYear {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "easter" => return Some(Self::Easter(0)),
            "vernal equinox" => return Some(Self::Vernal),
            "autumnal equinox" => return Some(Self::Autumnal),
            _ => {}
        }
        if let Some(offset) = text.strip_prefix("easter") {
            let days: i64 = offset.parse().ok()?;
            return (days.abs() <= 100).then_some(Self::Easter(days));
        }
        if let Some((month, day)) = text.split_once('-') {
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            NaiveDate::from_ymd_opt(2000, month, day)?;
            return Some(Self::Fixed(month, day));
        }
        let words: Vec<&str> = text.split(' ').collect();
        let [which, weekday, month] = words.as_slice() else { return None };
        let (weekday, month) = (weekday.parse().ok()?, month.parse().ok()?);
        NaiveDate::from_ymd_opt(2000, month, 1)?;
        let nth = ["1st", "2nd", "3rd", "4th"].iter().position(|word| word == which);
        match nth {
            Some(place) => Some(Self::Nth(month, weekday, u8::try_from(place + 1).ok()?)),
            None => (*which == "last").then_some(Self::Last(month, weekday)),
        }
    }

    /// Returns the day in `year`, or `None` if the year has none, as of 29 February.
    fn in_year(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Self::Easter(days) => easter_sunday(year)?.checked_add_signed(TimeDelta::days(days)),
            Self::Nth(month, weekday, n) => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, n)
            }
            Self::Last(month, weekday) => [5, 4]
                .into_iter()
                .find_map(|n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n)),
            Self::Vernal => NaiveDate::from_ymd_opt(year, 3, equinox(20.8431, year)?),
            Self::Autumnal => NaiveDate::from_ymd_opt(year, 9, equinox(23.2488, year)?),
        }
    }
}

impl<'de> Deserialize<'de> for DayOfYear {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
        let text = String::deserialize(field)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!(
                "`{text}` is no day of a year: write 12-25, easter-2, 1st mon 05, last mon 05, \
                 vernal equinox or autumnal equinox"
            ))
        })
    }
}

/// Returns the day of the month of an equinox in Japan, valid from 1980 to 2099.
///
/// The formula of the Tokyo Astronomical Observatory; `base` is the day in 1980 with its fraction.
fn equinox(base: f64, year: i32) -> Option<u32> {
    let since = year - 1980;
    let day = (base + 0.242_194 * f64::from(since)).floor() - f64::from(since.div_euclid(4));
    (1..=31).find(|n| f64::from(*n) >= day)
}

/// Returns the days closed by `rules` from `first` to `last` year, with the reason.
pub(super) fn closed_days(
    rules: &[HolidayRule],
    weekend: &[Weekday],
    years: std::ops::RangeInclusive<i32>,
) -> BTreeMap<NaiveDate, Arc<str>> {
    let mut all = BTreeMap::new();
    let mut substituted = Vec::new();
    for rule in rules {
        for date in rule.nominal_days(&years) {
            all.entry(date).or_insert_with(|| Arc::clone(&rule.name));
            if weekend.contains(&date.weekday()) {
                substituted.push((date, rule));
            }
        }
    }
    for (date, rule) in substituted {
        let free = |date: &NaiveDate| !weekend.contains(&date.weekday()) && !all.contains_key(date);
        let next_free = || date.iter_days().find(free);
        let observed = match (rule.moved, date.weekday()) {
            (SubstituteRule::Sunday, Weekday::Sun) | (SubstituteRule::Weekend, _) => next_free(),
            (SubstituteRule::Nearest, Weekday::Sat) => date.pred_opt(),
            (SubstituteRule::Nearest, Weekday::Sun) => date.succ_opt(),
            _ => None,
        };
        if let Some(observed) = observed {
            all.entry(observed).or_insert_with(|| format!("{} (observed)", rule.name).into());
        }
    }
    all
}

/// Returns the early closes of `rules`, with the end of the session and the reason.
pub(super) fn early_days(
    rules: &[HolidayRule],
    is_session: impl Fn(&NaiveDate) -> bool,
    years: std::ops::RangeInclusive<i32>,
) -> BTreeMap<NaiveDate, (NaiveTime, Arc<str>)> {
    let mut all = BTreeMap::new();
    for rule in rules {
        let Some(close) = rule.close else { continue };
        for date in rule.nominal_days(&years) {
            let week = (0..8).filter_map(|back| date.checked_sub_days(Days::new(back)));
            let found = match rule.moved {
                SubstituteRule::Earlier => week.into_iter().find(&is_session),
                _ => Some(date).filter(&is_session),
            };
            if let Some(found) = found {
                all.insert(found, (close, Arc::clone(&rule.name)));
            }
        }
    }
    all
}

impl HolidayRule {
    /// Returns the days of the rule, before any substitution.
    fn nominal_days(&self, years: &std::ops::RangeInclusive<i32>) -> Vec<NaiveDate> {
        let holds = |year: &i32| {
            self.from.is_none_or(|from| from <= *year)
                && self.to.is_none_or(|to| *year <= to)
                && !self.except.contains(year)
        };
        let by_rule = years.clone().filter(holds);
        let by_rule = by_rule.filter_map(|year| self.day.and_then(|day| day.in_year(year)));
        by_rule.chain(self.dates.iter().copied()).collect()
    }

    /// Returns the problem of a rule without a day, or of an early close without a time.
    pub(super) fn problem(&self, is_early_close: bool) -> Option<String> {
        let name = &self.name;
        if self.day.is_none() && self.dates.is_empty() {
            return Some(format!("`{name}` has neither `day` nor `dates`; write one of them"));
        }
        match (is_early_close, self.close) {
            (true, None) => {
                Some(format!("the early close `{name}` has no `close`; write \"13:00\""))
            }
            (false, Some(_)) => {
                Some(format!("the holiday `{name}` has a `close`; move it to `early_closes`"))
            }
            (true, Some(_)) | (false, None) => None,
        }
    }
}

/// Parses `09:30`.
pub(super) fn clock<'de, D: Deserializer<'de>>(field: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(field)?;
    NaiveTime::parse_from_str(&text, "%H:%M")
        .map_err(|_unparsable| D::Error::custom(format!("`{text}` is no time: write \"09:30\"")))
}

fn optional_clock<'de, D: Deserializer<'de>>(field: D) -> Result<Option<NaiveTime>, D::Error> {
    clock(field).map(Some)
}
