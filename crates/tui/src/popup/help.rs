//! The help: what a screen shows, then every action, filtered as one types, and done with Enter.

use super::TextField;
use crate::{
    keymap::{Binding, KeyScope, KeySequence, Keymap, ROWS, guard_text, screen_help},
    model::Pane,
    nav::Screen,
};

/// The help being read.
#[derive(Debug, Clone)]
pub struct Help {
    /// What is looked for.
    pub filter: TextField,
    /// Where the reader came from; its keys stand first.
    pub from: KeyScope,
    /// What the screen shows.
    pub about: [&'static str; 3],
    /// The chosen row, by its id; `None` until somebody moves or types.
    at: Option<&'static str>,
}

/// One line of the help.
#[derive(Debug, Clone, Copy)]
pub enum HelpLine {
    /// What the screen shows.
    About(&'static str),
    /// A heading.
    Title(&'static str),
    /// A row of the table.
    Row(&'static Binding),
}

impl Help {
    /// The help as asked for in a place.
    #[must_use]
    pub fn new(from: KeyScope, screen: Screen, pane: Pane) -> Self {
        Self { filter: TextField::new("find", 0), from, about: screen_help(screen, pane), at: None }
    }

    /// The chosen row. Once something is looked for, the first that has it.
    #[must_use]
    pub fn selected(&self, keymap: &Keymap) -> Option<&'static Binding> {
        let rows = self.rows(keymap);
        let at = rows.iter().find(|row| Some(row.id) == self.at);
        let first = rows.first().filter(|_| !self.filter.text().trim().is_empty());
        at.or(first).copied()
    }

    /// Chooses so many rows on or (negative) back, and stops at both ends.
    pub(crate) fn move_selection(&mut self, keymap: &Keymap, by: isize) {
        let rows = self.rows(keymap);
        let last = rows.len().saturating_sub(1);
        let now = self.selected(keymap).and_then(|row| rows.iter().position(|r| r.id == row.id));
        let to = match now {
            Some(at) => at.saturating_add_signed(by).min(last),
            // The first movement down chooses the first row.
            None => 0_usize.saturating_add_signed(by.saturating_sub(1)).min(last),
        };
        self.at = rows.get(to).map(|row| row.id);
    }

    /// Another text is looked for.
    pub(crate) fn reset_selection(&mut self) {
        self.at = None;
    }

    fn rows(&self, keymap: &Keymap) -> Vec<&'static Binding> {
        let lines = self.lines(keymap).into_iter();
        lines
            .filter_map(|line| if let HelpLine::Row(row) = line { Some(row) } else { None })
            .collect()
    }

    /// What is shown: the screen, the actions of the place, then all others, each with the words
    /// looked for.
    #[must_use]
    pub fn lines(&self, keymap: &Keymap) -> Vec<HelpLine> {
        let near = self.from.ancestors();
        let rest = KeyScope::ALL.iter().filter(|scope| !near.contains(scope));
        let wanted = self.filter.text().to_lowercase();
        let mut lines = Vec::new();
        if wanted.trim().is_empty() {
            lines.extend(self.about.map(HelpLine::About));
        }
        for scope in near.iter().chain(rest) {
            let rows: Vec<_> = ROWS
                .iter()
                .filter(|row| row.scope == *scope && matches(row, keymap.keys_of(row), &wanted))
                .map(HelpLine::Row)
                .collect();
            if !rows.is_empty() {
                lines.push(HelpLine::Title(scope.title()));
                lines.extend(rows);
            }
        }
        lines
    }
}

fn matches(row: &Binding, keys: &[KeySequence], wanted: &str) -> bool {
    let pressed = || keys.iter().any(|keys| keys.label().to_lowercase() == wanted.trim());
    let text = [row.id, row.help, row.title, guard_text(row.tier)].join(" ").to_lowercase();
    wanted.split_whitespace().all(|word| text.contains(word)) || pressed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help() -> Help {
        Help::new(KeyScope::Task, Screen::Tasks, Pane::Tasks)
    }

    #[test]
    fn the_help_shows_every_row_once_and_narrows_as_one_types() {
        let (mut help, keymap) = (help(), Keymap::default());
        assert_eq!(help.rows(&keymap).len(), ROWS.len());
        assert!(matches!(help.lines(&keymap).first(), Some(HelpLine::About(_))));
        help.filter = help.filter.with_text("halt");
        let halts =
            |row: &&Binding| [row.id, row.help, row.title].concat().to_lowercase().contains("halt");
        let found = help.rows(&keymap).len();
        assert_eq!(found, ROWS.iter().filter(halts).count());
        assert!((5..15).contains(&found), "{found}");
        help.filter = TextField::new("find", 0).with_text("nosuchword");
        assert!(help.rows(&keymap).is_empty());
    }

    #[test]
    fn nothing_is_chosen_until_one_moves_or_types() {
        let (mut help, keymap) = (help(), Keymap::default());
        assert!(help.selected(&keymap).is_none(), "Enter must not do what nobody chose");
        help.move_selection(&keymap, 1);
        assert_eq!(help.selected(&keymap).map(|row| row.id), Some("task.open"));
        help.reset_selection();
        help.filter = help.filter.with_text("clock.faster");
        assert_eq!(help.selected(&keymap).map(|row| row.id), Some("clock.faster"));
    }

    #[test]
    fn the_choice_stays_with_its_row_and_stops_at_both_ends() {
        let (mut help, keymap) = (help(), Keymap::default());
        help.move_selection(&keymap, isize::MAX);
        let last = help.rows(&keymap).last().map(|row| row.id);
        assert_eq!(help.selected(&keymap).map(|row| row.id), last);
        help.move_selection(&keymap, isize::MIN);
        assert_eq!(help.selected(&keymap).map(|row| row.id), Some("task.open"));
    }
}
