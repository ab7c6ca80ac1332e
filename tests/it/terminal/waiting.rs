//! A served day that only a person may let go on waits for one, and says so to whoever looks after it.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::Stdio,
};

use super::attached::{Manager, Serving, bellwether, console, signal, told};

/// A day that was served and whose program ended on the spot.
fn lost(state: &Path, with: &[&str]) {
    let words = [&["serve", "--speed", "1"], with].concat();
    let serving = Serving::begin(bellwether(state, &words));
    assert_eq!(told(state, &["control", "status"]).0, 0, "it goes on");
    drop(serving);
}

#[test]
fn a_served_day_waits_for_the_person_who_is_to_be_asked_and_goes_on_by_a_word_from_the_shell() {
    let state = tempfile::tempdir().unwrap();
    lost(state.path(), &[]);
    let manager = Manager::of(state.path());
    let mut command = bellwether(state.path(), &["serve", "--speed", "1", "--recover", "ask"]);
    manager.looks_after(&mut command);
    let serving = Serving::begin(command);
    manager.heard("READY=1");
    let status = manager.heard("RECOVERING");
    assert!(status.contains("an operator must review the run first"), "{status}");
    manager.heard("WATCHDOG=1");
    let (code, text) = told(state.path(), &["status"]);
    assert!(code == 0 && text.contains("SIM RECOVERING"), "{text}");
    assert!(text.contains("`bellwether recover REASON` carries them out"), "{text}");
    let mut screen = console(state.path(), &["attach"]);
    screen.wait_for("RECOVERING: no task starts");
    let (code, text) = told(state.path(), &["retry", "collect_data", "--yes", "now"]);
    assert!(code == 3 && text.contains("the run is recovering"), "{code}: {text}");
    let (code, text) = told(state.path(), &["recover", "--yes", "I have looked"]);
    assert!(code == 0 && text.contains("done"), "{code}: {text}");
    screen.wait_until("the day", |screen| !screen.text().contains("RECOVERING"));
    let status = manager.heard("1 console");
    assert!(status.contains("1 console"), "{status}");
    let (_, text) = told(state.path(), &["status"]);
    assert!(text.contains("SIM RUNNING") && !text.contains("waits"), "{text}");
    assert_eq!(serving.end(), 0);
}

#[test]
fn a_service_manager_that_reads_nothing_delays_no_day() {
    let state = tempfile::tempdir().unwrap();
    let manager = Manager::of(state.path());
    manager.is_deaf();
    let mut command = bellwether(state.path(), &["serve", "--speed", "600"]);
    manager.looks_after(&mut command);
    let serving = Serving::begin(command);
    let (code, text) = told(state.path(), &["pause", "--yes"]);
    assert!(code == 0, "{text}");
    assert_eq!(serving.end(), 0);
}

#[test]
fn who_attaches_to_a_day_that_waits_sees_what_is_decided_and_is_asked_why_by_its_key() {
    let state = tempfile::tempdir().unwrap();
    lost(state.path(), &[]);
    let words = ["serve", "--speed", "1", "--recover", "ask"];
    let serving = Serving::begin(bellwether(state.path(), &words));
    let mut screen = console(state.path(), &["attach"]);
    screen.wait_for("RECOVERING: no task starts");
    screen.type_in("\r");
    screen.wait_for("recover run");
    screen.wait_for("type a reason first");
    drop(serving);
}

#[test]
fn a_served_day_in_a_crash_loop_waits_ends_in_order_and_waits_again_where_a_run_ends_at_once() {
    let state = tempfile::tempdir().unwrap();
    // One recovery is a loop already.
    lost(state.path(), &["--set", "crash_loop=1"]);
    let mut command = bellwether(state.path(), &["serve", "--speed", "1"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut serving = Serving(child);
    let line = lines.find(|line| line.contains("CRASH LOOP")).unwrap();
    assert!(line.contains("`bellwether recover REASON` carries them out"), "{line}");
    signal("-TERM", serving.0.id());
    let last = lines.find(|line| line.contains("SIGTERM")).unwrap();
    assert!(last.contains("nothing was started"), "{last}");
    assert_eq!(serving.0.wait().unwrap().code(), Some(0));
    // The served days had the demo's inputs; `auto` agrees that they differ from those of this run.
    let (code, text) = told(state.path(), &["run", "--speed", "1", "--recover", "auto"]);
    assert!(code == 3 && text.contains("nothing was started: CRASH LOOP"), "{code}: {text}");
    let again = Serving::begin(bellwether(state.path(), &["serve", "--speed", "1"]));
    let (code, text) = told(state.path(), &["recover", "--yes", "the disk was full"]);
    assert!(code == 0, "a person may: {text}");
    assert_eq!(again.end(), 0);
}

#[test]
fn who_says_yes_at_the_terminal_of_a_run_lets_it_go_on_though_it_loops() {
    let state = tempfile::tempdir().unwrap();
    lost(state.path(), &["--set", "crash_loop=1"]);
    let mut run = console(state.path(), &["run", "--speed", "1", "--recover", "ask"]);
    run.wait_for("go on like this? [y/N]");
    run.type_in("y\r");
    run.wait_for("RECOVERY_ENDED");
    run.signal("-TERM");
    assert_eq!(run.rest(), 1);
}

#[test]
fn changed_inputs_are_agreed_to_once_and_not_by_waiting() {
    let state = tempfile::tempdir().unwrap();
    let patient = ["--set", "crash_loop=16"];
    lost(state.path(), &patient);
    let changed =
        [&["serve", "--speed", "1"], &patient[..], &["--set", "max_concurrent_tasks=1"]].concat();
    let status = || told(state.path(), &["status"]).1;
    for _asked in 0..2 {
        let waiting = Serving::begin(bellwether(state.path(), &changed));
        let text = status();
        assert!(text.contains("SIM RECOVERING"), "its inputs differ: {text}");
        drop(waiting);
    }
    let waiting = Serving::begin(bellwether(state.path(), &changed));
    let (code, text) = told(state.path(), &["recover", "--yes", "one task at a time"]);
    assert_eq!(code, 0, "{text}");
    drop(waiting);
    let again = Serving::begin(bellwether(state.path(), &changed));
    let text = status();
    assert!(text.contains("SIM RUNNING"), "they were agreed to: {text}");
    drop(again);
}
