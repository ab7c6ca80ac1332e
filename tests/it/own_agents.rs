//! Own agents in runs of the real program: in a workflow, in place of a built-in agent, killed in mid-task.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{
    fs::{self, File},
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
};

/// Tells through a pipe that it has begun, and goes on once it may.
const WAITS: &str = r#"
import os, time

class Waits:
    def execute_wait(self, task_data):
        pipe = open("begun", "w")
        pipe.write("begun")
        pipe.flush()
        while not os.path.exists("go"):
            time.sleep(0.01)
        return {"summary": "waited", "attempt": 1}
"#;

const AGENTS: &str = "
agents:
  waits:
    python: waits.py:Waits
    task_types:
      wait: { effect: pure }
";

const WORKFLOW: &str = "
name: waiting
stages:
  only:
    tasks:
      - { id: wait, agent: waits, task_type: wait, timeout: 600, max_retries: 2 }
";

fn bellwether(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    command.args(words).current_dir(folder).stdin(Stdio::null());
    command.env("BELLWETHER_STATE_DIR", folder.join("state")).env("BELLWETHER_CONFIG", "/dev/null");
    command
}

/// Runs to the end; returns the exit code and everything printed.
fn told(folder: &Path, words: &[&str]) -> (i32, String) {
    let output = bellwether(folder, words).output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

#[test]
fn a_run_killed_while_an_own_agent_works_is_recovered_and_finished() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, &[("waits.py", WAITS), ("agents.yaml", AGENTS), ("work.yaml", WORKFLOW)]);
    assert!(Command::new("mkfifo").arg(folder.join("begun")).status().unwrap().success());
    let words = ["run", "--agents", "agents.yaml", "--workflow", "work.yaml", "--recover", "auto"];
    let mut first =
        bellwether(folder, &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Opening the pipe waits for the agent, which opens it when the task has begun.
    let mut begun = File::open(folder.join("begun")).unwrap();
    // An agent that is stopped between opening the pipe and writing to it would have said nothing.
    let mut word = [0; 5];
    begun.read_exact(&mut word).unwrap();
    first.kill().unwrap();
    first.wait().unwrap();
    // The pipe ends with the agent's process, which ends with the program that started it.
    let mut said = String::from_utf8(word.to_vec()).unwrap();
    begun.read_to_string(&mut said).unwrap();
    assert_eq!(said, "begun");
    fs::write(folder.join("go"), "").unwrap();
    let second = bellwether(folder, &words).stdout(Stdio::piped()).spawn().unwrap();
    let mut begun = File::open(folder.join("begun")).unwrap();
    begun.read_to_string(&mut said).unwrap();
    let output = second.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(text.contains("TASK_COMPLETED       wait: waited"), "{text}");
    let (code, text) = told(folder, &["journal", "check"]);
    assert_eq!(code, 0, "{text}");
}

const ANALYST: &str = "
class Analyst:
    def execute_deep_dive(self, task_data):
        raise RuntimeError('the model is down')
";

fn serving(connection: &str, fallback: &str) -> String {
    format!(
        "
agents:
  my_analyst:
    {connection}
    serves:
      - {{ agent: senior_analyst, task_type: deep_dive, fallback: {fallback} }}
"
    )
}

#[test]
fn an_own_agent_in_place_of_a_built_in_one_fails_retries_or_falls_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, &[("analyst.py", ANALYST)]);
    let words = ["run", "--agents", "agents.yaml", "--date", "2018-12-12"];
    let day = |connection: &str, fallback: &str| {
        fs::write(folder.join("agents.yaml"), serving(connection, fallback)).unwrap();
        told(folder, &words)
    };
    let (code, text) = day("python: analyst.py:Analyst", "builtin");
    assert_eq!(code, 1, "an agent that starts is not replaced: {text}");
    assert!(text.contains("RuntimeError: the model is down"), "{text}");
    let (code, text) = day("command: [/no/such/program]", "builtin");
    assert_eq!(code, 0, "the built-in agent does it: {text}");
    let (code, text) = day("command: [/no/such/program]", "fail");
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("cannot start /no/such/program"), "{text}");
}

#[test]
fn a_day_whose_overlay_no_workflow_file_has_runs_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let windowed = WORKFLOW.replace("  only:\n", "  only:\n    window: 06:00 .. 16:00\n");
    let agents = AGENTS.replace("python: waits.py:Waits", "python: quick.py:Quick");
    let quick = "class Quick:\n    def analyze(self, data):\n        return {'done': True}\n";
    write(folder, &[("quick.py", quick), ("agents.yaml", &agents), ("work.yaml", &windowed)]);
    let words = ["run", "--agents", "agents.yaml", "--workflow", "work.yaml"];
    let (code, text) = told(folder, &[&words[..], &["--date", "2018-12-19"]].concat());
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("the day runs without the overlay `fomc`"), "{text}");
    // Without hours it runs on Christmas Day, and has nothing to do with overlays.
    write(folder, &[("work.yaml", WORKFLOW)]);
    let (code, text) = told(folder, &[&words[..], &["--date", "2018-12-25"]].concat());
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("overlay"), "{text}");
}

#[test]
fn an_answer_in_time_is_no_timeout_though_the_estimate_is_longer() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let agents = AGENTS.replace("waits.py:Waits", "quick.py:Quick");
    let quick = "class Quick:\n    def analyze(self, data):\n        return {'done': True}\n";
    let dies = quick.replace("return {'done': True}", "import os; os._exit(7)");
    // Nothing is estimated, which means half a minute.
    let workflow = WORKFLOW.replace("timeout: 600, max_retries: 2", "timeout: 5, max_retries: 0");
    write(folder, &[("quick.py", quick), ("agents.yaml", &agents), ("work.yaml", &workflow)]);
    let words = ["run", "--agents", "agents.yaml", "--workflow", "work.yaml"];
    let (code, text) = told(folder, &words);
    assert!(code == 0 && text.contains("TASK_COMPLETED"), "{text}");
    write(folder, &[("quick.py", &dies)]);
    let (code, text) = told(folder, &words);
    assert!(code == 1 && text.contains("exit status: 7"), "{text}");
}

#[test]
fn a_run_that_is_ended_by_a_signal_leaves_no_agent_behind() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // It neither reads on nor ends by itself.
    let deaf = WAITS.replace("while not os.path.exists(\"go\"):", "while True:");
    let deaf = format!(
        "{deaf}\nimport bellwether_agent\nbellwether_agent.os._exit = lambda code: time.sleep(1000)\n"
    );
    write(folder, &[("waits.py", &deaf), ("agents.yaml", AGENTS), ("work.yaml", WORKFLOW)]);
    assert!(Command::new("mkfifo").arg(folder.join("begun")).status().unwrap().success());
    let words = ["run", "--agents", "agents.yaml", "--workflow", "work.yaml"];
    let run =
        bellwether(folder, &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut begun = File::open(folder.join("begun")).unwrap();
    let pid = run.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(run.wait_with_output().unwrap().status.code(), Some(1));
    // The pipe ends with the agent; the test waits here as long as one is left.
    let mut said = String::new();
    begun.read_to_string(&mut said).unwrap();
    assert_eq!(said, "begun");
}
