//! The tables that stand in `assets/calendar`, read once from the text built into the program.
//!
//! [`FACTS`] is the only static of the program that is no constant: a simulated year asks these
//! tables thousands of times, and what they hold cannot change while the program runs.

use std::{collections::BTreeMap, sync::Arc, sync::LazyLock};

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};

use super::special::{HourBasis, Timing};

/// The tables, by date.
pub(super) static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    Facts::read(EXCEPTIONS, FOMC, EARNINGS)
        .expect("the embedded tables are read in the tests of this file")
});

const EXCEPTIONS: &str = include_str!("../../assets/calendar/exceptions.csv");
const FOMC: &str = include_str!("../../assets/calendar/fomc.csv");
const EARNINGS: &str = include_str!("../../assets/calendar/earnings.csv");

/// What no rule gives.
#[derive(Debug)]
pub(super) struct Facts {
    /// Days on which the exchange departed from its rules.
    pub(super) exceptions: BTreeMap<NaiveDate, Exception>,
    /// Days with a statement of the Federal Open Market Committee.
    pub(super) fomc: BTreeMap<NaiveDate, Fomc>,
    /// Companies that reported, by the day of the report.
    pub(super) earnings: BTreeMap<NaiveDate, Vec<Earnings>>,
}

/// One row of `exceptions.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct Exception {
    date: NaiveDate,
    /// What happened to the session.
    pub(super) session: Departure,
    /// When it closed, exchange time; only for [`Departure::Early`].
    #[serde(deserialize_with = "time")]
    pub(super) close_et: Option<NaiveTime>,
    /// Why.
    pub(super) reason: Arc<str>,
}

/// How a day departed from the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Departure {
    /// No session.
    Closed,
    /// A shortened session.
    Early,
}

/// One row of `fomc.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct Fomc {
    date: NaiveDate,
    /// Whether the meeting was announced beforehand.
    pub(super) kind: Meeting,
    /// When the statement came, exchange time.
    #[serde(deserialize_with = "time")]
    pub(super) statement_et: Option<NaiveTime>,
    /// When the press conference began, exchange time.
    #[serde(deserialize_with = "time")]
    pub(super) press_conference_et: Option<NaiveTime>,
    /// 1 when the economic projections came with the statement.
    pub(super) projections: u8,
    /// 1 when the policy rate was decided upon.
    pub(super) rate_decision: u8,
    /// How the hour is known.
    pub(super) hour: HourBasis,
    /// What else is to be known.
    pub(super) note: Arc<str>,
}

/// Whether a meeting was announced beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Meeting {
    /// On the committee's published schedule.
    Scheduled,
    /// A surprise.
    Unscheduled,
}

/// One row of `earnings.csv`.
#[derive(Debug, Deserialize)]
pub(super) struct Earnings {
    date: NaiveDate,
    /// Who reported.
    pub(super) symbol: Arc<str>,
    /// When in the day.
    #[serde(deserialize_with = "timing")]
    pub(super) timing: Timing,
}

impl Facts {
    /// Reads the three tables, refusing the first row that makes no sense.
    fn read(exceptions: &str, fomc: &str, earnings: &str) -> Result<Self, csv::Error> {
        let exceptions = rows(exceptions)?.into_iter().map(|row: Exception| (row.date, row));
        let fomc = rows(fomc)?.into_iter().map(|row: Fomc| (row.date, row));
        let mut reports: BTreeMap<NaiveDate, Vec<Earnings>> = BTreeMap::new();
        for row in rows::<Earnings>(earnings)? {
            reports.entry(row.date).or_default().push(row);
        }
        Ok(Self { exceptions: exceptions.collect(), fomc: fomc.collect(), earnings: reports })
    }
}

/// The rows of a table with a header.
fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect()
}

/// `14:00`, or nothing.
fn time<'de, D: Deserializer<'de>>(field: D) -> Result<Option<NaiveTime>, D::Error> {
    let text = String::deserialize(field)?;
    if text.is_empty() {
        return Ok(None);
    }
    NaiveTime::parse_from_str(&text, "%H:%M").map(Some).map_err(D::Error::custom)
}

/// `bmo` or `amc`, as the trade writes it.
fn timing<'de, D: Deserializer<'de>>(field: D) -> Result<Timing, D::Error> {
    match String::deserialize(field)?.as_str() {
        "bmo" => Ok(Timing::BeforeOpen),
        "amc" => Ok(Timing::AfterClose),
        other => Err(D::Error::custom(format!("`{other}` is neither bmo nor amc"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_tables_hold_every_row_of_their_files_once() {
        let facts = Facts::read(EXCEPTIONS, FOMC, EARNINGS).unwrap();
        let count = |text: &str| text.lines().count() - 1;
        assert_eq!(facts.exceptions.len(), count(EXCEPTIONS));
        assert_eq!(facts.fomc.len(), count(FOMC));
        assert_eq!(facts.earnings.values().map(Vec::len).sum::<usize>(), count(EARNINGS));
    }

    #[test]
    fn a_table_knows_every_hour_it_must_know() {
        let facts = Facts::read(EXCEPTIONS, FOMC, EARNINGS).unwrap();
        assert!(facts.fomc.values().all(|row| row.statement_et.is_some()));
        for row in facts.exceptions.values() {
            assert_eq!(row.close_et.is_some(), row.session == Departure::Early, "{}", row.date);
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
            assert!(Facts::read(bad, FOMC, EARNINGS).is_err(), "{bad}");
        }
        let noon = "date,symbol,timing\n2020-02-28,AAPL,noon\n";
        assert!(Facts::read(EXCEPTIONS, FOMC, noon).is_err());
    }
}
