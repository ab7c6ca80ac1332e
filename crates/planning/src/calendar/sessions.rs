//! Navigation between sessions, and the range of years covered.

use std::iter;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    day::{ExchangeDay, exchange_day_unbounded},
    installed::current_calendar,
};

/// First year whose sessions were compared with historical records.
pub const FIRST_YEAR: i32 = 1990;
/// Last year whose holidays the exchange had published when the tables were made.
pub const LAST_ANNOUNCED_YEAR: i32 = 2027;
/// Last year covered by the rules; sessions after [`LAST_ANNOUNCED_YEAR`] are by rule, not
/// announced.
pub const LAST_YEAR: i32 = 2035;

/// A year outside the range of the calendar was requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the exchange calendar does not know {year}: it covers {} to {LAST_YEAR}, \
     so choose a date in these years",
    first_year()
)]
pub struct UnknownYearError {
    pub year: i32,
}

/// The reliability of the session of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarCertainty {
    /// A past day that traded as the calendar says.
    Confirmed,
    /// A day derived from rules and published schedules; an unscheduled closure would be missing.
    Projected,
    /// A day after the announced years, derived from rules alone.
    ByRule,
}

/// Returns the first session after `date`.
///
/// # Errors
///
/// [`UnknownYearError`] if `date` or that session lies outside the covered years.
pub fn next_session(date: NaiveDate) -> Result<ExchangeDay, UnknownYearError> {
    ensure_known_year(date)?;
    walk(date, NaiveDate::succ_opt)
}

/// Returns the last session before `date`.
///
/// # Errors
///
/// [`UnknownYearError`] if `date` or that session lies outside the covered years.
pub fn previous_session(date: NaiveDate) -> Result<ExchangeDay, UnknownYearError> {
    ensure_known_year(date)?;
    walk(date, NaiveDate::pred_opt)
}

/// Returns the sessions from `from` to `to`, both included; none if `to` is before `from`.
///
/// # Errors
///
/// [`UnknownYearError`] if either date lies outside the covered years; the list is never cut short.
pub fn sessions(
    from: NaiveDate,
    to: NaiveDate,
) -> Result<impl Iterator<Item = ExchangeDay> + use<>, UnknownYearError> {
    ensure_known_year(from)?;
    ensure_known_year(to)?;
    let days = from.iter_days().take_while(move |date| *date <= to);
    Ok(days.map(exchange_day_unbounded).filter(ExchangeDay::is_session))
}

/// Returns the number of sessions from `from` to `to`: 0 for the same day, 1 for the next session,
/// negative if `to` is before `from`.
///
/// Sessions after the earlier date, up to and including the later one, are counted.
///
/// # Errors
///
/// [`UnknownYearError`] if either date lies outside the covered years.
pub fn sessions_between(from: NaiveDate, to: NaiveDate) -> Result<i64, UnknownYearError> {
    let (early, late) = (from.min(to), from.max(to));
    let first = early.succ_opt().unwrap_or(late);
    ensure_known_year(early)?;
    ensure_known_year(late)?;
    if early == late {
        return Ok(0);
    }
    let days = first.iter_days().take_while(|date| *date <= late);
    let count =
        i64::try_from(days.filter(|date| is_trading_day(*date)).count()).unwrap_or(i64::MAX);
    Ok(if from <= to { count } else { -count })
}

/// Days before the end of the announced years from which a remark tells of it.
const ANNOUNCEMENT_NOTICE_DAYS: i64 = 60;

/// Returns the last day whose session the exchange has announced.
#[must_use]
pub fn announced_until() -> NaiveDate {
    current_calendar().exchange.announced_until
}

/// Returns the last day covered by the calendar.
#[must_use]
pub fn valid_until() -> NaiveDate {
    NaiveDate::from_ymd_opt(LAST_YEAR, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// Returns the last day on which trading is confirmed to have followed the calendar.
#[must_use]
pub fn confirmed_until() -> NaiveDate {
    let recorded = NaiveDate::from_ymd_opt(2025, 12, 31).unwrap_or(NaiveDate::MIN);
    recorded.min(announced_until())
}

/// Returns the reliability of the session of `date`.
///
/// # Errors
///
/// [`UnknownYearError`] outside the covered years.
pub fn session_certainty(date: NaiveDate) -> Result<CalendarCertainty, UnknownYearError> {
    ensure_known_year(date)?;
    Ok(if date <= confirmed_until() {
        CalendarCertainty::Confirmed
    } else if date <= announced_until() {
        CalendarCertainty::Projected
    } else {
        CalendarCertainty::ByRule
    })
}

/// Returns a remark if `date` is in the last 60 days of the announced years or after them.
#[must_use]
pub fn announcement_remark(date: NaiveDate) -> Option<String> {
    let until = announced_until();
    let days = until.signed_duration_since(date).num_days();
    if days < 0 {
        Some(format!(
            "the session of {date} is by rule, not announced: the announced years end {until}; \
             compare it with the exchange's schedule and write what differs in calendar.csv"
        ))
    } else if days <= ANNOUNCEMENT_NOTICE_DAYS {
        Some(format!(
            "the announced years of the calendar end {until}, in {days} days: later sessions are by \
             rule, not announced; update the program or write calendar.csv"
        ))
    } else {
        None
    }
}

/// Refuses a date outside the covered years.
pub(super) fn ensure_known_year(date: NaiveDate) -> Result<(), UnknownYearError> {
    let year = date.year();
    if (first_year()..=LAST_YEAR).contains(&year) { Ok(()) } else { Err(UnknownYearError { year }) }
}

/// Returns whether the exchange opens on `date`, in any year.
pub(super) fn is_trading_day(date: NaiveDate) -> bool {
    current_calendar().is_session(date)
}

/// Returns the first year covered for the exchange.
#[must_use]
pub fn first_year() -> i32 {
    current_calendar().exchange.first_year
}

/// Returns the next session found by stepping from `date`, which is itself excluded.
fn walk(
    date: NaiveDate,
    step: fn(&NaiveDate) -> Option<NaiveDate>,
) -> Result<ExchangeDay, UnknownYearError> {
    let mut days = iter::successors(step(&date), step);
    let found =
        days.find(|date| is_trading_day(*date)).ok_or(UnknownYearError { year: date.year() })?;
    ensure_known_year(found)?;
    Ok(exchange_day_unbounded(found))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn sessions_step_over_weekends_holidays_and_mourning() {
        for (from, to) in [
            ("2018-12-04", "2018-12-06"),
            ("2018-12-21", "2018-12-24"),
            ("2001-09-10", "2001-09-17"),
            ("2026-07-02", "2026-07-06"),
        ] {
            assert_eq!(next_session(date(from)).unwrap().date, date(to));
            assert_eq!(previous_session(date(to)).unwrap().date, date(from));
        }
    }

    #[test]
    fn years_outside_are_refused_with_the_years_inside() {
        for outside in ["1989-12-31", "2036-01-01", "0001-01-01"] {
            let refused = super::super::exchange_day(date(outside)).unwrap_err();
            assert!(refused.to_string().contains("1990 to 2035"), "{refused}");
            assert_eq!(session_certainty(date(outside)), Err(refused));
            assert!(next_session(date(outside)).is_err());
            assert!(previous_session(date(outside)).is_err());
            assert!(sessions(date("2018-01-01"), date(outside)).is_err());
            assert!(sessions_between(date(outside), date("2018-01-01")).is_err());
        }
        assert_eq!(next_session(date("2035-12-31")).unwrap_err().year, 2036);
        assert_eq!(previous_session(date("1990-01-02")).unwrap_err().year, 1989);
    }

    #[test]
    fn a_lag_counts_sessions_not_days() {
        let lag = |a, b| sessions_between(date(a), date(b)).unwrap();
        assert_eq!(lag("2018-12-19", "2018-12-19"), 0);
        assert_eq!(lag("2018-12-19", "2018-12-20"), 1);
        assert_eq!(lag("2018-12-21", "2018-12-26"), 2);
        assert_eq!(lag("2018-12-26", "2018-12-21"), -2);
        assert_eq!(lag("2018-12-21", "2018-12-23"), 0, "a weekend brings no session");
    }

    #[test]
    fn the_future_is_projected_and_the_past_confirmed() {
        assert_eq!(session_certainty(date("2018-12-19")), Ok(CalendarCertainty::Confirmed));
        assert_eq!(session_certainty(date("2026-01-02")), Ok(CalendarCertainty::Projected));
        assert_eq!(session_certainty(date("2030-03-14")), Ok(CalendarCertainty::ByRule));
        assert_eq!(valid_until(), date("2035-12-31"));
        assert!(confirmed_until() < valid_until());
    }

    proptest! {
        #[test]
        fn the_session_before_the_next_one_is_this_one(days in 0_u64..13_870) {
            let start = date("1990-01-02") + chrono::Days::new(days);
            let next = next_session(start).unwrap();
            prop_assert!(next.is_session() && next.date > start);
            let back = previous_session(next.date);
            if is_trading_day(start) {
                prop_assert_eq!(back.unwrap().date, start);
            } else {
                prop_assert!(back.unwrap().date < start);
            }
            prop_assert_eq!(sessions_between(start, next.date), Ok(1));
        }
    }
}
