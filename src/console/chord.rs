//! One press of one key, written the same whatever the terminal sends for it.
//!
//! Terminals disagree about Shift: `G` arrives as `G`, as `Shift+G` or as `Shift+g`, `?` with or
//! without it. A [`Chord`] carries Shift only in the letter itself.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// Keys whose own names are too long for the footer: as they are shown, and in ASCII.
const SHORT: [(KeyCode, &str, &str); 9] = [
    (KeyCode::Char(' '), "space", "space"),
    (KeyCode::Up, "↑", "up"),
    (KeyCode::Down, "↓", "down"),
    (KeyCode::Left, "←", "left"),
    (KeyCode::Right, "→", "right"),
    (KeyCode::Enter, "enter", "enter"),
    (KeyCode::BackTab, "S-tab", "S-tab"),
    (KeyCode::PageUp, "pgup", "pgup"),
    (KeyCode::PageDown, "pgdn", "pgdn"),
];

/// A key with its modifiers, normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Chord {
    /// A key alone. A capital letter stands for itself.
    #[must_use]
    pub const fn key(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::NONE }
    }

    /// A character alone.
    #[must_use]
    pub const fn plain(c: char) -> Self {
        Self::key(KeyCode::Char(c))
    }

    /// A letter with Control.
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c), modifiers: KeyModifiers::CONTROL }
    }

    /// What was pressed; `None` for a release, which says nothing.
    #[must_use]
    pub fn of(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let shifted = event.modifiers.contains(KeyModifiers::SHIFT);
        let modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        let mut code = event.code;
        if let KeyCode::Char(c) = code {
            // Control does not know capitals: `Ctrl-C` and `Ctrl-c` are one byte on the wire.
            let control = modifiers.contains(KeyModifiers::CONTROL);
            let cased = if shifted { c.to_ascii_uppercase() } else { c };
            code = KeyCode::Char(if control { c.to_ascii_lowercase() } else { cased });
        } else if code == KeyCode::Tab && shifted {
            code = KeyCode::BackTab;
        }
        Some(Self { code, modifiers })
    }

    /// How it is written in the footer and in the help: `j`, `^c`, `enter`, `↑`.
    #[must_use]
    pub fn label(self) -> String {
        let short = SHORT.iter().find(|(code, ..)| *code == self.code);
        let name = short.map_or_else(
            // Case has meaning in a character, and none in the name of a key.
            || match self.code.to_string() {
                name if matches!(self.code, KeyCode::Char(_) | KeyCode::F(_)) => name,
                name => name.to_lowercase(),
            },
            |(_, name, _)| (*name).to_owned(),
        );
        let mut label = String::new();
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            label.push('^');
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            label.push_str("A-");
        }
        label + &name
    }

    /// As [`Chord::label`], in ASCII alone.
    #[must_use]
    pub fn ascii(self) -> String {
        let short = SHORT.iter().find(|(code, ..)| *code == self.code);
        short.map_or_else(|| self.label(), |(.., ascii)| (*ascii).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_is_the_same_chord_however_the_terminal_sends_it() {
        for (code, modifiers) in [
            ('G', KeyModifiers::NONE),
            ('G', KeyModifiers::SHIFT),
            ('g', KeyModifiers::SHIFT),
            ('G', KeyModifiers::SHIFT | KeyModifiers::META),
        ] {
            let event = KeyEvent::new(KeyCode::Char(code), modifiers);
            assert_eq!(Chord::of(event), Some(Chord::plain('G')), "{code} {modifiers:?}");
        }
        let asked = KeyEvent::new(KeyCode::Char('?'), KeyModifiers::SHIFT);
        assert_eq!(Chord::of(asked), Some(Chord::plain('?')));
        let back = KeyEvent::new(KeyCode::Tab, KeyModifiers::SHIFT);
        assert_eq!(Chord::of(back), Some(Chord::key(KeyCode::BackTab)));
        let leave = KeyEvent::new(KeyCode::Char('C'), KeyModifiers::CONTROL | KeyModifiers::SHIFT);
        assert_eq!(Chord::of(leave), Some(Chord::ctrl('c')));
    }

    #[test]
    fn a_release_is_no_press() {
        let mut event = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::NONE);
        event.kind = KeyEventKind::Release;
        assert_eq!(Chord::of(event), None);
    }

    #[test]
    fn labels_are_short_and_keep_the_case_of_letters() {
        let labels = [
            Chord::plain('G'),
            Chord::plain(' '),
            Chord::ctrl('c'),
            Chord::key(KeyCode::Esc),
            Chord::key(KeyCode::BackTab),
            Chord::key(KeyCode::F(9)),
            Chord::key(KeyCode::Up),
        ]
        .map(Chord::label);
        assert_eq!(labels, ["G", "space", "^c", "esc", "S-tab", "F9", "↑"]);
        assert_eq!(Chord::key(KeyCode::Up).ascii(), "up");
    }
}
