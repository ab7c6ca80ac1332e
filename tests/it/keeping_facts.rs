//! What the desk and its broker wrote down of an old run goes where its events go, whole or not at all, and never what
//! another run needs.

#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test at once")]

use std::{fs, path::Path};

use bellwether::{
    cli::Exit,
    engine::port::{Durability, FactLog as _},
    store::{Retention, Store, StoreError},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::store::{asked, database, kept, owner};

const RETENTION: Retention = Retention { compact_after_days: 90, keep_days: 400 };
const RUN: &str = "2018-12-19-standard-1";

fn in_days(days: i64) -> DateTime<Utc> {
    "2026-01-01T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(days)
}

fn open(folder: &Path) -> Store {
    Store::open(folder, &owner()).unwrap()
}

/// A folder with one ended day, seen at day 0, and what another run wrote down that is in no list yet.
fn seen() -> tempfile::TempDir {
    let folder = kept();
    database(folder.path(), "UPDATE runs SET seen_at = NULL");
    let store = open(folder.path());
    store.compact(RETENTION, in_days(0), 9).unwrap();
    store.fact_log("begun-now", "desk").append("1", Durability::SurvivesPowerLoss).unwrap();
    store.broker_fact_log("begun-now").append("2", Durability::SurvivesPowerLoss).unwrap();
    folder
}

/// What the desk and the broker of the run still have in the databases.
fn left(store: &Store) -> (Vec<String>, Vec<String>) {
    (store.fact_log(RUN, "desk").read().unwrap(), store.broker_fact_log(RUN).read().unwrap())
}

fn others(store: &Store) -> usize {
    let theirs = store.broker_fact_log("begun-now").read().unwrap();
    store.fact_log("begun-now", "desk").read().unwrap().len() + theirs.len()
}

/// The facts in a file of the archive.
fn archived(folder: &Path, log: &str) -> Vec<Value> {
    let path = folder.join(format!("archive/2018-12-19-run1.{log}.ndjson"));
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["fact"].take()).collect()
}

fn values(facts: &[String]) -> Vec<Value> {
    facts.iter().map(|fact| serde_json::from_str(fact).unwrap()).collect()
}

#[test]
fn facts_go_into_the_archive_with_the_events_and_are_deleted_with_them_and_nobody_elses_are() {
    let folder = seen();
    let store = open(folder.path());
    let (desk, broker) = left(&store);
    assert!(desk.len() > 20 && broker.len() > 5, "or this proves nothing");
    store.compact(RETENTION, in_days(90), 9).unwrap();
    assert_eq!(left(&store), (desk.clone(), broker.clone()), "not old enough yet");
    let asked_before = fs::read(folder.path().join("broker.db")).unwrap();
    let log_before = fs::read(folder.path().join("broker.db-wal")).unwrap_or_default();

    assert_eq!(store.compact(RETENTION, in_days(91), 9).unwrap().archived.len(), 1);
    assert_eq!((left(&store), others(&store)), ((vec![], vec![]), 2));
    assert_eq!(archived(folder.path(), "desk"), values(&desk));
    assert_eq!(archived(folder.path(), "broker-asked"), values(&broker));
    drop(store);

    // As a crash between the two databases leaves it: the broker's rows are still there.
    fs::write(folder.path().join("broker.db"), asked_before).unwrap();
    fs::write(folder.path().join("broker.db-wal"), log_before).unwrap();
    let _index = fs::remove_file(folder.path().join("broker.db-shm"));
    let store = open(folder.path());
    assert_eq!(left(&store), (vec![], broker.clone()), "or the crash is none");
    store.compact(RETENTION, in_days(91), 9).unwrap();
    assert_eq!((left(&store), others(&store)), ((vec![], vec![]), 2));
    assert_eq!(archived(folder.path(), "desk"), values(&desk));
    assert_eq!(archived(folder.path(), "broker-asked"), values(&broker));
    drop(store);
    let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
    assert_eq!(exit, Exit::Success, "{out}");

    let path = folder.path().join("archive/2018-12-19-run1.desk.ndjson");
    let sound = fs::read_to_string(&path).unwrap();
    fs::write(&path, sound.replacen("\"qty\":", "\"qty\": ", 1)).unwrap();
    let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
    assert_eq!(exit, Exit::Failed, "{out}");
    assert!(out.contains("DAMAGED"), "{out}");
    fs::write(&path, sound).unwrap();

    fs::write(folder.path().join("archive/2018-12-19-run11.desk.ndjson"), "").unwrap();
    let store = open(folder.path());
    store.prune(RETENTION, in_days(401)).unwrap();
    let names = fs::read_dir(folder.path().join("archive")).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["2018-12-19-run11.desk.ndjson"], "that is another run's");
    assert_eq!(others(&store), 2);
}

#[test]
fn a_run_whose_facts_are_damaged_stays_with_all_it_has() {
    let folder = seen();
    database(folder.path(), "UPDATE facts SET body = body || ' ' WHERE log = 'desk' AND seq = 9");
    let store = open(folder.path());
    let before = store.broker_fact_log(RUN).read().unwrap();
    let kept = store.compact(RETENTION, in_days(91), 9).unwrap();
    assert_eq!(kept.archived, []);
    assert!(kept.left[0].1.contains('9'), "{:?}", kept.left);
    assert_eq!(store.broker_fact_log(RUN).read().unwrap(), before);
    let read = store.fact_log(RUN, "desk").read().unwrap_err();
    let read = read.get_ref().unwrap().downcast_ref::<StoreError>().unwrap();
    assert!(matches!(read, StoreError::DamagedFact { seq: 9, .. }), "{read}");
    let reader = store::JournalReader::open(folder.path()).unwrap();
    assert!(reader.events(1).unwrap().len() > 2_000);
}

#[test]
fn facts_that_an_older_program_left_follow_their_run_and_those_of_a_name_used_twice_stay() {
    let folder = seen();
    let twin = "INSERT INTO runs (name, date, mode, workflow, program, epoch) \
                SELECT name, date, mode, workflow, program, epoch FROM runs";
    database(folder.path(), twin);
    let store = open(folder.path());
    let before = left(&store);
    assert_eq!(store.compact(RETENTION, in_days(91), 9).unwrap().archived.len(), 1);
    assert_eq!(left(&store), before, "the other run of that name may need them");
    drop(store);
    database(folder.path(), "DELETE FROM runs WHERE id = 2");
    let store = open(folder.path());
    store.compact(RETENTION, in_days(91), 0).unwrap();
    assert_eq!(left(&store), before, "no more than was asked for");
    store.compact(RETENTION, in_days(91), 1).unwrap();
    assert_eq!(left(&store), (vec![], vec![]));
    assert_eq!(archived(folder.path(), "desk"), values(&before.0));
    assert_eq!(archived(folder.path(), "broker-asked"), values(&before.1));
}
