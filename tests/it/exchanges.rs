//! The built-in exchanges against the record of 2010 to 2026, and calendar files of one's own.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use bellwether::planning::calendar::{
    Calendar, DayKind, Exchange, ExchangeDay, OwnCalendar, OwnCalendarProblem,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Date, open, close and both ends of the lunch break.
type Session = (DateTime<Utc>, DateTime<Utc>, Option<(DateTime<Utc>, DateTime<Utc>)>);

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn calendar_of(code: &str) -> Calendar {
    Calendar::new(Exchange::built_in(code).unwrap().unwrap(), OwnCalendar::default())
}

fn recorded(text: &str) -> BTreeMap<NaiveDate, Session> {
    let moment = |date: &str, time: &str| -> Option<DateTime<Utc>> {
        (!time.is_empty()).then(|| format!("{date}T{time}:00Z").parse().unwrap())
    };
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let at = |n: usize| moment(cells[0], cells[n]);
        (date(cells[0]), (at(1).unwrap(), at(2).unwrap(), at(3).zip(at(4))))
    };
    text.lines().skip(1).map(row).collect()
}

fn assert_equals_record(code: &str, text: &str, count: usize) {
    let recorded = recorded(text);
    assert_eq!(recorded.len(), count, "the record is whole");
    let calendar = calendar_of(code);
    let days = date("2010-01-01").iter_days().take_while(|day| *day <= date("2026-12-31"));
    let ours: BTreeMap<NaiveDate, Session> = days
        .map(|day| calendar.day(day))
        .filter(ExchangeDay::is_session)
        .map(|day| (day.date, (day.open, day.close, day.lunch.map(|l| (l.from, l.to)))))
        .collect();
    let differs = |(day, session): &(&NaiveDate, &Session)| ours.get(day) != Some(session);
    let missing: Vec<_> = recorded.iter().filter(differs).map(|(day, _)| day).collect();
    let extra: Vec<_> = ours.keys().filter(|day| !recorded.contains_key(day)).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{code}: not as recorded {missing:?}, extra {extra:?}"
    );
}

#[test]
fn london_sessions_equal_the_record_both_ways() {
    assert_equals_record("XLON", include_str!("data/calendar/xlon_sessions.csv"), 4_294);
}

#[test]
fn xetra_sessions_equal_the_record_both_ways() {
    assert_equals_record("XETR", include_str!("data/calendar/xetr_sessions.csv"), 4_316);
}

#[test]
fn tokyo_sessions_equal_the_record_both_ways() {
    assert_equals_record("XTKS", include_str!("data/calendar/xtks_sessions.csv"), 4_156);
}

#[test]
fn hong_kong_sessions_equal_the_record_both_ways() {
    assert_equals_record("XHKG", include_str!("data/calendar/xhkg_sessions.csv"), 4_188);
}

#[test]
fn the_open_keeps_its_local_hour_at_both_clock_changes() {
    for (code, day, utc) in [
        ("XLON", "2026-03-27", "08:00"),
        ("XLON", "2026-03-30", "07:00"),
        ("XLON", "2026-10-23", "07:00"),
        ("XLON", "2026-10-26", "08:00"),
        ("XETR", "2026-03-27", "08:00"),
        ("XETR", "2026-03-30", "07:00"),
        ("XETR", "2026-10-26", "08:00"),
        ("XTKS", "2026-03-30", "00:00"),
        ("XHKG", "2026-10-26", "01:30"),
    ] {
        let open = calendar_of(code).day(date(day)).open;
        assert_eq!(open.format("%F %H:%M").to_string(), format!("{day} {utc}"), "{code}");
    }
}

#[test]
fn a_market_that_never_closes_has_a_day_of_24_hours() {
    let day = calendar_of("24/7").day(date("2026-12-26"));
    assert_eq!((day.kind.clone(), day.close - day.open), (DayKind::Regular, TimeDelta::hours(24)));
}

#[test]
fn a_session_may_cross_midnight_utc_and_its_own() {
    let file = |zone: &str, open: &str, close: &str| {
        let text = format!(
            "name: test\nzone: {zone}\nannounced_until: 2026-12-31\nhours:\n  - {{ open: \"{open}\", close: \"{close}\" }}\n"
        );
        Calendar::new(Exchange::from_file("own.yaml", &text).unwrap(), OwnCalendar::default())
    };
    let day = file("Australia/Sydney", "10:00", "16:00").day(date("2026-12-01"));
    assert_eq!(day.open.to_rfc3339(), "2026-11-30T23:00:00+00:00");
    assert_eq!(day.close.to_rfc3339(), "2026-12-01T05:00:00+00:00");
    let futures = file("America/Chicago", "17:00", "16:00").day(date("2026-12-01"));
    assert_eq!(futures.close.to_rfc3339(), "2026-12-02T22:00:00+00:00");
}

#[test]
fn an_exchange_file_with_a_bad_rule_tells_it() {
    let text = "name: x\nzone: Mars/Olympus\nannounced_until: 2026-12-31\nhours:\n  - { open: \"09:00\", close: \"17:00\" }\n";
    let bad = Exchange::from_file("own.yaml", text).unwrap_err().to_string();
    assert!(bad.contains("`Mars/Olympus` is no zone"), "{bad}");
    let text = text.replace("Mars/Olympus", "Etc/UTC")
        + "closed:\n  - { name: May Day, day: 5th mon 05 }\n";
    let bad = Exchange::from_file("own.yaml", &text).unwrap_err().to_string();
    assert!(bad.contains("`5th mon 05` is no day of a year"), "{bad}");
}

fn own(name: &str, text: &str) -> (Calendar, Vec<OwnCalendarProblem>) {
    let exchange = Exchange::new_york();
    let mut own = OwnCalendar::default();
    let problems = own.read(name, text, &exchange);
    (Calendar::new(exchange, own), problems)
}

#[test]
fn a_calendar_file_takes_precedence_over_the_exchange() {
    let (calendar, problems) = own(
        "calendar.csv",
        "date,session,open,close,reason\n2026-11-30,closed,,,storm\n2026-12-01,early,,12:00,test\n\
         2026-12-02,late,11:00,,fog\n2026-12-05,extra,10:00,12:00,drill\n2026-12-25,regular,,,\n",
    );
    assert_eq!(problems, []);
    let day = |text| calendar.day(date(text));
    assert_eq!(day("2026-11-30").kind, DayKind::Closed { reason: "storm".into() });
    assert_eq!(day("2026-12-01").close.to_rfc3339(), "2026-12-01T17:00:00+00:00");
    assert_eq!(day("2026-12-02").open.to_rfc3339(), "2026-12-02T16:00:00+00:00");
    assert_eq!(day("2026-12-05").close - day("2026-12-05").open, TimeDelta::hours(2));
    assert!(day("2026-12-25").is_session());
    assert_eq!(
        calendar.session_source(date("2026-12-25")).unwrap(),
        "calendar.csv row 6 decides the session, over XNYS: closed, Christmas Day"
    );
}

#[test]
fn every_bad_calendar_row_is_told_with_file_and_row() {
    let told = |name: &str, text: &str| -> Vec<String> {
        own(name, text).1.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        told(
            "calendar.csv",
            "date,session,open,close,reason\n2026-13-01,closed,,,\n2026-12-01,shut,,,\n\
             2026-12-01,early,,17:00,\n2026-12-02,early,,,\n"
        ),
        [
            "calendar.csv row 2: `2026-13-01` is no date; write 2026-11-27",
            "calendar.csv row 3: `shut` is no session; write closed, early, late, extra or regular",
            "calendar.csv row 4: 17:00 is not within the full session, 09:30 to 16:00",
            "calendar.csv row 5: `close` is empty; write the time there, as 13:00",
        ]
    );
    assert_eq!(
        told("earnings.csv", "date,symbol,timing\n2026-01-28,AAPL,noon\n"),
        [
            "earnings.csv row 2: `noon` is no timing; write bmo (before the open) or amc (after the close)"
        ]
    );
    assert_eq!(
        told("events.csv", "day,event\n"),
        [
            "events.csv row 1: there is no column `date`; the header is date,event,time,press_conference,name"
        ]
    );
}

/// Runs the program in `folder`; it alone may have a calendar other than New York's.
fn program(folder: &Path, words: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    let ran = command
        .args(words)
        .current_dir(folder)
        .env("BELLWETHER_STATE_DIR", folder.join("state"))
        .output()
        .unwrap();
    let text = [ran.stdout, ran.stderr].concat();
    (ran.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn explain_follows_exchange_overrides_and_own_files() {
    let folder = tempfile::tempdir().unwrap();
    let tokyo = ["--set", "exchange=XTKS", "calendar", "explain", "2018-12-19"];
    let (ok, text) = program(folder.path(), &tokyo);
    assert!(ok && text.contains("session 09:00 .. 15:00, all times Asia/Tokyo"), "{text}");
    assert!(text.contains("lunch break"), "{text}");
    assert!(text.contains("the prices inside the program are New York's"), "{text}");
    let moved = ["--set", "market_open_time=10:00", "calendar", "explain", "2018-12-19"];
    let (ok, text) = program(folder.path(), &moved);
    assert!(ok && text.contains("session 10:00 .. 16:00"), "{text}");
    let rows = "date,session,open,close,reason\n2018-12-19,early,,12:00,test\n";
    fs::write(folder.path().join("calendar.csv"), rows).unwrap();
    let events =
        "date,event,time\n2018-12-19,no_central_bank,\n2018-12-20,unscheduled_central_bank,10:00\n";
    fs::write(folder.path().join("events.csv"), events).unwrap();
    let own = ["--set", "calendar_dir=.", "calendar", "explain"];
    let (ok, text) = program(folder.path(), &[&own[..], &["2018-12-19"]].concat());
    assert!(ok && text.contains("calendar.csv row 2 decides the session, over XNYS"), "{text}");
    assert!(!text.contains("press conference"), "{text}");
    let (ok, text) = program(folder.path(), &[&own[..], &["2018-12-20"]].concat());
    assert!(
        ok && !text.contains("statement at 10:00"),
        "an unscheduled day has no overlay: {text}"
    );
    fs::write(folder.path().join("calendar.csv"), "date,session\n2018-12-19,shut\n").unwrap();
    let (ok, text) = program(folder.path(), &[&own[..], &["2018-12-19"]].concat());
    assert!(!ok && text.contains("calendar.csv row 2: `shut` is no session"), "{text}");
}
