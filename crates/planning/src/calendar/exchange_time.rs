//! Conversion between the exchange's wall clock and UTC, including clock changes.

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::installed::current_calendar;

/// A change of the exchange's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockChange {
    /// The date of the change; a Sunday in most zones.
    pub date: NaiveDate,
    /// The first moment of the new offset.
    pub at: DateTime<Utc>,
    /// Offset before the change, in seconds east of UTC: -18000 in winter.
    pub before_s: i32,
    /// Offset after the change, in seconds east of UTC: -14400 in summer.
    pub after_s: i32,
}

/// Returns the moment at which the exchange's clock shows `time` on `date`.
///
/// A time that the clock skips is read with the old offset and so appears later on the new clock
/// (02:30 means 03:30); of a time shown twice, the earlier moment is meant. RFC 5545 and `jiff`
/// call this "compatible".
#[must_use]
pub fn exchange_moment(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    moment_in(current_calendar().exchange.zone, date, time)
}

/// Returns the moment at which the clock of `zone` shows `time` on `date`.
pub(super) fn moment_in(zone: Tz, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = date.and_time(time);
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => {
            // No clock skips more than a day, so the offset of the day before is the old one.
            let before = local.checked_sub_signed(TimeDelta::days(1)).unwrap_or(local);
            let offset = zone.offset_from_utc_datetime(&before).fix();
            local.checked_sub_offset(offset).unwrap_or(local).and_utc()
        }
    }
}

/// Returns the date and time on the exchange's clock at the moment `at`.
#[must_use]
pub fn exchange_local(at: DateTime<Utc>) -> NaiveDateTime {
    local_in(current_calendar().exchange.zone, at)
}

/// Returns the date and time on the clock of `zone` at the moment `at`.
pub(super) fn local_in(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    let utc = at.naive_utc();
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    utc.checked_add_offset(offset).unwrap_or(utc)
}

/// Returns the clock change in the week of `date`, Sunday to Saturday, if there is one.
///
/// The week begins on Sunday because the clock changes on Sunday morning, before the first affected
/// session.
#[must_use]
pub fn exchange_offset_change(date: NaiveDate) -> Option<ClockChange> {
    let since_sunday = u64::from(date.weekday().num_days_from_sunday());
    let sunday = date.checked_sub_days(Days::new(since_sunday))?;
    let zone = current_calendar().exchange.zone;
    sunday.iter_days().take(7).find_map(|date| change_on(zone, date))
}

/// Returns the clock change of `zone` on `date`, if there is one.
pub(super) fn change_on(zone: Tz, date: NaiveDate) -> Option<ClockChange> {
    let offset_s = |at: NaiveDateTime| zone.offset_from_utc_datetime(&at).fix().local_minus_utc();
    let midnight = |date: NaiveDate| moment_in(zone, date, NaiveTime::MIN).naive_utc();
    let (mut early, mut late) = (midnight(date), midnight(date.succ_opt()?));
    let (before_s, after_s) = (offset_s(early), offset_s(late));
    if before_s == after_s {
        return None;
    }
    while late - early > TimeDelta::seconds(1) {
        let middle = early + TimeDelta::seconds((late - early).num_seconds() / 2);
        if offset_s(middle) == before_s { early = middle } else { late = middle }
    }
    Some(ClockChange { date, at: late.and_utc(), before_s, after_s })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moment(date: &str, time: &str) -> String {
        let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
        exchange_moment(date.parse().unwrap(), time).format("%dT%H:%MZ").to_string()
    }

    #[test]
    fn six_in_the_morning_moves_by_an_hour_at_both_change_sundays() {
        for (date, expected) in [
            ("2026-03-07", "07T11:00Z"),
            ("2026-03-08", "08T10:00Z"),
            ("2026-03-09", "09T10:00Z"),
            ("2026-10-31", "31T10:00Z"),
            ("2026-11-01", "01T11:00Z"),
            ("2026-11-02", "02T11:00Z"),
        ] {
            assert_eq!(moment(date, "06:00"), expected, "{date}");
        }
    }

    #[test]
    fn resolves_skipped_time_later_and_repeated_time_first() {
        assert_eq!(moment("2026-03-08", "02:30"), "08T07:30Z");
        assert_eq!(moment("2026-03-08", "03:30"), "08T07:30Z");
        assert_eq!(moment("2026-11-01", "01:30"), "01T05:30Z");
    }

    #[test]
    fn the_week_of_a_clock_change_says_so_and_its_neighbours_do_not() {
        for (from, changes) in [
            ("2026-03-08", true),
            ("2026-03-14", true),
            ("2026-03-07", false),
            ("2026-03-15", false),
        ] {
            assert_eq!(exchange_offset_change(from.parse().unwrap()).is_some(), changes, "{from}");
        }
        let autumn = exchange_offset_change("2027-11-10".parse().unwrap()).unwrap();
        assert_eq!(autumn.date.to_string(), "2027-11-07");
        assert_eq!(autumn.at.to_rfc3339(), "2027-11-07T06:00:00+00:00");
        assert_eq!((autumn.before_s, autumn.after_s), (-14_400, -18_000));
        let spring = exchange_offset_change("2027-03-14".parse().unwrap()).unwrap();
        assert_eq!(spring.at.to_rfc3339(), "2027-03-14T07:00:00+00:00");
    }

    #[test]
    fn the_ends_of_time_have_a_moment_too() {
        for date in [NaiveDate::MIN, NaiveDate::MAX] {
            let _no_panic = exchange_moment(date, NaiveTime::MIN);
            let _no_panic = exchange_offset_change(date);
        }
        let _no_panic = exchange_local(DateTime::<Utc>::MIN_UTC);
        let _no_panic = exchange_local(DateTime::<Utc>::MAX_UTC);
    }

    proptest! {
        #[test]
        fn the_clock_shows_the_time_asked_for_unless_it_skips_it(
            days in 0_i64..14_000,
            minute in 0_u32..1_440,
        ) {
            let date = NaiveDate::default() + TimeDelta::days(7_300 + days);
            let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
            let shown = exchange_local(exchange_moment(date, time));
            let skipped = shown - date.and_time(time) == TimeDelta::hours(1) && minute / 60 == 2;
            prop_assert!(shown == date.and_time(time) || skipped, "{shown}");
        }
    }
}
