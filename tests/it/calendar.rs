//! The calendar against the record: every session, closure and expiration of 1990 to 2027.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::collections::BTreeMap;

use bellwether::planning::calendar::{
    self, DayKind, ExchangeDay, ExpirationKind, SpecialEvent, StatementTimeBasis, announced_until,
    exchange_day, special_events,
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};

const SESSIONS: &str = include_str!("data/calendar/nyse_sessions.csv");
const CLOSURES: &str = include_str!("data/calendar/nyse_closures.csv");
const EXPIRATIONS: &str = include_str!("data/calendar/options_expiration.csv");

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn on(text: &str) -> ExchangeDay {
    exchange_day(date(text)).unwrap()
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

fn days(year: i32) -> impl Iterator<Item = ExchangeDay> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let same = move |date: &NaiveDate| date.year() == year;
    first.iter_days().take_while(same).map(|date| exchange_day(date).unwrap())
}

fn every_day() -> impl Iterator<Item = ExchangeDay> {
    (calendar::FIRST_YEAR..=calendar::LAST_ANNOUNCED_YEAR).flat_map(days)
}

fn expirations(date: NaiveDate) -> Vec<(ExpirationKind, Option<NaiveDate>)> {
    let of = |special: SpecialEvent| match special {
        SpecialEvent::Expiration { kind, moved_from } => Some((kind, moved_from)),
        SpecialEvent::Fomc { .. } | SpecialEvent::Earnings { .. } => None,
    };
    special_events(date).unwrap().into_iter().filter_map(of).collect()
}

#[test]
fn every_session_opens_and_closes_as_the_record_says_and_there_is_no_other() {
    let moment =
        |date: &str, time: &str| -> DateTime<Utc> { format!("{date}T{time}:00Z").parse().unwrap() };
    let recorded: BTreeMap<NaiveDate, _> = rows(SESSIONS)
        .map(|row| (date(row[0]), (moment(row[0], row[1]), moment(row[0], row[2]), row[3] == "1")))
        .collect();
    assert_eq!(recorded.len(), 9_569, "the record is whole");
    let ours: BTreeMap<NaiveDate, _> = every_day()
        .filter(ExchangeDay::is_session)
        .map(|day| {
            let early = matches!(day.kind, DayKind::EarlyClose { .. });
            (day.date, (day.open, day.close, early))
        })
        .collect();
    for (date, session) in &recorded {
        assert_eq!(ours.get(date), Some(session), "{date} is not as recorded");
    }
    for date in ours.keys() {
        assert!(recorded.contains_key(date), "{date} is no session in the record");
    }
}

#[test]
fn every_closed_weekday_is_closed_for_the_recorded_reason() {
    let recorded: BTreeMap<NaiveDate, String> =
        rows(CLOSURES).map(|row| (date(row[0]), row[2].to_owned())).collect();
    assert_eq!(recorded.len(), 346, "the record is whole");
    let weekday = |day: &ExchangeDay| !matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun);
    let ours: BTreeMap<NaiveDate, String> = every_day()
        .filter(|day| !day.is_session() && weekday(day))
        .map(|day| (day.date, day.kind.reason().unwrap().to_string()))
        .collect();
    assert_eq!(ours, recorded);
}

#[test]
fn sessions_are_walked_in_the_order_of_the_record() {
    let recorded: Vec<NaiveDate> = rows(SESSIONS).map(|row| date(row[0])).collect();
    let walked = calendar::sessions(date("1990-01-01"), announced_until()).unwrap();
    assert!(walked.map(|day| day.date).eq(recorded.iter().copied()));
    let lag = calendar::sessions_between(recorded[0], announced_until()).unwrap();
    assert_eq!(usize::try_from(lag).unwrap(), recorded.len() - 1);
}

#[test]
fn every_monthly_expiration_is_the_recorded_one_and_there_is_no_other() {
    let recorded: BTreeMap<NaiveDate, _> = rows(EXPIRATIONS)
        .map(|row| {
            let kind =
                if row[3] == "1" { ExpirationKind::Quarterly } else { ExpirationKind::Monthly };
            let moved = (row[2] == "1").then(|| (date(row[1]), row[4].to_owned()));
            (date(row[0]), (kind, moved))
        })
        .collect();
    assert_eq!(recorded.len(), 456, "the record is whole");
    let mut ours = BTreeMap::new();
    for day in every_day() {
        for special in special_events(day.date).unwrap() {
            let because = special.moved_because();
            let SpecialEvent::Expiration { kind, moved_from } = special else { continue };
            if matches!(kind, ExpirationKind::Monthly | ExpirationKind::Quarterly) {
                let moved = moved_from.map(|from| (from, because.unwrap().to_string()));
                ours.insert(day.date, (kind, moved));
            }
        }
    }
    assert_eq!(ours, recorded);
}

#[test]
fn each_month_has_one_vix_expiration_and_each_week_one_of_another_kind() {
    let (mut by_month, mut by_week) = (BTreeMap::new(), BTreeMap::new());
    for day in (2007..=calendar::LAST_ANNOUNCED_YEAR).flat_map(days) {
        let kinds = expirations(day.date);
        assert!(day.is_session() || kinds.is_empty(), "{} is closed", day.date);
        for (kind, _) in kinds {
            let vix = kind == ExpirationKind::Vix;
            let month = by_month.entry((day.date.year(), day.date.month())).or_insert(0);
            *month += i32::from(vix);
            let week = by_week.entry(day.date.week(Weekday::Mon).first_day()).or_insert(0);
            *week += i32::from(!vix);
        }
    }
    assert_eq!(by_month.len(), 21 * 12);
    assert!(by_month.values().all(|count| *count == 1), "{by_month:?}");
    assert_eq!(by_week.len(), 1_096, "weeks whose Friday lies in 2007 to 2027");
    assert!(by_week.values().all(|count| *count == 1), "{by_week:?}");
}

#[test]
fn holidays_of_2026_and_2027_are_the_published_ones() {
    let closed = |year| -> Vec<String> {
        let weekday =
            |day: &ExchangeDay| !matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun);
        let of_year = days(year).filter(|day| !day.is_session()).filter(weekday);
        of_year.map(|day| day.date.format("%m-%d").to_string()).collect()
    };
    assert_eq!(
        closed(2026).join(" "),
        "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25"
    );
    assert_eq!(
        closed(2027).join(" "),
        "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24"
    );
    let early = |year| -> Vec<String> {
        let early = days(year).filter(|day| matches!(day.kind, DayKind::EarlyClose { .. }));
        early.map(|day| format!("{} {}", day.date, day.close_et())).collect()
    };
    assert_eq!(early(2026), ["2026-11-27 13:00:00", "2026-12-24 13:00:00"]);
    assert_eq!(early(2027), ["2027-11-26 13:00:00"]);
}

#[test]
fn days_that_break_naive_rules_are_right() {
    // The day before the day before: no early close on 2 July when 3 July is the holiday.
    assert_eq!(on("2026-07-02").kind, DayKind::Regular);
    assert!(!on("2026-07-03").is_session());
    // Christmas is kept on the Friday, New Year's Day of 2028 is not.
    assert!(!on("2027-12-24").is_session());
    assert_eq!(on("2027-12-31").kind, DayKind::Regular);
    for (mourning, president) in [("2025-01-09", "Carter"), ("2018-12-05", "G.H.W. Bush")] {
        let reason = on(mourning).kind.reason().unwrap().to_string();
        assert_eq!(reason, format!("Mourning: President {president}"));
    }
    assert_eq!(on("2012-10-29").kind.reason().unwrap().as_ref(), "Hurricane Sandy");
}

#[test]
fn quarterly_expirations_of_2026_and_2027_make_way_for_juneteenth() {
    let quarterly = |year| -> Vec<String> {
        let quarterly = |day: &ExchangeDay| {
            expirations(day.date).iter().any(|(kind, _)| *kind == ExpirationKind::Quarterly)
        };
        days(year).filter(quarterly).map(|day| day.date.format("%m-%d %a").to_string()).collect()
    };
    assert_eq!(quarterly(2026), ["03-20 Fri", "06-18 Thu", "09-18 Fri", "12-18 Fri"]);
    assert_eq!(quarterly(2027), ["03-19 Fri", "06-17 Thu", "09-17 Fri", "12-17 Fri"]);
}

#[test]
fn decision_days_of_2026_and_2027_have_their_hours() {
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let expected = [
        (2026, "01-28 03-18 04-29 06-17 07-29 09-16 10-28 12-09"),
        (2027, "01-27 03-17 04-28 06-09 07-28 09-15 10-27 12-08"),
    ];
    for (year, dates) in expected {
        let statements =
            days(year).filter_map(|day| match special_events(day.date).unwrap().first() {
                Some(SpecialEvent::Fomc {
                    statement, press_conference, projections, hour, ..
                }) => {
                    assert_eq!((*statement, *press_conference), (time(14, 0), Some(time(14, 30))));
                    assert_eq!(*projections, day.date.month() % 3 == 0, "{}", day.date);
                    assert_eq!(*hour, StatementTimeBasis::Stated);
                    Some(day.date.format("%m-%d").to_string())
                }
                Some(SpecialEvent::Expiration { .. } | SpecialEvent::Earnings { .. }) | None => {
                    None
                }
            });
        assert_eq!(statements.collect::<Vec<_>>().join(" "), dates);
    }
}

#[test]
fn decision_and_vix_expiration_meet_on_the_known_days() {
    for both in ["2026-03-18", "2026-06-17", "2026-09-16", "2027-03-17", "2027-09-15"] {
        let specials = special_events(date(both)).unwrap();
        let [SpecialEvent::Fomc { .. }, SpecialEvent::Expiration { kind, moved_from }] =
            specials.as_slice()
        else {
            unreachable!("{both}: {specials:?}")
        };
        assert_eq!((*kind, *moved_from), (ExpirationKind::Vix, None), "{both}");
    }
}

#[test]
fn there_are_eight_scheduled_statements_a_year_but_for_2020() {
    for year in 2000..=calendar::LAST_ANNOUNCED_YEAR {
        let scheduled = |day: &ExchangeDay| {
            let specials = special_events(day.date).unwrap();
            specials
                .iter()
                .any(|special| matches!(special, SpecialEvent::Fomc { scheduled: true, .. }))
        };
        let count = days(year).filter(scheduled).count();
        assert_eq!(count, if year == 2020 { 7 } else { 8 }, "{year}");
    }
}

#[test]
fn the_open_is_at_half_past_nine_in_new_york_on_both_sides_of_a_clock_change() {
    for (day, utc) in [
        ("2026-03-06", "14:30"),
        ("2026-03-09", "13:30"),
        ("2026-10-30", "13:30"),
        ("2026-11-02", "14:30"),
        ("2027-03-15", "13:30"),
        ("2027-11-08", "14:30"),
    ] {
        let day = on(day);
        assert_eq!(day.open.format("%H:%M").to_string(), utc, "{}", day.date);
        assert_eq!(calendar::exchange_local(day.open).time().to_string(), "09:30:00");
        let six = day.resolve_anchor("open-3h30".parse().unwrap());
        assert_eq!(calendar::exchange_local(six).time().to_string(), "06:00:00");
    }
}

/// Holidays of 2028 to 2035 that the rules must give: Good Friday, and fixed dates that move.
#[test]
fn years_after_the_announced_ones_follow_the_rules() {
    for (closed, reason) in [
        ("2028-04-14", "Good Friday"),
        ("2029-03-30", "Good Friday"),
        ("2032-03-26", "Good Friday"),
        ("2032-12-24", "Christmas Day (observed)"),
        ("2033-06-20", "Juneteenth (observed)"),
        ("2035-11-22", "Thanksgiving Day"),
    ] {
        let day = on(closed);
        assert_eq!(day.kind.reason().map(AsRef::as_ref), Some(reason), "{closed}");
    }
    assert_eq!(on("2028-07-03").close_et().to_string(), "13:00:00");
    let certainty = |day| calendar::session_certainty(date(day)).unwrap();
    assert_eq!(certainty("2027-12-31"), calendar::CalendarCertainty::Projected);
    assert_eq!(certainty("2028-01-03"), calendar::CalendarCertainty::ByRule);
    assert_eq!(calendar::next_session(date("2027-12-31")).unwrap().date, date("2028-01-03"));
}

#[test]
fn the_end_of_the_announced_years_is_told_60_days_before() {
    let told = |day| calendar::announcement_remark(date(day));
    assert_eq!(told("2027-10-31"), None);
    let before = told("2027-11-01").unwrap();
    assert!(before.contains("end 2027-12-31, in 60 days"), "{before}");
    let after = told("2029-03-14").unwrap();
    assert!(after.contains("2029-03-14 is by rule, not announced"), "{after}");
}
