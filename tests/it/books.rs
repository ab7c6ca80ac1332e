//! Books that are carried from day to day: equal to a recomputation, settled after a kill, changed with a reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::{collections::BTreeMap, fs, path::Path};

use bellwether::{
    cli::Exit,
    desk::{
        market::{Dataset, SessionSide},
        trading::{order::Fill, symbol::Side},
    },
    engine::port::FactLog as _,
    store::{BookLog, JournalOwner, Store},
};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::cli::told;

/// What a command line says in a state folder.
fn at(state: &Path, words: &[&str]) -> (Exit, String, String) {
    told(words, &[("BELLWETHER_STATE_DIR", state.to_str().unwrap())])
}

fn run(state: &Path, date: &str) -> String {
    let (exit, _, err) = at(state, &["run", "--date", date, "--book", "carry"]);
    assert_eq!(exit, Exit::Success, "{err}");
    err
}

fn entries(state: &Path) -> Vec<Value> {
    BookLog::in_folder(state).read().unwrap().into_iter().map(|found| found.entry).collect()
}

fn usd(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

/// The fills that the desk of a run booked, from its facts, and the book it opened with.
fn facts(state: &Path, run: &str) -> (Value, Vec<Fill>) {
    let owner = JournalOwner { pid: 1, operator: "test".into() };
    let store = Store::open(state, &owner).unwrap();
    let facts = store.fact_log(run, "desk").read().unwrap();
    let facts: Vec<Value> = facts.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let booked = facts.iter().filter_map(|fact| fact.get("booked"));
    let fills =
        booked.flat_map(|fills| serde_json::from_value::<Vec<Fill>>(fills.clone()).unwrap());
    (facts[0]["opened"]["opening"].clone(), fills.collect())
}

fn close(data: &Dataset, symbol: &str, date: NaiveDate) -> Decimal {
    let bars = data.as_of(date, SessionSide::IncludingToday).bars(symbol);
    let bar = bars.last().filter(|bar| bar.date == date).unwrap();
    let close: Decimal = bar.close.to_string().parse().unwrap();
    close.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

#[test]
fn four_days_in_a_row_carry_cash_shares_and_high_water() {
    let folder = tempfile::tempdir().unwrap();
    let (state, data) = (folder.path(), Dataset::bundled());
    let days = ["2017-07-11", "2017-07-12", "2017-07-13", "2017-07-17"];
    let (mut cash, mut shares) = (None, BTreeMap::<String, i64>::new());
    let mut high = Decimal::from(1_000_000);
    for (number, date) in days.iter().enumerate() {
        let err = run(state, date);
        let name = format!("{date}-standard-1");
        let (opening, fills) = facts(state, &name);
        if number == 0 {
            assert!(err.contains("the demo desk's book"), "{err}");
            for (symbol, held) in opening["positions"].as_object().unwrap() {
                shares.insert(symbol.clone(), held["qty"].as_i64().unwrap());
            }
        } else {
            let before =
                format!("rests on run {}-standard-1 of {}", days[number - 1], days[number - 1]);
            assert!(err.contains(&before), "{err}");
        }
        let mut own_cash = cash.unwrap_or_else(|| usd(&opening["cash"]));
        assert_eq!(usd(&opening["cash"]), own_cash, "{date}");
        for fill in &fills {
            let signed = if fill.side == Side::Buy { fill.qty } else { -fill.qty };
            own_cash -= Decimal::from(signed) * fill.price + fill.fee;
            *shares.entry(fill.symbol.to_string()).or_default() += signed;
        }
        shares.retain(|_, qty| *qty != 0);
        let day: NaiveDate = date.parse().unwrap();
        let value =
            |(symbol, qty): (&String, &i64)| Decimal::from(*qty) * close(&data, symbol, day);
        let equity = own_cash + shares.iter().map(value).sum::<Decimal>();
        let closed = entries(state).pop().unwrap();
        let book = &closed["book"];
        assert_eq!((&closed["kind"], &closed["run"]), (&"closed".into(), &Value::from(name)));
        let held: BTreeMap<String, i64> = book["positions"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(symbol, held)| (symbol.clone(), held["qty"].as_i64().unwrap()))
            .collect();
        assert_eq!(held, shares, "{date}");
        for held in book["positions"].as_object().unwrap().values() {
            let lots = held["lots"].as_array().unwrap().iter();
            assert_eq!(lots.map(|lot| lot["qty"].as_i64().unwrap()).sum::<i64>(), held["qty"]);
        }
        assert_eq!((usd(&book["cash"]), usd(&book["equity"])), (own_cash, equity), "{date}");
        high = high.max(equity);
        assert!(usd(&book["high_water"]) >= high, "{date}");
        high = usd(&book["high_water"]);
        cash = Some(own_cash);
    }
    assert_eq!(entries(state).len(), 8, "each day opens and closes once");
}

#[test]
fn a_kill_in_the_close_leaves_one_book_that_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path();
    run(state, "2017-07-11");
    let path = BookLog::in_folder(state).path();
    let whole = fs::read(&path).unwrap();
    let opened = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let closed = entries(state).pop().unwrap();
    // A kill before, within and at the end of the line of the close.
    for cut in [opened, opened + 1, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        let shown = at(state, &["book", "show", "--account", "sim"]);
        assert_eq!(shown.0, Exit::Failed, "{shown:?}");
        let refused =
            at(state, &["book", "adjust", "--account", "sim", "--cash", "+1", "--reason", "x"]);
        assert_eq!(refused.0, Exit::Refused, "{refused:?}");
        let err = run(state, "2017-07-12");
        assert!(err.contains("the book after run 2017-07-11-standard-1 was worked out"), "{err}");
        let settled = &entries(state)[1];
        assert_eq!(
            (&settled["book"], &settled["at"]),
            (&closed["book"], &closed["at"]),
            "cut at {cut}"
        );
    }
}

#[test]
fn a_change_of_the_book_is_kept_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let file = folder.path().join("book.yaml");
    fs::write(&file, "cash: 5000\npositions: [{symbol: MSFT, qty: 10, avg_cost: 70}]\n").unwrap();
    let import =
        ["book", "import", file.to_str().unwrap(), "--account", "sim", "--date", "2017-07-11"];
    let (exit, out, err) = at(&state, &[&import[..], &["--reason", "first day"]].concat());
    assert_eq!(exit, Exit::Success, "{out}{err}");
    let none = at(&state, &["book", "adjust", "--account", "sim", "--cash", "+1", "--reason", " "]);
    assert_eq!(none.0, Exit::Usage, "{none:?}");
    let adjust = [
        "book",
        "adjust",
        "--account",
        "sim",
        "--cash",
        "-1000.25",
        "--symbol",
        "MSFT",
        "--qty",
        "-4",
    ];
    let (exit, _, err) =
        at(&state, &[&adjust[..], &["--reason", "moved to the other account"]].concat());
    assert_eq!(exit, Exit::Success, "{err}");
    let (_, history, _) = at(&state, &["book", "history", "--account", "sim"]);
    assert!(history.contains("reason: moved to the other account"), "{history}");
    let (_, yaml, _) = at(&state, &["book", "export", "--account", "sim"]);
    let wanted = "as_of: 2017-07-10\ncash: \"3999.75\"\npositions:\n  - symbol: \"MSFT\"\n    qty: 6\n    \
                  cost: \"420\"\n    lots:\n      - {qty: 6, price: \"70\"}\n";
    assert_eq!(yaml, wanted);
    let err = run(&state, "2017-07-11");
    assert!(err.contains("$3999.75 in cash and 1 position"), "{err}");
    assert!(err.contains("rests on the change cash -1000.25, MSFT -4 by"), "{err}");
}

#[test]
fn a_file_of_a_book_is_used_and_its_problems_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.yaml");
    fs::write(&file, "cash: 5O00\npositions: []\n").unwrap();
    let words = ["run", "--date", "2017-07-11", "--book", file.to_str().unwrap()];
    let (exit, _, err) = told(&words, &[]);
    assert_eq!(exit, Exit::Usage, "{err}");
    assert!(err.contains("book.yaml:1:7"), "{err}");
    fs::write(&file, "cash: 500000\npositions: [{symbol: MSFT, qty: 1000, avg_cost: 70}]\n")
        .unwrap();
    let (exit, out, err) = told(&words, &[]);
    assert_eq!(exit, Exit::Success, "{out}{err}");
}
