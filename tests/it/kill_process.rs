//! The kill as an operator does it: the built program beside a day that runs in a process of its own.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]
#![cfg(unix)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use bellwether::store::{JournalOwner, Store};
use rustix::process::{Pid, Signal, kill_process};

fn bellwether(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.env("BELLWETHER_CONFIG", "/dev/null").env("BELLWETHER_STATE_DIR", folder).args(words);
    command
}

fn told(folder: &Path, words: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = bellwether(folder, words).output().unwrap();
    let text = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (status.code().unwrap(), text)
}

/// A day that takes its time, read line by line; ended when dropped.
struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn begin(folder: &Path) -> Self {
        // What is taken up goes on in the state of its journal; a new run knows the flag alone.
        let words = ["run", "--speed", "60", "--date", "2018-12-19", "--set", "recover=never"];
        let mut command = bellwether(folder, &words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn until(&mut self, words: &str) -> String {
        self.lines.by_ref().map(Result::unwrap).find(|line| line.contains(words)).unwrap()
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_running_day_is_killed_from_beside_it_and_stays_killed_over_its_death() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = Running::begin(folder.path());
    day.until("TASK_STARTED");
    let (code, text) = told(folder.path(), &["kill", "--reason", "rogue orders"]);
    assert_eq!(code, 0, "{text}");
    let pid = day.child.id();
    assert!(text.contains(&format!("process {pid} has seen it")), "{text}");
    assert!(text.contains("its engine is KILLED"), "{text}");
    let line = day.until("TRADING_CHANGED");
    assert!(line.contains("ACTIVE to KILLED by") && line.contains("rogue orders"), "{line}");
    let (code, text) = told(folder.path(), &["re-enable", "--reason", "x", "--confirm", "x"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("re-enable trading in its console"), "{text}");
    drop(day);
    let mut day = Running::begin(folder.path());
    let line = day.until("TRADING_CHANGED");
    assert!(line.contains("ACTIVE to KILLED by") && line.contains("rogue orders"), "{line}");
}

#[test]
fn a_signal_alone_kills_halts_or_reduces_and_leaves_the_flag() {
    let signals = [
        (Signal::USR1, "KILLED by policy SIGUSR1", "KILL"),
        (Signal::USR2, "HALTED by policy SIGUSR2", "HALT"),
        (Signal::URG, "REDUCE_ONLY by policy SIGURG", "REDUCE_ONLY"),
    ];
    for (signal, words, file) in signals {
        let folder = tempfile::tempdir().unwrap();
        let mut day = Running::begin(folder.path());
        day.until("TASK_STARTED");
        day.signal(signal);
        let line = day.until("TRADING_CHANGED");
        assert!(line.contains(words), "{line}");
        assert!(folder.path().join(file).exists());
    }
}

#[test]
fn a_process_that_does_not_answer_is_told_and_obeys_once_it_lives() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = Running::begin(folder.path());
    day.until("TASK_STARTED");
    day.signal(Signal::STOP);
    let (code, text) = told(folder.path(), &["kill"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("does not answer within 2 s"), "{text}");
    day.signal(Signal::CONT);
    day.until("to KILLED by");
}

#[test]
fn with_no_day_a_kill_is_for_the_next_and_is_re_armed_rung_by_rung_by_reason_and_phrase() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("not_there_yet");
    let (code, text) = told(&state, &["re-enable"]);
    assert!(code == 0 && text.contains("nothing keeps orders in"), "{text}");
    let (code, text) = told(&state, &["kill", "--reason", "drill"]);
    assert!(code == 0 && text.contains("no process writes there"), "{text}");
    let (_, text) = told(&state, &["status"]);
    assert!(text.contains("KILLED since") && text.contains("drill"), "{text}");
    let killed = ["re-enable", "--reason", "done", "--confirm", "re-enable KILLED to HALTED"];
    for wrong in
        [&killed[..1], &killed[..3], &["re-enable", "--reason", " ", "--confirm", killed[4]]]
    {
        let (code, text) = told(&state, wrong);
        assert_eq!(code, 3, "{text}");
        assert!(state.join("KILL").exists());
    }
    let (code, text) =
        told(&state, &["re-enable", "--reason", "x", "--confirm", "re-enable KILLED to ACTIVE"]);
    assert!(code == 3 && text.contains("does not match"), "{text}");
    assert_eq!(told(&state, &killed).0, 0);
    assert!(!state.join("KILL").exists() && state.join("HALT").exists());
    let halted =
        ["re-enable", "--reason", "book is right", "--confirm", "re-enable HALTED to ACTIVE"];
    assert_eq!(told(&state, &halted).0, 0);
    assert!(!state.join("HALT").exists());
}

#[test]
fn a_silent_heartbeat_is_killed_by_the_watchdog_once_and_a_day_without_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let once = ["watchdog", "--once"];
    let (code, text) = told(folder.path(), &once);
    assert!(code == 0 && text.contains("no day runs there"), "{text}");
    fs::write(folder.path().join("heartbeat"), "2018-12-19T15:00:00Z\n").unwrap();
    let (code, text) = told(folder.path(), &once);
    assert!(code == 1 && text.contains("no heartbeat for"), "{text}");
    let (_, text) = told(folder.path(), &["re-enable"]);
    assert!(text.contains("KILLED since") && text.contains("by policy watchdog"), "{text}");
    assert_eq!(told(folder.path(), &once).0, 0, "it is killed already");
}

#[test]
fn a_set_wall_clock_makes_no_heartbeat_silent() {
    let folder = tempfile::tempdir().unwrap();
    let mut beat = runtime::heartbeat_now();
    beat.at -= chrono::TimeDelta::hours(3);
    fs::write(folder.path().join("heartbeat"), format!("{beat}\n")).unwrap();
    let (code, text) = told(folder.path(), &["watchdog", "--once"]);
    assert_eq!(code, 0, "{text}");
    assert!(!folder.path().join("KILL").exists());
}

#[test]
fn kill_signals_no_process_that_the_lock_merely_names() {
    let folder = tempfile::tempdir().unwrap();
    // SIGUSR1 would end it.
    let mut bystander = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    let owner = JournalOwner { pid: bystander.id(), operator: "ana".into() };
    let _store = Store::open(folder.path(), &owner).unwrap();
    let (_, text) = told(folder.path(), &["kill", "--reason", "drill"]);
    assert!(text.contains("its id is not known"), "{text}");
    assert!(folder.path().join("KILL").exists());
    drop(bystander.stdin.take());
    assert!(bystander.wait().unwrap().success(), "no signal reached it");
}

#[test]
fn a_watchdog_that_has_to_wait_for_the_silence_kills_when_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    // Fresh as it starts: it has to wait at least once before there is anything to kill for.
    let beaten = runtime::wall_now() + chrono::TimeDelta::seconds(1);
    fs::write(folder.path().join("heartbeat"), format!("{}\n", beaten.to_rfc3339())).unwrap();
    let (code, text) = told(folder.path(), &["watchdog", "--after", "1s"]);
    assert!(code == 1 && text.contains("no heartbeat for"), "{text}");
    let (_, text) = told(folder.path(), &["re-enable"]);
    assert!(text.contains("KILLED since") && text.contains("by policy watchdog"), "{text}");
}
