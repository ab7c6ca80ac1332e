//! Output that is closed or not read, and runs that are continued with other inputs: the built program.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]
#![cfg(unix)]

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

const DATE: &str = "2018-12-19";

fn bellwether(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.env("BELLWETHER_CONFIG", "/dev/null").env("BELLWETHER_STATE_DIR", folder).args(words);
    command
}

fn spawn(folder: &Path, words: &[&str]) -> Child {
    let mut command = bellwether(folder, words);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Exit code, standard output and standard error.
fn told(folder: &Path, words: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = bellwether(folder, words).output().unwrap();
    let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (status.code().unwrap(), out, err)
}

/// Waits for the end; returns the exit code and standard error.
fn ended(mut child: Child) -> (i32, String) {
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    (child.wait().unwrap().code().unwrap(), err)
}

/// Reads lines until the day is under way.
fn read_some_lines(child: &mut Child) {
    let out = BufReader::new(child.stdout.as_mut().unwrap());
    let started = out.lines().map(Result::unwrap).find(|line| line.contains("TASK_STARTED"));
    assert!(started.is_some());
}

#[test]
fn a_service_ends_though_nobody_reads_its_output() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["serve", "--json", "--verbose", "--speed", "max", "--date", DATE];
    let mut child = spawn(folder.path(), &words);
    // Kept open and not read: a day does not fit into a pipe.
    let _unread = child.stdout.take().unwrap();
    let (_, err) = ended(child);
    assert!(err.contains("events not printed"), "{err}");
    let (_, runs, _) = told(folder.path(), &["runs"]);
    assert!(!runs.contains("open:") && !runs.contains("left"), "{runs}");
}

#[test]
fn sigterm_ends_a_run_whose_output_nobody_reads() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = spawn(folder.path(), &["run", "--json", "--speed", "max", "--date", DATE]);
    let _unread = child.stdout.take().unwrap();
    // The engine does not wait for the reader: the run ends.
    let over = |runs: &str| runs.contains(DATE) && !runs.contains("open:");
    while !over(&told(folder.path(), &["runs"]).1) {}
    assert_eq!(child.try_wait().unwrap(), None, "it waits for a reader of what is left");
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    let (_, err) = ended(child);
    assert!(err.contains("events not printed"), "{err}");
}

#[test]
fn signals_that_mean_nothing_end_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = spawn(folder.path(), &["run", "--speed", "3600", "--date", DATE]);
    read_some_lines(&mut child);
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    for signal in [Signal::ALARM, Signal::VTALARM, Signal::PROF, Signal::XFSZ, Signal::TERM] {
        kill_process(pid, signal).unwrap();
    }
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    let (code, err) = ended(child);
    assert_eq!(code, 1, "it ends by SIGTERM alone, in order: {err}");
    assert!(err.contains("SIGTERM"), "{err}");
}

#[test]
fn a_closed_pipe_stops_the_run_and_the_next_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = spawn(folder.path(), &["run", "--speed", "3600", "--date", DATE]);
    read_some_lines(&mut child);
    drop(child.stdout.take());
    let (code, err) = ended(child);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("its reader closed it") && err.contains("tasks had not ended"), "{err}");
    let (_, runs, _) = told(folder.path(), &["runs"]);
    assert!(runs.contains("left"), "{runs}");
    let (_, out, _) = told(folder.path(), &["run", "--date", DATE]);
    let first = out.lines().next().unwrap();
    assert!(first.contains("WORKFLOW_STARTED") && first.contains("standard-2"), "{first}");
}

#[test]
fn a_run_is_continued_with_other_inputs_only_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = spawn(folder.path(), &["run", "--speed", "3600", "--date", DATE]);
    read_some_lines(&mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    let other = ["run", "--date", DATE, "--scenario", "demo", "--set", "max_concurrent_tasks=1"];
    let (code, out, err) = told(folder.path(), &other);
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    assert!(err.contains("limits: recorded with") && err.contains("scenario: recorded"), "{err}");
    assert!(!err.contains("data: recorded") && err.contains("--recover auto"), "{err}");
    let (_, out, err) = told(folder.path(), &[&other[..], &["--recover", "auto"]].concat());
    assert!(out.contains("standard-1") && !out.contains("standard-2"), "{err}");
    let line = out.lines().find(|line| line.starts_with("input    limits: recorded with"));
    assert!(line.is_some_and(|line| line.contains("now")), "{out}");
}

#[test]
fn a_run_is_continued_when_its_inputs_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = spawn(folder.path(), &["run", "--speed", "3600", "--date", DATE]);
    read_some_lines(&mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    let (_, out, err) = told(folder.path(), &["run", "--date", DATE]);
    assert!(out.contains("standard-1") && !out.contains("standard-2"), "{err}");
    assert!(!out.lines().any(|line| line.starts_with("input ")), "{out}");
}
