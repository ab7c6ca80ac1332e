//! Habits of the house that no compiler keeps: headers, sizes, thin `mod.rs`, true documents.

use std::{collections::BTreeMap, fs};

use bellwether::cli::args::Cli;
use clap::CommandFactory as _;

use crate::source::{TextFile, files, only_for_tests, root, undeclared};

/// Longest a source file may be.
const LINES_MAX: usize = 400;

/// Files that are longer, each with the reason why a cut would make it worse.
const LONGER: &[(&str, &str)] = &[
    (
        "src/host/console_loop/console.rs",
        "the one loop of the console: all it waits for stands together",
    ),
    ("crates/engine/src/event.rs", "the list of all that can happen"),
    ("crates/view/src/why.rs", "one reason for each state of a task, side by side"),
    ("src/host/orchestration_controller.rs", "start-up and shutdown of one system, in order"),
    ("tests/it/keeping.rs", "a journal's life after the day, one fixture"),
    ("tests/it/late.rs", "the four choices against one played day"),
    ("tests/it/recovery.rs", "one day taken up in every way"),
];

/// What only a place on somebody's machine is called, in two halves so that this file is clean.
const MACHINE_PATHS: [(&str, &str); 3] = [("/wo", "rk/"), ("/ro", "ot/"), ("/Use", "rs/")];

fn rust() -> Vec<TextFile> {
    ["src", "crates", "xtask", "tests", "benches"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .collect()
}

fn documents() -> Vec<TextFile> {
    files("", &[".md"])
}

/// Fails with every complaint at once.
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_file_opens_with_a_sentence_of_its_own() {
    let mut seen = BTreeMap::new();
    let mut complaints = Vec::new();
    for file in rust() {
        let first = file.text.lines().next().unwrap_or_default().to_owned();
        if !first.starts_with("//! ") {
            complaints.push(format!("{}: opens without `//!`", file.path));
        } else if let Some(twin) = seen.insert(first, file.path.clone()) {
            complaints.push(format!("{}: opens as {twin} does", file.path));
        }
    }
    none(&complaints);
}

#[test]
fn no_file_is_longer_than_400_lines_but_for_a_reason() {
    let mut complaints = Vec::new();
    for file in rust() {
        let lines = file.text.lines().count();
        let excused = LONGER.iter().any(|(path, _)| *path == file.path);
        match (lines > LINES_MAX, excused) {
            (true, false) => complaints.push(format!("{}: {lines} lines", file.path)),
            (false, true) => complaints.push(format!("{}: needs no excuse any more", file.path)),
            (true, true) | (false, false) => {}
        }
    }
    none(&complaints);
}

#[test]
fn every_file_is_a_module_of_another_so_that_it_is_built_and_its_tests_run() {
    let orphans = |folder| {
        let files = files(folder, &[".rs"]);
        undeclared(&files).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        ["src", "crates", "xtask", "tests"].map(orphans),
        [const { Vec::<String>::new() }; 4]
    );
}

#[test]
fn a_mod_file_holds_modules_and_re_exports_only() {
    let mut complaints = Vec::new();
    let folders = ["src", "crates", "xtask"];
    for file in folders.iter().flat_map(|folder| files(folder, &["mod.rs"])) {
        let code = file.code();
        for statement in code.split(';').map(str::trim).filter(|text| !text.is_empty()) {
            let last = statement.lines().last().unwrap_or_default();
            let re_export = statement.contains("pub use ") || statement.contains("pub(crate) use ");
            let module = last.starts_with("mod ") || last.contains("pub") && last.contains(" mod ");
            if !(module || re_export || statement.contains("pub(super) use ")) {
                complaints.push(format!("{}: {last}", file.path));
            }
        }
    }
    none(&complaints);
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let allowing = rust().into_iter().filter(|f| {
        let code = f.code();
        code.contains("#[allow") || code.contains("#![allow")
    });
    none(
        &allowing
            .map(|f| format!("{}: write #[expect(…, reason = \"…\")]", f.path))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn code_outside_tests_neither_unwraps_nor_leaves_things_to_do() {
    let mut complaints = Vec::new();
    let folders = ["src", "crates", "xtask"];
    let sources: Vec<_> = folders.iter().flat_map(|folder| files(folder, &[".rs"])).collect();
    let of_tests = only_for_tests(&sources);
    let for_tests = |file: &&TextFile| {
        of_tests.contains(&file.path.as_str()) || file.path.starts_with("crates/testkit/")
    };
    for file in sources.iter().filter(|file| !for_tests(file)) {
        let code = file.code_outside_tests();
        for word in [".unwrap()", "todo!", "unimplemented!", "dbg!"] {
            if code.contains(word) {
                complaints.push(format!("{}: {word}", file.path));
            }
        }
    }
    none(&complaints);
}

#[test]
fn no_text_names_a_place_on_somebodys_machine() {
    let endings = [".rs", ".md", ".toml", ".yaml", ".yml", ".json", ".sh", ".csv", "justfile"];
    let mut complaints = Vec::new();
    for file in files("", &endings).iter().chain(&files("scripts", &[""])) {
        for (head, tail) in MACHINE_PATHS {
            if file.text.contains(&format!("{head}{tail}")) {
                complaints.push(format!("{}: names {head}{tail}", file.path));
            }
        }
    }
    none(&complaints);
}

/// A document without what its HTML comments hide.
fn visible(text: &str) -> String {
    let mut parts = text.split("<!--");
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |out, part| out + part.split_once("-->").map_or("", |(_, rest)| rest))
}

#[test]
fn every_link_and_picture_of_the_documents_leads_somewhere() {
    let mut complaints = Vec::new();
    for document in documents() {
        let text = visible(&document.text);
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in targets.filter(|t| !t.is_empty() && !t.contains("://")) {
            if !root().join(folder).join(target).exists() {
                complaints.push(format!("{}: {target} is not there", document.path));
            }
        }
    }
    none(&complaints);
}

#[test]
fn every_command_of_the_documents_exists() {
    let cli = Cli::command();
    let mut complaints = Vec::new();
    for document in documents().iter().filter(|d| d.path != "CHANGELOG.md") {
        let text = visible(&document.text).replace("cargo run --release -- ", "bellwether ");
        let code = text.split('`').skip(1).step_by(2).flat_map(str::lines);
        for line in code.filter_map(|line| line.trim().strip_prefix("bellwether ")) {
            let word = line.split_whitespace().next().unwrap_or_default();
            let is_word = word.starts_with(|c: char| c.is_ascii_lowercase());
            if is_word && cli.find_subcommand(word).is_none() {
                complaints.push(format!("{}: `bellwether {line}`", document.path));
            }
        }
    }
    none(&complaints);
}

#[test]
fn every_script_of_the_documents_exists_and_can_be_run() {
    use std::os::unix::fs::PermissionsExt as _;

    let mut complaints = Vec::new();
    for document in documents() {
        let words = document.text.split(|c: char| c.is_whitespace() || "`()|".contains(c));
        for script in words.filter(|word| word.starts_with("scripts/")) {
            let mode = fs::metadata(root().join(script)).map(|meta| meta.permissions().mode());
            if !mode.is_ok_and(|mode| mode & 0o100 != 0) {
                complaints.push(format!("{}: {script}", document.path));
            }
        }
    }
    none(&complaints);
}
