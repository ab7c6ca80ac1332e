//! Alerts outside of the terminal: the built program, and receivers that take them, refuse them or hang.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Output},
    sync::mpsc::{self, Receiver},
    thread,
};

use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

const SCENARIO: &str = "scenario: broken\ntitle: the analysis fails for good\nfaults:\n  \
    - {task: market_analysis, fail: 9, after: 12s, message: \"503 service unavailable\"}\n";

/// A request that a receiver got.
struct Got {
    /// First line and headers, in lower case.
    head: String,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.trim()))
    }

    fn notifications(&self) -> Vec<Value> {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        body["notifications"].as_array().unwrap().clone()
    }
}

/// Answers requests with these first lines, the last of them for ever; gives its address and what it got.
fn receiver(answers: &'static [&'static str]) -> (String, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (got, all) = mpsc::channel();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let answer = answers.get(number).or(answers.last()).unwrap();
            let Some(request) = read_request(&stream.unwrap(), answer) else { continue };
            if got.send(request).is_err() {
                return;
            }
        }
    });
    (address, all)
}

fn read_request(mut stream: &TcpStream, answer: &str) -> Option<Got> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.to_lowercase();
        if line.trim().is_empty() {
            break;
        }
        if let Some(number) = line.strip_prefix("content-length: ") {
            length = number.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let reply = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(reply.as_bytes()).ok()?;
    Some(Got { head, body: String::from_utf8(body).unwrap() })
}

/// Runs the program in a folder with these notifiers; gives exit code and all output.
fn told(folder: &Path, notifiers: &str, words: &[&str]) -> (i32, String) {
    let (file, scenario) = (folder.join("notifiers.yaml"), folder.join("broken.yaml"));
    fs::write(&file, notifiers).unwrap();
    fs::write(&scenario, SCENARIO).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command
        .env("BELLWETHER_CONFIG", "/dev/null")
        .env("BELLWETHER_STATE_DIR", folder.join("state"))
        .env("BELLWETHER_NOTIFIERS", file)
        .env("BELLWETHER_SCENARIO", scenario)
        .env("SIGN", "s3cret-key")
        .args(words);
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

const DAY: [&str; 5] = ["run", "--date", "2018-12-19", "--speed", "max"];

#[test]
fn failed_task_is_told_with_the_command_that_helps_and_signed() {
    let folder = tempfile::tempdir().unwrap();
    let (address, got) = receiver(&["500 Internal Server Error", "200 OK"]);
    let notifiers = format!(
        "notifiers: {{desk: {{kind: webhook, url: 'http://{address}/x?token=hidden', signing_key_env: SIGN}}}}"
    );
    let (code, said) = told(folder.path(), &notifiers, &DAY);
    assert_eq!(code, 1, "the day fails as without anybody who is told");
    assert!(!said.contains("hidden") && !said.contains("s3cret"), "{said}");
    let first = got.recv().unwrap();
    // The first message was refused with 500: what it told is left to the next process, with all that followed.
    let (code, said) = told(folder.path(), &notifiers, &["run", "--date", "2018-12-25"]);
    assert_eq!(code, 0, "{said}");
    let second = got.recv().unwrap();
    assert_eq!(first.notifications()[0], second.notifications()[0], "told again, unchanged");
    let failed = &second.notifications()[0];
    assert_eq!(
        (failed["status"].as_str(), failed["severity"].as_str()),
        (Some("firing"), Some("critical"))
    );
    assert_eq!(failed["help"], "bellwether retry market_analysis REASON");
    assert_eq!(failed["task"], "market_analysis");
    assert!(
        Path::new(env!("CARGO_MANIFEST_DIR")).join(failed["runbook"].as_str().unwrap()).exists()
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(b"s3cret-key").unwrap();
    mac.update(second.body.as_bytes());
    let mut signed = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        write!(signed, "{byte:02x}").unwrap();
    }
    assert_eq!(second.header("x-bellwether-signature"), Some(signed.as_str()));
}

#[test]
fn receiver_that_is_away_or_redirects_hurts_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let (elsewhere, strayed) = receiver(&["200 OK"]);
    let redirect = Box::leak(
        format!("307 Temporary Redirect\r\nlocation: http://{elsewhere}/").into_boxed_str(),
    );
    let answers: &'static [&'static str] = Box::leak(Box::new([&*redirect]));
    let (address, got) = receiver(answers);
    let notifiers = format!(
        "notifiers:\n  gone: {{kind: webhook, url: 'http://127.0.0.1:1/'}}\n  \
         moved: {{kind: webhook, url: 'http://{address}/'}}\n"
    );
    let (code, _) = told(folder.path(), &notifiers, &DAY);
    assert_eq!(code, 1);
    got.recv().unwrap();
    assert!(strayed.try_recv().is_err(), "a redirect is not followed");
    let (_, listed) = told(folder.path(), &notifiers, &["alert", "list"]);
    let line = |name: &str| listed.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(
        line("gone").contains("0 delivered") && !line("gone").contains(" 0 waiting"),
        "{listed}"
    );
    assert!(line("moved").contains("307, a redirect, which is not followed"), "{listed}");
}

#[test]
fn receiver_that_never_answers_keeps_no_run_from_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let notifiers = format!(
        "notifiers: {{deaf: {{kind: webhook, url: 'http://{}/'}}}}",
        listener.local_addr().unwrap()
    );
    let (code, said) = told(folder.path(), &notifiers, &DAY);
    assert_eq!(code, 1, "{said}");
    let (_, listed) = told(folder.path(), &notifiers, &["alert", "list", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert!(listed[0]["waiting"].as_u64().unwrap() > 0, "kept for the next process: {listed}");
    drop(listener);
}

#[test]
fn trying_notifiers_says_for_each_what_came_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (address, got) = receiver(&["200 OK"]);
    let notifiers = format!(
        "notifiers:\n  good: {{kind: slack, url: 'http://{address}/'}}\n  \
         gone: {{kind: webhook, url: 'http://127.0.0.1:1/'}}\n"
    );
    let (code, said) = told(folder.path(), &notifiers, &["alert", "test"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("good                 delivered"), "{said}");
    assert!(said.contains("gone                 not delivered: no connection"), "{said}");
    assert!(got.recv().unwrap().body.contains("a test of this notifier"));
    let (code, said) = told(folder.path(), &notifiers, &["alert", "test", "--notifier", "god"]);
    assert_eq!(code, 2);
    assert!(said.contains("no notifier is called `god`; declared are: "), "{said}");
}

#[test]
fn notifiers_that_make_no_sense_stop_the_start_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    for (text, told_words) in [
        (
            "notifiers: {a: {kind: slack, url_env: NOT_SET_ANYWHERE}}",
            "variable NOT_SET_ANYWHERE is not set",
        ),
        ("notifiers:\n  a: {kind: telex}\n", "notifiers.yaml:2"),
    ] {
        let (code, said) = told(folder.path(), text, &DAY);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(told_words), "{said}");
    }
}
