//! A journal that lost its end says what is gone, keeps a copy of what it found, and waits for an operator.

#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test at once")]

use std::{fs, path::Path, sync::Arc};

use bellwether::{
    cli::Exit,
    engine::{
        RecordedEvent, RunState,
        port::{Durability, EventSink as _, FactLog as _},
    },
    store::{Journal, JournalReader, Store, StoreError},
};

use crate::{
    store::{asked, kept, owner},
    trail::events,
};

const STEPS: usize = 60;

/// A folder as the end of its process left it: sixty events and three facts, all in the write-ahead log.
fn left() -> tempfile::TempDir {
    let day = kept();
    let writing = tempfile::tempdir().unwrap();
    let store = Store::open(writing.path(), &owner()).unwrap();
    let mut journal = Journal::new(store.clone());
    let mut run: Option<RunState> = None;
    let mut feed = |recorded: Arc<RecordedEvent>| {
        match &mut run {
            Some(run) => run.apply(&recorded).unwrap(),
            none => *none = Some(RunState::from_first_event(&recorded).unwrap()),
        }
        journal.record(&[recorded], run.as_ref().unwrap()).unwrap();
        run.as_ref().unwrap().plan().run.clone()
    };
    let mut recorded = events(day.path()).into_iter().take(STEPS);
    let names: Vec<_> = recorded.by_ref().take(20).map(&mut feed).collect();
    // From here on everything is in the log alone.
    let db = rusqlite::Connection::open(writing.path().join("journal.db")).unwrap();
    let done: i64 = db.query_row("PRAGMA wal_checkpoint(RESTART)", [], |row| row.get(2)).unwrap();
    assert!(done > 0);
    drop(db);
    for recorded in recorded {
        feed(recorded);
    }
    for fact in ["1", "2", "3"] {
        store.fact_log(&names[0], "desk").append(fact, Durability::SurvivesCrash).unwrap();
        store.broker_fact_log(&names[0]).append(fact, Durability::SurvivesCrash).unwrap();
    }
    let copy = tempfile::tempdir().unwrap();
    for file in [
        "journal.db",
        "journal.db-wal",
        "journal.head",
        "broker.db",
        "broker.db-wal",
        "broker.head",
    ] {
        fs::copy(writing.path().join(file), copy.path().join(file)).unwrap();
    }
    copy
}

fn wal(folder: &Path) -> std::path::PathBuf {
    folder.join("journal.db-wal")
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 4;
    fs::write(path, bytes).unwrap();
}

fn findings(folder: &Path) -> Vec<String> {
    let store = Store::open(folder, &owner()).unwrap();
    store.damage_findings().iter().map(ToString::to_string).collect()
}

/// The bytes of one frame of the log: a header and a page.
const FRAME: usize = 24 + 4096;

#[test]
fn a_journal_left_by_a_kill_is_whole() {
    let folder = left();
    let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
    assert!(exit == Exit::Success && out.contains("end         whole"), "{out}");
    assert!(out.contains("facts       6 of desks and simulated brokers whole"), "{out}");
    assert_eq!(findings(folder.path()), Vec::<String>::new());
    assert!(!folder.path().join("set-aside").exists());
}

#[test]
fn a_flipped_bit_in_the_log_loses_all_after_it_and_says_so() {
    // The header of the file, the header of a frame in its middle, a page.
    for at in [17, 32 + 20 * FRAME + 9, 32 + 20 * FRAME + 1_000] {
        let folder = left();
        flip(&wal(folder.path()), at);
        let before = fs::read(wal(folder.path())).unwrap();
        let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
        assert!(exit == Exit::Failed && out.contains("end         LOST: journal.db"), "{out}");
        assert_eq!(fs::read(wal(folder.path())).unwrap(), before, "a check changes nothing");
        let found = findings(folder.path()).remove(0);
        assert!(
            found.contains("journal.db lost its end")
                && found.contains("60) were recorded and are gone"),
            "{at}: {found}"
        );
        assert!(found.contains("what else was lost with them is unknown"), "{found}");
        let kept = folder.path().join("set-aside/1");
        assert_eq!(fs::read(kept.join("journal.db-wal")).unwrap(), before);
        assert!(found.ends_with(&format!("as they were found in {}", kept.display())), "{found}");
    }
}

#[test]
fn a_deleted_log_is_told_with_the_number_of_lost_events() {
    let folder = left();
    // Half of the events reach the database before the log is lost.
    drop(Store::open(folder.path(), &owner()).unwrap());
    let store = Store::open(folder.path(), &owner()).unwrap();
    let run = JournalReader::open(folder.path()).unwrap().runs().unwrap().remove(0);
    store.fact_log(&run.name, "desk").append("4", Durability::SurvivesCrash).unwrap();
    store.fact_log(&run.name, "desk").append("5", Durability::SurvivesCrash).unwrap();
    let copy = tempfile::tempdir().unwrap();
    for file in ["journal.db", "journal.head", "broker.db", "broker.head"] {
        fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
    }
    let found = findings(copy.path());
    let name = &run.name;
    assert!(
        found[0].starts_with(&format!(
            "journal.db lost its end: 2 facts of the log desk of run {name} (4 to 5) were recorded and are gone; \
             compare its tasks and orders with the broker before it continues"
        )),
        "{found:?}"
    );
    assert_eq!(findings(copy.path()), Vec::<String>::new(), "it is told once");
    let (exit, out, _) = asked(copy.path(), &["journal", "check"]);
    assert!(exit == Exit::Success && out.contains("dealt with  journal.db lost its end"), "{out}");
}

#[test]
fn an_emptied_journal_beside_its_log_is_refused_untouched() {
    for emptied in [true, false] {
        let folder = left();
        let path = folder.path().join("journal.db");
        if emptied {
            fs::write(&path, []).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        let before = fs::read(wal(folder.path())).unwrap();
        let name = "event 60 of run ";
        for words in [&["journal", "check"][..], &["runs"], &["run", "--speed", "max"]] {
            let (exit, _, err) = asked(folder.path(), words);
            assert_eq!(exit, Exit::Failed, "{err}");
            assert!(err.contains("is empty or missing") && err.contains(name), "{err}");
            assert!(err.contains("nothing was changed"), "{err}");
        }
        let error = Store::open(folder.path(), &owner()).unwrap_err();
        assert!(matches!(error, StoreError::Emptied { .. }), "{error}");
        assert_eq!(fs::read(wal(folder.path())).unwrap(), before);
    }
}

#[test]
fn a_missing_head_makes_the_end_unknown_not_whole() {
    let folder = left();
    fs::remove_file(folder.path().join("journal.head")).unwrap();
    let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
    assert!(exit == Exit::Failed, "{out}");
    assert!(out.contains("it is unknown whether journal.db lost its end"), "{out}");
    let found = findings(folder.path());
    assert!(found.len() == 1 && found[0].contains("journal.head is missing"), "{found:?}");
    assert_eq!(findings(folder.path()), Vec::<String>::new());
}

#[test]
fn a_run_that_lost_events_waits_for_an_operator() {
    let folder = left();
    drop(Store::open(folder.path(), &owner()).unwrap());
    assert!(!JournalReader::open(folder.path()).unwrap().lost_its_end(1).unwrap());
    let db = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    db.execute("DELETE FROM events WHERE seq > 40", []).unwrap();
    drop(db);
    let found = findings(folder.path());
    assert!(found[0].contains("20 events of run ") && found[0].contains("(41 to 60)"), "{found:?}");
    assert!(JournalReader::open(folder.path()).unwrap().lost_its_end(1).unwrap());
    let (exit, _, err) = asked(folder.path(), &["run", "--speed", "max"]);
    assert!(exit == Exit::Refused && err.contains("nobody is here to agree"), "{exit:?} {err}");
}

#[test]
fn journal_check_finds_rewritten_facts_of_desk_and_broker() {
    for (file, log) in [("journal.db", "desk"), ("broker.db", "asked")] {
        let folder = left();
        drop(Store::open(folder.path(), &owner()).unwrap());
        let db = rusqlite::Connection::open(folder.path().join(file)).unwrap();
        db.execute("UPDATE facts SET body = '9' WHERE seq = 2", []).unwrap();
        drop(db);
        let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
        assert_eq!(exit, Exit::Failed);
        let line = out.lines().find(|line| line.starts_with("facts       DAMAGED")).unwrap();
        assert!(line.contains(&format!("the log {log} of run ")), "{line}");
        assert!(line.contains("damaged at fact 2: it does not match its checksum"), "{line}");
        assert!(line.contains("compare the orders of the run with the broker"), "{line}");
        assert!(out.contains("facts       3 of desks and simulated brokers whole"), "{out}");
    }
}
