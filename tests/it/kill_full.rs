//! The kill on a full disk: neither the process that asks nor the day that is asked can write a byte.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]
#![cfg(unix)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Lines},
    path::Path,
    process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio},
};

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

/// Runs the program so that a write beyond the limit on file sizes fails, as on a full disk, and does not
/// end it; `before`: what the shell does first.
fn bellwether(folder: &Path, before: &str, words: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; {before} exec \"$0\" \"$@\"");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_bellwether")]).args(words);
    command.env("BELLWETHER_CONFIG", "/dev/null").env("BELLWETHER_STATE_DIR", folder);
    command
}

fn told(folder: &Path, before: &str, words: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = bellwether(folder, before, words).output().unwrap();
    let text = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (status.code().unwrap(), text)
}

/// No file of theirs grows.
const FULL: &str = "ulimit -f 0;";

/// A day that takes its time, whose disk can be full; ended when dropped.
struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    remarks: Lines<BufReader<ChildStderr>>,
}

impl Running {
    fn begin(folder: &Path, recover: &str) -> Self {
        let recover = format!("recover={recover}");
        let words = ["run", "--speed", "60", "--date", "2018-12-19", "--set", &recover];
        let mut command = bellwether(folder, "", &words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let remarks = BufReader::new(child.stderr.take().unwrap()).lines();
        Self { child, lines, remarks }
    }

    fn until(&mut self, words: &str) -> String {
        self.lines.by_ref().map(Result::unwrap).find(|line| line.contains(words)).unwrap()
    }

    fn remarks(&mut self, words: &str) {
        assert!(self.remarks.by_ref().any(|line| line.unwrap().contains(words)), "{words}");
    }

    /// From now on nothing can be written, or all can.
    fn disk(&self, room: Option<u64>) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        let maximum = getrlimit(Resource::Fsize).maximum;
        prlimit(Some(pid), Resource::Fsize, Rlimit { current: room, maximum }).unwrap();
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
fn kill_halt_and_reduce_are_obeyed_on_a_full_disk_and_status_says_so_at_once() {
    for (word, state) in [("kill", "KILLED"), ("halt", "HALTED")] {
        let folder = tempfile::tempdir().unwrap();
        let mut day = Running::begin(folder.path(), "never");
        day.until("TASK_STARTED");
        day.disk(Some(0));
        let (code, text) = told(folder.path(), FULL, &[word, "--reason", "rogue orders"]);
        assert!(text.contains("is there, without who and why"), "{text}");
        assert!(text.contains(&format!("has obeyed: its engine is {state}")), "{text}");
        assert_eq!(code, 0, "{text}");
        let (_, text) = told(folder.path(), "", &["status"]);
        assert!(text.contains(&format!("{state} since")), "{text}");
        day.disk(None);
        day.until(&format!("to {state} by"));
    }
}

#[test]
fn a_reduce_is_obeyed_on_a_full_disk_by_a_day_that_can_still_write() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = Running::begin(folder.path(), "never");
    day.until("TASK_STARTED");
    let (code, text) = told(folder.path(), FULL, &["reduce-only", "--reason", "rogue orders"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("its engine is REDUCE_ONLY"), "{text}");
    day.until("to REDUCE_ONLY by");
}

#[test]
fn a_day_frozen_by_a_full_disk_is_halted_while_it_is_over_its_death_and_when_it_is_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = Running::begin(folder.path(), "never");
    day.until("TASK_STARTED");
    day.disk(Some(0));
    day.remarks("JOURNAL UNAVAILABLE");
    let (_, text) = told(folder.path(), "", &["status"]);
    assert!(text.contains("HALTED since") && text.contains("cannot be recorded"), "{text}");
    drop(day);
    assert!(folder.path().join("HALT").exists());
    let (_, text) = told(folder.path(), "", &["status"]);
    assert!(text.contains("HALTED"), "{text}");
    for recover in ["auto", "never"] {
        let mut day = Running::begin(folder.path(), recover);
        let line = day.until("TRADING_CHANGED");
        assert!(line.contains("ACTIVE to HALTED by"), "{recover}: {line}");
    }
    fs::remove_file(folder.path().join("HALT")).unwrap();
}

#[test]
fn a_journal_deleted_under_a_running_day_halts_it_and_its_acts_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = Running::begin(folder.path(), "never");
    day.until("TASK_STARTED");
    fs::remove_file(folder.path().join("lock")).unwrap();
    fs::remove_file(folder.path().join("journal.db")).unwrap();
    day.remarks("JOURNAL UNAVAILABLE");
    let (code, text) = told(folder.path(), "", &["control", "--yes", "pause"]);
    assert_ne!(code, 0, "{text}");
    assert!(text.contains("journal.db is gone"), "{text}");
    let (_, text) = told(folder.path(), "", &["status"]);
    assert!(text.contains("HALTED since"), "{text}");
    // Whoever looks for it finds it, though its lock was deleted too.
    let (_, text) = told(folder.path(), "", &["kill"]);
    assert!(text.contains(&format!("process {} has seen it", day.child.id())), "{text}");
}
