//! `docs/agents.md` is true: its files are written, its commands run, and what it says they print is printed.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::{fs, path::PathBuf, process::Command};

/// A fenced block of a document: the words behind the fence, and its lines.
struct Block {
    words: String,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let (mut found, mut open): (Vec<Block>, Option<Block>) = (Vec::new(), None);
    for line in text.lines() {
        match (line.strip_prefix("```"), open.as_mut()) {
            (Some(words), None) => {
                open = Some(Block { words: words.to_owned(), lines: Vec::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => block.lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    found
}

/// A shell that remembers its folder.
struct Shell {
    folder: PathBuf,
    state: PathBuf,
}

impl Shell {
    /// Runs a command; returns its exit code and what it printed.
    fn run(&mut self, command: &str) -> (i32, String) {
        if let Some(folder) = command.strip_prefix("cd ") {
            self.folder.push(folder);
            return (0, String::new());
        }
        let program = PathBuf::from(env!("CARGO_BIN_EXE_bellwether"));
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program.parent().unwrap().display());
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).current_dir(&self.folder).env_clear();
        shell.env("PATH", path).env("HOME", &self.state).env("LANG", "C.UTF-8");
        let output = shell.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    }
}

#[test]
fn every_command_of_the_agents_page_does_what_it_says() {
    let text = fs::read_to_string("docs/agents.md").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell { folder: folder.path().to_owned(), state: folder.path().join("home") };
    let mut commands = 0;
    for block in blocks(&text) {
        if let Some((_, file)) = block.words.split_once("file=") {
            fs::write(shell.folder.join(file), block.lines.join("\n") + "\n").unwrap();
        }
        if block.words != "console" {
            continue;
        }
        let (mut command, mut printed, mut code) = (String::new(), String::new(), 0);
        for line in &block.lines {
            if let Some(next) = line.strip_prefix("$ ") {
                assert_eq!(code, 0, "`{command}` ends badly: {printed}");
                command = next.to_owned();
                (code, printed) = shell.run(next);
                commands += 1;
            } else if let Some(wanted) = line.strip_prefix("exit ") {
                assert_eq!(code.to_string(), wanted, "`{command}`: {printed}");
                code = 0;
            } else {
                assert!(printed.lines().any(|said| said == line), "`{command}`: {printed}");
            }
        }
        assert_eq!(code, 0, "`{command}` ends badly: {printed}");
    }
    assert_eq!(commands, 12, "commands of the page");
}

#[test]
fn the_shell_and_the_rust_example_pass_the_conformance_kit() {
    let folder = tempfile::tempdir().unwrap();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut shell = Shell { folder: root, state: folder.path().to_owned() };
    for agent in [
        "sh sdk/examples/echo_agent.sh",
        "python3 sdk/python/bellwether_agent.py sdk/examples/news_desk.py:NewsDesk",
    ] {
        let (code, text) = shell.run(&format!("bellwether agents check -- {agent}"));
        assert!(code == 0 && text.contains("26 of 26 cases passed"), "{agent}: {text}");
    }
    let bad = r#"bellwether agents check -- sh -c 'while read line; do echo "thinking..."; done'"#;
    let (code, text) = shell.run(bad);
    assert!(code == 1 && text.contains("0 of 26 cases passed"), "{text}");
}
