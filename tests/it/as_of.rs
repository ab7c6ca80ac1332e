//! As-of test: no output depends on a number that is published after it.
//!
//! Every file is altered from a day on, in every column: prices, volumes, adjusted closes, both
//! volatility indices, economic series by their release; and its later rows are removed. The price
//! path of a session is simulated from the session's own bar, so a day is compared before its open
//! with its own bar altered, and as a whole with all later days altered.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use bellwether::{
    desk::market::{Dataset, SessionSide},
    engine::AttemptOutcome,
    planning::calendar,
};
use serde_json::Value;

use crate::support::desk_day::{CLOSES, DeskDay, FILES};

/// FOMC, half day in a stressed market, earnings reaction, end of a month.
const DAYS: [&str; 4] = ["2018-12-19", "2018-12-24", "2018-11-02", "2018-10-31"];

/// First date of the tables, which keeps them small.
const FROM: &str = "2017-06-01";

fn lines<'a>(name: &str, text: &'a str) -> impl Iterator<Item = (&'a str, Vec<&'a str>)> {
    assert!(!text.is_empty(), "{name}");
    let rows = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    rows.filter_map(|line| {
        let (date, rest) = line.split_once(',')?;
        (date >= FROM).then(|| (date, rest.split(',').collect()))
    })
}

fn bundled(name: &str) -> &'static str {
    FILES.iter().find(|(file, _)| *file == name).unwrap().1
}

/// The bundled data with every field that the formats have: opens, ranges, adjusted closes and
/// volumes of each name, a second volatility index, and economic series with release dates and a
/// revision of each value.
fn full_tables() -> Vec<(&'static str, String)> {
    let closes = bundled(CLOSES);
    let names: Vec<&str> = closes.lines().next().unwrap().split(',').skip(1).collect();
    let mut bars = "date,symbol,open,high,low,close,adj_close,volume\n".to_owned();
    let mut macros = "series,obs_date,release_date,value\n".to_owned();
    for (date, cells) in lines(CLOSES, closes) {
        for (at, (name, cell)) in names.iter().zip(cells).enumerate() {
            let Ok(close) = cell.parse::<f64>() else { continue };
            let wave = f64::from(u32::try_from(at).unwrap() + u32::from(date.as_bytes()[9])) / 9e3;
            let (open, high) = (close * (1.0 - wave), close * (1.0 + wave));
            let low = close * (1.0 - 2.0 * wave);
            let volume = 1_000_000 + 10_000 * at;
            writeln!(
                bars,
                "{date},{name},{open:.3},{high:.3},{low:.3},{close},{:.3},{volume}",
                close * 0.97
            )
            .unwrap();
        }
        for (id, base) in [("DGS10", 2.0), ("DGS2", 1.0), ("DCOILWTICO", 50.0)] {
            let value = base + f64::from(date.as_bytes()[9]) / 100.0;
            writeln!(macros, "{id},{date},{date},{value}").unwrap();
            writeln!(macros, "{id},{date},{},{}", later(date, 3), value + 0.01).unwrap();
        }
    }
    for month in 0..40_u32 {
        let (year, of) = (2015 + month / 12, month % 12 + 1);
        let date = format!("{year}-{of:02}-01");
        for (id, base) in [("UNRATE", 4.0), ("CPIAUCSL", 240.0), ("FEDFUNDS", 1.0)] {
            let value = base + f64::from(month) * base / 400.0;
            writeln!(macros, "{id},{date},{},{value}", later(&date, 44)).unwrap();
            writeln!(macros, "{id},{date},{},{}", later(&date, 75), value + 0.05).unwrap();
        }
    }
    let mut vix = "date,close,vix3m\n".to_owned();
    for (date, cells) in lines("vix", bundled("vix_close_2014_2019.csv")) {
        let close: f64 = cells[0].parse().unwrap();
        writeln!(vix, "{date},{close},{:.2}", close + 1.0).unwrap();
    }
    vec![
        ("universe.csv", bundled("universe.csv").to_owned()),
        ("bars.csv", bars),
        ("spx_ohlcv_2000_2020.csv", bundled("spx_ohlcv_2000_2020.csv").to_owned()),
        ("vix.csv", vix),
        ("macro.csv", macros),
    ]
}

fn later(date: &str, days: u64) -> String {
    let date: chrono::NaiveDate = date.parse().unwrap();
    (date + chrono::Days::new(days)).to_string()
}

#[derive(Clone, Copy)]
enum Future {
    /// Other numbers in every cell.
    Altered,
    /// No rows at all.
    Removed,
    /// Unusable cells, rows of another width, repeated rows.
    Broken,
}

/// Returns the tables with every row that is published on `from` or later changed.
fn with_future(tables: &[(&'static str, String)], from: &str, future: Future) -> Arc<Dataset> {
    let files = tables.iter().map(|(name, text)| {
        let mut out = String::new();
        for line in text.lines() {
            let cells: Vec<&str> = line.split(',').collect();
            let published = if *name == "macro.csv" { cells[2] } else { cells[0] };
            let dated = published.starts_with(|c: char| c.is_ascii_digit());
            if !dated || published < from {
                writeln!(out, "{line}").unwrap();
                continue;
            }
            match future {
                Future::Removed => {}
                Future::Altered => writeln!(out, "{}", altered(&cells)).unwrap(),
                Future::Broken => {
                    writeln!(out, "{}", altered(&cells)).unwrap();
                    writeln!(out, "{}", altered(&cells)).unwrap();
                    writeln!(out, "{line},1").unwrap();
                    let blank = cells.iter().map(|c| if c.parse::<f64>().is_ok() { "" } else { c });
                    writeln!(out, "{}", blank.collect::<Vec<_>>().join(",")).unwrap();
                }
            }
        }
        (*name, out)
    });
    Arc::new(Dataset::parse(files).0)
}

/// Returns a row with every number changed: prices by one factor, so that a range stays a range,
/// adjusted closes, volumes and second indices by others.
fn altered(cells: &[&str]) -> String {
    let cells = cells.iter().enumerate().map(|(at, cell)| {
        let factor = match at {
            0..=5 => 1.37,
            6 => 0.61,
            _ => 5.0,
        };
        cell.parse::<f64>().map_or_else(|_| (*cell).to_owned(), |x| format!("{:.4}", x * factor))
    });
    cells.collect::<Vec<_>>().join(",")
}

/// Returns everything the agents say, without the hashes of the files, which changed.
fn outputs(day: &DeskDay) -> BTreeMap<String, String> {
    let said = day.outcomes.iter().map(|(id, outcome)| {
        let mut output = (*outcome.output).clone();
        if let Some(fields) = output.as_object_mut() {
            fields.remove("provenance");
            if let Some(data) = fields.get_mut("data").and_then(Value::as_object_mut) {
                // The report cites the files, and its text and hash with them.
                data.retain(|name, _| !["report", "markdown", "sha256"].contains(&name.as_str()));
            }
        }
        let report = id.as_str() == "daily_report";
        let summary = if report { "" } else { outcome.summary.as_str() };
        (id.to_string(), format!("{summary} {output}"))
    });
    let failed = day.failures.iter().map(|(id, failure)| (id.to_string(), format!("{failure:?}")));
    said.chain(failed).collect()
}

fn assert_equal_outputs(date: &str, known: &DeskDay, other: &DeskDay) {
    let (known, other) = (outputs(known), outputs(other));
    assert!(known.len() > 10, "{date}: {:?}", known.keys());
    let tasks = known.keys().chain(other.keys());
    for task in tasks {
        let (was, is) = (known.get(task), other.get(task));
        assert!(was == is, "{date} {task} depends on the future:\n{was:?}\n{is:?}");
    }
}

fn morning(date: &str, data: &Arc<Dataset>) -> DeskDay {
    let mut day = DeskDay::new(date, data);
    day.run_until(day.plan.open);
    day
}

fn whole(date: &str, data: &Arc<Dataset>) -> DeskDay {
    let mut day = DeskDay::new(date, data);
    day.run();
    day
}

#[test]
fn nothing_before_the_open_depends_on_the_day_or_later() {
    let tables = full_tables();
    let data = with_future(&tables, "2999", Future::Altered);
    for date in DAYS {
        let known = morning(date, &data);
        let gaps = known.data("gap_scan");
        assert_eq!(gaps["gaps"], serde_json::json!([]), "{date}: opens are not known yet");
        for future in [Future::Altered, Future::Removed, Future::Broken] {
            assert_equal_outputs(date, &known, &morning(date, &with_future(&tables, date, future)));
        }
    }
}

#[test]
fn nothing_of_a_day_depends_on_later_days() {
    let tables = full_tables();
    let data = with_future(&tables, "2999", Future::Altered);
    for date in DAYS {
        let known = whole(date, &data);
        assert!(known.outcomes.len() > 25, "{date}: {:?}", known.failures);
        let next = calendar::next_session(date.parse().unwrap()).unwrap().date.to_string();
        for future in [Future::Altered, Future::Removed, Future::Broken] {
            assert_equal_outputs(date, &known, &whole(date, &with_future(&tables, &next, future)));
        }
    }
}

#[test]
fn the_benchmark_is_one_that_has_prices_already() {
    let bars = "date,symbol,close\n2018-01-02,SPY,10\n2018-01-03,SPY,11\n2018-01-09,SPX,12\n";
    let data = Dataset::parse([("bars.csv", bars)].into_iter()).0;
    let on = |day: &str| data.as_of(day.parse().unwrap(), SessionSide::ExcludingToday).benchmark();
    assert_eq!((on("2018-01-04"), on("2018-01-10")), ("SPY", "SPX"));
}

#[test]
fn gap_scan_after_the_open_sees_the_open() {
    let data = with_future(&full_tables(), "2999", Future::Altered);
    let mut day = DeskDay::new("2018-12-19", &data);
    day.run_until(day.plan.open);
    let seen = |at| {
        let reply = day.ask(day.request("gap_scan", at));
        let AttemptOutcome::Completed(result) = reply.answer else { unreachable!("{reply:?}") };
        result.output["data"]["gaps"].as_array().unwrap().len()
    };
    let open = day.plan.open;
    assert_eq!((seen(open - chrono::TimeDelta::seconds(1)), seen(open)), (0, 16));
}
