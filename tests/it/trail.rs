//! The audit trail of whole days on disk: it is written, it is shown, and what somebody did to it is found.

#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test at once")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use bellwether::{
    audit::{AuditEntry, EntryChain, TrailFault, TrailHead, verify_from},
    cli::Exit,
    engine::RecordedEvent,
    store::{JournalOwner, JournalReader, StoreError, TrailFileReport, row_of_run, verify_trails},
};
use serde_json::Value;

use crate::cli::told;

pub(crate) fn owner() -> JournalOwner {
    JournalOwner { pid: 1, operator: "maria".into() }
}

pub(crate) fn asked(folder: &Path, words: &[&str]) -> (Exit, String, String) {
    told(words, &[("BELLWETHER_STATE_DIR", folder.to_str().unwrap())])
}

/// A state folder with two whole days in it.
pub(crate) fn two_days() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for date in ["2018-12-19", "2018-12-24"] {
        let (exit, _, err) = asked(folder.path(), &["run", "--speed", "max", "--date", date]);
        assert_eq!(exit, Exit::Success, "{err}");
    }
    folder
}

pub(crate) fn file(folder: &Path, run: i64) -> PathBuf {
    row_of_run(&JournalReader::open(folder).unwrap(), run).unwrap().unwrap().path(folder)
}

pub(crate) fn faults(folder: &Path) -> Vec<(Option<i64>, usize, TrailFault)> {
    let told = |file: TrailFileReport| {
        let run = file.run;
        file.problems.into_iter().map(move |problem| (run, problem.line, problem.fault))
    };
    verify_trails(folder).unwrap().into_iter().flat_map(told).collect()
}

pub(crate) fn database(folder: &Path, sql: &str) {
    let db = rusqlite::Connection::open(folder.join("journal.db")).unwrap();
    db.execute_batch(sql).unwrap();
}

/// The events of run 1 of a folder.
pub(crate) fn events(folder: &Path) -> Vec<Arc<RecordedEvent>> {
    let entries = JournalReader::open(folder).unwrap().events(1).unwrap();
    entries.iter().map(|entry| Arc::new(entry.to_recorded().unwrap())).collect()
}

#[test]
fn a_whole_day_is_entered_and_its_report_names_the_head() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("day.md");
    let words = ["run", "--speed", "max", "--report", report.to_str().unwrap()];
    let (exit, out, err) = asked(folder.path(), &words);
    assert_eq!(exit, Exit::Success, "{err}");
    let found = verify_trails(folder.path()).unwrap();
    let [trail] = found.as_slice() else { unreachable!("{found:?}") };
    assert!(trail.problems.is_empty() && trail.notes.is_empty(), "{trail:?}");
    let head = trail.head().unwrap().to_string();
    assert!(out.ends_with(&format!("audit    {head}\n")), "{out}");
    assert!(fs::read_to_string(&report).unwrap().contains(&head));
    let (_, again, _) = asked(folder.path(), &["events"]);
    assert!(again.ends_with(&format!("audit    {head}\n")), "{again}");
    let kinds = |kind: &str| trail.entries.iter().filter(|e| e.act.kind == kind).count();
    assert_eq!((kinds("trail_opened"), kinds("workflow_completed")), (1, 1));
    assert!(kinds("operator_acted") >= 2 && kinds("stage_completed") == 4, "{head}");
    assert!(kinds("gate_verdict") > 3 && kinds("order_state") > 3, "{head}");
    let order = trail.entries.iter().find(|e| e.act.subject.starts_with("order ")).unwrap();
    let after = order.act.after.as_ref().unwrap();
    assert!(after["plan_hash"].as_str().is_some_and(|hash| hash.len() == 64), "{after}");
}

#[test]
fn every_byte_of_a_day_counts() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(asked(folder.path(), &["run", "--speed", "max"]).0, Exit::Success);
    let text = fs::read(file(folder.path(), 1)).unwrap();
    // A line is checked by itself and by its place: so is each of its bytes.
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let entry: AuditEntry = serde_json::from_slice(line).unwrap();
        let start = TrailHead { seq: entry.seq - 1, hash: entry.prev.clone() };
        let is = |bytes: &[u8]| verify_from(start.clone(), bytes, Some(&entry.head())).is_ok();
        assert!(is(line));
        for at in 0..line.len() {
            let mut edited = line.to_vec();
            edited[at] ^= 1;
            assert!(!is(&edited), "byte {at} of line {}", entry.seq);
            assert!(!is(&line[..at]), "cut at {at} of line {}", entry.seq);
        }
    }
}

#[test]
fn lines_deleted_swapped_doubled_or_cut_off_are_found_in_the_state_folder() {
    let folder = two_days();
    let path = file(folder.path(), 1);
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let broken = |lines: Vec<&str>| {
        fs::write(&path, lines.concat()).unwrap();
        let found = faults(folder.path());
        assert!(found.iter().any(|(run, ..)| *run == Some(1)), "{found:?}");
        found
    };
    assert_eq!(faults(folder.path()), []);
    for at in (0..lines.len() - 1).step_by(9) {
        let mut without = lines.clone();
        without.remove(at);
        let found = broken(without);
        assert!(found.iter().any(|(_, line, _)| *line == at + 1), "{at}: {found:?}");
        let mut swapped = lines.clone();
        swapped.swap(at, at + 1);
        broken(swapped);
        let mut doubled = lines.clone();
        doubled.insert(at, lines[at]);
        broken(doubled);
        let found = broken(lines[..at].to_vec());
        let cut = |(_, line, fault): &(_, usize, TrailFault)| {
            *line == at + 1 && matches!(fault, TrailFault::Truncated { .. })
        };
        assert!(found.iter().any(cut), "{at}: {found:?}");
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(faults(folder.path()), []);
}

#[test]
fn a_trail_written_anew_with_sound_hashes_and_a_noted_head_is_betrayed_by_the_events() {
    let folder = two_days();
    let path = file(folder.path(), 2);
    let whole = fs::read_to_string(&path).unwrap();
    let entries: Vec<AuditEntry> =
        whole.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let mut chain = EntryChain::from_head(TrailHead { seq: 0, hash: entries[0].prev.clone() });
    let forged = entries.iter().map(|entry| {
        let mut act = entry.act.clone();
        if act.kind == "operator_acted" {
            act.actor = "somebody else".into();
        }
        chain.append(act).to_line() + "\n"
    });
    fs::write(&path, forged.collect::<String>()).unwrap();
    let sql = format!("UPDATE trails SET head = '{}' WHERE run = 2", chain.head());
    database(folder.path(), &sql);
    let at = entries.iter().position(|entry| entry.act.kind == "operator_acted").unwrap();
    let seq = entries[at].seq;
    assert_eq!(faults(folder.path()), [(Some(2), at + 1, TrailFault::Forged { seq })]);
    let (exit, out, _) = asked(folder.path(), &["audit", "verify"]);
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("audit rebuild RUN"), "{out}");
    let (exit, out, err) = asked(folder.path(), &["audit", "rebuild", "2"]);
    assert_eq!((exit, err.as_str()), (Exit::Success, ""));
    assert!(out.contains("aside-1"), "{out}");
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    assert_eq!(faults(folder.path()), []);
}

#[test]
fn a_missing_a_swapped_and_a_strange_file_are_named() {
    let folder = two_days();
    let (one, two) = (file(folder.path(), 1), file(folder.path(), 2));
    let (first, second) = (fs::read(&one).unwrap(), fs::read(&two).unwrap());
    fs::write(&one, &second).unwrap();
    fs::write(&two, &first).unwrap();
    let found = faults(folder.path());
    assert!(found.contains(&(Some(1), 1, TrailFault::Swapped { run: 2 })), "{found:?}");
    assert!(found.contains(&(Some(2), 1, TrailFault::Swapped { run: 1 })), "{found:?}");
    fs::write(&two, &second).unwrap();
    fs::remove_file(&one).unwrap();
    let found = faults(folder.path());
    let [(Some(1), 1, TrailFault::Missing { expected: Some(_) })] = found.as_slice() else {
        unreachable!("{found:?}")
    };
    fs::write(&one, &first).unwrap();
    fs::write(two.with_file_name("000009-x.jsonl"), &second).unwrap();
    assert_eq!(faults(folder.path()), [(None, 1, TrailFault::Orphan)]);
}

#[test]
fn a_trail_cut_with_its_head_is_missed_by_the_next_day_even_without_its_events() {
    let folder = two_days();
    let path = file(folder.path(), 1);
    let whole = fs::read_to_string(&path).unwrap();
    let cut: Vec<&str> = whole.split_inclusive('\n').take(9).collect();
    let last: AuditEntry = serde_json::from_str(cut[8]).unwrap();
    fs::write(&path, cut.concat()).unwrap();
    let sql = "UPDATE trails SET head = '{}' WHERE run = 1; DELETE FROM events WHERE run = 1; \
               DELETE FROM runs WHERE id = 1";
    database(folder.path(), &sql.replace("{}", &last.head().to_string()));
    let found = faults(folder.path());
    let [(Some(2), 1, TrailFault::Unlinked { run: 1, .. })] = found.as_slice() else {
        unreachable!("{found:?}")
    };
}

#[test]
fn the_program_shows_narrows_and_exports_the_trail_of_a_run() {
    let folder = two_days();
    let program = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
        let state = folder.path().to_str().unwrap();
        command
            .args(words)
            .env("BELLWETHER_STATE_DIR", state)
            .env("BELLWETHER_CONFIG", "/dev/null");
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, out) = program(&["audit", "verify"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("run 1: ") && out.contains("run 2: "), "{out}");
    let (code, out) = program(&["audit", "verify", "--json"]);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &told["sound"]), (Some(0), &Value::Bool(true)));
    let (_, all) = program(&["audit", "export", "1", "--format", "ndjson"]);
    assert_eq!(all, fs::read_to_string(file(folder.path(), 1)).unwrap());
    let (_, csv) = program(&["audit", "export", "1"]);
    assert_eq!(csv.lines().count(), all.lines().count() + 1);
    let (_, who) = program(&["audit", "show", "1", "--who", "simulated-approver", "--json"]);
    let who: Vec<AuditEntry> = serde_json::from_str(&who).unwrap();
    assert!(!who.is_empty());
    assert!(who.iter().all(|entry| entry.act.actor == "policy simulated-approver"));
    let order = all.lines().find_map(|line| {
        let entry: AuditEntry = serde_json::from_str(line).unwrap();
        entry.act.subject.strip_prefix("order ").map(str::to_owned)
    });
    let order = order.unwrap();
    let (_, shown) = program(&["audit", "show", "2018-12-19", "--order", &order]);
    assert!(shown.lines().next().unwrap().contains("gate verdict order"), "{shown}");
    assert!(
        shown.contains("order state order") || shown.contains(&format!("order {order} state")),
        "{shown}"
    );
    let (_, shown) = program(&["audit", "show", "1", "--task", "execute_open"]);
    assert!(
        shown.contains("effect effectful") && !shown.contains('{') && shown.contains(&order),
        "{shown}"
    );
    let paths = [file(folder.path(), 1), file(folder.path(), 2)];
    let [one, two] = paths.each_ref().map(|path| path.to_str().unwrap());
    assert_eq!(program(&["audit", "verify", one, two]).0, Some(0));
    assert_eq!(program(&["audit", "verify", two, one]).0, Some(1));
    assert_eq!(program(&["audit", "show", "7"]).0, Some(2));
}

#[test]
fn a_broken_journal_proves_no_trail() {
    let folder = two_days();
    database(folder.path(), "UPDATE events SET body = body || ' ' WHERE run = 1 AND seq = 40");
    let found = faults(folder.path());
    let [(Some(1), 1, TrailFault::Unproven { why })] = found.as_slice() else {
        unreachable!("{found:?}")
    };
    assert!(why.contains("event 40"), "{why}");
    let error: StoreError = JournalReader::open(folder.path()).unwrap().events(1).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { seq: 40, .. }));
}
