//! What own agents say during an attempt, kept in its log and read again; an attempt tried again by hand.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

const TALKER: &str = r#"
import sys
import bellwether_agent

class Talker:
    def execute_listen(self, task_data):
        return {"summary": "heard", "words": ["one", "two"]}

    def execute_talk(self, task_data):
        request = bellwether_agent.request()
        bellwether_agent.progress(50, "half\x1b[2J way")
        bellwether_agent.progress(50, "still half way")
        bellwether_agent.log("a word", level="warning", count=2)
        bellwether_agent.usage(10, 5, 0.25)
        print("printed")
        if request["attempt"] == 1:
            raise RuntimeError("out of breath")
        words = request["upstream"]["listen"]["data"]["words"]
        return {"summary": "said " + " ".join(words) + " " + task_data["end"]}
"#;

const AGENTS: &str = "
agents:
  talker:
    python: talker.py:Talker
    task_types:
      listen: { effect: pure, estimate: 1s }
      talk: { effect: pure, estimate: 1s }
";

const WORKFLOW: &str = "
name: talking
stages:
  only:
    tasks:
      - { agent: talker, task_type: listen }
      - { agent: talker, task_type: talk, task_data: { end: stop }, dependencies: [listen], max_retries: 1 }
";

fn told(folder: &Path, words: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.args(words).current_dir(folder).stdin(Stdio::null());
    command.env("BELLWETHER_STATE_DIR", folder.join("state")).env("BELLWETHER_CONFIG", "/dev/null");
    let output = command.env("BELLWETHER_AGENTS_FILE", "agents.yaml").output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("talker.py", TALKER), ("agents.yaml", AGENTS), ("work.yaml", WORKFLOW)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Kind, level and text of printed lines, without their times.
fn without_times(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.split_once(' ').unwrap().1).collect()
}

#[test]
fn the_log_of_each_attempt_is_kept_and_read_by_its_number() {
    let folder = desk();
    let folder = folder.path();
    let (code, text) = told(folder, &["run", "--workflow", "work.yaml"]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = told(folder, &["logs"]);
    assert_eq!((code, text.as_str()), (0, "talk  attempt 1\ntalk  attempt 2\n"));
    let (code, text) = told(folder, &["logs", "talk", "--attempt", "1"]);
    assert_eq!(code, 0, "{text}");
    let lines = without_times(&text);
    assert_eq!(lines[0], "start    attempt 1 of talk: talker.talk");
    for line in [
        "end      failed: RuntimeError: out of breath",
        "progress 50% half way",
        "progress 50% still half way",
        "log      warning a word count=2",
        "usage    10 tokens in, 5 tokens out, 0.25 USD",
    ] {
        assert!(lines.contains(&line), "{line}: {text}");
    }
    let (code, text) = told(folder, &["logs", "talk", "--follow"]);
    assert_eq!(code, 0, "a log that has ended is not waited for: {text}");
    assert!(text.contains("end      completed: said one two stop"), "{text}");
    let (_, text) = told(folder, &["logs", "talk", "--json"]);
    // Standard error is another pipe than the protocol: its line may come before the progress.
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let received = |line: &Value| line["text"] == "50% half\u{1b}[2J way";
    assert!(lines.iter().any(received), "exported as it was received: {text}");
    for (words, told_text) in [
        (&["logs", "tolk"][..], "tolk has no log in"),
        (&["logs", "tolk"], "do you mean talk?"),
        (&["logs", "talk", "--attempt", "7"], "talk, attempt 7, has no log"),
        (&["logs", "talk", "--run", "1999-01-04"], "1999-01-04"),
    ] {
        let (code, text) = told(folder, words);
        assert!(code == 2 && text.contains(told_text), "{code} {words:?}: {text}");
    }
}

#[test]
fn progress_is_an_event_of_the_run_once_for_each_percent() {
    let folder = desk();
    let folder = folder.path();
    told(folder, &["run", "--workflow", "work.yaml"]);
    let (code, text) = told(folder, &["export", "last"]);
    assert_eq!(code, 0, "{text}");
    let reports: Vec<&str> =
        text.lines().filter(|line| line.contains("\"kind\":\"task_progress\"")).collect();
    assert_eq!(reports.len(), 2, "one of each attempt: {reports:?}");
}

#[test]
fn an_attempt_is_tried_again_by_hand_with_its_recorded_input() {
    let folder = desk();
    let folder = folder.path();
    told(folder, &["run", "--workflow", "work.yaml"]);
    let call = ["agents", "call", "talker", "talk", "--from", "last", "talk"];
    let (code, text) = told(folder, &call);
    assert_eq!(code, 0, "{text}");
    assert!(text.starts_with("completed: said one two stop\n"), "{text}");
    let (code, text) = told(folder, &[&call[..], &["--attempt", "1"]].concat());
    assert!(code == 1 && text.contains("RuntimeError: out of breath"), "{text}");
    for (words, told_text) in [
        (["last", "talk", "--attempt", "9"], "no attempt 9 of talk was started in"),
        (["last", "tolk", "--attempt", "1"], "tolk"),
    ] {
        let (code, text) = told(folder, &[&call[..5], &words[..]].concat());
        assert!(code == 2 && text.contains(told_text), "{code}: {text}");
    }
}

#[test]
fn a_result_that_breaks_its_own_schema_fails_its_task() {
    let folder = desk();
    let folder = folder.path();
    let script = r#"read line
printf '{"jsonrpc":"2.0","id":0,"result":{"protocol":"bellwether-agent/1","task_types":[{"name":"talk","output_schema":{"required":["score"]}}]}}\n'
read line
printf '{"jsonrpc":"2.0","id":1,"result":{"said":"nothing"}}\n'
read line"#;
    fs::write(folder.join("liar.sh"), script).unwrap();
    let agents = "
agents:
  talker:
    command: [sh, liar.sh]
    task_types:
      talk: { effect: pure }
";
    fs::write(folder.join("agents.yaml"), agents).unwrap();
    let (code, text) = told(folder, &["agents", "call", "talker", "talk"]);
    let problem = "(BadOutput): the result does not match the agent's own schema: /: \"score\" is \
                   a required property";
    assert!(code == 1 && text.contains(problem), "{text}");
}
