//! The journal on disk: a day is there whole, is told again as it was, and nothing that was told is
//! lost when the program is killed.

#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test at once")]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use bellwether::{
    cli::Exit,
    engine::RunState,
    store::{EventRow, JournalOwner, JournalReader, Store, StoreError},
};
use serde_json::Value;

use crate::cli::told;

pub(crate) fn owner() -> JournalOwner {
    JournalOwner { pid: 1, operator: "maria".into() }
}

/// A state folder with one whole day in it.
pub(crate) fn kept() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (exit, _, err) = asked(folder.path(), &["run", "--speed", "max"]);
    assert_eq!(exit, Exit::Success, "{err}");
    folder
}

pub(crate) fn asked(folder: &Path, words: &[&str]) -> (Exit, String, String) {
    told(words, &[("BELLWETHER_STATE_DIR", folder.to_str().unwrap())])
}

/// The fold of what a journal holds.
pub(crate) fn fold(entries: &[EventRow]) -> RunState {
    let recorded = entries.iter().map(|entry| entry.to_recorded().unwrap());
    let mut run: Option<RunState> = None;
    for recorded in recorded {
        match &mut run {
            None => run = Some(RunState::from_first_event(&recorded).unwrap()),
            Some(run) => run.apply(&recorded).unwrap(),
        }
    }
    run.unwrap()
}

/// Changes the database as nobody but a test does: its head goes, which would tell of the change.
pub(crate) fn database(folder: &Path, sql: &str) {
    let db = rusqlite::Connection::open(folder.join("journal.db")).unwrap();
    db.execute_batch(sql).unwrap();
    // Another program's database has neither.
    let _ = db.execute("DELETE FROM meta WHERE key = 'head'", []);
    let _ = fs::remove_file(folder.join("journal.head"));
}

#[test]
fn a_day_is_told_again_from_the_journal_as_it_was_told_when_it_ran() {
    let folder = tempfile::tempdir().unwrap();
    let (exit, ran, _) = asked(folder.path(), &["run", "--speed", "max", "--json", "--verbose"]);
    assert_eq!(exit, Exit::Success);
    let (exit, again, err) = asked(folder.path(), &["events", "--json"]);
    assert_eq!((exit, err.as_str()), (Exit::Success, ""));
    let differs = ran.lines().zip(again.lines()).find(|(one, other)| one != other);
    assert_eq!(differs, None);
    assert_eq!(ran.len(), again.len());
    let reader = JournalReader::open(folder.path()).unwrap();
    let run = reader.find_run("2018-12-19").unwrap();
    assert_eq!((run.id, run.ended.as_deref()), (1, Some("completed")));
    let entries = reader.events(run.id).unwrap();
    assert!(fold(&entries).has_ended());
    assert_eq!(u64::try_from(entries.len()), Ok(run.events));
}

#[test]
fn runs_are_listed_and_exported_row_by_row() {
    let folder = kept();
    let (exit, out, _) = asked(folder.path(), &["runs", "--json"]);
    assert_eq!(exit, Exit::Success);
    let runs: Value = serde_json::from_str(&out).unwrap();
    let events = usize::try_from(runs[0]["events"].as_u64().unwrap()).unwrap();
    let (_, rows, _) = asked(folder.path(), &["export", "1"]);
    assert_eq!(rows.lines().count(), events);
    let (_, csv, _) = asked(folder.path(), &["export", "last", "--format", "csv"]);
    assert_eq!(csv::Reader::from_reader(csv.as_bytes()).records().count(), events);
    let (exit, _, err) = asked(folder.path(), &["events", "2018-12-20"]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("no run") && err.contains("bellwether runs"), "{err}");
}

#[test]
fn a_folder_without_a_journal_is_said_to_have_none() {
    let folder = tempfile::tempdir().unwrap();
    let (exit, out, err) = asked(folder.path(), &["runs"]);
    assert_eq!((exit, out.as_str()), (Exit::Usage, ""));
    assert!(err.contains("no journal in"), "{err}");
}

#[test]
fn only_one_process_writes_a_journal_and_the_other_is_told_who_does() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path(), &owner()).unwrap();
    let refused = Store::open(folder.path(), &owner()).unwrap_err();
    assert!(matches!(refused, StoreError::InUse { .. }), "{refused}");
    assert!(refused.to_string().contains("process 1, started by maria"), "{refused}");
    let (exit, _, err) = asked(folder.path(), &["run", "--speed", "max"]);
    assert_eq!(exit, Exit::Refused, "{err}");
    drop(first);
    Store::open(folder.path(), &owner()).unwrap();
}

#[test]
fn an_event_that_was_changed_dropped_or_moved_is_found() {
    let changes = [
        "UPDATE events SET body = replace(body, 'task_started', 'task_starteD') WHERE seq = 40",
        "UPDATE events SET at = at + 1 WHERE seq = 40",
        "DELETE FROM events WHERE seq = 40",
        "UPDATE events SET seq = -1 WHERE seq = 40; UPDATE events SET seq = 40 WHERE seq = 41; \
         UPDATE events SET seq = 41 WHERE seq = -1",
    ];
    let folder = kept();
    let file = folder.path().join("journal.db");
    let whole = fs::read(&file).unwrap();
    for change in changes {
        fs::write(&file, &whole).unwrap();
        let body = "UPDATE events SET body = body || ' ' WHERE seq = 40";
        database(folder.path(), if change.contains("starteD") { body } else { change });
        let found = JournalReader::open(folder.path()).unwrap().events(1).unwrap_err();
        assert!(matches!(found, StoreError::Damaged { seq: 40, .. }), "{change}: {found}");
        let (exit, _, err) = asked(folder.path(), &["events"]);
        assert_eq!(exit, Exit::Failed);
        assert!(err.contains("damaged at event 40"), "{err}");
    }
}

#[test]
fn a_journal_of_a_newer_program_is_left_alone() {
    let folder = kept();
    database(folder.path(), "PRAGMA user_version = 99");
    let (exit, _, err) = asked(folder.path(), &["run", "--speed", "max"]);
    assert_eq!(exit, Exit::Refused);
    assert!(err.contains("schema 99") && err.contains("use the newer program"), "{err}");
}

#[test]
fn what_is_no_database_is_said_to_be_damaged() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("journal.db"),
        "no database, but long enough to look at ".repeat(99),
    )
    .unwrap();
    let (exit, _, err) = asked(folder.path(), &["run", "--speed", "max"]);
    assert_eq!(exit, Exit::Failed);
    assert!(err.contains("it is damaged; `bellwether journal check`"), "{err}");
}

#[test]
fn a_state_folder_that_is_a_file_or_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let (exit, _, err) = asked(&file, &["run", "--speed", "max"]);
    assert_eq!(exit, Exit::Failed);
    assert!(err.contains("the state folder cannot be used") && err.contains("state_dir"), "{err}");
}

#[test]
fn who_lost_the_journal_to_a_later_process_writes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), &owner()).unwrap();
    database(folder.path(), "UPDATE meta SET value = value + 1 WHERE key = 'epoch'");
    let day = kept();
    let first =
        JournalReader::open(day.path()).unwrap().events(1).unwrap()[0].to_recorded().unwrap();
    let run = RunState::from_first_event(&first).unwrap();
    let mut journal = store::Journal::new(store);
    let error = engine::port::EventSink::record(&mut journal, &[Arc::new(first)], &run);
    let text = error.unwrap_err().to_string();
    assert!(text.contains("taken over by another process"), "{text}");
    assert_eq!(JournalReader::open(folder.path()).unwrap().runs().unwrap(), []);
}

#[test]
fn a_kind_of_event_of_a_newer_program_is_named_not_guessed() {
    let mut entry = EventRow {
        seq: 1,
        at: "2018-12-19T11:00:00Z".parse().unwrap(),
        corr: engine::CorrelationId::RUN,
        kind: "moon_rose".into(),
        body: r#"{"event":"moon_rose","phase":3}"#.into(),
    };
    assert!(entry.to_recorded().unwrap_err().to_string().contains("moon_rose"));
    entry.body = r#"{"event":"workflow_cancelled"}"#.into();
    assert_eq!(entry.to_recorded().unwrap().seq, 1);
}

/// Lines of a killed day's output that came before its end.
fn killed_after(folder: &Path, lines: usize) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bellwether"))
        .args(["run", "--speed", "max", "--json", "--verbose"])
        .env("BELLWETHER_STATE_DIR", folder)
        .env("BELLWETHER_CONFIG", "/dev/null")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut told: Vec<String> = Vec::new();
    for line in out.lines() {
        told.push(line.unwrap());
        if told.len() == lines {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    told
}

#[test]
fn what_was_told_before_a_kill_is_in_the_journal_and_the_journal_is_whole() {
    for lines in [1, 7, 150, 900, 2_000] {
        let folder = tempfile::tempdir().unwrap();
        let told = killed_after(folder.path(), lines);
        let reader = JournalReader::open(folder.path()).unwrap();
        let run = reader.find_run("last").unwrap();
        let entries = reader.events(run.id).unwrap();
        let state = fold(&entries);
        let last = told.iter().rev().find_map(|line| {
            // The last line may have been cut.
            serde_json::from_str::<Value>(line).ok()?.get("seq")?.as_u64()
        });
        let last = last.unwrap();
        assert!(last <= state.last_seq(), "event {last} was told and is not in the journal");
        Store::open(folder.path(), &owner()).expect("the lock of a killed process is free");
    }
}
