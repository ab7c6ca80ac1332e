//! Calendar tables of `assets/calendar`, built into the program and parsed once.
//!
//! [`FACTS`] is a static built on first use: simulating a year queries these tables
//! thousands of times, and their contents never change.

use std::{collections::BTreeMap, sync::Arc, sync::LazyLock};

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};

use super::special_days::{ReportTiming, StatementTimeBasis};

/// The tables, by date.
pub(super) static FACTS: LazyLock<CalendarTables> = LazyLock::new(|| {
    CalendarTables::read(EXCEPTIONS, FOMC, EARNINGS)
        .expect("the embedded tables are read in the tests of this file")
});

const EXCEPTIONS: &str = include_str!("../../../../assets/calendar/exceptions.csv");
const FOMC: &str = include_str!("../../../../assets/calendar/fomc.csv");
const EARNINGS: &str = include_str!("../../../../assets/calendar/earnings.csv");

/// Calendar data that no rule gives.
#[derive(Debug)]
pub(super) struct CalendarTables {
    /// Days on which the exchange deviated from its rules.
    pub(super) exceptions: BTreeMap<NaiveDate, SessionException>,
    /// Days with a statement of the Federal Open Market Committee.
    pub(super) fomc: BTreeMap<NaiveDate, FomcRow>,
    /// Companies that reported, by date of the report.
    pub(super) earnings: BTreeMap<NaiveDate, Vec<EarningsRow>>,
}

/// A row of `exceptions.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct SessionException {
    date: NaiveDate,
    /// The deviation of the session.
    pub(super) session: ExceptionKind,
    /// Time of the close, exchange time; only for [`ExceptionKind::EarlyClose`].
    #[serde(deserialize_with = "time")]
    pub(super) close_et: Option<NaiveTime>,
    pub(super) reason: Arc<str>,
}

/// The kind of deviation from the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ExceptionKind {
    Closed,
    #[serde(rename = "early")]
    EarlyClose,
}

/// A row of `fomc.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct FomcRow {
    date: NaiveDate,
    /// The kind of meeting, scheduled or not.
    pub(super) kind: MeetingKind,
    /// Time of the statement, exchange time.
    #[serde(deserialize_with = "time")]
    pub(super) statement_et: Option<NaiveTime>,
    /// Start of the press conference, exchange time.
    #[serde(deserialize_with = "time")]
    pub(super) press_conference_et: Option<NaiveTime>,
    /// 1 if the economic projections were published with the statement.
    pub(super) projections: u8,
    /// 1 if the policy rate was decided.
    pub(super) rate_decision: u8,
    /// The basis on which the time is known.
    pub(super) hour: StatementTimeBasis,
    /// A remark, or empty.
    pub(super) note: Arc<str>,
}

/// The distinction between announced and unannounced meetings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MeetingKind {
    /// A meeting on the committee's published schedule.
    Scheduled,
    /// A meeting not announced in advance.
    Unscheduled,
}

/// A row of `earnings.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct EarningsRow {
    date: NaiveDate,
    /// Ticker of the reporting company.
    pub(super) symbol: Arc<str>,
    /// Part of the day in which the report was published.
    #[serde(deserialize_with = "timing")]
    pub(super) timing: ReportTiming,
}

impl CalendarTables {
    /// Parses the three tables and fails on the first invalid row.
    fn read(exceptions: &str, fomc: &str, earnings: &str) -> Result<Self, csv::Error> {
        let exceptions = rows(exceptions)?.into_iter().map(|row: SessionException| (row.date, row));
        let fomc = rows(fomc)?.into_iter().map(|row: FomcRow| (row.date, row));
        let mut reports: BTreeMap<NaiveDate, Vec<EarningsRow>> = BTreeMap::new();
        for row in rows::<EarningsRow>(earnings)? {
            reports.entry(row.date).or_default().push(row);
        }
        Ok(Self { exceptions: exceptions.collect(), fomc: fomc.collect(), earnings: reports })
    }
}

/// Parses the rows of a table with a header.
fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect()
}

/// Parses `14:00`, or an empty field as `None`.
fn time<'de, D: Deserializer<'de>>(field: D) -> Result<Option<NaiveTime>, D::Error> {
    let text = String::deserialize(field)?;
    if text.is_empty() {
        return Ok(None);
    }
    NaiveTime::parse_from_str(&text, "%H:%M").map(Some).map_err(D::Error::custom)
}

/// Parses `bmo` or `amc`, the usual abbreviations of the industry.
fn timing<'de, D: Deserializer<'de>>(field: D) -> Result<ReportTiming, D::Error> {
    match String::deserialize(field)?.as_str() {
        "bmo" => Ok(ReportTiming::BeforeOpen),
        "amc" => Ok(ReportTiming::AfterClose),
        other => Err(D::Error::custom(format!("`{other}` is neither bmo nor amc"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_tables_hold_every_row_of_their_files_once() {
        let facts = CalendarTables::read(EXCEPTIONS, FOMC, EARNINGS).unwrap();
        let count = |text: &str| text.lines().count() - 1;
        assert_eq!(facts.exceptions.len(), count(EXCEPTIONS));
        assert_eq!(facts.fomc.len(), count(FOMC));
        assert_eq!(facts.earnings.values().map(Vec::len).sum::<usize>(), count(EARNINGS));
    }

    #[test]
    fn a_table_knows_every_hour_it_must_know() {
        let facts = CalendarTables::read(EXCEPTIONS, FOMC, EARNINGS).unwrap();
        assert!(facts.fomc.values().all(|row| row.statement_et.is_some()));
        for row in facts.exceptions.values() {
            assert_eq!(
                row.close_et.is_some(),
                row.session == ExceptionKind::EarlyClose,
                "{}",
                row.date
            );
        }
        for row in facts.fomc.values() {
            assert!(row.press_conference_et.is_none_or(|at| Some(at) > row.statement_et));
            assert!(row.projections <= 1 && row.rate_decision <= 1, "{}", row.date);
        }
    }

    #[test]
    fn a_row_that_makes_no_sense_is_refused() {
        for bad in [
            "date,session,close_et,reason\n2020-02-30,closed,,x\n",
            "date,session,close_et,reason\n2020-02-28,shut,,x\n",
            "date,session,close_et,reason\n2020-02-28,early,25:00,x\n",
        ] {
            assert!(CalendarTables::read(bad, FOMC, EARNINGS).is_err(), "{bad}");
        }
        let noon = "date,symbol,timing\n2020-02-28,AAPL,noon\n";
        assert!(CalendarTables::read(EXCEPTIONS, FOMC, noon).is_err());
    }
}
