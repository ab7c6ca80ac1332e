//! Text from outside, as evil as it comes, through the real backend into a terminal.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use bellwether::{
    engine::{Command, FailureKind, Gate, PauseMode},
    tui::{self, Msg, terminal::Canvas},
};
use proptest::prelude::*;

use crate::console::desk::Desk;

/// A desk that was told `text` by everybody who can say something.
fn told(text: &str, size: (u16, u16)) -> Desk {
    let mut desk = Desk::midday(size);
    desk.failed("order_status_sync", FailureKind::Rejected, text);
    desk.done("quote_refresh", text);
    desk.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    tui::update(&mut desk.model, Msg::Outcome(Err(text.to_owned())));
    desk
}

/// Draws on a terminal as the console does.
fn drawn(desk: &Desk) -> Vec<u8> {
    let mut canvas = Canvas::new(Vec::new(), desk.size).unwrap();
    canvas.draw(|frame| tui::draw(&desk.model, frame)).unwrap();
    canvas.out().clone()
}

/// Fails unless the bytes place, style and write cells, and do nothing else.
fn assert_harmless(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    for part in text.split('\u{1b}').skip(1) {
        let body = part.strip_prefix('[').unwrap_or_else(|| unreachable!("ESC {part:?}"));
        let end = body.find(|c: char| ('@'..='~').contains(&c)).unwrap();
        let (numbers, rest) = body.split_at(end);
        let last = rest.chars().next();
        let known = match last {
            Some('H' | 'm' | 'J') => !numbers.contains('?'),
            Some('h' | 'l') => matches!(numbers, "?2026" | "?25"),
            _ => false,
        };
        assert!(known, "ESC[{numbers}{last:?}");
    }
    let control = |c: char| c.is_control() && c != '\u{1b}';
    assert!(!text.contains(control), "{text:?}");
}

/// Whether every terminal shows this in one column.
fn certain(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let known =
        |c: char| c.is_ascii() || ('\u{2500}'..='\u{25ff}').contains(&c) || "…·".contains(c);
    chars.next().is_some_and(known) && chars.next().is_none()
}

/// Fails unless the terminal shows what was meant, cell by cell; a cell of doubtful width may show
/// less, and so may the ones beside it.
fn assert_in_place(desk: &Desk, bytes: &[u8]) {
    let (columns, rows) = desk.size;
    let mut parser = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
    parser.process(bytes);
    let buffer = desk.buffer();
    let meant = |x: u16, y: u16| buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
    for y in 0..rows {
        // Up to where the last doubtful cell and the one after it reach.
        let mut doubtful = 0;
        for x in 0..columns {
            if !certain(meant(x, y)) {
                let wide = unicode_width::UnicodeWidthStr::width(meant(x, y));
                doubtful = doubtful.max(x + 1 + u16::try_from(wide).unwrap());
            }
            let cell = parser.screen().cell(y, x).unwrap();
            let shown = if cell.has_contents() { cell.contents() } else { " " };
            let sure = x >= doubtful && certain(meant(x + 1, y));
            if sure && shown != meant(x, y) {
                let screen = parser.screen().contents();
                assert_eq!(shown, meant(x, y), "column {x} of row {y}\n{screen}");
            }
        }
    }
}

const SIZES: [(u16, u16); 2] = [(80, 24), (40, 10)];

fn assert_survives(text: &str) {
    for size in SIZES {
        let mut desk = told(text, size);
        for keys in ["", "2", "5", "1g<enter>"] {
            desk.press(keys);
            let bytes = drawn(&desk);
            assert_harmless(&bytes);
            assert_in_place(&desk, &bytes);
        }
    }
}

#[test]
fn what_is_known_to_be_evil_changes_no_mode_and_no_layout() {
    for evil in [
        "\u{1b}[2J\u{1b}[?1049l\u{1b}[?25h",
        "\u{1b}]0;owned\u{7}\u{1b}]52;c;ZXZpbA==\u{1b}\\",
        "\u{9b}31m\u{9d}0;x\u{9c}",
        "one\rtwo\nthree\u{8}\u{8}\u{7}\ttab",
        "\u{202e}desrever\u{202c} \u{2066}x\u{2069} \u{200f}y",
        "日本語のとても長いメッセージ、列がずれないように",
        "👩🏽‍💻 👨‍👩‍👧‍👦 🇺🇸 ❤️ 1️⃣ ☎️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "لا إله e\u{301}\u{302}\u{303} ก็ำ 각 क्षि",
        "\u{1b}Pq#0;2;0;0;0\u{1b}\\ \u{1b}_Gf=100;AAAA\u{1b}\\",
    ] {
        assert_survives(evil);
    }
}

#[test]
fn a_line_of_a_megabyte_is_a_line() {
    assert_survives(&"x".repeat(1 << 20));
    assert_survives(&"\u{1b}]0;".repeat(1 << 18));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn whatever_is_said_changes_no_mode_and_no_layout(
        text in "\\PC{0,80}|.{0,80}|([\u{1b}\u{9b}\u{9d}\u{7}\r\n].{0,6}){0,20}"
    ) {
        assert_survives(&text);
    }
}
