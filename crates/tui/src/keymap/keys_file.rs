//! A keys file: which profile, and which rows get other keys; everything wrong with it at once.

use std::ops::Range;

use super::{
    BindingSource, BoundKeys, KeyProfile, KeyScope, KeySequence, Keymap, ROWS, keymap::is_halt,
};
use crate::chord::Chord;
use diag::{
    BAD_WORD, Diagnostic, DiagnosticCode, DiagnosticCollector, MappingEntry, MappingReader,
    NodeContent, UNKNOWN_KEY, YamlNode, nearest, quote,
};
use ratatui::crossterm::event::KeyCode;

const CLASH: DiagnosticCode = DiagnosticCode { id: "E060", title: "one key for two actions" };
const NO_HALT: DiagnosticCode =
    DiagnosticCode { id: "E061", title: "halt without a key of its own" };
const TYPES: DiagnosticCode = DiagnosticCode { id: "E062", title: "key that would be text" };

/// The codes of problems that only a keys file has.
pub const CODES: &[DiagnosticCode] = &[CLASH, NO_HALT, TYPES];

/// Reads a keys file. A profile given besides it stands in place of the file's own.
///
/// # Errors
///
/// Every problem of the file, each with its place: what is not YAML or not a keys file, ids and keys
/// there are none of, a key two actions want in one place, and a halt left without a key.
pub fn read_keys_file(
    name: &str,
    text: &str,
    profile: Option<KeyProfile>,
) -> Result<Keymap, Vec<Diagnostic>> {
    if text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#')) {
        return Ok(Keymap::from_profile(profile.unwrap_or_default()));
    }
    let (root, mut sink) = diag::parse(name, text)?.into_parts();
    let mut given = Vec::new();
    let mut chosen = None;
    if let Some(mut fields) = MappingReader::open(&root, &root.span, "a keys file", &mut sink) {
        let words = KeyProfile::ALL.map(|profile| (profile.as_str(), profile));
        chosen =
            fields.get("profile").and_then(|entry| entry.value.read_keyword(&words, &mut sink));
        if let Some(entry) = fields.get("keys") {
            given = rows(&entry.value, &mut sink);
        }
        fields.finish(&mut sink);
    }
    let mut keymap = Keymap::from_profile(profile.or(chosen).unwrap_or_default());
    for one in &given {
        let (line, _) = sink.source().line_column(one.span.start);
        let source = BindingSource::File { name: name.to_owned(), line };
        let keys = one.keys.iter().map(|(keys, _)| keys.clone()).collect();
        if let Some(bound) = keymap.bound.get_mut(one.row) {
            *bound = BoundKeys { keys, source };
        }
    }
    clashes(&keymap, &given, &mut sink);
    brakes(&keymap, &given, &mut sink);
    sink.into_result().map(|_| keymap)
}

/// One row of a file.
struct FileBinding {
    /// Its place in the table.
    row: usize,
    /// Where its name stands.
    span: Range<usize>,
    keys: Vec<(KeySequence, Range<usize>)>,
}

fn rows(node: &YamlNode, sink: &mut DiagnosticCollector) -> Vec<FileBinding> {
    let entries =
        node.read_mapping("a mapping from actions to lists of keys", sink).unwrap_or_default();
    entries.iter().filter_map(|entry| row(entry, sink)).collect()
}

fn row(entry: &MappingEntry, sink: &mut DiagnosticCollector) -> Option<FileBinding> {
    let Some(row) = ROWS.iter().position(|row| row.id == entry.key) else {
        let message = format!("there is no action {}", quote(&entry.key));
        let near = nearest(&entry.key, ROWS.iter().map(|row| row.id));
        let problem = sink.report(UNKNOWN_KEY, &entry.key_span, message);
        problem
            .label("unknown action")
            .with_help("`bellwether keys` lists them all")
            .with_suggestion(near);
        return None;
    };
    let nodes = match &entry.value.content {
        NodeContent::List(nodes) => nodes.as_slice(),
        NodeContent::Number(_) | NodeContent::Text(_) => std::slice::from_ref(&entry.value),
        NodeContent::Null | NodeContent::Bool(_) | NodeContent::Map(_) => {
            entry.value.wrong_type("a list of keys, empty for none", sink);
            return None;
        }
    };
    let scope = ROWS[row].scope;
    let keys = nodes.iter().filter_map(|node| Some((key(node, scope, sink)?, node.span.clone())));
    Some(FileBinding { row, span: entry.key_span.clone(), keys: keys.collect() })
}

fn key(node: &YamlNode, scope: KeyScope, sink: &mut DiagnosticCollector) -> Option<KeySequence> {
    let text = node.read_scalar_text("a key", sink)?;
    let keys: KeySequence = match text.parse() {
        Ok(keys) => keys,
        Err(why) => {
            sink.report(BAD_WORD, &node.span, format!("{} {why}", quote(&text)));
            return None;
        }
    };
    let escapes = |chord: &Chord| *chord == Chord::key(KeyCode::Esc);
    if keys.chords().iter().skip(1).any(escapes) {
        let message = format!("{} ends with the key that takes a sequence back", quote(&text));
        sink.report(BAD_WORD, &node.span, message);
        return None;
    }
    if scope.accepts_text() && keys.chords().first().is_some_and(|chord| chord.is_text()) {
        let message =
            format!("{} is text where this action holds ({})", quote(&text), scope.title());
        sink.report(TYPES, &node.span, message)
            .with_help("take a key with Control or Alt, or one without a letter");
        return None;
    }
    Some(keys)
}

/// Two rows of the table that one key asks for in one place.
struct KeyConflict<'a> {
    rows: [usize; 2],
    keys: [&'a KeySequence; 2],
}

fn all_clashes(keymap: &Keymap) -> Vec<KeyConflict<'_>> {
    let all: Vec<_> = keymap
        .bindings()
        .enumerate()
        .flat_map(|(i, (row, bound))| bound.keys.iter().map(move |keys| (i, row, keys)))
        .collect();
    let mut found = Vec::new();
    for (at, (i, row, keys)) in all.iter().enumerate() {
        for (j, other, theirs) in all.iter().skip(at + 1) {
            if keys.conflicts_with(theirs) && row.scope.overlaps(other.scope) {
                found.push(KeyConflict { rows: [*i, *j], keys: [keys, theirs] });
            }
        }
    }
    found
}

fn conflict_text(keymap: &Keymap, clash: &KeyConflict<'_>) -> String {
    let [a, b] = clash.rows.map(|i| {
        let source = keymap.bound.get(i).map(|bound| bound.source.to_string()).unwrap_or_default();
        (ROWS[i], source)
    });
    let [first, second] = clash.keys.map(KeySequence::label);
    let place = if a.0.scope.ancestors().contains(&b.0.scope) { a.0.scope } else { b.0.scope };
    let (x, y) = (format!("{} ({})", a.0.id, a.1), format!("{} ({})", b.0.id, b.1));
    if first == second {
        format!("`{first}` asks for {x} and for {y}, both {}", place.title())
    } else {
        let [short, long] =
            if first.len() < second.len() { [first, second] } else { [second, first] };
        format!("`{short}` is a key of its own and begins `{long}`: {x}, {y}, {}", place.title())
    }
}

fn clashes(keymap: &Keymap, given: &[FileBinding], sink: &mut DiagnosticCollector) {
    for clash in all_clashes(keymap) {
        let mut places = clash.rows.iter().zip(clash.keys).filter_map(|(i, wanted)| {
            let one = given.iter().find(|one| one.row == *i)?;
            let (_, span) = one.keys.iter().find(|(keys, _)| keys == wanted)?;
            Some((span.clone(), ROWS[*i].id))
        });
        // A profile never clashes with itself or the table; a test sees to it.
        let Some((first, _)) = places.next() else { continue };
        let (place, other) = match places.next() {
            Some((second, _)) => (second, Some(first)),
            None => (first, None),
        };
        let message = conflict_text(keymap, &clash);
        let problem = sink.report(CLASH, &place, message);
        problem.with_help("give one of them another key, or `[]` for none");
        if let Some(other) = other {
            problem.with_related(&other, "and here");
        }
    }
}

/// Scopes whose readers have no single key for the halt.
fn unbraked(keymap: &Keymap) -> Vec<KeyScope> {
    let braked = |scope: KeyScope| {
        let mut rows = keymap.bindings_in(scope).filter(|(row, _)| is_halt(row));
        rows.any(|(_, keys)| keys.iter().any(|keys| keys.single().is_some()))
    };
    KeyScope::ALL.into_iter().filter(|scope| !braked(*scope)).collect()
}

/// Sequences that the key of the halt would cut short.
fn cut_short(keymap: &Keymap) -> Vec<(usize, &KeySequence)> {
    let brakes: Vec<_> = keymap
        .bindings()
        .filter(|(row, _)| is_halt(row))
        .flat_map(|(row, bound)| bound.keys.iter().filter_map(|k| Some((row.scope, k.single()?))))
        .collect();
    let mut found = Vec::new();
    for (i, (row, bound)) in keymap.bindings().enumerate() {
        for keys in &bound.keys {
            let rest = || keys.chords().iter().skip(1);
            let cut = brakes.iter().any(|(scope, brake)| {
                scope.overlaps(row.scope) && rest().any(|chord| chord == brake)
            });
            if cut {
                found.push((i, keys));
            }
        }
    }
    found
}

const WHY: &str = "the halt is one key, pressed twice, on every screen: there is no time to look for \
                   it while orders go out";

fn brakes(keymap: &Keymap, given: &[FileBinding], sink: &mut DiagnosticCollector) {
    let bare = unbraked(keymap);
    if !bare.is_empty() {
        let places: Vec<_> = bare.iter().map(|scope| scope.title()).collect();
        let ours = given.iter().filter(|one| is_halt(&ROWS[one.row]));
        let ours: Vec<_> = ours
            .filter(|one| bare.iter().any(|s| s.ancestors().contains(&ROWS[one.row].scope)))
            .collect();
        let message = format!("no single key is left for the HALT {}", places.join(", "));
        let span = ours.first().map_or(0..0, |one| one.span.clone());
        let ids: Vec<_> = ROWS.iter().filter(|row| is_halt(row)).map(|row| row.id).collect();
        let help = format!("{WHY}; give {} one", ids.join(", "));
        sink.report(NO_HALT, &span, message).with_help(help);
    }
    for (row, keys) in cut_short(keymap) {
        let found = given.iter().filter(|one| one.row == row).flat_map(|one| &one.keys);
        let span = found.clone().find(|(k, _)| k == keys).map_or(0..0, |(_, span)| span.clone());
        let message = format!(
            "`{}` holds the key of the HALT, which is never part of a sequence",
            keys.label()
        );
        sink.report(NO_HALT, &span, message).with_help(WHY);
    }
}

/// What is wrong with a keymap, for the tests of the profiles and of the table.
#[cfg(test)]
pub(super) fn keymap_problems(keymap: &Keymap) -> Vec<String> {
    let clashes =
        all_clashes(keymap).iter().map(|clash| conflict_text(keymap, clash)).collect::<Vec<_>>();
    let bare = unbraked(keymap).into_iter().map(|scope| format!("no halt {}", scope.title()));
    let cut = cut_short(keymap).into_iter().map(|(_, keys)| format!("{} cut", keys.label()));
    let typed = keymap.bindings().flat_map(|(row, bound)| {
        let types =
            |keys: &&KeySequence| keys.chords().first().is_some_and(|chord| chord.is_text());
        let typed = bound.keys.iter().filter(types).filter(|_| row.scope.accepts_text());
        typed.map(|keys| format!("{} is text: {}", keys.label(), row.id))
    });
    clashes.into_iter().chain(bare).chain(cut).chain(typed).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::Binding, *};

    fn row(id: &str) -> &'static Binding {
        ROWS.iter().find(|row| row.id == id).unwrap()
    }

    fn errors_of(text: &str) -> String {
        let problems = read_keys_file("keys.yaml", text, None).expect_err("this must be refused");
        problems.iter().map(|p| format!("{p} {:?}", p.help)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_file_gives_rows_other_keys_and_takes_keys_away() {
        let text =
            "profile: vim\nkeys:\n  task.retry: [U, ctrl-r]\n  task.hold: []\n  go.pulse: f6\n";
        let keymap = read_keys_file("keys.yaml", text, None).unwrap();
        assert_eq!(keymap.profile(), KeyProfile::Vim);
        let keys =
            |id: &str| keymap.keys_of(row(id)).iter().map(KeySequence::label).collect::<Vec<_>>();
        assert_eq!(keys("task.retry"), ["U", "^r"]);
        assert_eq!(keys("go.pulse"), ["F6"]);
        assert!(keys("task.hold").is_empty());
        assert_eq!(keys("move.top"), ["g g", "home"]);
        let bound = keymap.bound_keys(row("task.retry")).unwrap();
        assert_eq!(bound.source.to_string(), "keys.yaml:3");
    }

    #[test]
    fn a_file_of_comments_changes_nothing_and_a_given_profile_beats_the_files() {
        assert_eq!(read_keys_file("k", "# nothing yet\n\n", None), Ok(Keymap::default()));
        let keymap = read_keys_file("k", "profile: vim\n", Some(KeyProfile::Emacs)).unwrap();
        assert_eq!(keymap, Keymap::from_profile(KeyProfile::Emacs));
    }

    #[test]
    fn a_clash_names_both_actions_and_both_sources() {
        let told_table = errors_of("keys:\n  task.hold: [r]\n");
        assert!(told_table.contains("keys.yaml:2:15: error[E060]"), "{told_table}");
        for part in ["task.retry (default table)", "task.hold (keys.yaml:2)"] {
            assert!(told_table.contains(part), "{told_table}");
        }
        let told_profile = errors_of("profile: emacs\nkeys:\n  task.hold: [ctrl-n]\n");
        assert!(told_profile.contains("move.down (profile emacs)"), "{told_profile}");
        let twice = errors_of("keys:\n  task.hold: [t]\n  task.skip: [t]\n");
        assert!(
            twice.contains("task.hold (keys.yaml:2)") && twice.contains("task.skip (keys.yaml:3)")
        );
    }

    #[test]
    fn a_key_that_begins_a_sequence_cannot_stand_alone() {
        let text = errors_of("keys:\n  task.hold: [g h]\n");
        assert!(text.contains("`g` is a key of its own and begins `g h`"), "{text}");
        assert!(errors_of("keys:\n  task.hold: [t, t t]\n").contains("begins `t t`"));
    }

    #[test]
    fn the_same_key_in_places_that_never_meet_is_no_clash() {
        let text = "keys:\n  line.follow: [F]\n";
        assert!(
            read_keys_file("keys.yaml", text, None).is_ok(),
            "task.force has F, on tasks alone"
        );
    }

    #[test]
    fn the_halt_may_be_moved_and_never_be_left_without_a_key() {
        let moved = "keys:\n  trading.halt: [f8]\n  dialog.halt: [f8]\n  anywhere.halt: [f7]\n";
        assert!(read_keys_file("keys.yaml", moved, None).is_ok());
        // `!` still works on screens and in dialogs, but not where text is typed.
        let text = errors_of("keys:\n  anywhere.halt: []\n");
        assert!(text.contains("E061") && text.contains("in a text field"), "{text}");
        assert!(text.contains("anywhere.halt") && text.contains("orders"), "{text}");
        let sequence = errors_of("keys:\n  anywhere.halt: [ctrl-x h]\n");
        assert!(sequence.contains("E061"), "{sequence}");
        let inside = errors_of("keys:\n  task.hold: [z !]\n");
        assert!(inside.contains("never part of a sequence"), "{inside}");
    }

    #[test]
    fn a_letter_cannot_be_a_key_where_letters_are_text() {
        let text = errors_of("keys:\n  text.close: [q]\n  anywhere.halt: [h]\n");
        assert_eq!(text.matches("E062").count(), 2, "{text}");
    }

    #[test]
    fn all_problems_come_at_once_with_the_nearest_names() {
        let text = errors_of(
            "profil: vim\nkeys:\n  task.retyr: [r]\n  task.hold: [ctlr-x]\n  task.skip:\n",
        );
        for part in ["`profile`", "`task.retry`", "`ctlr-x`", "a list of keys"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(errors_of("profile: vi\n").contains("vim"));
    }
}
