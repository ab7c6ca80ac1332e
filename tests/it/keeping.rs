//! The journal after the day: what is torn or damaged is found and told, old runs are put away and still read, and
//! nothing that is not old, not ended or not whole is touched.

#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test at once")]

use std::{
    fs,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::Path,
    process::{Command, Output},
};

use bellwether::{
    cli::Exit,
    store::{
        DamageFinding, EventLocation, JournalReader, Retention, RunIntegrity, Store, StoreError,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::store::{asked, database, kept, owner};

const RETENTION: Retention = Retention { compact_after_days: 90, keep_days: 400 };

fn now() -> DateTime<Utc> {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn in_days(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

/// A folder with one ended day, seen at [`now`].
fn seen() -> tempfile::TempDir {
    let folder = kept();
    database(folder.path(), "UPDATE runs SET seen_at = NULL");
    let store = open(folder.path());
    assert_eq!(store.compact(RETENTION, now(), 9).unwrap().archived, []);
    folder
}

fn open(folder: &Path) -> Store {
    Store::open(folder, &owner()).unwrap()
}

fn reader(folder: &Path) -> JournalReader {
    JournalReader::open(folder).unwrap()
}

/// One number of the database.
fn number(folder: &Path, sql: &str) -> i64 {
    let db = rusqlite::Connection::open(folder.join("journal.db")).unwrap();
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn an_old_run_goes_into_the_archive_and_is_read_and_told_from_there_as_before() {
    let folder = seen();
    let before = reader(folder.path()).events(1).unwrap();
    let (_, told, _) = asked(folder.path(), &["events", "--json"]);
    let row = reader(folder.path()).find_run("1").unwrap();
    let store = open(folder.path());
    assert_eq!(
        store.compact(RETENTION, in_days(90), 9).unwrap().archived,
        [],
        "not old enough yet"
    );
    let moved = store.compact(RETENTION, in_days(91), 9).unwrap();
    assert_eq!(moved.archived[0].file, "2018-12-19-run1.ndjson");
    let (large, small) = store.vacuum().unwrap();
    assert!(small * 10 < large, "{large} → {small}");
    drop(store);
    assert_eq!(number(folder.path(), "SELECT count(*) FROM events"), 0);
    assert_eq!(reader(folder.path()).events(1).unwrap(), before);
    let (exit, again, err) = asked(folder.path(), &["events", "--json"]);
    assert_eq!((exit, err.as_str()), (Exit::Success, ""));
    assert!(told == again, "told otherwise from the archive");
    let archived = reader(folder.path()).find_run("1").unwrap();
    assert_eq!(archived.kept, EventLocation::Archive);
    assert_eq!(store::RunSummary { kept: EventLocation::Journal, ..archived }, row);
    let (_, list, _) = asked(folder.path(), &["runs"]);
    assert!(list.contains("completed, archived"), "{list}");
    let lines = fs::read_to_string(folder.path().join("archive/2018-12-19-run1.ndjson")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), before.len());
    assert_eq!(lines[0]["event"]["event"], "workflow_started");
}

#[test]
fn an_archive_that_is_too_old_is_deleted_and_what_the_run_was_is_remembered() {
    let folder = seen();
    let store = open(folder.path());
    store.compact(RETENTION, in_days(91), 9).unwrap();
    assert_eq!(store.prune(RETENTION, in_days(400)).unwrap().deleted, []);
    let due = store.retention_preview(RETENTION, in_days(401)).unwrap();
    assert_eq!(store.prune(RETENTION, in_days(401)).unwrap().deleted, due.deleted);
    assert_eq!(due.deleted.len(), 1);
    drop(store);
    assert!(!folder.path().join("archive/2018-12-19-run1.ndjson").exists());
    let run = reader(folder.path()).find_run("1").unwrap();
    assert_eq!((run.kept, run.ended.as_deref()), (EventLocation::Gone, Some("completed")));
    assert!(run.events > 2_000);
    assert_eq!(number(folder.path(), "SELECT length(sum) FROM archived"), 16);
    let (exit, _, err) = asked(folder.path(), &["events"]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("have been deleted") && err.contains("bellwether runs"), "{err}");
    let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
    assert!(exit == Exit::Success && out.contains("events no longer kept"), "{out}");
}

#[test]
fn a_run_that_has_not_ended_is_never_put_away_nor_one_that_is_damaged() {
    for harm in [
        "UPDATE runs SET ended = NULL",
        "UPDATE events SET body = body || ' ' WHERE seq = 40",
        "UPDATE events SET body = body || ' ' WHERE seq = (SELECT max(seq) FROM events)",
    ] {
        let folder = seen();
        database(folder.path(), harm);
        let rows = number(folder.path(), "SELECT count(*) FROM events");
        let store = open(folder.path());
        let kept = store.compact(RETENTION, in_days(10_000), 9).unwrap();
        assert_eq!(kept.archived, [], "{harm}");
        assert_eq!(kept.left.is_empty(), harm.contains("NULL"), "{harm}: {:?}", kept.left);
        drop(store);
        assert_eq!(number(folder.path(), "SELECT count(*) FROM events"), rows);
        assert!(!folder.path().join("archive").exists());
    }
}

#[test]
fn nothing_is_old_where_zero_days_are_set() {
    let folder = seen();
    let store = open(folder.path());
    let never = Retention { compact_after_days: 0, keep_days: 0 };
    assert_eq!(
        store.retention_preview(never, in_days(100_000)).unwrap(),
        store::RetentionReport::default()
    );
}

#[test]
fn what_a_crash_left_of_an_archive_is_written_anew() {
    let folder = seen();
    fs::create_dir(folder.path().join("archive")).unwrap();
    fs::write(folder.path().join("archive/2018-12-19-run1.part"), "half").unwrap();
    fs::write(folder.path().join("archive/2018-12-19-run1.ndjson"), "of an earlier try").unwrap();
    let before = reader(folder.path()).events(1).unwrap();
    open(folder.path()).compact(RETENTION, in_days(91), 9).unwrap();
    assert_eq!(reader(folder.path()).events(1).unwrap(), before);
    let names = fs::read_dir(folder.path().join("archive")).unwrap();
    let mut names: Vec<_> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let ends = ["broker-asked.ndjson", "desk.ndjson", "inputs.ndjson", "ndjson"];
    assert_eq!(names, ends.map(|end| format!("2018-12-19-run1.{end}")));
}

#[test]
fn an_archive_that_was_changed_cut_or_lost_is_found() {
    let folder = seen();
    open(folder.path()).compact(RETENTION, in_days(91), 9).unwrap();
    let file = folder.path().join("archive/2018-12-19-run1.ndjson");
    let whole = fs::read_to_string(&file).unwrap();
    let cut = whole.rsplit_once("{\"run\"").unwrap().0;
    let harms = [
        whole.replacen("\"event\":\"task_started\"", "\"event\":\"task_starteD\"", 1),
        cut.to_owned(),
        format!("{cut}\u{0}\u{0}"),
        format!("{whole}{}", whole.lines().last().unwrap()),
        String::new(),
    ];
    for harm in harms {
        fs::write(&file, harm).unwrap();
        let found = reader(folder.path()).events(1).unwrap_err();
        assert!(
            matches!(found, StoreError::Damaged { .. } | StoreError::Archive { .. }),
            "{found}"
        );
        let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
        assert!(exit == Exit::Failed && out.contains("DAMAGED"), "{out}");
    }
    fs::remove_file(&file).unwrap();
    assert_eq!(asked(folder.path(), &["journal", "check"]).0, Exit::Failed);
}

#[test]
fn the_commands_refuse_while_somebody_writes_and_tell_beforehand_what_they_would_do() {
    let folder = kept();
    database(folder.path(), "UPDATE runs SET seen_at = 0");
    let (exit, out, _) = asked(folder.path(), &["journal", "compact", "--dry-run"]);
    assert_eq!(exit, Exit::Success);
    assert!(out.contains("would be moved to archive/2018-12-19-run1.ndjson"), "{out}");
    let writing = open(folder.path());
    for verb in ["compact", "prune"] {
        let (exit, _, err) = asked(folder.path(), &["journal", verb]);
        assert_eq!(exit, Exit::Refused, "{err}");
        assert!(err.contains("another bellwether writes"), "{err}");
    }
    assert_eq!(asked(folder.path(), &["journal", "check"]).0, Exit::Success);
    drop(writing);
    let (_, out, _) = asked(folder.path(), &["journal", "compact", "--json"]);
    let done: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(done["archived"][0]["run"], 1);
    let (_, out, _) = asked(folder.path(), &["journal", "prune"]);
    assert!(out.contains("deleted"), "{out}");
}

#[test]
fn one_old_run_is_put_away_when_a_day_begins_and_it_is_said() {
    let folder = kept();
    database(folder.path(), "UPDATE runs SET seen_at = 0");
    let (exit, _, err) = asked(folder.path(), &["--set", "keep_days=0", "run", "--speed", "max"]);
    assert_eq!(exit, Exit::Success);
    assert!(err.contains("note: run 1 is old: see archive/"), "{err}");
    let runs = reader(folder.path()).runs().unwrap();
    assert_eq!([runs[0].kept, runs[1].kept], [EventLocation::Archive, EventLocation::Journal]);
}

#[test]
fn damage_at_the_end_of_an_unfinished_run_is_set_aside_and_told_and_the_rest_folds() {
    let folder = kept();
    database(
        folder.path(),
        "UPDATE runs SET ended = NULL; DELETE FROM events WHERE seq > 500; \
         UPDATE events SET body = replace(body, '\"task', '\"tusk') || ' ' WHERE seq >= 499",
    );
    let store = open(folder.path());
    let found = store.damage_findings();
    assert!(
        matches!(&found[..], [DamageFinding::CutShort { run: 1, from: 499, rows: 2, .. }]),
        "{found:?}"
    );
    drop(store);
    let reader = reader(folder.path());
    assert_eq!(reader.events(1).unwrap().len(), 498);
    let checked = reader.check().unwrap();
    assert!(checked.is_sound());
    assert_eq!(checked.set_aside.len(), 2);
    assert_eq!((checked.set_aside[0].0, checked.set_aside[0].1), (1, 499));
    assert!(checked.remarks[0].contains("compare its tasks and orders"), "{:?}", checked.remarks);
    let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
    assert!(exit == Exit::Success && out.contains("moved away  run 1, event 499"), "{out}");
    assert_eq!(open(folder.path()).damage_findings(), [], "it was dealt with once");
}

#[test]
fn a_run_that_lost_its_end_goes_on_only_after_a_person_agreed() {
    let folder = kept();
    database(
        folder.path(),
        "UPDATE runs SET ended = NULL; DELETE FROM events WHERE seq > 500; \
         UPDATE events SET body = body || ' ' WHERE seq = 500",
    );
    let run = |more: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_bellwether"))
            .args(["run", "--speed", "max"])
            .args(more)
            .env("BELLWETHER_STATE_DIR", folder.path())
            .env("BELLWETHER_CONFIG", "/dev/null")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        (ran.status.code(), String::from_utf8_lossy(&ran.stderr).into_owned())
    };
    let (code, err) = run(&[]);
    assert!(code == Some(3) && err.contains("were set aside"), "{err}");
    for _again in 0..2 {
        let (code, err) = run(&[]);
        assert!(code == Some(3) && err.contains("nobody is here to agree"), "{err}");
    }
    assert_eq!(reader(folder.path()).events(1).unwrap().len(), 499, "nothing was done");
    let (code, err) = run(&["--recover", "auto"]);
    assert_ne!(code, Some(3), "{err}");
    let runs = reader(folder.path()).runs().unwrap();
    assert!(runs.len() == 1 && runs[0].events > 499, "it went on: {runs:?}");
    assert!(!reader(folder.path()).lost_its_end(1).unwrap());
}

#[test]
fn damage_in_the_middle_is_left_as_it_is_with_a_way_out() {
    let folder = kept();
    database(
        folder.path(),
        "UPDATE runs SET ended = NULL; UPDATE events SET body = body || ' ' WHERE seq = 40",
    );
    let rows = number(folder.path(), "SELECT count(*) FROM events");
    assert_eq!(open(folder.path()).damage_findings(), [DamageFinding::Damaged { run: 1, seq: 40 }]);
    assert_eq!(number(folder.path(), "SELECT count(*) FROM events"), rows);
    let (exit, _, err) = asked(folder.path(), &["export"]);
    assert_eq!(exit, Exit::Failed);
    assert!(err.contains("bellwether export 1 --until 39"), "{err}");
    let (exit, out, _) = asked(folder.path(), &["export", "1", "--until", "39"]);
    assert_eq!((exit, out.lines().count()), (Exit::Success, 39));
    assert_eq!(asked(folder.path(), &["export", "1", "--until", "40"]).0, Exit::Failed);
    let (exit, _, err) = asked(folder.path(), &["run", "--speed", "max"]);
    assert!(exit == Exit::Failed && err.contains("--recover never"), "{err}");
    let (exit, _, err) = asked(folder.path(), &["run", "--speed", "max", "--recover", "never"]);
    assert!(exit == Exit::Success && err.contains("damaged at event 40"), "{err}");
}

#[test]
fn rows_that_hold_what_no_row_can_are_damage_and_no_crash() {
    for harm in [
        "UPDATE events SET sum = x'00' WHERE seq = 40",
        "UPDATE events SET corr = -1 WHERE seq = 40",
        "UPDATE events SET body = CAST(x'ff' AS TEXT) WHERE seq = 40",
    ] {
        let folder = kept();
        database(folder.path(), harm);
        let found = reader(folder.path()).events(1).unwrap_err();
        assert!(matches!(found, StoreError::Damaged { seq: 40, .. }), "{harm}: {found}");
    }
}

#[test]
fn a_run_whose_last_events_are_missing_is_found_though_every_sum_is_right() {
    let folder = kept();
    database(folder.path(), "DELETE FROM events WHERE seq > 2000");
    let checked = reader(folder.path()).check().unwrap();
    assert!(
        matches!(&checked.runs[0].verdict, RunIntegrity::Broken { what } if what.contains("last events are missing"))
    );
}

/// Puts an event of a kind nobody knows behind event 40 of run 1, with the sums as a newer program writes them.
fn moonrise(folder: &Path) {
    use sha2::Digest as _;

    let db = rusqlite::Connection::open(folder.join("journal.db")).unwrap();
    let sql = "SELECT at, corr, sum FROM events WHERE seq = 40";
    let (at, corr, mut sum): (i64, i64, [u8; 16]) =
        db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    db.execute_batch(
        "UPDATE events SET seq = -(seq + 1) WHERE seq > 40; UPDATE events SET seq = -seq WHERE seq < 0",
    )
    .unwrap();
    let body = r#"{"event":"moon_rose","phase":3}"#;
    db.execute(
        "INSERT INTO events VALUES (1, 41, ?1, ?2, 'moon_rose', ?3, zeroblob(16))",
        (at, corr, body),
    )
    .unwrap();
    let mut ask =
        db.prepare("SELECT seq, at, corr, body FROM events WHERE seq > 40 ORDER BY seq").unwrap();
    let rows = ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    let rows: Vec<(i64, i64, i64, String)> = rows.unwrap().map(Result::unwrap).collect();
    for (seq, at, corr, body) in rows {
        let mut digest = sha2::Sha256::new();
        digest.update(sum);
        for number in [seq, at, corr] {
            digest.update(number.to_be_bytes());
        }
        digest.update(body.as_bytes());
        sum.copy_from_slice(&digest.finalize()[..16]);
        db.execute("UPDATE events SET sum = ?1 WHERE seq = ?2", (sum, seq)).unwrap();
    }
    database(folder, "");
}

#[test]
fn events_of_a_newer_program_are_listed_exported_and_put_away_but_not_gone_on_with() {
    let folder = kept();
    moonrise(folder.path());
    let rows = number(folder.path(), "SELECT count(*) FROM events");
    let refused = reader(folder.path()).recorded_events(1).unwrap_err();
    assert!(matches!(refused, StoreError::Unknown { run: 1, seq: 41, .. }), "{refused}");
    assert!(refused.to_string().contains("use the program that wrote it"), "{refused}");
    let (exit, out, _) = asked(folder.path(), &["events"]);
    assert_eq!(exit, Exit::Success);
    assert!(out.contains("? UNKNOWN              event 41 of another version: moon_rose"), "{out}");
    assert!(out.contains("TASK_COMPLETED"), "what is known behind it is told");
    assert!(!out.contains("2018-12-19-standard-1 COMPLETED"), "a summary would be a guess");
    let (_, out, _) = asked(folder.path(), &["events", "--json"]);
    assert_eq!(i64::try_from(out.lines().count()), Ok(rows));
    let (_, out, _) = asked(folder.path(), &["export"]);
    let row: Value = serde_json::from_str(out.lines().nth(40).unwrap()).unwrap();
    assert_eq!((&row["kind"], &row["event"]["phase"]), (&"moon_rose".into(), &3.into()));
    let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
    assert!(
        exit == Exit::Success && out.contains("1 events of another version, the first is 41"),
        "{out}"
    );
    let (exit, out, err) = asked(folder.path(), &["replay", "--plain"]);
    assert!(exit == Exit::Success && err.contains("the replay ends before event 41"), "{err}");
    assert!(out.lines().count() > 5);
    database(folder.path(), "UPDATE runs SET ended = NULL");
    assert_eq!(open(folder.path()).damage_findings(), [], "it is whole");
    database(folder.path(), "UPDATE runs SET ended = 'completed', seen_at = 0");
    open(folder.path()).compact(RETENTION, now(), 9).unwrap();
    let entries = reader(folder.path()).events(1).unwrap();
    assert_eq!((entries[40].kind.as_str(), i64::try_from(entries.len())), ("moon_rose", Ok(rows)));
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    for mark in ["", "PRAGMA user_version = 7", "PRAGMA application_id = 77"] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.db");
        database(folder.path(), &format!("CREATE TABLE wine (year INTEGER); {mark}"));
        let before = fs::read(&file).unwrap();
        let (exit, _, err) = asked(folder.path(), &["run", "--speed", "max"]);
        assert_eq!(exit, Exit::Refused);
        assert!(err.contains("is a database of another program"), "{mark}: {err}");
        assert_eq!(asked(folder.path(), &["runs"]).0, Exit::Refused);
        assert!(fs::read(&file).unwrap() == before, "it was changed");
    }
}

#[test]
fn a_page_of_garbage_is_told_as_damage_with_what_to_do() {
    let folder = kept();
    let file = folder.path().join("journal.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2 / 4_096 * 4_096;
    bytes[middle..middle + 8_192].fill(0xa5);
    fs::write(&file, bytes).unwrap();
    let (exit, out, _) = asked(folder.path(), &["journal", "check"]);
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("database    DAMAGED") && out.contains("run 1"), "{out}");
    let (exit, _, err) = asked(folder.path(), &["export"]);
    assert_eq!(exit, Exit::Failed);
    assert!(err.contains("damaged"), "{err}");
}

/// The program as somebody who may not do everything, so that permissions hold where the tests run as root.
fn as_somebody(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.args(words).env("BELLWETHER_STATE_DIR", folder).env("BELLWETHER_CONFIG", "/dev/null");
    if fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
        command.uid(65_534).gid(65_534);
    }
    command.output().unwrap()
}

#[test]
fn a_folder_that_cannot_be_written_is_told_with_its_owner_and_still_read() {
    let folder = kept();
    let mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(folder.path(), 0o555);
    for file in ["journal.db", "lock"] {
        mode(&folder.path().join(file), 0o444);
    }
    let ran = as_somebody(folder.path(), &["run", "--speed", "max"]);
    let err = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{err}");
    assert!(err.contains("cannot be used") && err.contains("belongs to user"), "{err}");
    let read = as_somebody(folder.path(), &["runs"]);
    let out = String::from_utf8_lossy(&read.stdout);
    assert!(out.contains("2018-12-19-standard-1"), "{}", String::from_utf8_lossy(&read.stderr));
    mode(folder.path(), 0o755);
}

#[test]
fn a_database_of_somebody_else_in_an_open_folder_is_told_with_its_owner() {
    let folder = kept();
    let mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(folder.path(), 0o777);
    mode(&folder.path().join("lock"), 0o666);
    mode(&folder.path().join("journal.db"), 0o444);
    let ran = as_somebody(folder.path(), &["run", "--speed", "max"]);
    let err = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{err}");
    assert!(err.contains("read-only") && err.contains("belongs to user"), "{err}");
}

#[test]
fn a_disk_that_takes_no_more_ends_the_day_with_a_hint_and_leaves_a_whole_journal() {
    let folder = tempfile::tempdir().unwrap();
    // A file may be no longer than this, in blocks of 512 bytes; past it a write fails as on a broken disk.
    let script = "trap '' XFSZ; ulimit -f 1200; exec \"$0\" run --speed max";
    let ran = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_bellwether")])
        .env("BELLWETHER_STATE_DIR", folder.path())
        .env("BELLWETHER_CONFIG", "/dev/null")
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&ran.stderr);
    assert!(!ran.status.success());
    assert!(err.contains("could not be recorded") && err.contains("check the system log"), "{err}");
    let checked = reader(folder.path()).check().unwrap();
    assert!(checked.database.is_empty(), "{checked:?}");
    assert_eq!(checked.runs[0].verdict, RunIntegrity::Sound);
    assert!(checked.runs[0].run.events > 10);
    assert_eq!(checked.runs[0].run.ended, None);
}
