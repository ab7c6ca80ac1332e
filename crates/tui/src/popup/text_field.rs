//! One line of text being typed.

use ratatui::crossterm::event::{Event, KeyEvent};
use tui_input::{Input, InputRequest, backend::crossterm::EventHandler as _};

use view::format;

/// A text field with its label.
#[derive(Debug, Clone)]
pub struct TextField {
    /// What is asked for.
    pub label: &'static str,
    /// Characters it wants before it is taken; blanks do not count.
    pub least: usize,
    input: Input,
}

impl TextField {
    /// Longest text taken, in characters; the rest of a paste falls away.
    pub const MOST: usize = 200;

    /// An empty field that wants at least `least` characters.
    #[must_use]
    pub fn new(label: &'static str, least: usize) -> Self {
        Self { label, least, input: Input::default() }
    }

    /// The same with a text in it, the cursor behind.
    #[must_use]
    pub fn with_text(self, text: &str) -> Self {
        Self { input: Input::new(text.into()), ..self }
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// The cursor's place, in columns.
    #[must_use]
    pub fn cursor_column(&self) -> usize {
        self.input.visual_cursor()
    }

    /// The cursor's place, in characters from 0.
    #[must_use]
    pub fn cursor_index(&self) -> usize {
        self.input.cursor()
    }

    /// Puts `text` in place of the characters from `from` to the cursor, which stays behind it.
    pub(crate) fn replace(&mut self, from: usize, text: &str) {
        let (old, place) = (self.text(), self.cursor_index());
        let head: String = old.chars().take(from.min(place)).chain(text.chars()).collect();
        let tail: String = old.chars().skip(place).collect();
        let behind = head.chars().count();
        let whole: String = (head + &tail).chars().take(Self::MOST).collect();
        self.input = Input::new(whole).with_cursor(behind);
    }

    /// Whether enough was typed.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.text().chars().filter(|c| !c.is_whitespace()).count() >= self.least
    }

    /// What was typed, trimmed; `None` when that is nothing.
    #[must_use]
    pub fn trimmed_text(&self) -> Option<String> {
        let text = self.text().trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether the cursor stands behind the last letter.
    pub(crate) fn at_end(&self) -> bool {
        self.input.cursor() >= self.text().chars().count()
    }

    /// The cursor one letter on.
    pub(crate) fn move_right(&mut self) {
        self.input.handle(InputRequest::GoToNextChar);
    }

    /// Takes an editing key.
    pub(crate) fn on_key(&mut self, key: KeyEvent) {
        let room = self.text().chars().count() < Self::MOST;
        let before = self.input.clone();
        self.input.handle_event(&Event::Key(key));
        if !room && self.text().chars().count() > Self::MOST {
            self.input = before;
        }
    }

    /// Takes pasted text, made safe and into one line: a paste can type, never press Enter.
    pub(crate) fn paste(&mut self, text: &str) {
        let room = Self::MOST.saturating_sub(self.text().chars().count());
        for c in format::sanitize(text).chars().take(room) {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_is_one_line_without_control_characters_and_never_longer_than_the_field() {
        let mut field = TextField::new("reason", 3);
        field.paste("line one\nline\x1b[31m two\r");
        assert!(!field.text().contains(|c: char| c.is_control()), "{:?}", field.text());
        field.paste(&"x".repeat(1_000));
        assert_eq!(field.text().chars().count(), TextField::MOST);
    }

    #[test]
    fn a_completion_replaces_what_was_typed_of_it_and_nothing_else() {
        let mut field = TextField::new("filter", 0).with_text("stat");
        field.replace(0, "state:");
        assert_eq!((field.text(), field.cursor_index()), ("state:", 6));
        let mut field = TextField::new("filter", 0).with_text("a ag c");
        field.input.handle(InputRequest::SetCursor(4));
        field.replace(2, "agent:");
        assert_eq!((field.text(), field.cursor_index()), ("a agent: c", 8));
    }

    #[test]
    fn blanks_are_no_reason() {
        assert!(!TextField::new("reason", 3).with_text("  a  b ").is_full());
        assert!(TextField::new("reason", 3).with_text("why").is_full());
    }
}
