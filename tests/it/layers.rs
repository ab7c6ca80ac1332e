//! The crates depend on each other as `ARCHITECTURE.md` says, and what Cargo cannot forbid stays where it belongs.

use std::collections::BTreeSet;

use crate::source::{TextFile, files};

/// The crates of the product and which of them each may use, lowest first.
const CRATES: &[(&str, &[&str])] = &[
    ("diag", &[]),
    ("planning", &["diag"]),
    ("engine", &["planning"]),
    ("audit", &["planning", "engine"]),
    ("metrics", &["planning", "engine"]),
    ("notify", &["diag"]),
    ("agents", &["diag", "planning", "engine"]),
    ("config", &["diag", "planning", "engine"]),
    ("desk", &["diag", "planning", "engine"]),
    ("store", &["diag", "planning", "engine", "audit"]),
    ("view", &["diag", "planning", "engine", "audit"]),
    ("runtime", &["diag", "planning", "engine", "desk", "store"]),
    ("tui", &["diag", "planning", "engine", "audit", "config", "view"]),
    ("testkit", &["planning", "engine"]),
];

/// Words of code, the paths that may name them, and the reason.
const CONFINED: &[(&[&str], &[&str], &str)] = &[
    (
        &["ratatui", "crossterm", "tui_input", "unicode_width"],
        &["crates/tui/", "src/host/console_loop/", "xtask/"],
        "everything below the console builds without a terminal",
    ),
    (
        &["tokio", "futures_util"],
        &["crates/agents/", "crates/runtime/", "crates/view/src/report/", "src/", "xtask/"],
        "code that decides does not wait",
    ),
    (&["chrono_tz"], &["crates/planning/src/calendar/"], "UTC inside, exchange time at the edges"),
    (
        &["serde_yaml", "saphyr_parser"],
        &["crates/diag/"],
        "a change of YAML crate costs one crate of ours",
    ),
    (
        &["clap", "clap_complete", "clap_mangen"],
        &["src/cli/", "xtask/"],
        "only `cli` has a command line",
    ),
    (
        &["env::var", "env::vars", "env::var_os", "env::vars_os"],
        &["crates/config/src/env.rs"],
        "a run depends on nothing it does not name",
    ),
    (
        &["SystemTime::now", "Instant::now", "Utc::now", "Local::now"],
        &["crates/runtime/src/clock.rs"],
        "one file reads the clock; all others are given the time",
    ),
    (
        &["std::fs", "fs"],
        &["crates/notify/", "crates/store/", "crates/runtime/", "src/", "xtask/"],
        "code that calculates does not touch the disk",
    ),
    (&["rusqlite"], &["crates/store/"], "one crate knows the database"),
    (&["process_wrap"], &["crates/agents/"], "one crate starts other people's programs"),
    (&["thread::sleep"], &[], "nothing sleeps on a thread"),
    (&["HashMap", "HashSet", "RandomState"], &[], "order must not depend on a random seed"),
];

fn sources() -> Vec<TextFile> {
    ["src", "crates", "xtask"].iter().flat_map(|folder| files(folder, &[".rs"])).collect()
}

/// Our crates among the `[dependencies]` of a manifest.
fn own_dependencies(manifest: &str) -> BTreeSet<String> {
    let section = manifest.split("\n[").find(|section| section.starts_with("dependencies]"));
    let names = section.unwrap_or_default().lines().filter_map(|line| {
        let name = line.split(['.', ' ', '=']).next()?;
        CRATES.iter().any(|(known, _)| *known == name).then(|| name.to_owned())
    });
    names.collect()
}

#[test]
fn a_crate_uses_only_the_crates_it_may_use() {
    let mut breaches = Vec::new();
    let manifests = files("crates", &["Cargo.toml"]);
    assert_eq!(manifests.len(), CRATES.len(), "each crate has a row in CRATES");
    for manifest in manifests {
        let own = manifest.path.split('/').nth(1).unwrap_or_default();
        let allowed =
            CRATES.iter().find(|(name, _)| *name == own).map_or(&[][..], |(_, uses)| uses);
        let used = own_dependencies(&manifest.text);
        breaches.extend(
            used.iter()
                .filter(|other| !allowed.contains(&other.as_str()))
                .map(|other| format!("{}: `{own}` may not use `{other}`", manifest.path)),
        );
    }
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn crates_clocks_files_and_environment_stay_where_they_belong() {
    let mut breaches = Vec::new();
    for file in sources() {
        let code = file.code_outside_tests().replace(":: ", "::").replace(" ::", "::");
        for (words, homes, why) in CONFINED {
            let at_home = homes.iter().any(|home| file.path.starts_with(home));
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
fn words_and_dependencies_are_found() {
    assert!(names("std::fs::read", "std::fs") && names("fs::read", "fs"));
    assert!(!names("let fs = offs::x;", "fs"));
    let manifest = "[package]\nname = \"x\"\n\n[dependencies]\nengine.workspace = true\n\
                    tui = { workspace = true }\nserde.workspace = true\n\n[dev-dependencies]\n\
                    testkit.workspace = true\n";
    let found: Vec<_> = own_dependencies(manifest).into_iter().collect();
    assert_eq!(found, ["engine", "tui"]);
}
