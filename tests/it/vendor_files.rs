//! Files of market data as vendors write them: taken, or reported, the same by every command.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::fs;

use bellwether::{
    cli::Exit,
    desk::market::{ACCEPTED_TABLES, Bar, Dataset, SessionSide},
};
use chrono::NaiveDate;

use super::cli::told;

const GUIDE: &str = include_str!("../../docs/market-data.md");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Name and text of each sample of the guide.
fn samples() -> Vec<(&'static str, &'static str)> {
    let blocks = GUIDE.split("```csv file=").skip(1);
    blocks
        .map(|block| {
            let (name, rest) = block.split_once('\n').unwrap();
            (name, rest.split_once("```").unwrap().0)
        })
        .collect()
}

fn bars(data: &Dataset, symbol: &str) -> Vec<Bar> {
    data.as_of(day("2026-01-01"), SessionSide::IncludingToday).bars(symbol).to_vec()
}

/// What one file is read as: bars of a symbol, and the problems as they are printed.
fn read(name: &str, text: &str, symbol: &str) -> (Vec<Bar>, Vec<String>) {
    let (data, problems) = Dataset::parse([(name, text)].into_iter());
    (bars(&data, symbol), problems.iter().map(ToString::to_string).collect())
}

#[test]
fn every_sample_of_the_guide_is_read_without_a_problem() {
    let found = samples();
    assert_eq!(found.len(), 17);
    for (name, text) in found {
        let (data, problems) = Dataset::parse([(name, text)].into_iter());
        assert!(problems.is_empty(), "{name}: {problems:?}\n{text}");
        assert_eq!(
            data.source_files()[0].rows,
            text.lines().count() - 1 - usize::from(name == "download.csv")
        );
        if !text.contains("35") {
            continue;
        }
        let aapl = bars(&data, "AAPL");
        let closes: Vec<f64> = aapl.iter().map(|bar| bar.close).collect();
        assert_eq!(closes, [201.70, 203.27], "{name}:\n{text}");
        assert_eq!(aapl[0].date, day("2025-06-02"), "{name}");
        assert_eq!(aapl[0].range.map(|range| range.low), Some(200.12), "{name}");
        assert_eq!(aapl[0].volume, Some(35_423_294.0), "{name}");
        let adjusted = text.to_lowercase().contains("adj");
        assert_eq!(aapl[0].adj_close, adjusted.then_some(200.95), "{name}");
    }
}

#[test]
fn the_guide_has_a_sample_of_each_accepted_table() {
    for (what, header) in ACCEPTED_TABLES {
        assert!(samples().iter().any(|(_, text)| text.starts_with(header)), "{what}: {header}");
    }
}

#[test]
fn a_file_of_windows_with_a_mark_and_lower_case_is_taken() {
    let text = "\u{feff}Date,Symbol,Close\r\n2025-06-02,aapl,201.7\r\n2025-06-03,aapl,203.27\r\n";
    let (bars, problems) = read("x.csv", text, "AAPL");
    assert_eq!((bars.len(), problems), (2, Vec::new()));
}

#[test]
fn rows_from_the_newest_on_are_no_problem_shuffled_ones_one() {
    let rows = ["2025-06-05,5", "2025-06-04,5", "2025-06-03,5", "2025-06-02,5"];
    let newest_first = format!("date,close\n{}\n", rows.join("\n"));
    let (bars, problems) = read("A.csv", &newest_first, "A");
    assert_eq!((bars.len(), problems), (4, Vec::new()));
    let shuffled = format!("date,close\n{}\n", [rows[3], rows[0], rows[1], rows[2]].join("\n"));
    let (bars, problems) = read("A.csv", &shuffled, "A");
    assert_eq!(bars.len(), 4);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].ends_with("older than the one before it: the rows were sorted"));
}

#[test]
fn the_rows_decide_whether_day_or_month_is_first() {
    let first = |rows: &str| {
        let (bars, problems) = read("A.csv", &format!("Date,Close\n{rows}"), "A");
        (bars.first().map(|bar| bar.date.to_string()), problems)
    };
    assert_eq!(first("03/06/2025,5\n13/06/2025,5\n").0.as_deref(), Some("2025-06-03"));
    assert_eq!(first("03/06/2025,5\n03/13/2025,5\n").0.as_deref(), Some("2025-03-06"));
    let (none, problems) = first("03/06/2025,5\n04/06/2025,5\n");
    assert_eq!(none, None, "both are possible: nothing is guessed");
    assert_eq!(
        problems,
        ["A.csv: `03/06/2025` can be read in two ways: write the dates as YYYY-MM-DD"]
    );
}

#[test]
fn a_comma_is_decimal_only_where_the_prices_show_it() {
    let close = |row: &str| read("A.csv", &format!("date;close;volume\n{row}\n"), "A").0[0];
    let prices =
        ["2025-06-02;1.201,70;35.423", "2025-06-02;1,201.70;35,423"].map(|row| close(row).close);
    assert_eq!(prices.map(|price| price.to_string()), ["1201.7"; 2]);
    assert_eq!(close("2025-06-02;201.70;35,423").volume, Some(35_423.0));
    let quoted = "date,close,volume\n\"2025-06-02\",\"$1,201.70\",\"35,423,294\"\n";
    let (bars, problems) = read("A.csv", quoted, "A");
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!((bars[0].close, bars[0].volume), (1201.70, Some(35_423_294.0)));
}

#[test]
fn bars_of_an_hour_are_told_and_not_taken_for_days() {
    for text in [
        "timestamp,open,high,low,close,volume\n2025-06-02 15:00:00,5,6,4,5,1\n",
        "<TICKER>,<PER>,<DATE>,<TIME>,<CLOSE>\nA.US,60,20250602,150000,5\n",
    ] {
        let (bars, problems) = read("A.csv", text, "A");
        assert_eq!(bars.len(), 0);
        assert_eq!(problems, ["A.csv: the rows are not days: only daily bars are used"]);
    }
}

#[test]
fn a_split_in_a_column_explains_a_jump_a_dividend_is_told() {
    let text = "timestamp,close,dividend_amount,split_coefficient\n\
                2020-08-28,499.23,0,1\n2020-08-31,129.04,0.82,4\n";
    let (bars, problems) = read("AAPL.csv", text, "AAPL");
    assert_eq!(bars.len(), 2);
    assert_eq!(
        problems,
        ["AAPL.csv:3 2020-08-31: `dividends` is not used: dividends are not booked"]
    );
}

#[test]
fn an_unknown_file_is_told_with_the_nearest_and_all_headers() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("prices.csv", "Date,Ticker,Clsoe\n2025-06-02,AAPL,201.7\n");
    write("HistoricalData_1751.csv", "Date,Close/Last\n06/02/2025,$201.70\n");
    let path = folder.path().to_str().unwrap();
    let (exit, out, _) = told(&["data", "check", path], &[]);
    assert_eq!(exit, Exit::Failed, "{out}");
    for part in [
        "error: prices.csv: no known format has the columns `Date,Ticker,Clsoe`; the nearest is \
         `date,symbol,open,high,low,close,adj_close,volume` (bars of many symbols); \
         yours is without `close` and with `Clsoe`",
        "error: HistoricalData_1751.csv: neither a column nor the file's name tells the symbol",
        "accepted headers:",
        "  Date,Close/Last,Volume,Open,High,Low  (Nasdaq.com)",
    ] {
        assert!(out.contains(part), "`{part}` is missing:\n{out}");
    }
    let (_, same, _) = told(&["check", "--data", path], &[]);
    assert!(same.ends_with(&out), "`check` says the same:\n{same}\n{out}");
}

#[test]
fn data_status_tells_names_spans_and_missing_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let text = "date,symbol,close\n2025-06-02,AAPL,201.7\n2025-06-03,AAPL,203.27\n\
                2025-06-05,AAPL,200.6\n2025-06-05,SPY,590\n";
    fs::write(folder.path().join("closes.csv"), text).unwrap();
    let path = folder.path().to_str().unwrap();
    let (exit, out, _) = told(&["data", "status", path], &[]);
    assert_eq!(exit, Exit::Success, "{out}");
    let row = |symbol: &str| {
        let line = out.lines().find(|line| line.starts_with(symbol)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("AAPL"), "AAPL 2025-06-02 2025-06-05 3 1 close");
    assert_eq!(row("SPY"), "SPY 2025-06-05 2025-06-05 1 0 close");
    let (_, json, _) = told(&["data", "status", path, "--json"], &[]);
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(rows["bars"][0]["missing"], 1, "{json}");
    let (exit, built_in, _) = told(&["data", "status"], &[]);
    assert_eq!(exit, Exit::Success);
    assert!(built_in.contains("VIX"), "{built_in}");
}

#[test]
fn data_import_writes_a_vendors_file_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("HistoricalData_1751.csv");
    let text = "Date,Close/Last,Volume\n06/03/2025,$203.27,1\n06/02/2025,$201.7,2\n";
    fs::write(&file, text).unwrap();
    let (file, to) = (file.to_str().unwrap(), folder.path().join("prices"));
    let to = to.to_str().unwrap();
    let words = ["data", "import", file, "--symbol", "aapl", "--to", to];
    let (exit, out, err) = told(&words, &[]);
    assert_eq!(exit, Exit::Success, "{err}");
    assert!(out.contains("AAPL: 2 bars, 2025-06-02 to 2025-06-03"), "{out}");
    let written = fs::read_to_string(format!("{to}/bars/AAPL.csv")).unwrap();
    assert_eq!(written, text, "it is copied as it is");
    let (exit, _, err) = told(&words, &[]);
    assert_eq!(exit, Exit::Usage, "a file that is there is never overwritten");
    assert!(err.contains("exists; nothing was written"), "{err}");
    assert_eq!(fs::read_to_string(format!("{to}/bars/AAPL.csv")).unwrap(), text);
    let (exit, _, err) = told(&["data", "import", file, "--to", to], &[]);
    assert_eq!(exit, Exit::Failed);
    assert!(err.contains("tells the symbol"), "{err}");
}
