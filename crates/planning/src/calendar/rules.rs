//! Rules for the days on which the exchange is closed or closes early, without the exceptions.
//!
//! The rules hold for any year of the Gregorian calendar, so that they also work just outside the
//! covered years; only `sessions` limits the years.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};

/// Close of a shortened session since 1993, exchange time.
const EARLY_CLOSE: NaiveTime = clock(13, 0);
/// Close of a shortened session before 1993, exchange time.
const EARLY_CLOSE_BEFORE_1993: NaiveTime = clock(14, 0);

/// The session of a day according to the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayRule {
    /// A full session.
    Regular,
    /// A session that ends at `close`.
    EarlyClose {
        /// End of the session, exchange time.
        close: NaiveTime,
        /// Name of the rule that shortens it.
        reason: &'static str,
    },
    Closed {
        /// Name of the rule that closes it.
        reason: &'static str,
    },
}

/// Returns the session that the rules give for `date`.
pub(super) fn day_rule(date: NaiveDate) -> DayRule {
    if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
        return DayRule::Closed { reason: "weekend" };
    }
    if let Some(reason) = holiday(date) {
        return DayRule::Closed { reason };
    }
    match early_close_reason(date) {
        Some(reason) => {
            let close = if date.year() < 1993 { EARLY_CLOSE_BEFORE_1993 } else { EARLY_CLOSE };
            DayRule::EarlyClose { close, reason }
        }
        None => DayRule::Regular,
    }
}

/// Returns the third Friday of the month `months` after that of `date`, or `None` out of range.
pub(super) fn third_friday(date: NaiveDate, months: u32) -> Option<NaiveDate> {
    let month = date.with_day(1)?.checked_add_months(chrono::Months::new(months))?;
    NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), Weekday::Fri, 3)
}

/// Builds a constant time of day.
const fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("only called with hours and minutes of a day")
}

/// Returns the holiday that closes the weekday `date`, if any.
fn holiday(date: NaiveDate) -> Option<&'static str> {
    let (year, month, week) = (date.year(), date.month(), (date.day() - 1) / 7 + 1);
    let last_week = date.day() > 24;
    match (month, date.weekday(), week) {
        (1, Weekday::Mon, 3) if year >= 1998 => Some("Martin Luther King Jr. Day"),
        (2, Weekday::Mon, 3) => Some("Washington's Birthday"),
        (5, Weekday::Mon, _) if last_week => Some("Memorial Day"),
        (9, Weekday::Mon, 1) => Some("Labor Day"),
        (11, Weekday::Thu, 4) => Some("Thanksgiving Day"),
        (3 | 4, Weekday::Fri, _) if good_friday(year) == Some(date) => Some("Good Friday"),
        _ => fixed_holiday(date),
    }
}

/// Returns the holiday of fixed date that closes the weekday `date`, if any.
///
/// A holiday on a Sunday is observed on Monday, one on a Saturday on Friday. New Year's Day is the
/// exception: it is not observed in the old year, because that Friday is the end of an accounting
/// period (rule 7.2 of the exchange).
fn fixed_holiday(date: NaiveDate) -> Option<&'static str> {
    let falls = |month, day| match date.weekday() {
        _ if (date.month(), date.day()) == (month, day) => Some(false),
        Weekday::Mon if is(date.pred_opt(), month, day) => Some(true),
        Weekday::Fri if is(date.succ_opt(), month, day) && (month, day) != (1, 1) => Some(true),
        Weekday::Mon
        | Weekday::Tue
        | Weekday::Wed
        | Weekday::Thu
        | Weekday::Fri
        | Weekday::Sat
        | Weekday::Sun => None,
    };
    let name = |moved, plain, observed| if moved { observed } else { plain };
    let new_year = falls(1, 1).map(|m| name(m, "New Year's Day", "New Year's Day (observed)"));
    let juneteenth = || {
        falls(6, 19)
            .filter(|_| date.year() >= 2022)
            .map(|m| name(m, "Juneteenth", "Juneteenth (observed)"))
    };
    let independence =
        || falls(7, 4).map(|m| name(m, "Independence Day", "Independence Day (observed)"));
    let christmas = || falls(12, 25).map(|m| name(m, "Christmas Day", "Christmas Day (observed)"));
    new_year.or_else(juneteenth).or_else(independence).or_else(christmas)
}

/// Returns the reason for which the session of the weekday `date`, not a holiday, ends early by
/// rule.
///
/// Christmas Eve is shortened since before 1990, the day after Thanksgiving since 1992, the days
/// around Independence Day since 1995. If the fourth of July is a Thursday, the Friday after it was
/// short until 2012, the Wednesday before it since 2013.
fn early_close_reason(date: NaiveDate) -> Option<&'static str> {
    let (year, weekday) = (date.year(), date.weekday());
    let eve = match weekday {
        Weekday::Mon | Weekday::Tue | Weekday::Thu => year >= 1995,
        Weekday::Wed => year >= 2013,
        Weekday::Fri | Weekday::Sat | Weekday::Sun => false,
    };
    let thanksgiving = |day: NaiveDate| day.month() == 11 && (22..=28).contains(&day.day());
    match (date.month(), date.day()) {
        (12, 24) => Some("Christmas Eve"),
        (7, 3) if eve => Some("Independence Day eve"),
        (7, 5) if weekday == Weekday::Fri && (1995..2013).contains(&year) => {
            Some("Day after Independence Day")
        }
        (11, _)
            if year >= 1992
                && weekday == Weekday::Fri
                && date.pred_opt().is_some_and(thanksgiving) =>
        {
            Some("Day after Thanksgiving")
        }
        _ => None,
    }
}

/// Returns whether `date` falls on the given month and day.
fn is(date: Option<NaiveDate>, month: u32, day: u32) -> bool {
    date.is_some_and(|date| (date.month(), date.day()) == (month, day))
}

/// Returns the Friday before Easter Sunday of `year`.
fn good_friday(year: i32) -> Option<NaiveDate> {
    easter_sunday(year)?.checked_sub_days(Days::new(2))
}

/// Returns Easter Sunday of `year`.
///
/// It follows the anonymous Gregorian computus (Nature, 1876; Meeus, "Astronomical Algorithms",
/// chapter 8); the names here replace its letters.
pub(super) fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let lunar_shift = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - lunar_shift + 15).rem_euclid(30);
    let leaps = 2 * (century % 4) + 2 * (of_century / 4) - of_century % 4;
    let to_sunday = (32 + leaps - epact).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let since_march = epact + to_sunday - 7 * late + 114;
    let month = u32::try_from(since_march / 31).ok()?;
    let day = u32::try_from(since_march % 31 + 1).ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn good_friday_follows_the_moon() {
        for friday in
            ["1990-04-13", "2000-04-21", "2008-03-21", "2019-04-19", "2026-04-03", "2038-04-23"]
        {
            assert_eq!(good_friday(date(friday).year()), Some(date(friday)));
        }
    }

    /// Outside the covered years the rules are projections.
    #[test]
    fn rules_give_the_holidays_expected_of_2028() {
        let year: Vec<NaiveDate> = date("2028-01-01").iter_days().take(366).collect();
        let closed = |day: &&NaiveDate| matches!(day_rule(**day), DayRule::Closed { reason } if reason != "weekend");
        let closed: Vec<String> = year.iter().filter(closed).map(ToString::to_string).collect();
        let expected = [
            "2028-01-17",
            "2028-02-21",
            "2028-04-14",
            "2028-05-29",
            "2028-06-19",
            "2028-07-04",
            "2028-09-04",
            "2028-11-23",
            "2028-12-25",
        ];
        assert_eq!(closed, expected);
        let early = |day: &&NaiveDate| matches!(day_rule(**day), DayRule::EarlyClose { .. });
        let early: Vec<String> = year.iter().filter(early).map(ToString::to_string).collect();
        assert_eq!(early, ["2028-07-03", "2028-11-24"]);
    }

    #[test]
    fn a_saturday_new_year_closes_no_friday() {
        assert_eq!(day_rule(date("2027-12-31")), DayRule::Regular);
        assert_eq!(day_rule(date("2021-12-31")), DayRule::Regular);
        assert!(matches!(day_rule(date("2027-12-24")), DayRule::Closed { .. }));
    }

    #[test]
    fn rules_answer_at_both_ends_of_time() {
        for edge in [NaiveDate::MIN, NaiveDate::MAX] {
            let _answered = day_rule(edge);
            let _answered = third_friday(edge, 1);
        }
    }
}
