//! The house stands in rows: a module uses only lower ones, and crates stay where they belong.

use std::collections::BTreeSet;

use crate::source::{TextFile, files};

/// The rows, from the ground. `ARCHITECTURE.md` says what lives in each.
const ROWS: &[&[&str]] = &[
    &["id", "time", "yaml", "math", "stats"],
    &["definition", "calendar"],
    &["plan", "market"],
    &["engine"],
    &["trading", "forecast", "config", "journal", "audit", "acting"],
    &["agents", "present", "store", "wire"],
    &["runtime", "report", "console"],
    &["controller"],
    &["cli"],
    &["main"],
];

/// What may be named only in some places: words of code, path prefixes below `src/`, and why.
const CONFINED: &[(&[&str], &[&str], &str)] = &[
    (
        &["ratatui", "crossterm", "tui_input", "unicode_width"],
        &["console/", "controller/console_loop/"],
        "everything below the console builds without a terminal",
    ),
    (
        &["tokio", "futures_util"],
        &["runtime/", "report/", "console/", "controller/", "cli/", "main.rs"],
        "what decides does not wait",
    ),
    (&["chrono_tz"], &["calendar/"], "UTC inside, exchange time at the edges"),
    (&["serde_yaml", "saphyr_parser"], &["yaml/"], "a change of YAML crate costs one folder"),
    (&["clap"], &["cli/"], "the library has no command line"),
    (
        &["env::var", "env::vars", "env::var_os", "env::vars_os"],
        &["config/env.rs"],
        "a run depends on nothing it does not name",
    ),
    (
        &["SystemTime::now", "Instant::now", "Utc::now", "Local::now"],
        &["runtime/clock.rs"],
        "one file reads the clock; all others are told",
    ),
    (
        &["std::fs", "fs"],
        &["store/", "runtime/", "controller/", "cli/"],
        "what calculates does not touch the disk",
    ),
    (&["rusqlite"], &["store/"], "one folder knows the database"),
    (&["thread::sleep"], &[], "nothing sleeps on a thread"),
    (&["HashMap", "HashSet", "RandomState"], &[], "order must not depend on a random seed"),
];

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

fn sources() -> Vec<TextFile> {
    files("src", &[".rs"]).into_iter().filter(|file| file.path != "src/lib.rs").collect()
}

/// Modules that code names after `root::`, in groups (`use crate::{a::B, c}`) as well.
fn named_after(code: &str, root: &str) -> BTreeSet<String> {
    let squeezed: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let squeezed = squeezed.replace(":: ", "::").replace(" ::", "::").replace("::{ ", "::{");
    let start = format!("{root}::");
    let hits = squeezed.match_indices(&start).map(|(at, _)| squeezed.split_at(at));
    hits.filter(|(before, _)| !ends_in_word(before))
        .flat_map(|(_, rest)| {
            let rest = rest.trim_start_matches(&start);
            rest.strip_prefix('{').map_or_else(|| vec![first_word(rest)], group)
        })
        .filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect()
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first words of the members of a brace group, its inner groups skipped.
fn group(body: &str) -> Vec<String> {
    let (mut depth, mut members, mut current) = (0_u32, Vec::new(), String::new());
    for c in body.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => members.push(std::mem::take(&mut current)),
            _ if depth == 0 => current.push(c),
            _ => {}
        }
    }
    members.push(current);
    members.iter().map(|member| first_word(member.trim())).collect()
}

#[test]
fn every_module_has_a_row() {
    let homeless: BTreeSet<_> =
        sources().into_iter().filter(|f| row_of(f.module()).is_none()).map(|f| f.path).collect();
    assert!(homeless.is_empty(), "give these a row in ROWS and ARCHITECTURE.md: {homeless:?}");
}

#[test]
fn a_module_uses_only_rows_below_its_own() {
    let mut breaches = Vec::new();
    for file in sources() {
        let (own, code) = (file.module(), file.code());
        let named = named_after(&code, "crate").into_iter().chain(named_after(&code, "bellwether"));
        for other in named.filter(|other| other != own) {
            let lower = row_of(&other).zip(row_of(own)).is_some_and(|(theirs, ours)| theirs < ours);
            if !lower {
                breaches.push(format!("{}: `{own}` may not use `{other}`", file.path));
            }
        }
    }
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn crates_clocks_files_and_surroundings_stay_where_they_belong() {
    let mut breaches = Vec::new();
    for file in sources() {
        let code = file.code().replace(":: ", "::").replace(" ::", "::");
        for (words, homes, why) in CONFINED {
            let at_home =
                homes.iter().any(|home| file.path.trim_start_matches("src/").starts_with(home));
            let named = words.iter().filter(|word| !at_home && names(&code, word));
            breaches.extend(named.map(|word| format!("{}: names `{word}`, but {why}", file.path)));
        }
    }
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

/// Whether code names a word: alone, or as the root of a path. A lone `fs` may be a variable, so
/// it counts as a root only.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let (before, after) = code.split_at(at);
        let after = after.strip_prefix(word).unwrap_or(after);
        let whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        whole && (word != "fs" || after.starts_with("::"))
    })
}

#[test]
fn names_are_found_in_groups_and_paths() {
    let code = "use crate::{ a::{b, c}, d::E, f }; x(crate::g::h()); mycrate::i; crate :: j::k; use crate::L;";
    let found: Vec<_> = named_after(code, "crate").into_iter().collect();
    assert_eq!(found, ["a", "d", "f", "g", "j"]);
    assert!(names("std::fs::read", "std::fs") && names("fs::read", "fs"));
    assert!(!names("let fs = offs::x;", "fs"));
}
