//! Keys written down: characters as they are, other keys by a name in angle brackets.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::msg::Msg;

/// Keys that are no character, by the names they have here. `<` itself is written `<lt>`.
const NAMED: [(&str, KeyCode); 16] = [
    ("backspace", KeyCode::Backspace),
    ("del", KeyCode::Delete),
    ("down", KeyCode::Down),
    ("end", KeyCode::End),
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("home", KeyCode::Home),
    ("left", KeyCode::Left),
    ("lt", KeyCode::Char('<')),
    ("pgdn", KeyCode::PageDown),
    ("pgup", KeyCode::PageUp),
    ("right", KeyCode::Right),
    ("s-tab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("tab", KeyCode::Tab),
    ("up", KeyCode::Up),
];

/// Keys to be pressed one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyScript(Vec<KeyEvent>);

impl KeyScript {
    /// Reads a macro: `a<tab>` is the letter a and the Tab key, `<c-d>` is Control-D, `<f1>` a
    /// function key.
    ///
    /// # Errors
    ///
    /// In words: a name that no key has, or a `<` without its `>`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut keys, mut rest) = (Vec::new(), text);
        while let Some(c) = rest.chars().next() {
            let (event, tail) = if let Some(inside) = rest.strip_prefix('<') {
                let Some((name, tail)) = inside.split_once('>') else {
                    return Err("a `<` has no `>`; the key itself is `<lt>`".into());
                };
                let unknown = || {
                    let known: Vec<_> = NAMED.iter().map(|(name, _)| *name).collect();
                    let known = known.join(", ");
                    format!("no key is called `<{name}>`; known are {known}, f1 to f12, c-a to c-z")
                };
                (named_key(name).ok_or_else(unknown)?, tail)
            } else {
                (KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE), rest.split_at(c.len_utf8()).1)
            };
            keys.push(event);
            rest = tail;
        }
        Ok(Self(keys))
    }

    /// Each character of a text as a key.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let key = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
        Self(text.chars().map(key).collect())
    }

    /// Returns what the console is told, key by key.
    pub fn messages(&self) -> impl Iterator<Item = Msg> {
        self.0.iter().copied().map(Msg::Key)
    }
}

fn named_key(name: &str) -> Option<KeyEvent> {
    if let Some((_, code)) = NAMED.iter().find(|(known, _)| *known == name) {
        let shift =
            if *code == KeyCode::BackTab { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        return Some(KeyEvent::new(*code, shift));
    }
    let function = name.strip_prefix('f').and_then(|n| n.parse().ok());
    if let Some(n) = function.filter(|n| (1..=12).contains(n)) {
        return Some(KeyEvent::new(KeyCode::F(n), KeyModifiers::NONE));
    }
    let mut letters = name.strip_prefix("c-")?.chars();
    let letter = letters.next().filter(char::is_ascii_lowercase)?;
    let event = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
    letters.next().is_none().then_some(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_stand_for_themselves_and_names_for_other_keys() {
        let KeyScript(keys) = KeyScript::parse("a<tab>G<s-tab><c-d><f9><lt>").unwrap();
        let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
        assert_eq!(
            keys,
            [
                plain(KeyCode::Char('a')),
                plain(KeyCode::Tab),
                plain(KeyCode::Char('G')),
                KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT),
                KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL),
                plain(KeyCode::F(9)),
                plain(KeyCode::Char('<')),
            ]
        );
        assert_eq!(KeyScript::from_text("<a"), KeyScript::parse("<lt>a").unwrap());
    }

    #[test]
    fn a_name_no_key_has_is_an_error_that_says_the_names() {
        for bad in ["<foo>", "<f13>", "<f0>", "<c-1>", "<c-ab>", "<>", "<ENTER>"] {
            let error = KeyScript::parse(bad).unwrap_err();
            assert!(error.contains(bad) && error.contains("s-tab"), "{error}");
        }
        assert!(KeyScript::parse("a<tab").unwrap_err().contains("<lt>"));
    }
}
