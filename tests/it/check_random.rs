//! Random bytes and random damage: the checker answers every file, and its answers hold together.

use bellwether::{
    diag::{self, Diagnostic, RenderStyle, render},
    planning::workflow::{self, AgentCatalog, CheckReport},
};
use proptest::prelude::*;

const WORKFLOW: &str = include_str!("data/sound/full.yaml");
const OVERLAY: &str = include_str!("data/sound/overlay.yaml");

/// What must hold of a problem of any file.
fn holds_together(problem: &Diagnostic) {
    let (text, place) = (problem.source().text(), &problem.place);
    let underlined = text.get(place.span.clone()).expect("the span lies between characters");
    assert!(!underlined.contains('\n'), "{problem}: {underlined:?}");
    let (before, _) = text.split_at(place.span.start);
    assert_eq!(place.line, before.matches('\n').count() + 1, "{problem}");
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    assert_eq!(place.column, column, "{problem}");
    let safe = |text: &str| !text.chars().any(char::is_control);
    assert!(safe(&problem.message) && safe(&problem.label), "{problem:?}");
}

fn check(files: &[(&str, &str)]) -> CheckReport {
    let report = workflow::check_files(files, &AgentCatalog::builtin());
    report.problems.iter().for_each(holds_together);
    let drawn = render(&report.problems, RenderStyle::Plain);
    let unsafe_char = drawn.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(unsafe_char, None, "{drawn}");
    assert!(report.definition.is_some() || !report.overlays.is_empty() || !report.is_sound());
    report
}

/// One piece of damage: at a place, so many characters out, this in.
fn damage() -> impl Strategy<Value = (prop::sample::Index, usize, String)> {
    let piece = prop_oneof![
        Just(String::new()),
        "[ \\t\\n:,\\-\\[\\]{}'\"#&*!|>%@?~<.]{1,3}",
        "\\PC{1,4}",
        prop::sample::select(vec![
            "\n\n",
            "  ",
            "- ",
            "id: x\n",
            "*a",
            "&a ",
            "<<: ",
            "null",
            "true",
            "-1",
            ".nan",
            "\u{1b}[2J",
            "\u{0}",
            "\u{9b}2J",
            "---\n",
            "...\n",
            "\r\n",
            "\u{feff}",
            "\u{202e}",
            "0x10",
            "1e999",
            "open .. open-1h",
            "depend: {task: a, on: a}",
            "!!int ",
            "? ",
            "99999999999999999999",
        ])
        .prop_map(Into::into),
    ];
    (any::<prop::sample::Index>(), 0..12_usize, piece)
}

fn damaged(text: &str, wounds: &[(prop::sample::Index, usize, String)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (at, out, piece) in wounds {
        let at = at.index(chars.len() + 1);
        let end = (at + out).min(chars.len());
        chars.splice(at..end, piece.chars());
    }
    chars.into_iter().collect()
}

fn lines_moved(text: &str, moves: &[(prop::sample::Index, prop::sample::Index)]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for (from, to) in moves {
        let (from, to) = (from.index(lines.len()), to.index(lines.len()));
        let line = lines[from];
        lines.insert(to, line);
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        match diag::text_of("f", &bytes) {
            Ok(text) => drop(check(&[("f", &text)])),
            Err(problems) => problems.iter().for_each(holds_together),
        }
    }

    #[test]
    fn any_text_is_answered(text in "[a-c0-9 \\t\\n\\r:,\\-\\[\\]{}'\"#&*!|>%@?~<.\\\\é\u{85}]{0,80}") {
        check(&[("f", &text)]);
    }

    #[test]
    fn any_damage_is_answered(
        wounds in prop::collection::vec(damage(), 1..5),
        more in prop::collection::vec(damage(), 0..4),
    ) {
        let (workflow, overlay) = (damaged(WORKFLOW, &wounds), damaged(OVERLAY, &more));
        check(&[("w", &workflow), ("o", &overlay)]);
    }

    #[test]
    fn any_line_said_twice_is_answered(
        moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6),
    ) {
        check(&[("w", &lines_moved(WORKFLOW, &moves)), ("o", &lines_moved(OVERLAY, &moves))]);
    }

    #[test]
    fn every_cut_of_a_file_is_answered(at in any::<prop::sample::Index>()) {
        let ends: Vec<usize> = WORKFLOW.char_indices().map(|(at, _)| at).collect();
        let (cut, _) = WORKFLOW.split_at(ends[at.index(ends.len())]);
        check(&[("w", cut), ("o", OVERLAY)]);
    }
}
