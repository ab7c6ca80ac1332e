//! `bellwether audit`: what it says of sound and of broken trails, and how it ends.

use std::{fs, path::Path};

use bellwether::{
    audit::{EntryChain, EntryDraft, TrailHead},
    cli::Exit,
};
use serde_json::{Value, json};

use crate::cli::told;

fn draft(actor: &str) -> EntryDraft {
    EntryDraft {
        actor_type: None,
        ts_utc: "2018-12-19T14:30:00Z".parse().expect("a time"),
        run: "2018-12-19-standard-1".into(),
        event_seq: Some(4),
        actor: actor.into(),
        kind: "operator_acted".into(),
        subject: "task risk_check".into(),
        before: Some(json!({ "state": "FAILED" })),
        after: Some(json!({ "verb": "retry" })),
        reason: Some("=desk \u{1b}[31mcall".into()),
        cause_seq: None,
    }
}

/// A trail of three entries as lines, and its head.
fn three() -> (Vec<String>, TrailHead) {
    let mut chain = EntryChain::new("a desk");
    let lines = ["ana", "bo", "cy"].map(|actor| chain.append(draft(actor)).to_line() + "\n");
    (lines.to_vec(), chain.head().clone())
}

fn put(folder: &Path, name: &str, lines: &[String]) -> String {
    let path = folder.join(name);
    fs::write(&path, lines.concat()).expect("a file");
    path.to_string_lossy().into_owned()
}

#[test]
fn a_sound_trail_ends_with_0_and_a_broken_one_with_1_and_its_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut lines, head) = three();
    let known = head.to_string();
    let sound = put(folder.path(), "sound.jsonl", &lines);
    let (exit, out, _) = told(&["audit", "verify", "--head", &known, &sound], &[]);
    assert_eq!((exit, out), (Exit::Success, format!("3 entries: sound, head {head}\n")));

    let cut = put(folder.path(), "cut.jsonl", &lines[..2]);
    assert_eq!(told(&["audit", "verify", &cut], &[]).0, Exit::Success, "only the head can tell");
    let (exit, out, _) = told(&["audit", "verify", "--head", &known, &cut], &[]);
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("line 3: truncated: ends with entry 2, entry 3 was the last"), "{out}");

    lines[1] = lines[1].replace("\"bo\"", "\"ana\"");
    let edited = put(folder.path(), "edited.jsonl", &lines);
    let (exit, out, _) = told(&["audit", "verify", &edited], &[]);
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("edited.jsonl: line 2: edited"), "{out}");
    assert!(out.ends_with("3 entries: BROKEN, 1 problem\n"), "{out}");
    let (exit, out, _) = told(&["audit", "verify", "--json", &edited], &[]);
    let found: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!((exit, &found["problems"][0]["line"]), (Exit::Failed, &json!(2)));
}

#[test]
fn files_are_parts_of_one_trail_in_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (lines, head) = three();
    let first = put(folder.path(), "1.jsonl", &lines[..1]);
    let second = put(folder.path(), "2.jsonl", &lines[1..]);
    let known = head.to_string();
    let (exit, out, _) = told(&["audit", "verify", "--head", &known, &first, &second], &[]);
    assert_eq!((exit, out), (Exit::Success, format!("3 entries: sound, head {head}\n")));
    assert_eq!(told(&["audit", "verify", &second, &first], &[]).0, Exit::Failed);
    assert_eq!(told(&["audit", "verify", &second], &[]).0, Exit::Failed, "its start is missing");
}

#[test]
fn what_people_wrote_is_shown_without_its_escape_sequences_and_exported_as_no_formula() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut lines, _) = three();
    let file = put(folder.path(), "a.jsonl", &lines);
    let (exit, out, _) = told(&["audit", "show", &file], &[]);
    assert_eq!(exit, Exit::Success);
    let first = "A-1 2018-12-19 14:30:00 UTC ana: retry risk_check; was FAILED; why: =desk call";
    assert_eq!(out.lines().next(), Some(first));

    let (exit, out, _) = told(&["audit", "export", &file], &[]);
    assert_eq!((exit, out.lines().count()), (Exit::Success, 4));
    assert!(out.starts_with("seq,ts_utc,run,"), "{out}");
    assert!(out.contains(",'=desk "), "{out}");

    lines.remove(0);
    let broken = put(folder.path(), "b.jsonl", &lines);
    let (exit, out, _) = told(&["audit", "export", &broken], &[]);
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("line 1: deleted") && !out.contains("seq,"), "{out}");
}

#[test]
fn no_file_a_missing_file_and_a_head_that_is_none_are_matters_of_usage() {
    assert_eq!(told(&["audit", "verify"], &[]).0, Exit::Usage);
    let (exit, out, err) = told(&["audit", "verify", "no/such/trail.jsonl"], &[]);
    assert_eq!((exit, out.as_str()), (Exit::Usage, ""));
    assert!(err.contains("no/such/trail.jsonl"), "{err}");
    assert_eq!(told(&["audit", "verify", "--head", "seven", "x"], &[]).0, Exit::Usage);
}
