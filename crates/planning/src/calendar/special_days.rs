//! Special events of a day besides its session: FOMC statements, expirations, earnings.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::{
    day::{ExchangeDay, exchange_day_unbounded},
    expiration::{ExpirationKind, VIX_LEAD, expirations},
    installed::current_calendar,
    own_calendar::OwnEvent,
    sessions::{UnknownYearError, ensure_known_year, is_trading_day, next_session},
    tables::{FACTS, MeetingKind},
};

/// An event that makes a day special.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "special", rename_all = "snake_case")]
pub enum SpecialEvent {
    /// The Federal Open Market Committee publishes a statement. Covered from 1994, see
    /// [`fomc_coverage`]; meetings without a statement (until 1999) are not listed.
    Fomc {
        /// Time of the statement, exchange time; `hour` gives its reliability.
        statement: NaiveTime,
        /// Start of the press conference, exchange time, if one is held.
        press_conference: Option<NaiveTime>,
        /// False for an unscheduled statement, which no plan made in the morning may use.
        scheduled: bool,
        /// True if the economic projections are published with the statement.
        projections: bool,
        /// True if the policy rate is decided.
        rate_decision: bool,
        /// The basis on which the time of the statement is known.
        hour: StatementTimeBasis,
        /// A remark; empty for most rows.
        note: Option<Arc<str>>,
    },
    /// An expiration of options.
    Expiration {
        kind: ExpirationKind,
        /// The nominal date, if a holiday moved it; [`SpecialEvent::moved_because`] names the
        /// holiday.
        moved_from: Option<NaiveDate>,
    },
    /// An earnings report of a company.
    Earnings {
        /// Ticker of the reporting company.
        symbol: Arc<str>,
        /// Part of the day in which the report is published.
        timing: ReportTiming,
    },
}

/// The part of the day in which a company reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportTiming {
    /// Before the session (bmo): the open of the same day is the first to reflect it.
    BeforeOpen,
    /// After the session (amc): the next session's open is the first to reflect it.
    AfterClose,
}

/// The basis on which the time of a statement is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementTimeBasis {
    /// Announced in advance, or recorded for that day.
    Stated,
    /// The usual time in those years, accurate to a few minutes.
    Usual,
    /// Not recorded: an assumption that only places it within the day.
    Assumed,
}

/// An earnings report first reflected in a given session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarningsReaction {
    /// Ticker of the reporting company.
    pub symbol: Arc<str>,
    /// The date of the report, exchange time.
    pub reported: NaiveDate,
    /// Part of that day in which the report was published.
    pub timing: ReportTiming,
}

/// Returns the special events of `date`: FOMC first, then expirations, then earnings.
///
/// Days without a session can be special too: the committee has met on Sundays. Earnings are known
/// for few companies and years, see [`earnings_coverage`]. An operator's declaration that a day is
/// closed moves no expiration; the options exchange would decide that.
///
/// # Errors
///
/// [`UnknownYearError`] outside the covered years.
pub fn special_events(date: NaiveDate) -> Result<Vec<SpecialEvent>, UnknownYearError> {
    ensure_known_year(date)?;
    let calendar = current_calendar();
    let own = calendar.own.events.get(&date).map_or(&[][..], Vec::as_slice);
    let mine = |wanted: fn(&SpecialEvent) -> bool| {
        own.iter().filter_map(move |event| match event {
            OwnEvent::Special(special) if wanted(special) => Some(special.clone()),
            OwnEvent::Special(_) | OwnEvent::NoCentralBank => None,
        })
    };
    let of_bank = |event: &OwnEvent| {
        matches!(event, OwnEvent::NoCentralBank | OwnEvent::Special(SpecialEvent::Fomc { .. }))
    };
    // The built-in statements and the expirations are those of the United States.
    let built_in = calendar.is_new_york();
    let statement = fomc(date).filter(|_| built_in && !own.iter().any(of_bank));
    let statements = statement.into_iter().chain(mine(|s| matches!(s, SpecialEvent::Fomc { .. })));
    let own_expirations: Vec<_> = mine(|s| matches!(s, SpecialEvent::Expiration { .. })).collect();
    let known = expirations(date)
        .filter(|_| built_in)
        .map(|(kind, moved_from)| SpecialEvent::Expiration { kind, moved_from });
    let known: Vec<_> = known.filter(|one| !own_expirations.contains(one)).collect();
    let earnings =
        reports_on(date).map(|(symbol, timing)| SpecialEvent::Earnings { symbol, timing });
    Ok(statements.chain(known).chain(own_expirations).chain(earnings).collect())
}

/// Returns the reports of `date`. A file of one's own replaces the built-in reports of every
/// company that it names.
fn reports_on(date: NaiveDate) -> impl Iterator<Item = (Arc<str>, ReportTiming)> {
    let calendar = current_calendar();
    let own = &calendar.own.earnings;
    let named = move |symbol: &Arc<str>| own.values().flatten().any(|(mine, _)| mine == symbol);
    let built_in = FACTS.earnings.get(&date).into_iter().flatten();
    let built_in = built_in
        .filter(move |row| calendar.is_new_york() && !named(&row.symbol))
        .map(|row| (Arc::clone(&row.symbol), row.timing));
    built_in.chain(own.get(&date).into_iter().flatten().cloned())
}

/// Returns the first and last day between which all FOMC statements are listed.
///
/// A day outside the range is never marked, although the committee may have met. Unscheduled
/// statements after 2024 were not searched for systematically.
#[must_use]
pub fn fomc_coverage() -> Option<(NaiveDate, NaiveDate)> {
    let (first, _) = FACTS.fomc.first_key_value()?;
    let (last, _) = FACTS.fomc.last_key_value()?;
    if !current_calendar().is_new_york() {
        return None;
    }
    Some((*first, *last))
}

/// Returns the first and last listed report of every company. An absent company or date does not
/// mean that nothing was reported.
#[must_use]
pub fn earnings_coverage() -> BTreeMap<Arc<str>, (NaiveDate, NaiveDate)> {
    let mut known: BTreeMap<Arc<str>, (NaiveDate, NaiveDate)> = BTreeMap::new();
    let dates = FACTS.earnings.keys().chain(current_calendar().own.earnings.keys());
    let dates: std::collections::BTreeSet<NaiveDate> = dates.copied().collect();
    for date in dates {
        for (symbol, _) in reports_on(date) {
            known.entry(symbol).or_insert((date, date)).1 = date;
        }
    }
    known
}

/// Returns the first session that can react to a report of `date`.
///
/// # Errors
///
/// [`UnknownYearError`] if `date` or that session lies outside the covered years.
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

/// Returns the reports first reflected in the session of `date`, oldest first: those of the morning
/// and those since the last close. Empty on a day without a session.
///
/// # Errors
///
/// [`UnknownYearError`] outside the covered years.
pub fn earnings_reactions(date: NaiveDate) -> Result<Vec<EarningsReaction>, UnknownYearError> {
    ensure_known_year(date)?;
    // No closure in the covered years was longer than a week.
    let since = date.checked_sub_days(chrono::Days::new(10)).unwrap_or(date);
    let meets = |reported, timing| {
        reaction_session(reported, timing).is_ok_and(|session| session.date == date)
    };
    let days = since.iter_days().take_while(|day| *day <= date);
    let rows =
        days.flat_map(|day| reports_on(day).map(move |(symbol, timing)| (day, symbol, timing)));
    let first_met = rows.filter(|(day, _, timing)| meets(*day, *timing));
    Ok(first_met
        .map(|(reported, symbol, timing)| EarningsReaction { symbol, reported, timing })
        .collect())
}

impl SpecialEvent {
    /// Returns whether the event was known on the morning of the day; only unscheduled FOMC
    /// statements were not.
    #[must_use]
    pub const fn is_scheduled(&self) -> bool {
        match self {
            Self::Fomc { scheduled, .. } => *scheduled,
            Self::Expiration { .. } | Self::Earnings { .. } => true,
        }
    }

    /// Returns the holiday that moved an expiration, if any.
    #[must_use]
    pub fn moved_because(&self) -> Option<Arc<str>> {
        let Self::Expiration { moved_from: Some(nominal), .. } = self else { return None };
        // A VIX expiration can move because of the third Friday from which it is counted.
        let counted_from = nominal.checked_add_days(VIX_LEAD)?;
        [*nominal, counted_from].into_iter().find_map(|date| match exchange_day_unbounded(date) {
            day if day.is_session() => None,
            day => day.kind.reason().map(Arc::clone),
        })
    }
}

/// Returns the FOMC statement of `date`, if there is one.
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
        assert_eq!(special_events(date("2036-01-21")), Err(UnknownYearError { year: 2036 }));
    }

    #[test]
    fn a_special_reads_back_as_it_was_written() {
        for special in ["2018-12-19", "2018-11-01", "2026-06-18", "2020-03-03"].map(on).concat() {
            let text = serde_json::to_string(&special).unwrap();
            assert_eq!(serde_json::from_str::<SpecialEvent>(&text).unwrap(), special, "{text}");
        }
    }
}
