//! An incident from end to end: an agent dies, the alert names the command that helps, recovery is told.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::Receiver,
    time::Duration,
};

use serde_json::Value;

use crate::notified::{Got, receiver};

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

fn bellwether(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.args(words).current_dir(folder).stdin(Stdio::null());
    command.env("BELLWETHER_STATE_DIR", folder.join("state")).env("BELLWETHER_CONFIG", "/dev/null");
    command
}

/// The next notification that fits. The limit only ends a test that has failed.
fn next(arrived: &Receiver<Got>, fits: impl Fn(&Value) -> bool) -> Value {
    loop {
        let got = arrived.recv_timeout(Duration::from_mins(2)).expect("no notification arrived");
        if let Some(found) = got.notifications().into_iter().find(&fits) {
            return found;
        }
    }
}

#[test]
fn an_agent_dies_the_alert_names_the_fix_and_recovery_follows() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (name, text) in [("analyst.py", ANALYST), ("agents.yaml", AGENTS), ("work.yaml", WORKFLOW)]
    {
        fs::write(folder.join(name), text).unwrap();
    }
    let (address, arrived) = receiver(&["200 OK"]);
    let words = ["serve", "--agents", "agents.yaml", "--workflow", "work.yaml", "--start", "09:28"];
    let words = [&words[..], &["--date", "2018-12-19", "--speed", "30"]].concat();
    let mut serve = bellwether(folder, &words)
        .env("ALERT_WEBHOOK_URL", format!("http://{address}/hook"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let alert = next(&arrived, |it| it["kind"] == "task_failed");
    assert_eq!([&alert["status"], &alert["task"]], ["firing", "look"]);
    let book = alert["runbook"].as_str().unwrap();
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(book)).unwrap();
    assert!(page.contains("bellwether retry TASK"), "the page names the command of the alert");
    // The operator mends the agent and runs the command of the alert.
    fs::write(folder.join("well"), "").unwrap();
    let command = alert["help"].as_str().unwrap();
    assert_eq!(command, "bellwether retry look REASON");
    let words: Vec<_> = command.split(' ').skip(1).chain(["--yes"]).collect();
    let done = bellwether(folder, &words).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let resolved = next(&arrived, |it| it["alert"] == alert["alert"]);
    assert_eq!(resolved["status"], "resolved");
    serve.kill().unwrap();
    serve.wait().unwrap();
}
