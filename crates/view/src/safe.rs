//! Texts from outside, made fit for a terminal.

use std::borrow::Cow;

use diag::is_unsafe_char;

/// Longest text from outside that is shown, in characters.
pub const TEXT_MAX: usize = 400;

/// A text from outside (an agent, a file, a person) made fit for a line on a terminal: one line,
/// no control characters, no escape sequences, no marks that turn the direction of writing, at most
/// [`TEXT_MAX`] characters. Borrowed when there is nothing to do.
///
/// Escape sequences vanish whole with their parameters; a line break or a tab becomes a blank;
/// anything else that is taken out leaves nothing.
#[must_use]
pub fn sanitize(text: &str) -> Cow<'_, str> {
    safe_to(text, TEXT_MAX)
}

/// As `safe`, with at most `most` characters, the last of them `…` when something was cut.
#[must_use]
pub fn safe_to(text: &str, most: usize) -> Cow<'_, str> {
    let sound = text.chars().take(most + 1).all(|c| !is_unsafe_char(c));
    let short = text.len() <= most || text.chars().nth(most).is_none();
    if sound && short {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut kept = 0_usize;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let c = match c {
            '\u{1b}' => {
                skip_sequence(&mut rest);
                continue;
            }
            // The one-character forms of ESC [ and ESC ].
            '\u{9b}' => {
                skip_control(&mut rest);
                continue;
            }
            '\u{9d}' | '\u{90}' | '\u{9e}' | '\u{9f}' | '\u{98}' => {
                skip_string(&mut rest);
                continue;
            }
            '\n' | '\r' | '\t' => ' ',
            c if is_unsafe_char(c) => continue,
            c => c,
        };
        kept += 1;
        if kept > most {
            out.pop();
            out.push('…');
            break;
        }
        out.push(c);
    }
    Cow::Owned(out)
}

type CharStream<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Longest escape sequence that is looked for; what follows is text again, so that a lost
/// terminator cannot hide everything after it.
const SEQUENCE_MAX: usize = 4_096;

fn skip_sequence(rest: &mut CharStream<'_>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            skip_control(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            skip_string(rest);
        }
        // Two or three characters: ESC ( B, ESC 7.
        Some('(' | ')' | '*' | '+' | '#' | '%' | ' ') => {
            rest.next();
            rest.next_if(char::is_ascii_graphic);
        }
        Some(c) if c.is_ascii_graphic() => {
            rest.next();
        }
        Some(_) | None => {}
    }
}

/// Parameters and the final letter of a control sequence.
fn skip_control(rest: &mut CharStream<'_>) {
    for _ in 0..SEQUENCE_MAX {
        match rest.next_if(|c| ('\u{20}'..='\u{7e}').contains(c)) {
            Some('\u{40}'..='\u{7e}') | None => return,
            Some(_) => {}
        }
    }
}

/// A string up to BEL, ST or `ESC \`.
fn skip_string(rest: &mut CharStream<'_>) {
    for _ in 0..SEQUENCE_MAX {
        match rest.next() {
            Some('\u{7}' | '\u{9c}') | None => return,
            Some('\u{1b}') => {
                rest.next_if_eq(&'\\');
                return;
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_text_is_not_copied() {
        assert!(matches!(sanitize("risk at 71 % – fine"), Cow::Borrowed(_)));
    }

    #[test]
    fn sequences_that_command_a_terminal_leave_nothing() {
        for (bad, good) in [
            ("a\u{1b}[31;1mred\u{1b}[0mb", "aredb"),
            ("a\u{1b}]0;title\u{7}b", "ab"),
            ("a\u{1b}]52;c;ZXZpbA==\u{1b}\\b", "ab"),
            ("a\u{9b}2Jb\u{9d}0;x\u{9c}c", "abc"),
            ("a\u{1b}Pq#0;2\u{1b}\\b", "ab"),
            ("a\u{1b}(Bb\u{1b}7c", "abc"),
            ("tab\there\r\nline", "tab here  line"),
            ("bell\u{7}\u{8}\u{0}\u{7f}", "bell"),
            ("pay \u{202e}0001\u{202c} now\u{2066}\u{2069}", "pay 0001 now"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("a heart \u{2764}\u{fe0f} of text", "a heart \u{2764} of text"),
            ("end\u{1b}", "end"),
            ("end\u{1b}[", "end"),
        ] {
            assert_eq!(sanitize(bad), good, "{bad:?}");
        }
    }

    #[test]
    fn a_lost_terminator_does_not_swallow_everything_after_it() {
        let long = format!("\u{1b}]0;{}tail", "x".repeat(SEQUENCE_MAX));
        assert!(sanitize(&long).ends_with("tail"));
    }

    #[test]
    fn a_megabyte_becomes_one_short_line() {
        let line = sanitize(&"ä".repeat(1 << 20)).into_owned();
        assert_eq!(line.chars().count(), TEXT_MAX);
        assert!(line.ends_with('…'));
        assert_eq!(safe_to("four", 4), "four");
        assert_eq!(safe_to("fives", 4), "fiv…");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_said_becomes_one_line_without_controls(text in "\\PC*|.*|(\u{1b}.{0,3})*") {
            let safe = sanitize(&text);
            proptest::prop_assert!(!safe.chars().any(is_unsafe_char));
            proptest::prop_assert!(safe.chars().count() <= TEXT_MAX);
        }
    }
}
