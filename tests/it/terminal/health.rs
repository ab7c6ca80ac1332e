//! `bellwether health` and `status`: each component is broken for real, alone, and turns back.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

use std::{fs, path::Path};

use serde_json::Value;

use super::attached::{Serving, bellwether, signal, told};

/// A served run, and the folder of its state.
struct ServedDesk {
    state: tempfile::TempDir,
    serving: Serving,
}

impl ServedDesk {
    fn open(with: &[&str]) -> Self {
        let state = tempfile::tempdir().unwrap();
        let words = [&["serve", "--speed", "1"], with].concat();
        let serving = Serving::begin(bellwether(state.path(), &words));
        Self { state, serving }
    }

    fn path(&self) -> &Path {
        self.state.path()
    }

    /// The exit code, and the components that are not well, with their states.
    fn health(&self) -> (i32, Vec<String>) {
        health_of(self.path(), &[])
    }
}

fn health_of(state: &Path, with: &[&str]) -> (i32, Vec<String>) {
    let (code, text) = told(state, &[&["health", "--json"], with].concat());
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    let components = report["components"].as_array().unwrap();
    let unwell = components.iter().filter(|one| one["state"] != "ok").map(|one| {
        assert!(one["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{one}");
        format!("{} {}", one["component"].as_str().unwrap(), one["state"].as_str().unwrap())
    });
    (code, unwell.collect())
}

#[test]
fn health_is_0_while_a_run_is_driven_and_3_where_none_is() {
    let desk = ServedDesk::open(&[]);
    assert_eq!(desk.health(), (0, vec![]));
    let ServedDesk { state, serving } = desk;
    assert_eq!(serving.end(), 0);
    assert_eq!(health_of(state.path(), &[]), (3, vec!["engine failed".to_owned()]));
    let (code, text) = told(state.path(), &["health", "--component", "journal"]);
    assert!(code == 0 && text.starts_with("journal"), "{code}: {text}");
    let (code, text) = told(state.path(), &["health", "--component", "heart"]);
    assert!(code == 2 && text.contains("no component `heart`; components: engine"), "{text}");
    let nothing = format!("state_dir={}", state.path().join("none").display());
    let (code, text) = told(state.path(), &["--set", &nothing, "health"]);
    assert!(code == 3 && text.contains("the first run creates it"), "{code}: {text}");
}

#[test]
fn exactly_the_broken_component_turns_and_turns_back() {
    let desk = ServedDesk::open(&[]);
    let failed = |part: &str| (1, vec![format!("{part} failed")]);

    // The journal's folder: a folder stands where the probe is written.
    let probe = desk.path().join("health.probe");
    fs::create_dir(&probe).unwrap();
    assert_eq!(desk.health(), failed("journal"));
    fs::remove_dir(&probe).unwrap();
    assert_eq!(desk.health(), (0, vec![]));

    // The audit trail: one letter is changed.
    let trail = fs::read_dir(desk.path().join("audit")).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&trail).unwrap();
    let mut changed = whole.clone();
    let at = changed.iter().position(|byte| *byte == b'a').unwrap();
    changed[at] = b'b';
    fs::write(&trail, &changed).unwrap();
    assert_eq!(desk.health(), failed("audit"));
    fs::write(&trail, &whole).unwrap();

    // Market data: the configured folder has none.
    let (code, unwell) = health_of(desk.path(), &["--set", "data_dir=/nowhere"]);
    assert_eq!((code, unwell), failed("market_data"));
    // The calendar does not cover the date.
    let (code, unwell) = health_of(desk.path(), &["--date", "2123-03-01"]);
    assert_eq!((code, unwell), failed("calendar"));
    assert_eq!(desk.health(), (0, vec![]));

    // Trading: halted is degraded, killed is failed.
    let (code, text) = told(desk.path(), &["halt"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(desk.health(), (0, vec!["trading degraded".to_owned()]));
}

#[test]
fn an_engine_that_stands_still_is_reported_by_its_heartbeat() {
    let desk = ServedDesk::open(&[]);
    let pid = desk.serving.pid();
    let path = desk.path().join("heartbeat");
    while !fs::read_to_string(&path).is_ok_and(|text| text.ends_with('\n')) {
        assert_eq!(desk.health(), (0, vec![]), "a run that has just begun");
    }
    signal("-STOP", pid);
    // The last heartbeat becomes a minute older: no test waits for that.
    let text = fs::read_to_string(&path).unwrap();
    let [at, boot, passed] = text.split_whitespace().collect::<Vec<_>>()[..] else {
        panic!("{text}")
    };
    let passed: u64 = passed.parse().unwrap();
    fs::write(&path, format!("{at} {boot} {}\n", passed.saturating_sub(60_000))).unwrap();
    let (code, text) = told(desk.path(), &["health", "--component", "engine"]);
    signal("-CONT", pid);
    assert!(code == 1 && text.contains("no heartbeat for 6"), "{code}: {text}");
}

#[test]
fn status_counts_all_runs_of_the_folder_and_knows_who_runs() {
    let state = tempfile::tempdir().unwrap();
    let document = |state: &Path| -> Value {
        let (code, text) = told(state, &["status", "--json"]);
        assert_eq!(code, 0, "{text}");
        serde_json::from_str(&text).unwrap()
    };
    let nothing = document(state.path());
    assert_eq!(nothing["system_running"], false);
    assert_eq!(nothing["agents"]["healthy"], 0);
    assert_eq!(nothing["statistics"]["success_rate"], 0.0);
    for _run in 0..2 {
        let (code, text) = told(state.path(), &["run", "--recover", "never"]);
        assert_eq!(code, 0, "{text}");
    }
    // The second time the counts come from the file beside the journal.
    for _time in 0..2 {
        let two = document(state.path());
        assert_eq!(two["system_running"], false);
        assert_eq!(two["workflow_engine"]["completed_executions"], 2);
        assert_eq!(two["statistics"]["workflows_executed"], 2);
        assert_eq!(two["statistics"]["success_rate"], 1.0);
        assert!(two["statistics"]["total_tasks_completed"].as_u64().unwrap() > 60, "{two}");
    }
    let serving = Serving::begin(bellwether(state.path(), &["serve", "--speed", "1"]));
    let live = document(state.path());
    assert_eq!(live["system_running"], true);
    assert_eq!((&live["agents"]["total"], &live["agents"]["healthy"]), (&6.into(), &6.into()));
    assert_eq!(live["workflow_engine"]["active_executions"], 1);
    assert_eq!(live["workflow_engine"]["completed_executions"], 2);
    assert_eq!(serving.end(), 0);
    let (code, text) = told(state.path(), &["--set", "data_dir=/nowhere", "status"]);
    assert!(code == 1 && text.contains("market_data   failed"), "{code}: {text}");
}
