//! Market data in: every bad row told, no look-ahead possible, no text that panics; and the simulated feed out.

use std::fmt::Write as _;

use bellwether::desk::market::{
    Dataset, DayPath, IntradayShocks, Regime, RegimeMachine, SessionSide, cross_asset, features,
    macro_assessment, regime_on,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date or moment")
}

const BAD: &str = "date,symbol,open,high,low,close,volume\n\
    2020-01-02,A,10,11,9,10,100\n\
    2020-01-03,A,10,11,9,-1,100\n\
    2020-01-06,A,10,9,11,10,100\n\
    2020-01-07,A,10,11,9,inf,100\n\
    2020-01-08,A,10,11,9,ten,100\n\
    2020-01-09,A,10,11,9,10\n\
    2020-01-10,A,10,11,9,10,100\n\
    2020-01-10,A,10,11,9,10.5,100\n\
    2020-01-09,A,10,11,9,10,100\n\
    2020-13-09,A,10,11,9,10,100\n\
    2020-01-13,A,20,21,19,20,100\n\
    2020-01-14,A,20,21,19,22,100\n\
    2020-01-15,A,\"20,21,19,21,100\n\
    2020-01-16,,20,21,19,21,100\n\
    2020-01-17,A,20,21,19,,100\n";

#[test]
fn every_bad_row_is_told_by_file_line_and_reason() {
    let (data, problems) = Dataset::parse([("x.csv", BAD)].into_iter());
    let mut said: Vec<(u64, String)> =
        problems.iter().map(|p| (p.row.unwrap_or(0), p.reason.to_string())).collect();
    said.sort();
    let wanted = [
        (3, "is -1"),
        (4, "below low"),
        (5, "not finite"),
        (6, "`ten`"),
        (7, "6 fields"),
        (9, "twice"),
        (10, "older"),
        (11, "2020-13-09"),
        (12, "no split"),
        (13, "outside"),
        (15, "`symbol` is empty"),
        (16, "`close` is empty"),
    ];
    assert_eq!(said.len(), wanted.len(), "{said:#?}");
    for ((row, text), (line, part)) in said.iter().zip(wanted) {
        assert!(*row == line && text.contains(part), "line {row}: {text}, wanted {line}: {part}");
    }
    let view = data.as_of(day("2021-01-01"), SessionSide::ExcludingToday);
    let days: Vec<String> =
        view.bars("A").iter().map(|b| b.date.format("%d").to_string()).collect();
    assert_eq!(days, ["02", "06", "09", "10", "13", "14", "15"]);
    assert!(
        view.bars("A")[1].range.is_none(),
        "the close of a broken range is kept, its range not"
    );
}

#[test]
fn a_recorded_split_explains_a_jump() {
    let bars = "date,symbol,close\n2020-01-02,A,100\n2020-01-03,A,50\n";
    let split = "date,symbol,ratio\n2020-01-03,A,2\n";
    let alone = Dataset::parse([("b.csv", bars)].into_iter()).1;
    assert_eq!(alone.len(), 1);
    assert!(Dataset::parse([("b.csv", bars), ("splits.csv", split)].into_iter()).1.is_empty());
}

#[test]
fn a_hole_of_years_parts_a_history_in_two() {
    let bars = "date,symbol,close\n2018-02-06,A,400\n2018-02-07,A,400\n2025-06-02,A,100\n\
                2025-06-03,A,110\n";
    let (data, problems) = Dataset::parse([("b.csv", bars)].into_iter());
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].row, Some(4), "{}", problems[0]);
    let found =
        features(&data.as_of(day("2025-07-01"), SessionSide::ExcludingToday), "A", "A").unwrap();
    assert_eq!(found.bars, 2);
    assert!((found.ret_1d.unwrap() - 0.1).abs() < 1e-12);
    let first = DayPath::for_session(&data, "A", day("2025-06-02")).unwrap();
    assert_eq!(first.first_price().unwrap().to_cents(), 10_000, "no quote from seven years ago");
}

#[test]
fn files_nothing_is_known_about_are_named_and_files_that_overlap_too() {
    let files = [
        ("notes.csv", "a,b\n1,2\n"),
        ("empty.csv", ""),
        ("bars/A.csv", "date,close\n2020-01-02,5\n"),
        ("more.csv", "date,symbol,open,high,low,close\n2020-01-02,A,5,6,4,5\n"),
        ("vix.csv", "date,close,vix3m\n2020-01-02,14,15\n2020-01-03,15,\n"),
    ];
    let (data, problems) = Dataset::parse(files.into_iter());
    let files: Vec<&str> = problems.iter().map(|p| p.file.as_str()).collect();
    assert_eq!(files, ["notes.csv", "empty.csv", "vix.csv", "more.csv"], "{problems:?}");
    let view = data.as_of(day("2020-01-03"), SessionSide::IncludingToday);
    assert!(view.bars("A")[0].range.is_some(), "the fuller bar counts");
    assert_eq!((view.vix().len(), view.vix3m().len()), (2, 1));
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("a date or moment")
}

#[test]
fn the_feed_starts_at_the_open_ends_at_the_close_and_stays_in_the_range() {
    let data = Dataset::bundled();
    let path = DayPath::for_session(&data, "SPX", day("2018-12-24")).unwrap();
    let (_, bar) = data.bar_with_previous("SPX", day("2018-12-24")).unwrap();
    let range = bar.range.unwrap();
    let (open, close) = (instant("2018-12-24T14:30:00Z"), instant("2018-12-24T18:00:00Z"));
    assert_eq!(path.price(open, close, instant("2018-12-24T14:29:59Z")), None);
    assert_eq!(path.price(open, close, open), path.first_price());
    assert!((path.first_price().unwrap().to_f64() - range.open).abs() < 0.006);
    assert!((path.price(open, close, close).unwrap().to_f64() - bar.close).abs() < 0.006);
    for minute in 0..210 {
        let at = open + chrono::TimeDelta::minutes(minute);
        let price = path.price(open, close, at).unwrap();
        assert!(
            (range.low - 1e-9..=range.high + 1e-9).contains(&price.to_f64()),
            "{minute}: {price:?}"
        );
        assert_eq!(Some(price), path.clone().price(open, close, at));
    }
}

#[test]
fn with_closes_alone_the_feed_leads_from_one_close_to_the_next() {
    let data = Dataset::bundled();
    let session = day("2018-12-19");
    let path = DayPath::for_session(&data, "AAPL", session).unwrap();
    let (before, bar) = data.bar_with_previous("AAPL", session).unwrap();
    let before = before.unwrap().close;
    assert!(!path.has_real_open());
    assert!((path.first_price().unwrap().to_f64() - before).abs() < 0.006);
    assert!((path.at_fraction(1.0).unwrap().to_f64() - bar.close).abs() < 0.006);
    let middle = path.at_fraction(0.5).unwrap().to_f64();
    assert!((middle / f64::midpoint(before, bar.close) - 1.0).abs() < 0.012, "little noise");
    let other = DayPath::for_session(&data, "KO", session).unwrap();
    assert_ne!(other.at_fraction(0.3), path.at_fraction(0.3));
    assert!(DayPath::for_session(&data, "AAPL", day("2018-12-25")).is_none());
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(
        name in "(bars/)?[a-zA-Z_]{0,8}(vix|macro|universe)?(\\.csv)?",
        header in prop_oneof![
            Just("date,symbol,open,high,low,close,volume"), Just("date,close,vix3m"), Just("date,A,B"),
            Just("date,ust_2y_pct,ust_10y_pct"), Just("month,cpi_sa_index"), Just("quarter,realgdp"),
            Just("series,obs_date,release_date,value"), Just("symbol,sector,lot,adv_override"),
            Just("date,symbol,ratio"), Just(""),
        ],
        rows in prop::collection::vec(
            "([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}Q[0-9]|\\PC{0,6})(,(-?[0-9]{1,4}(e[0-9]{1,3})?|NaN|\"|A|\\PC{0,4})){0,7}", 0..20),
    ) {
        let text = format!("{header}\n{}", rows.join("\n"));
        let (data, problems) = Dataset::parse([(name, text)].into_iter());
        let view = data.as_of(day("2021-01-01"), SessionSide::IncludingToday);
        for symbol in data.symbols() {
            let _ = features(&view, symbol, "A");
            for bar in view.bars(symbol) {
                prop_assert!(bar.close > 0.0 && bar.close.is_finite());
                let _ = DayPath::for_session(&data, symbol, bar.date).unwrap().at_fraction(0.4);
            }
        }
        let _ = (macro_assessment(&view), cross_asset(&view, "A"), problems);
        let _ = regime_on(&view, "A", None, IntradayShocks::default());
    }

    #[test]
    fn wholly_arbitrary_text_is_either_used_or_complained_about(text in "\\PC{0,300}") {
        let (data, problems) = Dataset::parse([("x.csv", text)].into_iter());
        prop_assert!(data.symbols().next().is_some() || !problems.is_empty());
    }

    #[test]
    fn features_are_finite_or_null(closes in prop::collection::vec(0.01_f64..1e6, 2..320)) {
        let mut text = "date,A\n".to_owned();
        for (at, close) in closes.iter().enumerate() {
            let date = day("2020-01-01") + Days::new(u64::try_from(at).unwrap());
            writeln!(text, "{date},{close}").expect("a String takes any text");
        }
        let (data, _) = Dataset::parse([("x.csv", text)].into_iter());
        let found = features(&data.as_of(day("2022-01-01"), SessionSide::ExcludingToday), "A", "A").unwrap();
        let json = serde_json::to_value(&found).unwrap();
        prop_assert_eq!(found.bars, closes.len());
        prop_assert!(found.rsi14.is_none_or(|rsi| (0.0..=100.0).contains(&rsi)));
        prop_assert!(found.trend.is_none_or(|t| (-2..=2).contains(&t)));
        for value in [found.z20, found.rv20, found.ewma_vol, found.beta120, found.dd_52w] {
            prop_assert!(value.is_none_or(f64::is_finite), "{}", json);
        }
    }

    #[test]
    fn no_moment_of_any_path_leaves_the_range_and_all_end_at_the_close(
        cents in prop::array::uniform4(100_i64..2_000_000), gone in 0.0_f64..1.0,
    ) {
        let mut sorted = cents;
        sorted.sort_unstable();
        let [low, open, close, high] = sorted;
        let usd = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let row = [open, high, low, close].map(usd).join(",");
        let text = format!("date,open,high,low,close\n2020-01-02,{row}\n");
        let (data, problems) = Dataset::parse([("bars/A.csv", text)].into_iter());
        prop_assert!(problems.is_empty());
        let path = DayPath::for_session(&data, "A", day("2020-01-02")).unwrap();
        let now = path.at_fraction(gone).unwrap().to_cents();
        prop_assert!((low..=high).contains(&now), "{now} of {low}..{high}");
        prop_assert_eq!(path.at_fraction(0.0).unwrap().to_cents(), open);
        prop_assert_eq!(path.at_fraction(1.0).unwrap().to_cents(), close);
    }

    #[test]
    fn a_regime_rises_at_once_and_falls_by_one_step_at_most(
        closes in prop::collection::vec(5.0_f64..80.0, 1..60),
    ) {
        let mut machine = RegimeMachine::default();
        for vix in closes {
            let before = machine.regime();
            let after = machine.close(vix);
            prop_assert!(after >= Regime::entered_at(vix));
            prop_assert!(after >= before.next_lower());
        }
    }
}
