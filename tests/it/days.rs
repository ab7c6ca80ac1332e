//! Whole days with the real agents, without a screen: special ones, a spread of ordinary ones, faults, bad data.

use std::{fs, path::Path};

use bellwether::{
    cli::Exit,
    config::Config,
    engine::{RunState, RunStatus},
    host::{OrchestrationController, RunRequest},
    planning::{calendar, plan::RunMode},
    runtime::{Attendance, ClockPace, RunClock},
};
use chrono::NaiveTime;
use serde_json::Value;

use super::cli::told;

/// Every special kind, then one day in every stretch of the bundled years.
const DATES: [&str; 40] = [
    "2014-03-19",
    "2014-07-03",
    "2014-12-24",
    "2015-08-24",
    "2015-08-25",
    "2015-11-27",
    "2015-12-16",
    "2016-03-18",
    "2016-06-24",
    "2016-11-09",
    "2016-11-25",
    "2017-07-03",
    "2017-11-24",
    "2018-02-05",
    "2018-02-06",
    "2018-02-09",
    "2018-03-23",
    "2018-06-13",
    "2018-06-15",
    "2018-09-21",
    "2018-11-02",
    "2018-11-23",
    "2018-12-05",
    "2018-12-19",
    "2018-12-21",
    "2018-12-22",
    "2018-12-24",
    "2018-12-26",
    "2018-12-31",
    "2014-02-10",
    "2014-05-06",
    "2014-10-15",
    "2015-02-20",
    "2015-06-19",
    "2016-01-20",
    "2016-08-02",
    "2017-03-15",
    "2017-05-17",
    "2017-09-15",
    "2018-04-30",
];

fn json(words: &[&str]) -> (Exit, Vec<Value>, String) {
    let words: Vec<_> = ["run", "--json"].iter().chain(words).copied().collect();
    let (exit, out, err) = told(&words, &[]);
    let lines = out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON"));
    (exit, lines.collect(), err)
}

fn output<'a>(events: &'a [Value], task: &str) -> Option<&'a Value> {
    let done = |event: &&Value| event["event"] == "task_completed" && event["task"] == task;
    events.iter().find(done).map(|event| &event["outcome"]["output"]["data"])
}

fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).expect("a number")
}

fn folder(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("it can be written");
    }
    folder
}

fn asset(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/market").join(name);
    fs::read_to_string(path).expect("the bundled data is there")
}

/// The days of `DATES`, by one system that has read its data once.
async fn run_all() -> Vec<(&'static str, RunState)> {
    let mut controller = OrchestrationController::new(Config::default());
    controller.startup_system().expect("the built-in files are sound");
    let mut all = Vec::new();
    for text in DATES {
        let date = text.parse().expect("a date");
        let five = NaiveTime::from_hms_opt(5, 59, 0).expect("a time");
        let clock = RunClock::starting(calendar::exchange_moment(date, five), ClockPace::Max);
        let request = RunRequest {
            date,
            mode: RunMode::Sim,
            clock,
            scenario: None,
            overlays: Vec::new(),
            attendance: Attendance::Unattended,
            sinks: Vec::new(),
            begins: bellwether::host::StartKind::default(),
        };
        let day = controller.prepare_run(request).expect("the day can be made");
        all.push((text, day.driver.run().await.expect("nobody keeps it from recording")));
    }
    all
}

fn end_of<'a>(state: &'a RunState, task: &str) -> Option<&'a Value> {
    let ix = state.plan().find_task(task)?;
    state.task(ix).outcome.as_ref()?.output.get("data")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn special_and_ordinary_days_end_well_and_their_money_adds_up() {
    let mut closed = 0;
    for (date, state) in run_all().await {
        assert!(matches!(state.status(), RunStatus::Completed(_)), "{date}: {:?}", state.status());
        let Some(day) = end_of(&state, "performance_analysis") else {
            assert!(state.plan().day.starts_with("closed"), "{date} has no result");
            closed += 1;
            continue;
        };
        let pnl = |part: &str| number(&day["pnl"][part]);
        let change = number(&day["equity_close"]) - number(&day["equity_open"]);
        assert!((change - pnl("total")).abs() < 0.01, "{date}: equity moved by {change}");
        let parts = pnl("holding") + pnl("trading") + pnl("dividend") - pnl("fees").abs();
        assert!((parts - pnl("total")).abs() < 0.01, "{date}: {}", day["pnl"]);
        assert!(pnl("total").abs() < 60_000.0, "{date}: {}", pnl("total"));
    }
    assert_eq!(closed, 2, "a day of mourning and a Saturday");
}

#[test]
fn equal_days_tell_equal_events_to_the_millisecond() {
    for words in [["--date", "2018-12-19"], ["--scenario", "demo"]] {
        let words: Vec<_> = ["run", "--json"].into_iter().chain(words).collect();
        assert_eq!(told(&words, &[]), told(&words, &[]), "{words:?}");
    }
}

#[test]
fn the_demo_has_exactly_two_retries_and_ends_well() {
    let (exit, events, _) = json(&["--scenario", "demo"]);
    let retries: Vec<_> = events
        .iter()
        .filter(|e| e["event"] == "task_retrying")
        .filter_map(|e| e["task"].as_str())
        .collect();
    assert_eq!((exit, retries), (Exit::Success, vec!["collect_data", "collect_data"]));
}

#[test]
fn a_monitor_says_the_same_thing_once_and_not_every_round() {
    let (_, events, _) = json(&["--date", "2018-02-05"]);
    let alerts = events.iter().filter(|event| event["event"] == "system_alert").count();
    assert!((5..100).contains(&alerts), "{alerts} alerts on a day of a 4 % fall");
}

#[test]
fn the_evening_names_what_the_next_morning_is_planned_with() {
    let (_, events, _) = json(&["--date", "2018-12-19"]);
    let next = output(&events, "next_day_prep").expect("it is done every day");
    let named = next["overlays"].as_array().expect("a list");
    let named: Vec<_> = named.iter().filter_map(|one| one["overlay"].as_str()).collect();
    let (_, morning, _) = json(&["--date", "2018-12-20"]);
    let taken: Vec<_> = morning[0]["plan"]["overlays"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one.as_str().or_else(|| one["overlay"].as_str()))
        .collect();
    assert_eq!((named.contains(&"high_volatility"), named), (true, taken));
}

#[test]
fn a_day_the_data_does_not_reach_fails_and_says_which_data_is_missing() {
    let (exit, events, err) = json(&["--date", "2026-03-18"]);
    assert_eq!(exit, Exit::Failed);
    assert!(err.contains("no prices of 2026-03-18 for 17 of 17 names"), "{err}");
    assert!(err.contains("the VIX of this data ends 2019-01-03"), "{err}");
    let sent = events.iter().any(|e| e["event"] == "task_started" && e["task"] == "execute_open");
    assert!(!sent, "orders without a price");
}

#[test]
fn orders_whose_fate_is_unknown_end_the_day_in_doubt_and_not_in_a_loop() {
    let scenario = folder(&[(
        "unknown.yaml",
        "scenario: unknown\ntitle: the broker goes silent\nfaults:\n  - task: execute_open\n    unknown: 1\n"
            .into(),
    )]);
    let path = scenario.path().join("unknown.yaml");
    let (exit, events, err) = json(&["--scenario", path.to_str().expect("text")]);
    assert_eq!(exit, Exit::Failed, "{err}");
    let starts =
        events.iter().filter(|e| e["event"] == "task_started" && e["task"] == "execute_open");
    assert_eq!(starts.count(), 1, "what may have been sent is never sent again");
    let bad = events.last().expect("a summary")["bad"].clone();
    let stated = bad.as_array().into_iter().flatten().find(|one| one["task"] == "execute_open");
    assert!(stated.is_some(), "{bad}");
}

#[test]
fn a_report_is_written_where_it_was_asked_for() {
    let folder = folder(&[]);
    let path = folder.path().join("day.md");
    let path = path.to_str().expect("text");
    let (exit, _, err) = told(&["run", "--report", path], &[]);
    assert_eq!((exit, err), (Exit::Success, format!("bellwether: the report is in {path}\n")));
    let text = fs::read_to_string(path).expect("it is there");
    assert!(text.starts_with("# 2018-12-19") && text.contains("| Profit |"), "{text}");
}

#[test]
fn data_with_bad_rows_is_told_by_file_row_and_symbol_and_the_day_says_where_to_look() {
    let closes = asset("us16_adjclose_2010_2022.csv");
    let row = closes.lines().position(|line| line.starts_with("2018-12-12")).expect("a session");
    let bad: Vec<String> = closes
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let mut cells: Vec<_> = line.split(',').collect();
            if at == row {
                cells[2] = "-20.1";
            }
            let cut = at == row + 1;
            if cut { cells[..5].join(",") } else { cells.join(",") }
        })
        .collect();
    let data = folder(&[
        ("universe.csv", asset("universe.csv")),
        ("us16_adjclose_2010_2022.csv", bad.join("\n")),
        ("spx_ohlcv_2000_2020.csv", asset("spx_ohlcv_2000_2020.csv")),
        ("vix_close_2014_2019.csv", asset("vix_close_2014_2019.csv")),
    ]);
    let path = data.path().to_str().expect("text");
    let (exit, out, _) = told(&["check", "--data", path], &[]);
    assert_eq!(exit, Exit::Failed);
    let line = row + 1;
    let told_of = |what: &str| out.lines().any(|l| l.starts_with("error: ") && l.contains(what));
    assert!(told_of(&format!("us16_adjclose_2010_2022.csv:{line} AMD 2018-12-12")), "{out}");
    assert!(
        told_of(&format!("us16_adjclose_2010_2022.csv:{} 2018-12-13: 5 fields", line + 1)),
        "{out}"
    );
    let (_, _, err) = told(&["run", "--data", path], &[]);
    assert!(err.contains("`bellwether data check DIR`"), "{err}");
}

#[test]
fn a_folder_without_a_universe_trades_the_names_whose_prices_come() {
    let data = folder(&[
        ("us16_adjclose_2010_2022.csv", asset("us16_adjclose_2010_2022.csv")),
        ("spx_ohlcv_2000_2020.csv", asset("spx_ohlcv_2000_2020.csv")),
        ("vix_close_2014_2019.csv", asset("vix_close_2014_2019.csv")),
    ]);
    let (_, events, err) = json(&["--data", data.path().to_str().expect("text")]);
    assert!(!err.contains("no previous close"), "{err}");
    let collected = output(&events, "collect_data").expect("it is done");
    assert_eq!(collected["symbols"].as_array().map(Vec::len), Some(17));
}

#[test]
fn data_that_begins_after_the_day_is_a_failure_that_says_so() {
    let (exit, _, err) = told(&["run", "--date", "2009-06-03"], &[]);
    assert_eq!(exit, Exit::Failed);
    assert!(err.contains("no previous close") && err.contains("choose another day"), "{err}");
}

#[test]
fn the_system_has_six_agents_on_any_day_and_on_none() {
    for words in [
        &["status"][..],
        &["status", "--at", "10:42"],
        &["status", "--date", "2018-12-05", "--at", "07:00"],
    ] {
        let words: Vec<_> = words.iter().chain(&["--json"]).copied().collect();
        let (exit, out, _) = told(&words, &[]);
        let status: Value = serde_json::from_str(&out).expect("it is JSON");
        let agents = &status["agents"];
        // Where no run is driven, no agent works.
        let healthy = if words.contains(&"--at") { 6 } else { 0 };
        assert_eq!(
            (exit, &agents["total"], &agents["healthy"]),
            (Exit::Success, &6.into(), &healthy.into())
        );
        let names = agents["names"].as_array().expect("a list");
        assert!(names.len() == 6 && !names.contains(&"operator".into()), "{words:?}: {names:?}");
    }
}
