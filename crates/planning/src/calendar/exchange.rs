//! The exchanges: hours, holidays and early closes, read from files of one format.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{
    holiday_rule::{HolidayRule, clock, closed_days, early_days},
    local_zone::LocalZone,
    sessions::{FIRST_YEAR, LAST_ANNOUNCED_YEAR, LAST_YEAR},
};

/// The exchange files built in, by code.
const BUILT_IN: [(&str, &str); 5] = [
    ("XLON", include_str!("../../../../assets/exchanges/XLON.yaml")),
    ("XETR", include_str!("../../../../assets/exchanges/XETR.yaml")),
    ("XTKS", include_str!("../../../../assets/exchanges/XTKS.yaml")),
    ("XHKG", include_str!("../../../../assets/exchanges/XHKG.yaml")),
    ("24/7", include_str!("../../../../assets/exchanges/24-7.yaml")),
];

/// The code of the exchange used unless another is configured.
pub const DEFAULT_EXCHANGE: &str = "XNYS";

/// The codes of the exchanges that need no file of one's own.
pub const EXCHANGE_CODES: [&str; 6] = ["XNYS", "XLON", "XETR", "XTKS", "XHKG", "24/7"];

/// An exchange: its clock, hours and holidays.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The code, such as `XLON`, or the path of a file of one's own.
    pub(super) code: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) zone: Tz,
    /// The name of the clock on screens: `ET`.
    pub(super) clock: Arc<str>,
    pub(super) first_year: i32,
    pub(super) announced_until: NaiveDate,
    weekend: Vec<Weekday>,
    hours: Vec<TradingHours>,
    /// The rules; `None` for New York, whose rules and exceptions are older than the format.
    table: Option<DayTable>,
    overrides: HoursOverride,
}

/// Settings that replace hours or zone of an exchange.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HoursOverride {
    /// Open of every session, `MARKET_OPEN_TIME`.
    pub open: Option<NaiveTime>,
    /// Close of every full session, `MARKET_CLOSE_TIME`.
    pub close: Option<NaiveTime>,
    /// Zone of all times of day, `TIMEZONE`.
    pub zone: Option<LocalZone>,
}

/// Closed and shortened days of all covered years.
#[derive(Debug, Clone)]
struct DayTable {
    closed: BTreeMap<NaiveDate, Arc<str>>,
    early: BTreeMap<NaiveDate, (NaiveTime, Arc<str>)>,
}

/// Hours of a full session from a date on.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TradingHours {
    /// First day of these hours.
    #[serde(default)]
    since: Option<NaiveDate>,
    #[serde(deserialize_with = "clock")]
    pub(super) open: NaiveTime,
    /// End of the session; not after `open`: on the next day.
    #[serde(deserialize_with = "clock")]
    pub(super) close: NaiveTime,
    /// The break in the middle of the session.
    #[serde(default, deserialize_with = "lunch")]
    pub(super) lunch: Option<(NaiveTime, NaiveTime)>,
}

/// An exchange file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExchangeFile {
    name: Arc<str>,
    zone: String,
    #[serde(default)]
    clock: Option<Arc<str>>,
    #[serde(default = "first_year")]
    first_year: i32,
    announced_until: NaiveDate,
    #[serde(default = "saturday_and_sunday")]
    weekend: Vec<Weekday>,
    hours: Vec<TradingHours>,
    #[serde(default)]
    closed: Vec<HolidayRule>,
    #[serde(default)]
    early_closes: Vec<HolidayRule>,
}

/// The reason for which an exchange is unusable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the exchange file {file} cannot be used: {cause}")]
pub struct ExchangeFileError {
    /// The file.
    pub file: String,
    /// Every problem found.
    pub cause: String,
}

impl Exchange {
    /// Returns the exchange of New York.
    #[must_use]
    pub fn new_york() -> Self {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        Self {
            code: DEFAULT_EXCHANGE.into(),
            name: "New York Stock Exchange".into(),
            zone: chrono_tz::America::New_York,
            clock: "ET".into(),
            first_year: FIRST_YEAR,
            announced_until: NaiveDate::from_ymd_opt(LAST_ANNOUNCED_YEAR, 12, 31)
                .unwrap_or(NaiveDate::MAX),
            weekend: saturday_and_sunday(),
            hours: vec![TradingHours {
                since: None,
                open: at(9, 30),
                close: at(16, 0),
                lunch: None,
            }],
            table: None,
            overrides: HoursOverride::default(),
        }
    }

    /// Returns the built-in exchange with this code, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`ExchangeFileError`] if its file is invalid, which a test excludes.
    pub fn built_in(code: &str) -> Option<Result<Self, ExchangeFileError>> {
        if code == DEFAULT_EXCHANGE {
            return Some(Ok(Self::new_york()));
        }
        let (code, text) = BUILT_IN.iter().find(|(own, _)| *own == code)?;
        Some(Self::from_file(code, text))
    }

    /// Reads an exchange file; `file` names it.
    ///
    /// # Errors
    ///
    /// [`ExchangeFileError`] with every problem of the file.
    pub fn from_file(file: &str, text: &str) -> Result<Self, ExchangeFileError> {
        let bad = |cause: String| ExchangeFileError { file: file.into(), cause };
        let read: ExchangeFile = diag::deserialize(file, text)
            .map_err(|found| bad(diag::render(&found, diag::RenderStyle::Plain)))?;
        let zone: Tz = read.zone.parse().map_err(|_unknown| {
            bad(format!("`{}` is no zone of the IANA database; write Europe/London", read.zone))
        })?;
        let problems: Vec<String> = read
            .closed
            .iter()
            .filter_map(|rule| rule.problem(false))
            .chain(read.early_closes.iter().filter_map(|rule| rule.problem(true)))
            .chain(read.hours.is_empty().then(|| "`hours` is empty; write one line".to_owned()))
            .chain(
                (read.first_year < FIRST_YEAR || read.first_year > LAST_YEAR)
                    .then(|| format!("`first_year` is not within {FIRST_YEAR} to {LAST_YEAR}")),
            )
            .collect();
        if !problems.is_empty() {
            return Err(bad(problems.join("; ")));
        }
        // A year more on both sides: substitutes and look-ahead cross the year's end.
        let years = read.first_year - 1..=LAST_YEAR + 1;
        let closed = closed_days(&read.closed, &read.weekend, years.clone());
        let is_session = |date: &NaiveDate| {
            !read.weekend.contains(&date.weekday()) && !closed.contains_key(date)
        };
        let early = early_days(&read.early_closes, is_session, years);
        let mut hours = read.hours;
        hours.sort_by_key(|hours| hours.since);
        Ok(Self {
            code: file.into(),
            clock: read.clock.unwrap_or_else(|| read.zone.as_str().into()),
            name: read.name,
            zone,
            first_year: read.first_year,
            announced_until: read.announced_until,
            weekend: read.weekend,
            hours,
            table: Some(DayTable { closed, early }),
            overrides: HoursOverride::default(),
        })
    }

    /// Returns the exchange with hours or zone replaced.
    #[must_use]
    pub fn with_overrides(mut self, overrides: HoursOverride) -> Self {
        if let Some(zone) = overrides.zone.filter(|zone| zone.tz() != self.zone) {
            self.zone = zone.tz();
            self.clock = zone.name().into();
        }
        self.overrides = overrides;
        self
    }

    /// Returns whether this is the exchange of New York, to which the built-in data belongs.
    #[must_use]
    pub fn is_new_york(&self) -> bool {
        self.table.is_none()
    }

    /// Returns the hours of a full session on `date`.
    pub(super) fn hours_of(&self, date: NaiveDate) -> TradingHours {
        let holds = |hours: &&TradingHours| hours.since.is_none_or(|since| since <= date);
        let found = self.hours.iter().rev().find(holds).or_else(|| self.hours.first()).copied();
        let midnight = NaiveTime::MIN;
        let mut hours = found.unwrap_or(TradingHours {
            since: None,
            open: midnight,
            close: midnight,
            lunch: None,
        });
        hours.open = self.overrides.open.unwrap_or(hours.open);
        hours.close = self.overrides.close.unwrap_or(hours.close);
        hours
    }

    /// Returns the reason for which a file's rules close `date`; not asked of New York.
    pub(super) fn closed_reason(&self, date: NaiveDate) -> Option<Arc<str>> {
        if self.weekend.contains(&date.weekday()) {
            return Some("weekend".into());
        }
        self.table.as_ref()?.closed.get(&date).map(Arc::clone)
    }

    /// Returns the early close that a file's rules give for `date`.
    pub(super) fn early_close(&self, date: NaiveDate) -> Option<(NaiveTime, Arc<str>)> {
        self.table.as_ref()?.early.get(&date).cloned()
    }
}

const fn first_year() -> i32 {
    2010
}

fn saturday_and_sunday() -> Vec<Weekday> {
    vec![Weekday::Sat, Weekday::Sun]
}

/// Parses `11:30-12:30`.
fn lunch<'de, D: Deserializer<'de>>(field: D) -> Result<Option<(NaiveTime, NaiveTime)>, D::Error> {
    let text = String::deserialize(field)?;
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let range = text.split_once('-').and_then(|(from, to)| Some((time(from)?, time(to)?)));
    range.filter(|(from, to)| from < to).map(Some).ok_or_else(|| {
        D::Error::custom(format!("`{text}` is no lunch break: write \"11:30-12:30\""))
    })
}
