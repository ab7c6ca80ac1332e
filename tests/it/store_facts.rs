//! Facts on disk: they outlive the process that wrote them, each run and log has its own, and one that
//! was changed, dropped or moved is found.

#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test at once")]

use std::{path::Path, sync::Arc};

use bellwether::{
    desk::trading::{desk::Desk, order::OrderState},
    engine::port::{Durability, FactLog as _},
    host::desk_backing,
    store::{JournalOwner, Store},
};

use crate::support::crash_day::{Flat, end, hours, minute, second, settle, setup, trade};

fn store(folder: &Path) -> Store {
    Store::open(folder, &JournalOwner { pid: 1, operator: "maria".into() }).unwrap()
}

fn changed(folder: &Path, file: &str, sql: &str) {
    let db = rusqlite::Connection::open(folder.join(file)).unwrap();
    assert_eq!(db.execute(sql, []).unwrap(), 1, "{sql}");
}

#[test]
fn facts_are_read_again_in_order_by_run_and_by_log() {
    let folder = tempfile::tempdir().unwrap();
    let store_of_first = store(folder.path());
    let mut one = store_of_first.fact_log("a", "desk");
    let (mut other, mut broker) =
        (store_of_first.fact_log("b", "desk"), store_of_first.broker_fact_log("a"));
    for (fact, care) in [
        ("1", Durability::SurvivesCrash),
        ("2", Durability::SurvivesPowerLoss),
        ("3", Durability::SurvivesCrash),
    ] {
        one.append(fact, care).unwrap();
    }
    other.append("4", Durability::SurvivesPowerLoss).unwrap();
    broker.append("5", Durability::SurvivesPowerLoss).unwrap();
    drop((store_of_first, one, other, broker));
    let store = store(folder.path());
    assert_eq!(store.fact_log("a", "desk").read().unwrap(), ["1", "2", "3"]);
    assert_eq!(store.fact_log("b", "desk").read().unwrap(), ["4"]);
    assert_eq!(store.fact_log("a", "other").read().unwrap(), Vec::<String>::new());
    assert_eq!(store.broker_fact_log("a").read().unwrap(), ["5"]);
    store.fact_log("a", "desk").append("6", Durability::SurvivesCrash).unwrap();
    assert_eq!(store.fact_log("a", "desk").read().unwrap(), ["1", "2", "3", "6"]);
}

#[test]
fn a_fact_that_was_changed_dropped_or_given_to_another_run_is_found() {
    for (file, sql) in [
        ("journal.db", "UPDATE facts SET body = '9' WHERE log = 'desk' AND seq = 2"),
        ("journal.db", "DELETE FROM facts WHERE seq = 1"),
        ("journal.db", "UPDATE facts SET seq = 5 WHERE seq = 3"),
        ("broker.db", "UPDATE facts SET body = '9' WHERE seq = 1"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let kept = store(folder.path());
        let (mut desk, mut broker) = (kept.fact_log("a", "desk"), kept.broker_fact_log("a"));
        for fact in ["1", "2", "3"] {
            desk.append(fact, Durability::SurvivesCrash).unwrap();
            broker.append(fact, Durability::SurvivesCrash).unwrap();
        }
        changed(folder.path(), file, sql);
        let (desk, broker) = (kept.fact_log("a", "desk").read(), kept.broker_fact_log("a").read());
        let told = desk.and(broker).unwrap_err().to_string();
        assert!(told.contains("damaged at fact"), "{sql}: {told}");
    }
}

#[test]
fn a_writer_that_lost_the_folder_writes_no_fact() {
    let folder = tempfile::tempdir().unwrap();
    let kept = store(folder.path());
    let (mut desk, mut broker) = (kept.fact_log("a", "desk"), kept.broker_fact_log("a"));
    for file in ["journal.db", "broker.db"] {
        changed(folder.path(), file, "UPDATE meta SET value = value + 1 WHERE key = 'epoch'");
    }
    for log in [&mut desk, &mut broker] {
        assert!(
            log.append("1", Durability::SurvivesPowerLoss)
                .unwrap_err()
                .to_string()
                .contains("taken over")
        );
        assert_eq!(log.read().unwrap(), Vec::<String>::new());
    }
}

#[test]
fn a_desk_on_disk_goes_on_where_another_process_left_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk =
        |store: &Store| Desk::open(setup(1), Arc::new(Flat), desk_backing(store, "day-1")).unwrap();
    let first_store = store(folder.path());
    let first = desk(&first_store);
    trade(&first, second(0));
    let then = first.view(minute(15));
    drop((first, first_store));
    let kept = store(folder.path());
    let again = desk(&kept);
    assert_eq!(again.view(minute(15)), then);
    settle(&again, 400);
    assert!(trade(&again, minute(17)).iter().all(|outcome| outcome.sent_qty == 0));
    assert_eq!(end(&again).0.values().sum::<i64>(), 4_000 + 101 - 102 + 103 + 104);
    let last = again.orders(hours().close);
    assert!(last.iter().all(|view| view.state == OrderState::Filled), "{last:?}");
}
