//! One press of one key, written the same whatever the terminal sends for it.
//!
//! Terminals disagree about Shift: `G` arrives as `G`, as `Shift+G` or as `Shift+g`, `?` with or
//! without it. A [`Chord`] carries Shift only in the letter itself. What can be written can be read:
//! [`Chord::label`] and [`FromStr`] are each other's inverse.

use std::{fmt::Write as _, str::FromStr};

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

/// Names a keys file may use beside those that are shown.
const NAMES: [(&str, KeyCode); 23] = [
    ("space", KeyCode::Char(' ')),
    ("enter", KeyCode::Enter),
    ("return", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("escape", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("del", KeyCode::Delete),
    ("delete", KeyCode::Delete),
    ("ins", KeyCode::Insert),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pageup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("pagedown", KeyCode::PageDown),
    ("minus", KeyCode::Char('-')),
];

/// The modifier prefixes of a key, and the modifiers they hold.
const HELD: [(&str, KeyModifiers); 11] = [
    ("ctrl-", KeyModifiers::CONTROL),
    ("control-", KeyModifiers::CONTROL),
    ("c-", KeyModifiers::CONTROL),
    ("^", KeyModifiers::CONTROL),
    ("alt-", KeyModifiers::ALT),
    ("meta-", KeyModifiers::ALT),
    ("opt-", KeyModifiers::ALT),
    ("a-", KeyModifiers::ALT),
    ("m-", KeyModifiers::ALT),
    ("shift-", KeyModifiers::SHIFT),
    ("s-", KeyModifiers::SHIFT),
];

/// Control with these is another key on the wire, or a digit in the decoder.
const ON_THE_WIRE: [(char, char); 4] = [('4', '\\'), ('5', ']'), ('6', '^'), ('7', '_')];

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
    pub const fn char(c: char) -> Self {
        Self::key(KeyCode::Char(c))
    }

    /// A letter with Control.
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c), modifiers: KeyModifiers::CONTROL }
    }

    /// Returns what was pressed; `None` for a release, which says nothing.
    #[must_use]
    pub fn from_event(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let shifted = event.modifiers.contains(KeyModifiers::SHIFT);
        let modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        let mut code = event.code;
        if let KeyCode::Char(c) = code {
            // Control does not know capitals: `Ctrl-C` and `Ctrl-c` are one byte on the wire.
            let control = modifiers.contains(KeyModifiers::CONTROL);
            let wire = ON_THE_WIRE.iter().find(|(digit, _)| control && *digit == c);
            let c = wire.map_or(c, |(_, sign)| *sign);
            let cased = if shifted { c.to_ascii_uppercase() } else { c };
            code = KeyCode::Char(if control { c.to_ascii_lowercase() } else { cased });
        } else if code == KeyCode::Tab && shifted {
            code = KeyCode::BackTab;
        }
        Some(Self { code, modifiers })
    }

    /// Returns how it is written in the footer and in the help: `j`, `^c`, `enter`, `↑`.
    #[must_use]
    pub fn label(self) -> String {
        self.format_with(|(_, name, _)| name)
    }

    /// As [`Chord::label`], in ASCII alone.
    #[must_use]
    pub fn ascii_label(self) -> String {
        self.format_with(|(.., ascii)| ascii)
    }

    fn format_with(
        self,
        short: fn((KeyCode, &'static str, &'static str)) -> &'static str,
    ) -> String {
        let known = SHORT.into_iter().find(|(code, ..)| *code == self.code);
        let name = known.map_or_else(
            // Case has meaning in a character, and none in the name of a key.
            || match self.code.to_string() {
                name if matches!(self.code, KeyCode::Char(_) | KeyCode::F(_)) => name,
                name => name.to_lowercase(),
            },
            |known| short(known).to_owned(),
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

    /// Returns whether it is a character without Control or Alt: what a text field takes as text.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }

    /// Returns whether Control is held.
    #[must_use]
    pub const fn holds_control(self) -> bool {
        self.modifiers.contains(KeyModifiers::CONTROL)
    }
}

impl FromStr for Chord {
    type Err = String;

    /// Reads `r`, `G`, `ctrl-x`, `C-x`, `^x`, `alt-x`, `M-x`, `f9`, `space`, `S-tab`, `↑`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, to follow the text itself: "is no key", "cannot be told from tab".
    fn from_str(text: &str) -> Result<Self, String> {
        let (mut rest, mut held) = (text, KeyModifiers::NONE);
        while rest.chars().count() > 1 {
            let prefix = HELD.iter().find_map(|(prefix, modifier)| {
                let (head, tail) = rest.split_at_checked(prefix.len())?;
                let found = head.eq_ignore_ascii_case(prefix) && !tail.is_empty();
                found.then_some((tail, *modifier))
            });
            let Some((tail, modifier)) = prefix else { break };
            (rest, held) = (tail, held | modifier);
        }
        let code = named_code(rest).ok_or_else(|| {
            let nearest = diag::nearest(rest, NAMES.iter().map(|(name, _)| *name));
            let mut why = "is no key".to_owned();
            if let Some(name) = nearest.filter(|_| rest.chars().count() > 2) {
                // A String takes everything that is written to it.
                let _ = write!(why, "; did you mean `{name}`?");
            }
            why
        })?;
        if let Some(same) = indistinct(code, held) {
            return Err(format!("is the same as {same} to a terminal"));
        }
        if is_never_sent(code, held) {
            return Err("is a key that terminals do not send".into());
        }
        if held.contains(KeyModifiers::SHIFT) && !shifts(code) {
            return Err("is a key for which terminals do not report Shift".into());
        }
        let event = KeyEvent::new(code, held);
        Self::from_event(event).ok_or_else(|| "is no key".into())
    }
}

/// The key of a name without modifiers.
fn named_code(name: &str) -> Option<KeyCode> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        let arrow = SHORT.iter().find(|(_, sign, _)| *sign == name);
        let shown = !c.is_control() && !c.is_whitespace();
        return arrow.map(|(code, ..)| *code).or(shown.then_some(KeyCode::Char(c)));
    }
    let lower = name.to_lowercase().replace('_', "");
    let known = NAMES.iter().find(|(known, _)| *known == lower).map(|(_, code)| *code);
    known.or_else(|| {
        let number = lower.strip_prefix('f')?.parse().ok()?;
        (1..=24).contains(&number).then_some(KeyCode::F(number))
    })
}

/// Control with a character that is another key on the wire.
fn indistinct(code: KeyCode, held: KeyModifiers) -> Option<&'static str> {
    let pairs = [
        ('i', "tab"),
        ('m', "enter"),
        ('[', "esc"),
        ('3', "esc"),
        ('8', "backspace"),
        ('?', "backspace"),
        ('2', "ctrl-space"),
        ('@', "ctrl-space"),
        ('/', "ctrl-_"),
    ];
    let found = pairs.iter().find(|(c, _)| {
        let same = matches!(code, KeyCode::Char(typed) if typed.eq_ignore_ascii_case(c));
        same && held.contains(KeyModifiers::CONTROL)
    });
    found.map(|(_, key)| *key)
}

/// Returns whether a terminal has no bytes for the chord: Control makes a byte of its own only of
/// letters and a few signs, and Alt with `[` or `O` begins the bytes of another key.
fn is_never_sent(code: KeyCode, held: KeyModifiers) -> bool {
    use KeyCode::{BackTab, Backspace, Char, Enter, Esc, Tab};
    let controlled = if let Char(c) = code {
        c.is_ascii_alphabetic() || r" \]^_4567".contains(c)
    } else {
        // Cursor and function keys have sequences with modifiers; these have one byte.
        ![Enter, Tab, BackTab, Esc, Backspace].contains(&code)
    };
    held.contains(KeyModifiers::CONTROL) && !controlled
        || held == KeyModifiers::ALT && matches!(code, Char('[' | 'O'))
}

/// Returns whether Shift makes another chord of it.
const fn shifts(code: KeyCode) -> bool {
    matches!(code, KeyCode::Tab | KeyCode::Char('a'..='z' | 'A'..='Z'))
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
            assert_eq!(Chord::from_event(event), Some(Chord::char('G')), "{code} {modifiers:?}");
        }
        let asked = KeyEvent::new(KeyCode::Char('?'), KeyModifiers::SHIFT);
        assert_eq!(Chord::from_event(asked), Some(Chord::char('?')));
        let back = KeyEvent::new(KeyCode::Tab, KeyModifiers::SHIFT);
        assert_eq!(Chord::from_event(back), Some(Chord::key(KeyCode::BackTab)));
        let leave = KeyEvent::new(KeyCode::Char('C'), KeyModifiers::CONTROL | KeyModifiers::SHIFT);
        assert_eq!(Chord::from_event(leave), Some(Chord::ctrl('c')));
    }

    #[test]
    fn a_release_is_no_press() {
        let mut event = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::NONE);
        event.kind = KeyEventKind::Release;
        assert_eq!(Chord::from_event(event), None);
    }

    #[test]
    fn labels_are_short_and_keep_the_case_of_letters() {
        let labels = [
            Chord::char('G'),
            Chord::char(' '),
            Chord::ctrl('c'),
            Chord::key(KeyCode::Esc),
            Chord::key(KeyCode::BackTab),
            Chord::key(KeyCode::F(9)),
            Chord::key(KeyCode::Up),
        ]
        .map(Chord::label);
        assert_eq!(labels, ["G", "space", "^c", "esc", "S-tab", "F9", "↑"]);
        assert_eq!(Chord::key(KeyCode::Up).ascii_label(), "up");
    }

    fn read(text: &str) -> Result<String, String> {
        text.parse::<Chord>().map(Chord::label)
    }

    #[test]
    fn every_label_reads_back_as_the_same_chord() {
        let codes = NAMES.iter().map(|(_, code)| *code);
        let signs = ('!'..='~').chain("é日Ω".chars()).map(KeyCode::Char);
        let functions = (1..=24).map(KeyCode::F);
        for code in codes.chain(signs).chain(functions) {
            for held in [KeyModifiers::NONE, KeyModifiers::CONTROL, KeyModifiers::ALT] {
                if indistinct(code, held).is_some() || is_never_sent(code, held) {
                    continue;
                }
                let chord = Chord::from_event(KeyEvent::new(code, held)).unwrap();
                assert_eq!(chord.label().parse(), Ok(chord), "{}", chord.label());
                assert_eq!(chord.ascii_label().parse(), Ok(chord), "{}", chord.ascii_label());
            }
        }
    }

    #[test]
    fn a_key_may_be_written_in_several_ways() {
        for text in ["ctrl-x", "C-x", "^x", "Control-X"] {
            assert_eq!(read(text).as_deref(), Ok("^x"), "{text}");
        }
        for text in ["alt-x", "M-x", "A-x", "meta-x"] {
            assert_eq!(read(text).as_deref(), Ok("A-x"), "{text}");
        }
        assert_eq!(read("S-tab"), read("backtab"));
        assert_eq!(read("shift-g").as_deref(), Ok("G"));
        assert_eq!(read("F9"), read("f9"));
        assert_eq!(read("^").as_deref(), Ok("^"));
        assert_eq!(read("C-M-x").as_deref(), Ok("^A-x"));
    }

    #[test]
    fn keys_that_no_terminal_sends_are_refused() {
        for dead in [
            "ctrl-ö",
            "ctrl-1",
            "ctrl-9",
            "ctrl-,",
            "ctrl-.",
            "ctrl-;",
            "ctrl->",
            "ctrl-minus",
            "ctrl-enter",
            "ctrl-tab",
            "ctrl-backspace",
            "alt-[",
            "alt-O",
        ] {
            assert_eq!(read(dead).unwrap_err(), "is a key that terminals do not send", "{dead}");
        }
        for (key, same) in [("ctrl-2", "ctrl-space"), ("ctrl-8", "backspace"), ("ctrl-/", "ctrl-_")]
        {
            let why = read(key).unwrap_err();
            assert_eq!(why, format!("is the same as {same} to a terminal"), "{key}");
        }
        for sent in [
            "ctrl-space",
            "ctrl-\\",
            "ctrl-]",
            "ctrl-_",
            "ctrl-7",
            "ctrl-up",
            "ctrl-f5",
            "alt-enter",
        ] {
            assert!(read(sent).is_ok(), "{sent}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_the_reason() {
        assert_eq!(
            read("ctrl-i").unwrap_err().split(':').next(),
            Some("is the same as tab to a terminal")
        );
        assert!(read("enterr").unwrap_err().contains("`enter`"));
        assert!(read("shift-1").unwrap_err().contains("Shift"));
        for text in ["", "ctrl-", "f0", "f25", "\u{1b}", " ", "foo"] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn control_with_a_sign_is_that_sign_whatever_the_decoder_calls_it() {
        let event = KeyEvent::new(KeyCode::Char('4'), KeyModifiers::CONTROL);
        assert_eq!(Chord::from_event(event), Some(Chord::ctrl('\\')));
    }
}
