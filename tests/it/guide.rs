//! The operator's guide and the README name keys: each must be a key the console obeys, and do what
//! the guide's table says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use bellwether::tui::keymap::{Keymap, markdown_page};

fn document(name: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// What stands in backticks in a line.
fn spans(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// The cells of a row of a table.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inside = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inside.split(" | ").map(str::trim).collect())
}

/// The keys of each action, from the program's own page.
fn known() -> BTreeMap<String, BTreeSet<String>> {
    let page = markdown_page(&Keymap::default());
    let rows = page.lines().filter_map(cells).filter(|cells| cells.len() == 4);
    let named = rows.filter_map(|cells| Some((cells.get(1)?.trim_matches('`').into(), cells)));
    named
        .map(|(id, cells): (String, _)| {
            (id, spans(cells[0]).into_iter().map(str::to_owned).collect())
        })
        .collect()
}

/// Whether a text in backticks is meant as a key: one character, or the name of a key.
fn meant_as_key(span: &str) -> bool {
    const NAMES: [&str; 9] =
        ["enter", "esc", "tab", "S-tab", "space", "pgup", "pgdn", "home", "backspace"];
    let short = span.strip_prefix('^').filter(|rest| !rest.is_empty()).unwrap_or(span);
    let function = |rest: &str| rest.parse::<u8>().is_ok();
    NAMES.contains(&span)
        || short.chars().count() == 1
        || span.strip_prefix('F').is_some_and(function)
}

#[test]
fn every_key_the_guide_and_the_readme_name_is_one_the_console_obeys() {
    let known: BTreeSet<_> = known().into_values().flatten().collect();
    assert!(known.contains("S-tab") && known.contains("!"), "{known:?}");
    for name in ["docs/operator-guide.md", "README.md"] {
        for line in document(name).lines() {
            for span in spans(line).into_iter().filter(|span| meant_as_key(span)) {
                assert!(known.contains(span), "{name}: no action has the key `{span}`: {line}");
            }
        }
    }
}

#[test]
fn the_guides_table_of_keys_is_true_and_has_every_key_the_guide_names() {
    let known = known();
    let text = document("docs/operator-guide.md");
    let (body, table) = text.split_once("## The keys of this page").unwrap();
    let mut told = BTreeSet::new();
    for row in table.lines().filter_map(cells).filter(|cells| cells[0].starts_with('`')) {
        let (key, action) = (row[0].trim_matches('`'), row[1].trim_matches('`'));
        assert!(known.contains_key(action), "no action is called {action}");
        let keys = &known[action];
        assert!(keys.contains(key), "{action} has {keys:?}, not `{key}`");
        told.insert(key);
    }
    for line in body.lines() {
        for span in spans(line).into_iter().filter(|span| meant_as_key(span)) {
            assert!(told.contains(span), "`{span}` is not in the table: {line}");
        }
    }
}

#[test]
fn what_the_guide_quotes_from_the_screen_is_looked_for_by_the_tour() {
    let (guide, tour) = (document("docs/operator-guide.md"), document("docs/tour.keys"));
    for quoted in [
        "regular session + expiration + fomc + high_volatility",
        "0 of 3 flags, 2 not known",
        "8/8 green",
        "0 flagged",
        "1 task needs action",
        "approve_trades needs approval: press a",
        "execute_open (sends orders)",
        "held by ana",
        "since 13:55",
        "nothing unfinished",
        "this session observes: A arms it; the brakes work always",
        "ARMED 5m00s ana",
        "HALTED no working orders",
    ] {
        let said = guide.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(quoted), "the guide no longer says `{quoted}`");
        assert!(tour.contains(&format!("expect \"{quoted}\"")), "the tour does not: `{quoted}`");
    }
    let pictures = guide.matches("../assets/screens/").count();
    assert!(pictures >= 7, "{pictures}");
}
