//! What makes a day special beyond its session: FOMC statements, expirations, earnings.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::{
    day::{ExchangeDay, exchange_day_unbounded},
    expiration::{ExpirationKind, VIX_LEAD, expirations},
    sessions::{UnknownYearError, ensure_known_year, is_trading_day, next_session},
    tables::{FACTS, MeetingKind},
};

/// One thing that makes a day special.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "special", rename_all = "snake_case")]
pub enum SpecialEvent {
    /// The Federal Open Market Committee publishes a statement. Known from 1994, see
    /// [`fomc_known`]; meetings that ended without a statement (until 1999) are left out.
    Fomc {
        /// When the statement comes, exchange time; `hour` says how sure that is.
        statement: NaiveTime,
        /// When the press conference begins, exchange time, if one is held.
        press_conference: Option<NaiveTime>,
        /// False for a surprise: nobody knew of it in the morning, and no plan may.
        scheduled: bool,
        /// Whether the economic projections come with the statement.
        projections: bool,
        /// Whether the policy rate is decided upon.
        rate_decision: bool,
        /// How the hour of the statement is known.
        hour: StatementTimeBasis,
        /// What else is to be known; often nothing.
        note: Option<Arc<str>>,
    },
    /// Options expire.
    Expiration {
        /// Which options.
        kind: ExpirationKind,
        /// The day it would have been, had a holiday not moved it;
        /// [`Special::moved_because`] says which holiday.
        moved_from: Option<NaiveDate>,
    },
    /// A company reports.
    Earnings {
        /// Who reports.
        symbol: Arc<str>,
        /// When in the day.
        timing: ReportTiming,
    },
}

/// When in the day a company reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportTiming {
    /// Before the session (bmo): that day's open is the first to know.
    BeforeOpen,
    /// After the session (amc): the next session's open is the first to know.
    AfterClose,
}

/// How the hour of a statement is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementTimeBasis {
    /// Announced, or recorded for that day.
    Stated,
    /// The usual hour of those years; a few minutes either way.
    Usual,
    /// Not recorded: a guess that only serves to place it in the day.
    Assumed,
}

/// A report that meets the market for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarningsReaction {
    /// Who reported.
    pub symbol: Arc<str>,
    /// The day of the report, exchange time.
    pub reported: NaiveDate,
    /// When in that day.
    pub timing: ReportTiming,
}

/// What makes `date` special: FOMC first, then expirations, then earnings.
///
/// Days without a session can be special too: the committee met on Sundays. Earnings are known
/// for few companies and years, see [`earnings_known`]. A day that an operator declares closed
/// moves nothing: where its expirations go is for the options exchange to say.
///
/// # Errors
///
/// [`UnknownYear`] outside the years the calendar knows.
pub fn special_events(date: NaiveDate) -> Result<Vec<SpecialEvent>, UnknownYearError> {
    ensure_known_year(date)?;
    let expirations =
        expirations(date).map(|(kind, moved_from)| SpecialEvent::Expiration { kind, moved_from });
    let reports = FACTS.earnings.get(&date).into_iter().flatten();
    let earnings = reports
        .map(|row| SpecialEvent::Earnings { symbol: Arc::clone(&row.symbol), timing: row.timing });
    Ok(fomc(date).into_iter().chain(expirations).chain(earnings).collect())
}

/// First and last day between which every FOMC statement is thought to be known.
///
/// Before it no day is marked, which does not mean that the committee did not meet. Surprises
/// after 2024 were not looked for systematically.
#[must_use]
pub fn fomc_coverage() -> Option<(NaiveDate, NaiveDate)> {
    let (first, _) = FACTS.fomc.first_key_value()?;
    let (last, _) = FACTS.fomc.last_key_value()?;
    Some((*first, *last))
}

/// First and last known report of every company with one. Of any other company or day nothing
/// is known, which does not mean that nothing was reported.
#[must_use]
pub fn earnings_coverage() -> BTreeMap<Arc<str>, (NaiveDate, NaiveDate)> {
    let mut known: BTreeMap<Arc<str>, (NaiveDate, NaiveDate)> = BTreeMap::new();
    for (date, row) in
        FACTS.earnings.iter().flat_map(|(date, rows)| rows.iter().map(move |row| (*date, row)))
    {
        known.entry(Arc::clone(&row.symbol)).or_insert((date, date)).1 = date;
    }
    known
}

/// The first session that can trade on a report of `date`.
///
/// # Errors
///
/// [`UnknownYear`] when `date` or that session lies outside the known years.
pub fn reaction_session(
    date: NaiveDate,
    timing: ReportTiming,
) -> Result<ExchangeDay, UnknownYearError> {
    ensure_known_year(date)?;
    match timing {
        ReportTiming::BeforeOpen if is_trading_day(date) => Ok(exchange_day_unbounded(date)),
        ReportTiming::BeforeOpen | ReportTiming::AfterClose => next_session(date),
    }
}

/// The reports that meet the market for the first time in the session of `date`, oldest first:
/// those of the morning and those since the last close. None on a day without a session.
///
/// # Errors
///
/// [`UnknownYear`] outside the years the calendar knows.
pub fn earnings_reactions(date: NaiveDate) -> Result<Vec<EarningsReaction>, UnknownYearError> {
    ensure_known_year(date)?;
    // No closure in the known years was longer than a week.
    let since = date.checked_sub_days(chrono::Days::new(10)).unwrap_or(date);
    let meets = |reported, timing| {
        reaction_session(reported, timing).is_ok_and(|session| session.date == date)
    };
    let reports = FACTS.earnings.range(since..=date);
    let rows = reports.flat_map(|(day, rows)| rows.iter().map(move |row| (*day, row)));
    let first_met = rows.filter(|(day, row)| meets(*day, row.timing));
    let reaction = |(reported, row): (NaiveDate, &super::tables::EarningsRow)| EarningsReaction {
        symbol: Arc::clone(&row.symbol),
        reported,
        timing: row.timing,
    };
    Ok(first_met.map(reaction).collect())
}

impl SpecialEvent {
    /// Whether it was known on the morning of the day. Only a surprise of the committee is not.
    #[must_use]
    pub const fn is_scheduled(&self) -> bool {
        match self {
            Self::Fomc { scheduled, .. } => *scheduled,
            Self::Expiration { .. } | Self::Earnings { .. } => true,
        }
    }

    /// The holiday that moved an expiration; nothing when none did.
    #[must_use]
    pub fn moved_because(&self) -> Option<Arc<str>> {
        let Self::Expiration { moved_from: Some(nominal), .. } = self else { return None };
        // A VIX day moves for the third Friday it counts from, if not for itself.
        let counted_from = nominal.checked_add_days(VIX_LEAD)?;
        [*nominal, counted_from].into_iter().find_map(|date| match exchange_day_unbounded(date) {
            day if day.is_session() => None,
            day => day.kind.reason().map(Arc::clone),
        })
    }
}

/// The statement of `date`, if there is one.
fn fomc(date: NaiveDate) -> Option<SpecialEvent> {
    let row = FACTS.fomc.get(&date)?;
    Some(SpecialEvent::Fomc {
        statement: row.statement_et?,
        press_conference: row.press_conference_et,
        scheduled: row.kind == MeetingKind::Scheduled,
        projections: row.projections == 1,
        rate_decision: row.rate_decision == 1,
        hour: row.hour,
        note: (!row.note.is_empty()).then(|| Arc::clone(&row.note)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn on(day: &str) -> Vec<SpecialEvent> {
        special_events(date(day)).unwrap()
    }

    #[test]
    fn a_decision_day_tells_its_hours() {
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let specials = on("2018-12-19");
        let [SpecialEvent::Fomc { statement, press_conference, scheduled, projections, .. }, vix] =
            specials.as_slice()
        else {
            unreachable!("{specials:?}")
        };
        assert_eq!((*statement, *press_conference), (time(14, 0), Some(time(14, 30))));
        assert!(*scheduled && *projections);
        let kind = ExpirationKind::Vix;
        assert_eq!(*vix, SpecialEvent::Expiration { kind, moved_from: None });
    }

    #[test]
    fn a_surprise_was_not_known_in_the_morning() {
        let [surprise] = on("2020-03-15").try_into().unwrap();
        assert!(!surprise.is_scheduled(), "{surprise:?}");
        assert!(on("2018-12-19").iter().all(SpecialEvent::is_scheduled));
    }

    #[test]
    fn a_moved_expiration_names_the_holiday() {
        for (day, holiday) in [
            ("2026-06-18", "Juneteenth"),
            ("2027-06-17", "Juneteenth (observed)"),
            ("2019-04-18", "Good Friday"),
            ("2019-03-19", "Good Friday"),
            ("2024-06-18", "Juneteenth"),
            ("2026-07-02", "Independence Day (observed)"),
        ] {
            let because: Vec<_> = on(day).iter().filter_map(SpecialEvent::moved_because).collect();
            assert_eq!(because, [holiday.into()], "{day}");
        }
        assert_eq!(on("2018-12-21").first().unwrap().moved_because(), None);
    }

    #[test]
    fn an_evening_report_meets_the_next_session() {
        let report = on("2018-11-01");
        let timing = ReportTiming::AfterClose;
        assert_eq!(report, [SpecialEvent::Earnings { symbol: "AAPL".into(), timing }]);
        assert_eq!(reaction_session(date("2018-11-01"), timing).unwrap().date, date("2018-11-02"));
        let reactions = earnings_reactions(date("2018-11-02")).unwrap();
        let reported = date("2018-11-01");
        assert_eq!(reactions, [EarningsReaction { symbol: "AAPL".into(), reported, timing }]);
        assert_eq!(earnings_reactions(date("2018-11-01")).unwrap(), []);
    }

    #[test]
    fn a_morning_report_meets_the_same_session_if_there_is_one() {
        let session = |day| reaction_session(date(day), ReportTiming::BeforeOpen).unwrap().date;
        assert_eq!(session("2018-11-01"), date("2018-11-01"));
        assert_eq!(session("2018-11-03"), date("2018-11-05"));
    }

    #[test]
    fn the_tables_say_how_far_they_reach() {
        assert_eq!(fomc_coverage(), Some((date("1994-02-04"), date("2027-12-08"))));
        let apple = ("AAPL".into(), (date("2015-04-27"), date("2018-11-01")));
        assert_eq!(earnings_coverage(), BTreeMap::from([apple]));
        assert_eq!(special_events(date("1989-12-15")), Err(UnknownYearError { year: 1989 }));
        assert_eq!(special_events(date("2028-01-21")), Err(UnknownYearError { year: 2028 }));
    }

    #[test]
    fn a_special_reads_back_as_it_was_written() {
        for special in ["2018-12-19", "2018-11-01", "2026-06-18", "2020-03-03"].map(on).concat() {
            let text = serde_json::to_string(&special).unwrap();
            assert_eq!(serde_json::from_str::<SpecialEvent>(&text).unwrap(), special, "{text}");
        }
    }
}
