//! A server of the Model Context Protocol as an agent of a run.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{fs, path::Path, process::Command};

const WORKFLOW: &str = "
name: reading
stages:
  only:
    tasks:
      - { agent: data, task_type: read_bars, task_data: { symbol: AAPL }, max_retries: 0 }
";

/// The declaration of the test server, with what it does wrong, and its allowed tools.
fn agents(fault: &str, tools: &str) -> String {
    let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data/mcp_server.py");
    format!(
        "
agents:
  data:
    mcp:
      command: [python3, {}, {fault}]
      tools: {tools}
      map:
        read_bars: {{ tool: bars, arguments: {{ symbol: '{{params.symbol}}' }}, result: /bars }}
    task_types:
      read_bars: {{ effect: pure, estimate: 1s }}
",
        server.display()
    )
}

fn told(folder: &Path, words: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.args(words).args(["--agents", "agents.yaml"]).current_dir(folder);
    command.env("BELLWETHER_STATE_DIR", folder.join("state")).env("BELLWETHER_CONFIG", "/dev/null");
    let output = command.output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

#[test]
fn an_mcp_server_does_a_task_and_its_faults_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("work.yaml"), WORKFLOW).unwrap();
    let run = |fault: &str, tools: &str| {
        fs::write(folder.join("agents.yaml"), agents(fault, tools)).unwrap();
        told(folder, &["run", "--workflow", "work.yaml"])
    };
    let (code, text) = run("asks", "[bars]");
    assert_eq!(code, 0, "{text}");
    let (code, text) = told(folder, &["logs", "read_bars"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("the server asked for sampling/createMessage, which is not"), "{text}");
    let (code, text) = told(folder, &["agents", "describe", "data", "--json"]);
    assert!(code == 0 && text.contains("\"tools_hash\": \"sha256:"), "{text}");
    let (code, text) = run("dies", "[bars]");
    assert!(code == 1 && text.contains("no licence"), "{text}");
    let (code, text) = run("none", "[]");
    assert!(code == 2 && text.contains("the tool `bars` is not allowed"), "{code}: {text}");
}
