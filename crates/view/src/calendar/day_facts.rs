//! All the calendar knows about one day, as plain data and as sentences.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};

use planning::calendar::{
    CalendarCertainty, ClockChange, DayKind, EarningsReaction, ExchangeDay, ExpirationKind,
    ReportTiming, SpecialEvent, StatementTimeBasis, UnknownYearError, current_calendar,
    earnings_reactions, exchange_day, exchange_local, exchange_moment, exchange_offset_change,
    reaction_session, session_certainty, special_events,
};

/// All the calendar knows about one day; what `--json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDayFacts {
    /// The date at the exchange.
    pub date: NaiveDate,
    /// Its day of the week.
    pub weekday: Weekday,
    /// True if and how it trades, and why if not as usual.
    #[serde(flatten)]
    pub kind: DayKind,
    /// First moment of the session; nothing when there is none.
    pub open: Option<DateTime<Utc>>,
    /// End of the session; nothing when there is none.
    pub close: Option<DateTime<Utc>>,
    /// First moment of the session, exchange time.
    pub open_et: Option<NaiveTime>,
    /// End of the session, exchange time.
    pub close_et: Option<NaiveTime>,
    /// How sure the session is.
    pub standing: CalendarCertainty,
    /// What makes the day special, surprises included.
    pub specials: Vec<SpecialEvent>,
    /// Reports that this session is the first to trade on.
    pub reactions: Vec<EarningsReaction>,
    /// The clock change of this week, Sunday to Saturday, if there is one.
    pub clock_change: Option<ClockChange>,
}

impl CalendarDayFacts {
    /// Returns what is known of `date`.
    ///
    /// # Errors
    ///
    /// `UnknownYear` outside the years the calendar knows.
    pub fn for_date(date: NaiveDate) -> Result<Self, UnknownYearError> {
        Self::of_day(exchange_day(date)?)
    }

    /// Returns what is known of `day`, which an operator may have declared closed or shortened.
    ///
    /// # Errors
    ///
    /// `UnknownYear` outside the years the calendar knows.
    pub fn of_day(day: ExchangeDay) -> Result<Self, UnknownYearError> {
        let hours = day.is_session().then_some((day.open, day.close));
        let (open, close) = hours.unzip();
        Ok(Self {
            date: day.date,
            weekday: day.date.weekday(),
            open,
            close,
            open_et: open.map(|at| exchange_local(at).time()),
            close_et: close.map(|at| exchange_local(at).time()),
            standing: session_certainty(day.date)?,
            specials: special_events(day.date)?,
            reactions: earnings_reactions(day.date)?,
            clock_change: exchange_offset_change(day.date),
            kind: day.kind,
        })
    }

    /// Returns what is to be said about the day, one phrase each, the session first.
    ///
    /// Weekends and weekly expirations go without saying, unless a holiday moved them.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let session = match &self.kind {
            DayKind::Regular => None,
            DayKind::LateOpen { reason } => {
                let open = self.open_et.map(time_of_day).unwrap_or_default();
                Some(format!("opens {open}: {reason}"))
            }
            DayKind::EarlyClose { reason } => {
                let close = self.close_et.map(time_of_day).unwrap_or_default();
                Some(format!("closes {close}: {reason}"))
            }
            DayKind::Closed { reason } if self.is_weekend() && reason.as_ref() == "weekend" => None,
            DayKind::Closed { reason } => Some(format!("closed: {reason}")),
        };
        let clock = self.clock_change.filter(|change| change.date == self.date).map(clock_note);
        let specials = self.specials.iter().filter_map(|special| self.special_note(special));
        session.into_iter().chain(clock).chain(specials).collect()
    }

    /// Returns whether it is a Saturday or a Sunday.
    pub(super) fn is_weekend(&self) -> bool {
        matches!(self.weekday, Weekday::Sat | Weekday::Sun)
    }

    /// Returns what is to be said about `special`, if anything.
    fn special_note(&self, special: &SpecialEvent) -> Option<String> {
        match special {
            SpecialEvent::Fomc {
                statement, press_conference, projections, hour: basis, ..
            } => {
                let name = match (current_calendar().is_new_york(), special.is_scheduled()) {
                    (true, true) => "FOMC",
                    (true, false) => "FOMC, unscheduled",
                    (false, true) => "central bank",
                    (false, false) => "central bank, unscheduled",
                };
                let statement = match basis {
                    StatementTimeBasis::Stated => format!("statement {}", time_of_day(*statement)),
                    StatementTimeBasis::Usual => {
                        format!("statement about {}", time_of_day(*statement))
                    }
                    StatementTimeBasis::Assumed => "statement, hour not recorded".to_owned(),
                };
                let press = press_conference
                    .map(|at| format!(", press conference {}", time_of_day(at)))
                    .unwrap_or_default();
                let projections = if *projections { ", projections" } else { "" };
                Some(format!("{name}: {statement}{press}{projections}{}", note_of(special)))
            }
            SpecialEvent::Expiration { kind, moved_from } => {
                let name = match kind {
                    ExpirationKind::Monthly => "monthly expiration",
                    ExpirationKind::Quarterly => "quarterly expiration (quadruple witching)",
                    ExpirationKind::Weekly if moved_from.is_none() => return None,
                    ExpirationKind::Weekly => "weekly expiration",
                    ExpirationKind::Vix => "VIX expiration",
                };
                let moved = moved_from.map(|from| {
                    let because = special.moved_because();
                    let because = because.map(|why| format!(": {why}")).unwrap_or_default();
                    format!(", moved from {}{because}", from.format("%a %Y-%m-%d"))
                });
                Some(format!("{name}{}", moved.unwrap_or_default()))
            }
            SpecialEvent::Earnings { symbol, timing } => {
                let when = match timing {
                    ReportTiming::BeforeOpen => "before the open",
                    ReportTiming::AfterClose => "after the close",
                };
                let first = reaction_session(self.date, *timing)
                    .map(|day| format!(", first traded {}", day.date.format("%a %Y-%m-%d")))
                    .unwrap_or_default();
                Some(format!("{symbol} reports {when}{first}"))
            }
        }
    }
}

/// `14:00`.
pub(super) fn time_of_day(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// Returns what the table remarks on a statement, in brackets.
fn note_of(special: &SpecialEvent) -> String {
    match special {
        SpecialEvent::Fomc { note: Some(note), .. } => format!(" ({note})"),
        SpecialEvent::Fomc { .. }
        | SpecialEvent::Expiration { .. }
        | SpecialEvent::Earnings { .. } => String::new(),
    }
}

/// Returns what a clock change means for the desk's morning.
fn clock_note(change: ClockChange) -> String {
    let direction = if change.after_s > change.before_s { "forward" } else { "back" };
    let six = NaiveTime::from_hms_opt(6, 0, 0).unwrap_or_default();
    let utc = time_of_day(exchange_moment(change.date, six).time());
    let shown = change.at + chrono::TimeDelta::seconds(change.before_s.into());
    let at = time_of_day(shown.time());
    format!("clocks go {direction} an hour at {at}, so 06:00 is {utc} UTC from this day on")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(date: &str) -> CalendarDayFacts {
        CalendarDayFacts::for_date(date.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_day_is_told_in_words() {
        for (date, expected) in [
            ("2018-12-18", vec![]),
            ("2018-12-22", vec![]),
            ("2018-12-24", vec!["closes 13:00: Christmas Eve"]),
            ("2018-12-25", vec!["closed: Christmas Day"]),
            ("2018-12-21", vec!["quarterly expiration (quadruple witching)"]),
            (
                "2018-12-19",
                vec![
                    "FOMC: statement 14:00, press conference 14:30, projections",
                    "VIX expiration",
                ],
            ),
            (
                "2011-04-27",
                vec!["FOMC: statement about 12:30, press conference 14:15, projections"],
            ),
            (
                "2026-07-02",
                vec!["weekly expiration, moved from Fri 2026-07-03: Independence Day (observed)"],
            ),
            ("2018-11-01", vec!["AAPL reports after the close, first traded Fri 2018-11-02"]),
            (
                "2026-03-08",
                vec!["clocks go forward an hour at 02:00, so 06:00 is 10:00 UTC from this day on"],
            ),
            (
                "2026-11-01",
                vec!["clocks go back an hour at 02:00, so 06:00 is 11:00 UTC from this day on"],
            ),
            (
                "2007-08-10",
                vec!["FOMC, unscheduled: statement, hour not recorded (Liquidity statement)"],
            ),
        ] {
            assert_eq!(facts(date).notes(), expected, "{date}");
        }
    }

    #[test]
    fn a_closed_day_has_no_hours_and_a_declared_one_has_its_own() {
        let closed = facts("2018-12-25");
        assert_eq!((closed.open, closed.close_et), (None, None));
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        let day =
            exchange_day("2018-12-19".parse().unwrap()).unwrap().declared_early(noon, "storm");
        let declared = CalendarDayFacts::of_day(day.unwrap()).unwrap();
        assert_eq!(declared.notes().first().unwrap(), "closes 12:00: storm");
    }

    #[test]
    fn the_week_of_a_clock_change_knows_it() {
        assert!(facts("2026-03-11").clock_change.is_some());
        assert!(facts("2026-03-18").clock_change.is_none());
    }

    #[test]
    fn facts_read_back_as_they_were_written() {
        for date in ["2018-12-19", "2018-12-24", "2018-12-25", "2018-11-02", "2026-03-11"] {
            let text = serde_json::to_string(&facts(date)).unwrap();
            assert_eq!(
                serde_json::from_str::<CalendarDayFacts>(&text).unwrap(),
                facts(date),
                "{text}"
            );
        }
        let text = serde_json::to_string(&facts("2018-12-24")).unwrap();
        assert!(text.contains(r#""session":"early_close","reason":"Christmas Eve""#), "{text}");
    }
}
