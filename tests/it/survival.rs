//! A day that is killed with SIGKILL again and again, at moments nobody chose, and started again each
//! time: it ends as the day that nobody killed.

#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test at once")]

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// A day with orders in the morning, at noon and at the close.
const DATE: &str = "2018-12-19";

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn program(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_bellwether"))
        .args(["run", "--date", DATE, "--speed", "max", "--json", "--verbose", "--recover", "auto"])
        .args(["--set", "crash_loop=0", "--set", "recovery_attempts=1000"])
        .env("BELLWETHER_STATE_DIR", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(folder.join("stderr")).unwrap())
        .spawn()
        .unwrap()
}

/// Lets the program tell so many events and kills it; with none, lets it end. What it told, by the
/// number of the event; a line that was cut off was not told.
fn told(folder: &Path, until: Option<u64>) -> BTreeMap<u64, Value> {
    let mut child = program(folder);
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let (mut told, mut heard) = (BTreeMap::new(), 0);
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap() > 0 {
        if let Ok(event) = serde_json::from_str::<Value>(&line)
            && let Some(seq) = event["seq"].as_u64()
        {
            told.insert(seq, event);
        }
        line.clear();
        heard += 1;
        if until == Some(heard) {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    told
}

fn positions(events: &BTreeMap<u64, Value>) -> Value {
    let last = events
        .values()
        .rfind(|event| event["event"] == "task_completed" && event["task"] == "eod_reconcile");
    last.unwrap().pointer("/outcome/output/data/positions").unwrap().clone()
}

/// The ids of the orders that reached the simulated broker, as often as they did.
fn sent(folder: &Path) -> Vec<String> {
    let db = rusqlite::Connection::open(folder.join("broker.db")).unwrap();
    let mut ask = db.prepare("SELECT body FROM facts ORDER BY run, seq").unwrap();
    let bodies = ask.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let facts = bodies.map(|body| serde_json::from_str::<Value>(&body.unwrap()).unwrap());
    let ids = facts.filter_map(|fact| {
        Some(fact.get("submit")?.pointer("/placement/order/id")?.as_str()?.to_owned())
    });
    ids.collect()
}

fn survives(kills: u32, most: u64) {
    let (calm, rough) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let unbroken = told(calm.path(), None);
    let (mut dice, mut heard, mut done) = (Dice(0x5eed), BTreeMap::new(), 0);
    while done < kills {
        let before = heard.len();
        heard.extend(told(rough.path(), Some(1 + dice.below(most))));
        done += 1;
        let over = heard.values().next_back().is_some_and(|event| {
            matches!(event["event"].as_str(), Some("workflow_completed" | "workflow_failed"))
        });
        let said = std::fs::read_to_string(rough.path().join("stderr")).unwrap();
        assert!(heard.len() > before, "nothing happened after kill {done}: {said}");
        if over {
            break;
        }
    }
    heard.extend(told(rough.path(), None));

    let (exit, out, err) = crate::store::asked(rough.path(), &["events", "1", "--json"]);
    assert_eq!(exit, bellwether::cli::Exit::Good, "{err}");
    let kept: BTreeMap<u64, Value> = out
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|event| Some((event["seq"].as_u64()?, event)))
        .collect();
    for (seq, event) in &heard {
        assert_eq!(Some(event), kept.get(seq), "event {seq} was told and is not what was kept");
    }
    let seqs: Vec<u64> = kept.keys().copied().collect();
    assert_eq!(seqs, (1..=u64::try_from(seqs.len()).unwrap()).collect::<Vec<_>>());
    let last = kept.values().next_back().unwrap();
    assert_eq!(last["event"], "workflow_completed", "{last}");
    assert_eq!(positions(&kept), positions(&unbroken));
    let (mut rough, mut calm) = (sent(rough.path()), sent(calm.path()));
    rough.sort();
    calm.sort();
    assert!(!calm.is_empty(), "no order was sent on the unbroken day");
    let twice: Vec<_> = rough.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "sent twice: {twice:?}");
    assert_eq!(rough.len(), calm.len(), "another number of orders was sent");
}

#[test]
fn a_day_killed_ten_times_ends_with_the_same_positions_no_event_lost_and_no_order_sent_twice() {
    survives(10, 260);
}

#[test]
#[ignore = "two hundred processes: `cargo test --test it survival -- --ignored`"]
fn a_day_killed_two_hundred_times_ends_the_same() {
    survives(200, 24);
}
