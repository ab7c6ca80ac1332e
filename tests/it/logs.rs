//! The log of `run` and `serve`: ECS lines, secrets, retention, a filter that changes, a reader that does not read.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

/// Stands for a token that must be in no line.
const TOKEN: &str = "hunter2-token";
const FAULT: &str = "
scenario: bad
title: the message holds hunter2-token
faults:
  - {task: collect_data, fail: 9, message: '401: hunter2-token is no token'}
";

fn bellwether(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.args(words).current_dir(folder).stdin(Stdio::null());
    command.env("BELLWETHER_STATE_DIR", folder.join("state")).env("BELLWETHER_CONFIG", "/dev/null");
    command
}

/// Runs to the end; returns the exit code and everything printed.
fn told(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

fn log_text(folder: &Path) -> String {
    let files = fs::read_dir(folder.join("logs")).unwrap();
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    fs::read_to_string(files.last().unwrap()).unwrap()
}

#[test]
fn a_day_in_json_has_ecs_fields_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("bad.yaml"), FAULT).unwrap();
    fs::create_dir(folder.join("logs")).unwrap();
    for day in 1..5 {
        fs::write(folder.join(format!("logs/desk.2018-01-0{day}.log")), "old").unwrap();
    }
    let words = ["run", "--scenario", "bad.yaml", "--set", "log_file=logs/desk.log"];
    let more = ["--set", "log_format=json", "--set", "log_keep=3"];
    let mut run = bellwether(folder, &[&words[..], &more].concat());
    // Nothing listens there: the failure is logged, without the address.
    run.env("ALERT_WEBHOOK_URL", format!("http://127.0.0.1:9/{TOKEN}")).env("FEED_TOKEN", TOKEN);
    let (code, text) = told(&mut run);
    assert_eq!(code, 1, "{text}");
    let log = log_text(folder);
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        for field in ["@timestamp", "log.level", "message", "ecs.version", "service.name"] {
            assert!(line[field].is_string(), "{field}: {line}");
        }
    }
    let of = |action: &str| lines.iter().find(|line| line["event.action"] == action).unwrap();
    let failed = of("task_failed");
    assert_eq!(
        (&failed["labels"]["task"], &failed["log.level"]),
        (&"collect_data".into(), &"warn".into())
    );
    assert_eq!(failed["labels"]["run"], of("workflow_failed")["labels"]["run"]);
    let messages: Vec<_> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    assert!(messages.iter().any(|it| it.starts_with("notifier ")), "{messages:?}");
    assert!(log.contains("[redacted]") && !log.contains("hunter2"), "a secret is in the log");
    assert_eq!(fs::read_dir(folder.join("logs")).unwrap().count(), 3, "the oldest were deleted");
}

#[test]
fn the_log_filter_changes_while_the_day_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let words =
        ["serve", "--date", "2018-12-19", "--speed", "1", "--set", "log_file=logs/desk.log"];
    let mut serve =
        bellwether(folder, &words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(serve.stderr.take().unwrap()).lines();
    lines.find(|line| line.as_ref().unwrap().contains("served at")).unwrap().unwrap();
    let level = |filter: &str| told(&mut bellwether(folder, &["log-level", filter]));
    let (code, text) = level("warn,bellwether_runtime=trace,bellwether::host::log=info");
    assert_eq!(code, 0, "{text}");
    let (code, text) = level("bellwether_runtime=loud");
    assert!(code == 3 && text.contains("the log filter"), "{text}");
    serve.kill().unwrap();
    serve.wait().unwrap();
    let log = log_text(folder);
    assert!(log.contains("the log filter is now `warn,bellwether_runtime=trace"), "{log}");
}

#[test]
fn a_log_that_nobody_reads_keeps_no_day() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut run = bellwether(folder, &["run", "--date", "2018-12-19", "--set", "log_format=json"]);
    // The pipe holds 64 KiB of some megabytes, and is read by nobody.
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(0));
}
