//! Alerts outside of the terminal: the real program against local receivers, friendly and hostile.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::Value;

/// Stands for an address or a key that must be seen nowhere.
const HUNTER: &str = "hunter2";

/// What a receiver does with one request.
#[derive(Debug, Clone)]
enum Answer {
    Status(u16),
    Redirect(String),
    Garbage,
    /// Keeps the connection open and says nothing.
    Never,
}

/// A request as it arrived.
#[derive(Debug)]
struct Arrived {
    head: String,
    body: Value,
}

impl Arrived {
    /// `status kind text` of each alert.
    fn lines(&self) -> Vec<String> {
        let alerts = self.body["alerts"].as_array().unwrap();
        let word = |alert: &Value, name: &str| alert[name].as_str().unwrap().to_owned();
        let line =
            |a: &Value| format!("{} {} {}", word(a, "status"), word(a, "kind"), word(a, "text"));
        alerts.iter().map(line).collect()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Opens a receiver; the last answer holds for all later requests.
fn receiver(answers: Vec<Answer>) -> (String, Receiver<Arrived>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/{HUNTER}", listener.local_addr().unwrap());
    let (tell, arrived) = channel();
    thread::spawn(move || {
        let mut answers = answers.into_iter().peekable();
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                    break;
                }
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let body = serde_json::from_slice(&body).unwrap();
            let last = answers.peek().cloned().unwrap();
            let answer = answers.next().unwrap();
            if answers.peek().is_none() {
                answers = vec![last].into_iter().peekable();
            }
            let text = match answer {
                Answer::Status(code) => {
                    format!("HTTP/1.1 {code} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                }
                Answer::Redirect(to) => format!(
                    "HTTP/1.1 307 X\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                ),
                Answer::Garbage => "\u{1}\u{2} no HTTP at all\r\n\r\n".into(),
                Answer::Never => String::new(),
            };
            // The other side may have gone; a test that is over listens no more.
            let _ = stream.get_mut().write_all(text.as_bytes());
            let _ = tell.send(Arrived { head, body });
            if text.is_empty() {
                kept.push(stream);
            }
        }
    });
    (url, arrived)
}

/// The next request. The limit only ends a test that has failed.
fn next(arrived: &Receiver<Arrived>) -> Arrived {
    arrived.recv_timeout(Duration::from_mins(2)).expect("no alert arrived")
}

pub(crate) fn bellwether(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.args(words).current_dir(folder).stdin(Stdio::null());
    command.env("BELLWETHER_STATE_DIR", folder.join("state")).env_remove("ALERT_WEBHOOK_URL");
    command
}

/// Runs to the end; returns the exit code and everything printed.
pub(crate) fn told(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

const FAULT: &str = "
scenario: bad
title: no data
faults:
  - {task: collect_data, fail: 9, message: '503 service unavailable'}
";

fn bad_day(folder: &Path, url: &str) -> (i32, String) {
    fs::write(folder.join("bad.yaml"), FAULT).unwrap();
    let words = ["run", "--scenario", "bad.yaml", "--date", "2018-12-19"];
    told(bellwether(folder, &words).env("ALERT_WEBHOOK_URL", url))
}

fn assert_no_secret(folder: &Path) {
    for entry in fs::read_dir(folder.join("state")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains(HUNTER), "{}", path.display());
        }
    }
}

#[test]
fn a_failed_task_reaches_the_webhook_once_with_its_fix() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (url, arrived) = receiver(vec![Answer::Status(500), Answer::Status(200)]);
    let (code, text) = bad_day(folder, &url);
    assert_eq!(code, 1, "{text}");
    let (first, again) = (next(&arrived), next(&arrived));
    let line = "firing task_failed collect_data failed: 503 service unavailable";
    assert_eq!(first.lines()[0], line);
    assert_eq!(again.body, first.body, "the same delivery after the 500");
    assert_eq!(again.header("Idempotency-Key"), first.header("Idempotency-Key"));
    let alert = &first.body["alerts"][0];
    assert_eq!(alert["command"], "bellwether retry collect_data \"reason\"");
    assert_eq!(
        [&alert["console_key"], &alert["severity"], &alert["task"], &alert["mode"]],
        ["r", "critical", "collect_data", "SIM"]
    );
    let book = alert["runbook"].as_str().unwrap();
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(book).is_file(), "{book}");
    let rest: Vec<_> = arrived.try_iter().flat_map(|it| it.lines()).collect();
    assert_eq!(rest.iter().filter(|it| it.contains("task_failed")).count(), 0, "{rest:?}");
    assert!(!text.contains(HUNTER), "{text}");
    assert_no_secret(folder);
}

#[test]
fn a_webhook_that_hangs_keeps_no_day_and_the_next_one_tells() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (url, never) = receiver(vec![Answer::Never]);
    let (code, text) = bad_day(folder, &url);
    assert_eq!(code, 1, "the day ends as without a webhook: {text}");
    let first = next(&never);
    let (code, text) = told(bellwether(folder, &["alert", "list"]).env("ALERT_WEBHOOK_URL", &url));
    assert!(code == 0 && text.contains("waits  CRIT collect_data failed"), "{text}");
    let (url, arrived) = receiver(vec![Answer::Status(204)]);
    let words = ["run", "--date", "2018-12-20"];
    let (code, text) = told(bellwether(folder, &words).env("ALERT_WEBHOOK_URL", &url));
    assert_eq!(code, 0, "{text}");
    let again = next(&arrived);
    assert_eq!(again.body, first.body, "what the first run left is delivered, as it was");
}

#[test]
fn redirects_garbage_and_refusals_are_told_and_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (elsewhere, stolen) = receiver(vec![Answer::Status(200)]);
    let cases = [
        (Answer::Redirect(elsewhere), "the receiver redirects (307); it is not followed"),
        (Answer::Garbage, "the answer is not HTTP"),
        (Answer::Status(403), "the receiver answered 403"),
    ];
    for (answer, expected) in cases {
        let (url, _arrived) = receiver(vec![answer]);
        let test = ["alert", "test"];
        let (code, text) = told(bellwether(folder, &test).env("ALERT_WEBHOOK_URL", &url));
        assert_eq!((code, text), (1, format!("webhook (webhook): not delivered: {expected}\n")));
    }
    assert!(stolen.try_recv().is_err(), "the address of a secret went elsewhere");
}

const NOTIFIERS: &str = "
notifiers:
  - {name: hook, kind: webhook, url_env: HOOK_URL, secret_env: HOOK_SECRET}
  - {name: chat, kind: slack, url_env: HOOK_URL}
  - {name: oncall, kind: pagerduty, url: 'URL', key_env: PD_KEY, kinds: [task_failed]}
  - {name: program, kind: command, command: [sh, -c, 'cat > heard.json']}
";

#[test]
fn each_kind_of_notifier_gets_its_own_form() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (url, arrived) = receiver(vec![Answer::Status(202)]);
    fs::write(folder.join("bellwether.yaml"), NOTIFIERS.replace("URL'", &format!("{url}'")))
        .unwrap();
    let (code, text) = told(&mut bellwether(folder, &["alert", "test"]));
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("notifier `hook`: HOOK_URL, HOOK_SECRET is not set"), "{text}");
    let mut test = bellwether(folder, &["alert", "test"]);
    let (code, text) =
        told(test.env("HOOK_URL", &url).envs([("HOOK_SECRET", "s"), ("PD_KEY", "k")]));
    assert_eq!(code, 0, "{text}");
    let hook = next(&arrived);
    assert_eq!(hook.lines(), ["firing test test alert: no action is needed"]);
    let signed = hook.header("X-Bellwether-Signature").unwrap();
    assert!(signed.starts_with("t=") && signed.contains(",v1="), "{signed}");
    let chat = next(&arrived).body["text"].as_str().unwrap().to_owned();
    assert!(chat.starts_with(":warning: INFO test alert"), "{chat}");
    let oncall = next(&arrived).body;
    assert_eq!(
        [&oncall["routing_key"], &oncall["event_action"], &oncall["payload"]["severity"]],
        ["k", "trigger", "info"]
    );
    let heard: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("heard.json")).unwrap()).unwrap();
    assert_eq!(heard["alerts"][0]["kind"], "test");
    let (code, text) = told(&mut bellwether(folder, &["alert", "test", "--notifier", "nobody"]));
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("notifiers: hook, chat, oncall, program"), "{text}");
}

#[test]
fn mistakes_in_notifiers_are_told_all_at_once_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let list = "notifiers:\n  - {kind: webhok}\n  - {kind: slack, url: 'ftp://x'}\n  - kind: command\n    \
                command: [x]\n    severty: info\n    quiet: night\n    kinds: [nothing]\n";
    fs::write(folder.join("bellwether.yaml"), list).unwrap();
    let (code, text) = told(&mut bellwether(folder, &["config"]));
    assert_eq!(code, 2, "{text}");
    for part in [
        ":2:5: `notifiers`: no kind `webhok`; kinds: webhook, slack, pagerduty, command",
        ":3:5: `notifiers`: an address begins with `https://` or `http://`",
        "no key `severty`; is `severity` meant?",
        "`quiet`: expected hours as 20:00-07:00",
        "`kinds`: expected approval",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

const AGENTS: &str = "
agents:
  analyst:
    python: analyst.py:Analyst
    task_types:
      look: { effect: pure }
";
const WORKFLOW: &str = "
name: watched
stages:
  only:
    tasks:
      - { id: look, agent: analyst, task_type: look, timeout: 600, max_retries: 0 }
      - { id: last, agent: analyst, task_type: look, timeout: 600, window: '15:00 .. 16:00' }
";
/// Dies at its work until the file `well` is there.
const ANALYST: &str = r#"
import os
class Analyst:
    def execute_look(self, task_data):
        if not os.path.exists("well"):
            os._exit(7)
        return {"summary": "looked"}
"#;

/// The incident: an agent dies, the alert names the command that helps, the operator runs it, and the
/// recovery follows.
#[test]
fn an_agent_dies_the_alert_names_the_fix_and_recovery_follows() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (name, text) in [("analyst.py", ANALYST), ("agents.yaml", AGENTS), ("work.yaml", WORKFLOW)]
    {
        fs::write(folder.join(name), text).unwrap();
    }
    let (url, arrived) = receiver(vec![Answer::Status(200)]);
    let words = ["serve", "--agents", "agents.yaml", "--workflow", "work.yaml", "--start", "09:28"];
    let words = [&words[..], &["--date", "2018-12-19", "--speed", "30"]].concat();
    let mut serve = bellwether(folder, &words)
        .env("ALERT_WEBHOOK_URL", &url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let alert = loop {
        let request = next(&arrived);
        let alerts = request.body["alerts"].as_array().unwrap().clone();
        if let Some(alert) = alerts.into_iter().find(|it| it["kind"] == "task_failed") {
            break alert;
        }
    };
    assert_eq!(
        [&alert["status"], &alert["task"], &alert["agent"], &alert["console_key"]],
        ["firing", "look", "analyst", "r"]
    );
    // The operator mends the agent and runs the command of the alert.
    fs::write(folder.join("well"), "").unwrap();
    let command = alert["command"].as_str().unwrap();
    assert_eq!(command, "bellwether retry look \"reason\"");
    let words: Vec<_> = command.split(' ').skip(1).map(|word| word.trim_matches('"')).collect();
    let (code, text) = told(&mut bellwether(folder, &[&words[..], &["--yes"]].concat()));
    assert_eq!(code, 0, "{text}");
    let resolved = loop {
        let request = next(&arrived);
        let alerts = request.body["alerts"].as_array().unwrap().clone();
        if let Some(alert) = alerts.into_iter().find(|it| it["key"] == alert["key"]) {
            break alert;
        }
    };
    assert_eq!(resolved["status"], "resolved");
    serve.kill().unwrap();
    serve.wait().unwrap();
}
