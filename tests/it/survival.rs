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
    assert_eq!(exit, bellwether::cli::Exit::Success, "{err}");
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
    let (mut ids, orders) = (sent(rough.path()), sent(calm.path()));
    ids.sort();
    assert!(!orders.is_empty(), "no order was sent on the unbroken day");
    let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "sent twice: {twice:?}");
    same_end((rough.path(), &kept), (calm.path(), &unbroken), "killed again and again");
}

/// The bodies of what the simulated broker was asked, oldest first; none while it has no file.
fn asked(folder: &Path) -> Vec<Value> {
    let only = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let Ok(db) = rusqlite::Connection::open_with_flags(folder.join("broker.db"), only) else {
        return Vec::new();
    };
    let Ok(mut ask) = db.prepare("SELECT body FROM facts ORDER BY run, seq") else {
        return Vec::new();
    };
    let bodies = ask.query_map([], |row| row.get::<_, String>(0)).unwrap();
    bodies.map(|body| serde_json::from_str(&body.unwrap()).unwrap()).collect()
}

fn submits(folder: &Path) -> usize {
    asked(folder).iter().filter(|ask| ask.get("submit").is_some()).count()
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Runs the program until it tells the start of `task`, and kills it as soon as `so` from then on.
fn killed_at(folder: &Path, task: &str, so: impl Fn() -> bool) {
    let mut child = program(folder);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let starts = |line: String| {
        serde_json::from_str::<Value>(&line)
            .is_ok_and(|event| event["event"] == "task_started" && event["task"] == task)
    };
    assert!(lines.any(|line| starts(line.unwrap())), "{task} did not start");
    while !so() && child.try_wait().unwrap().is_none() {}
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A state folder and the events of its run.
type Lived<'a> = (&'a Path, &'a BTreeMap<u64, Value>);

/// Checks that two days ended alike: the broker was asked the same at the same moments, and the last look
/// at the books found the same positions, cash and number of fills.
fn same_end((rough, events): Lived<'_>, (calm, unbroken): Lived<'_>, case: &str) {
    let words = |ask: &Value| {
        let at = |pointer: &str| ask.pointer(pointer).map(ToString::to_string);
        let id = at("/submit/placement/order/id").or_else(|| at("/cancel/id"));
        (id, at("/submit/at").or_else(|| at("/cancel/at")))
    };
    let [there, wanted] = [rough, calm].map(asked);
    let short = |all: &[Value]| all.iter().map(words).collect::<Vec<_>>();
    assert_eq!(short(&there), short(&wanted), "{case}");
    assert!(there == wanted, "{case}: an order was sent with other words");
    for key in ["positions", "cash", "fills"] {
        let of = |events: &BTreeMap<u64, Value>| {
            let mut ends = events.values().rev();
            let end =
                ends.find(|it| it["event"] == "task_completed" && it["task"] == "eod_reconcile");
            end.unwrap().pointer(&format!("/outcome/output/data/{key}")).unwrap().clone()
        };
        assert_eq!(of(events), of(unbroken), "{case}: {key}");
    }
}

/// Kills a day while the orders of its first plan are being sent, until `wanted` kills fell between the
/// start of the task and the last of its orders. Each ends as the unbroken day: the same orders, sent at
/// the same moments, the same positions and the same cash.
fn survives_while_sending(wanted: u32) {
    const TASK: &str = "execute_open";
    let (calm, ready) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let unbroken = told(calm.path(), None);
    let orders = {
        let sent = sent(calm.path());
        let plan = |id: &str| id.split('-').nth(1).map(str::to_owned);
        sent.iter().filter(|id| plan(id) == plan(&sent[0])).count()
    };
    assert!(orders >= 8, "{orders} orders are sent by {TASK}");
    killed_at(ready.path(), "approve_trades", || true);
    assert_eq!(submits(ready.path()), 0, "the day is killed before its first order");
    let (mut dice, mut inside, mut tries) = (Dice(0x5eed), 0, 0);
    while inside < wanted {
        tries += 1;
        assert!(tries <= 20 + wanted * 3, "only {inside} of {tries} kills fell into the window");
        let rough = tempfile::tempdir().unwrap();
        copy(ready.path(), rough.path());
        let until = usize::try_from(dice.below(u64::try_from(orders).unwrap())).unwrap();
        killed_at(rough.path(), TASK, || submits(rough.path()) >= until);
        let there = submits(rough.path());
        inside += u32::from(there < orders);
        let end = told(rough.path(), None);
        let case = format!("kill {tries}, with {there} of {orders} orders at the broker");
        let said = std::fs::read_to_string(rough.path().join("stderr")).unwrap();
        assert_eq!(
            end.values().next_back().unwrap()["event"],
            "workflow_completed",
            "{case} {said}"
        );
        same_end((rough.path(), &end), (calm.path(), &unbroken), &case);
    }
}

#[test]
fn a_day_killed_ten_times_while_its_orders_are_being_sent_sends_each_once_and_ends_to_the_cent() {
    survives_while_sending(10);
}

#[test]
#[ignore = "six hundred processes: `cargo test --test it while_its_orders -- --ignored`"]
fn a_day_killed_two_hundred_times_while_its_orders_are_being_sent_ends_the_same() {
    survives_while_sending(200);
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
