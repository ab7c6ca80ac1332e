//! An audit trail after a crash, a full disk, or a power cut: entered again with the same bytes, and the
//! journal is never made to follow it.

#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test at once")]

use std::{fs, path::PathBuf, sync::Arc};

use bellwether::{
    audit::{AuditEntry, TrailFault},
    cli::Exit,
    engine::{RecordedEvent, RunState, port::EventSink as _},
    store::{Journal, Store, TrailWriter, verify_trails},
};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::trail::{asked, database, events, faults, file, owner, two_days};

/// A run fed into a journal and its trail, and the trail's share of it lost from some event on.
struct Fed {
    folder: tempfile::TempDir,
    sinks: Option<(Journal, TrailWriter)>,
    run: Option<RunState>,
}

impl Fed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut fed = Self { folder, sinks: None, run: None };
        fed.open();
        fed
    }

    fn open(&mut self) -> Vec<String> {
        self.sinks = None;
        let store = Store::open(self.folder.path(), &owner()).unwrap();
        let (trail, remarks) = TrailWriter::open(&store).unwrap();
        self.sinks = Some((Journal::new(store), trail));
        remarks
    }

    fn fold(&mut self, step: &[Arc<RecordedEvent>]) -> RunState {
        for recorded in step {
            match &mut self.run {
                Some(run) => run.apply(recorded).unwrap(),
                none => *none = Some(RunState::from_first_event(recorded).unwrap()),
            }
        }
        self.run.clone().unwrap()
    }

    fn journal(&mut self, step: &[Arc<RecordedEvent>]) -> RunState {
        let run = self.fold(step);
        self.sinks.as_mut().unwrap().0.record(step, &run).unwrap();
        run
    }

    fn both(&mut self, step: &[Arc<RecordedEvent>]) -> std::io::Result<()> {
        let run = self.journal(step);
        self.sinks.as_mut().unwrap().1.record(step, &run)
    }

    fn path(&self) -> PathBuf {
        file(self.folder.path(), 1)
    }
}

/// The lines of a trail that tell of events up to one of them.
fn up_to(whole: &str, event: u64) -> String {
    let lines = whole.split_inclusive('\n').filter(|line| {
        let entry: AuditEntry = serde_json::from_str(line).unwrap();
        entry.act.event_seq.unwrap_or(1) <= event
    });
    lines.collect()
}

#[test]
fn what_a_crash_left_out_is_entered_on_the_next_start_with_the_same_bytes() {
    let day = tempfile::tempdir().unwrap();
    let words = ["run", "--speed", "max", "--scenario", "demo"];
    asked(day.path(), &words);
    let (all, whole) = (events(day.path()), fs::read_to_string(file(day.path(), 1)).unwrap());
    let last = all.len();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(12));
    // Steps of one size; told to both until `both`, then to the journal alone until `kept`; then
    // somebody is killed in the middle of a line of so many bytes.
    let drawn = (1..90_usize, 0..last, 1..last, 0..400_usize);
    runner
        .run(&drawn, |(size, both, kept, torn)| {
            let mut fed = Fed::new();
            for (at, step) in all[..kept].chunks(size).enumerate() {
                if at * size < both {
                    fed.both(step).unwrap();
                } else {
                    fed.journal(step);
                }
            }
            let expected = up_to(&whole, u64::try_from(kept).unwrap());
            if both > 0 {
                let there = fs::read_to_string(fed.path()).unwrap();
                prop_assert!(expected.starts_with(&there));
                let rest = &expected.as_bytes()[there.len()..];
                let half = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
                let half = &half[..torn.min(half.len())];
                fs::write(fed.path(), [there.as_bytes(), half].concat()).unwrap();
                let remarks = fed.open();
                let healed = there.len() < expected.len();
                prop_assert_eq!(!remarks.is_empty(), healed, "{:?}", &remarks);
                let told = remarks.iter().any(|remark| remark.contains("torn"));
                prop_assert_eq!(told, !half.is_empty(), "{:?}", &remarks);
            } else {
                fed.open();
            }
            prop_assert_eq!(fs::read_to_string(fed.path()).unwrap(), expected);
            prop_assert_eq!(faults(fed.folder.path()), []);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_trail_that_cannot_be_written_fails_the_record_and_is_whole_once_it_can() {
    let day = tempfile::tempdir().unwrap();
    asked(day.path(), &["run", "--speed", "max"]);
    let (all, whole) = (events(day.path()), fs::read_to_string(file(day.path(), 1)).unwrap());
    let mut fed = Fed::new();
    let folder = fed.folder.path().join("audit");
    fs::write(&folder, "no folder").unwrap();
    let mut steps = all.chunks(100);
    let error = fed.both(steps.next().unwrap()).unwrap_err();
    assert!(error.to_string().contains("state folder cannot be used"), "{error}");
    fs::remove_file(&folder).unwrap();
    for step in steps {
        fed.both(step).unwrap();
    }
    assert_eq!(fs::read_to_string(fed.path()).unwrap(), whole);
    // The same events once more change nothing: who was refused may be told all of it again.
    let (run, last) = (fed.run.clone().unwrap(), all.last().unwrap().clone());
    fed.sinks.as_mut().unwrap().1.record(&[last], &run).unwrap();
    assert_eq!(fs::read_to_string(fed.path()).unwrap(), whole);
}

#[test]
fn a_trail_that_outlived_the_end_of_its_journal_is_cut_and_what_it_told_is_kept() {
    let day = tempfile::tempdir().unwrap();
    asked(day.path(), &["run", "--speed", "max"]);
    let all = events(day.path());
    let mut fed = Fed::new();
    fed.both(&all[..300]).unwrap();
    let (path, short) = (fed.path(), fs::read_to_string(fed.path()).unwrap());
    fed.both(&all[300..1_000]).unwrap();
    let long = fs::read_to_string(&path).unwrap();
    fed.sinks = None;
    // As after a power cut that took what was not yet on disk.
    database(fed.folder.path(), "DELETE FROM events WHERE run = 1 AND seq > 300");
    let remarks = fed.open();
    assert!(remarks.iter().any(|told| told.contains("lost its end")), "{remarks:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), short);
    assert_eq!(fs::read_to_string(path.with_extension("aside-1")).unwrap(), long);
    assert_eq!(faults(fed.folder.path()), []);
}

#[test]
fn a_day_that_is_taken_up_goes_on_with_its_trail() {
    let folder = tempfile::tempdir().unwrap();
    let day = tempfile::tempdir().unwrap();
    asked(day.path(), &["run", "--speed", "max"]);
    let all = events(day.path());
    let mut fed = Fed { folder, sinks: None, run: None };
    fed.open();
    fed.both(&all[..600]).unwrap();
    fed.journal(&all[600..700]);
    fed.sinks = None;
    let words = ["run", "--speed", "max", "--recover", "auto"];
    let (exit, out, err) = asked(fed.folder.path(), &words);
    assert!(matches!(exit, Exit::Success | Exit::Failed), "{err}");
    let found = verify_trails(fed.folder.path()).unwrap();
    let [trail] = found.as_slice() else { unreachable!("{found:?}") };
    assert!(trail.problems.is_empty(), "{trail:?}");
    let kinds: Vec<&str> = trail.entries.iter().map(|entry| entry.act.kind.as_str()).collect();
    assert!(kinds.contains(&"recovery_began") && kinds.contains(&"recovery_ended"), "{kinds:?}");
    assert!(out.contains(&trail.head().unwrap().to_string()), "{out}");
}

#[test]
fn a_file_that_contradicts_the_journal_is_not_gone_on_with_and_not_changed() {
    let day = tempfile::tempdir().unwrap();
    asked(day.path(), &["run", "--speed", "max"]);
    let all = events(day.path());
    let mut fed = Fed::new();
    fed.both(&all[..900]).unwrap();
    fed.journal(&all[900..1_000]);
    let path = fed.path();
    let false_one = fs::read_to_string(&path).unwrap().replacen("\"engine\"", "\"nobody\"", 1);
    fs::write(&path, &false_one).unwrap();
    let remarks = fed.open();
    assert!(remarks.iter().any(|told| told.contains("line 1 ")), "{remarks:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), false_one);
    let (exit, out, _) = asked(fed.folder.path(), &["audit", "verify"]);
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("line 1: edited"), "{out}");
}

#[test]
fn a_journal_from_before_there_were_trails_gets_them_on_the_next_start() {
    let folder = two_days();
    let (one, two) = (file(folder.path(), 1), file(folder.path(), 2));
    let both = (fs::read(&one).unwrap(), fs::read(&two).unwrap());
    let sql = "DROP TABLE trails; DROP TABLE archived; DROP TABLE remarks; DROP TABLE set_aside; DROP TABLE facts; \
               ALTER TABLE runs DROP COLUMN seen_at; PRAGMA user_version = 1";
    database(folder.path(), sql);
    fs::remove_dir_all(folder.path().join("audit")).unwrap();
    assert!(faults(folder.path()).iter().all(|(_, _, f)| matches!(f, TrailFault::Missing { .. })));
    let store = Store::open(folder.path(), &owner()).unwrap();
    let (_, remarks) = TrailWriter::open(&store).unwrap();
    assert_eq!(remarks.len(), 2, "{remarks:?}");
    assert_eq!((fs::read(&one).unwrap(), fs::read(&two).unwrap()), both);
    assert_eq!(faults(folder.path()), []);
}
