//! Acts of the shell that end the run they are given to.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

#[test]
fn an_act_that_ends_the_run_is_answered_as_done() {
    let folder = tempfile::tempdir().unwrap();
    let bellwether = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
        command.env("BELLWETHER_CONFIG", "/dev/null");
        command.env("BELLWETHER_STATE_DIR", folder.path()).args(words);
        command
    };
    let mut day = bellwether(&["run", "--speed", "60", "--date", "2018-12-19"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(day.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("TASK_STARTED")));
    let act =
        ["control", "--yes", "--phrase", "cancel-run", "cancel-run", "the", "drill", "is", "over"];
    let output = bellwether(&act).output().unwrap();
    let text = [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap()).concat();
    assert!(text.contains("done: ") && !text.contains("not done"), "{text}");
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(lines.any(|line| line.unwrap().contains("WORKFLOW_CANCELLED")));
    day.wait().unwrap();
}
