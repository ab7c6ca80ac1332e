//! The vocabulary of the glossary: one name per type, and no retired word in a text people read.

use std::collections::BTreeMap;

use crate::source::{TextFile, files, only_for_tests};

/// Folders whose string literals are shown to operators.
const SHOWN: [&str; 3] = ["crates/view/src", "crates/tui/src", "src/cli"];

/// Terms the glossary replaced. Words that also have an allowed sense are left out.
const RETIRED: &[&str] = &[
    "called off",
    "made up for",
    "make up for",
    "let go",
    "taken up",
    "taken back",
    "nobody",
    "somebody",
    "whoever",
    "a person",
    "the outside",
    "dependant",
    "rehears",
    "keyed",
    "roster",
    "kept back",
    "set aside",
    "sets aside",
    "lay over",
    "begun",
    "anew",
    "withdraw",
    "re-arm",
    "may still fill",
    "bypass",
    "goes on",
    "the gate",
    "tried again",
    "try again",
    "asks you",
    "needs you",
    "the world",
    "nothing is started",
];

/// Keys of documented JSON output, which keep their names.
const JSON_KEYS: [&str; 1] = ["withdrawn"];

/// Returns the string literals of Rust source, with continued lines joined.
#[expect(clippy::string_slice, reason = "cut at characters of one byte that were found")]
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let before = &rest[..at];
        rest = &rest[at..];
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(quoted) = rest.strip_prefix('"') {
            let hashes = before.len() - before.trim_end_matches('#').len();
            let raw = before.trim_end_matches('#').ends_with('r');
            let end = if raw { raw_end(quoted, hashes) } else { quoted_end(quoted) };
            found.push(joined(&quoted[..end]));
            rest = quoted.get(end + 1..).unwrap_or_default();
        } else if rest.starts_with("'\"'") || rest.starts_with("'/'") {
            rest = &rest[3..];
        } else {
            rest = rest.strip_prefix("'\\\"'").unwrap_or(&rest[1..]);
        }
    }
    found
}

fn raw_end(text: &str, hashes: usize) -> usize {
    text.find(&format!("\"{}", "#".repeat(hashes))).unwrap_or(text.len())
}

fn quoted_end(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().find(|&(_, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at)
}

fn joined(literal: &str) -> String {
    let lines = literal.split("\\\n").enumerate();
    lines.map(|(i, line)| if i == 0 { line } else { line.trim_start() }).collect()
}

/// Returns whether `text` has `term` at the start of a word.
#[expect(clippy::string_slice, reason = "cut where a match begins")]
fn has_term(text: &str, term: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(term).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric()))
}

/// Returns the part of a file that is built outside tests.
fn shipped(file: &TextFile) -> &str {
    file.text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default()
}

#[test]
fn texts_on_screen_use_no_retired_term() {
    let mut complaints = Vec::new();
    for folder in SHOWN {
        let sources = files(folder, &[".rs"]);
        assert!(!sources.is_empty(), "{folder} has no source");
        let of_tests = only_for_tests(&sources);
        for file in &sources {
            let path = file.path.as_str();
            if of_tests.contains(&path) {
                continue;
            }
            let texts = literals(shipped(file));
            for literal in texts.iter().filter(|text| !JSON_KEYS.contains(&text.as_str())) {
                for term in RETIRED.iter().filter(|term| has_term(literal, term)) {
                    complaints.push(format!("{path}: `{term}` in \"{literal}\""));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn public_types_have_names_of_their_own() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut complaints = Vec::new();
    for file in ["crates", "src", "xtask"].iter().flat_map(|folder| files(folder, &[".rs"])) {
        let code = file.code();
        for line in code.lines() {
            let mut words = line.strip_prefix("pub ").unwrap_or_default().split_whitespace();
            if !matches!(words.next(), Some("struct" | "enum" | "trait" | "type" | "union")) {
                continue;
            }
            let name = words.next().unwrap_or_default();
            let name: String =
                name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if let Some(other) = seen.insert(name.clone(), file.path.clone()) {
                complaints.push(format!("{name}: in {other} and in {}", file.path));
            }
        }
    }
    assert!(seen.len() > 100, "{} public types", seen.len());
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Names that say nothing of what a function does or returns.
const BARE_NAMES: &[&str] = &[
    "absent",
    "allowed",
    "answered",
    "armed",
    "aside",
    "asked",
    "below",
    "blocked",
    "booked",
    "broken",
    "cancelled",
    "checked",
    "chosen",
    "copied",
    "counted",
    "cut",
    "done",
    "drawn",
    "escaped",
    "found",
    "given",
    "gone",
    "grouped",
    "happened",
    "heard",
    "inside",
    "kept",
    "known",
    "listed",
    "logged",
    "lost",
    "meant",
    "missed",
    "moved",
    "named",
    "noted",
    "nothing",
    "ordered",
    "outside",
    "over",
    "parsed",
    "paused",
    "pinned",
    "planned",
    "pressed",
    "provided",
    "queued",
    "quoted",
    "ranked",
    "reached",
    "rebuilt",
    "reduced",
    "refused",
    "remembered",
    "removed",
    "repeated",
    "reported",
    "said",
    "same",
    "saved",
    "sent",
    "served",
    "settled",
    "shared",
    "shortened",
    "signalled",
    "skipped",
    "soon",
    "sorted",
    "stated",
    "still",
    "stood",
    "stopped",
    "stuck",
    "styled",
    "summed",
    "taken",
    "tamed",
    "then",
    "thought",
    "through",
    "tidied",
    "together",
    "told",
    "tried",
    "typed",
    "unanswered",
    "undecided",
    "undone",
    "unheard",
    "unread",
    "unused",
    "waived",
    "wired",
    "within",
    "woven",
    "wrapped",
    "written",
];

#[test]
fn functions_have_names_that_say_what_they_do() {
    let mut complaints = Vec::new();
    for file in ["crates", "src", "xtask"].iter().flat_map(|folder| files(folder, &[".rs"])) {
        for line in shipped(&file).lines() {
            let Some((before, after)) = line.split_once("fn ") else { continue };
            let name = after.split(|c: char| !(c.is_alphanumeric() || c == '_')).next();
            let name = name.unwrap_or_default();
            if !before.contains("//") && BARE_NAMES.contains(&name) {
                complaints.push(format!("{}: fn {name}", file.path));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn literals_are_found_whole() {
    let source =
        "let a = \"x \\\"y\\\" \\\n    z\"; // \"no\"\nlet b = ('\"', r#\"a \"b\" c\"#, '/');";
    assert_eq!(literals(source), ["x \\\"y\\\" z", "a \"b\" c"]);
    assert!(has_term("Nobody is here", "nobody") && !has_term("strolled", "rolled"));
}
