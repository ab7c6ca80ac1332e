//! The keys, filtered as one types: the key table itself, nothing written twice.

use super::Field;
use crate::console::registry::{ROWS, Row, Scope};

/// The help being read.
#[derive(Debug, Clone)]
pub struct Help {
    /// What is looked for.
    pub filter: Field,
    /// First line shown.
    pub scroll: usize,
    /// Where the reader came from; its keys stand first.
    pub from: Scope,
}

/// One line of the help.
#[derive(Debug, Clone, Copy)]
pub enum Line {
    /// A heading.
    Title(&'static str),
    /// A row of the table.
    Row(&'static Row),
}

impl Help {
    /// The help as asked for in a place.
    #[must_use]
    pub fn new(from: Scope) -> Self {
        Self { filter: Field::new("find", 0), scroll: 0, from }
    }

    /// Scrolls by so many lines, down or (negative) up, and stops at both ends.
    pub(crate) fn scroll_by(&mut self, lines: isize) {
        let last = self.lines().len().saturating_sub(1);
        self.scroll = self.scroll.saturating_add_signed(lines).min(last);
    }

    /// What is shown: the keys of the place first, then all others, each with the words looked for.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let near = self.from.chain();
        let rest = Scope::ALL.iter().filter(|scope| !near.contains(scope));
        let wanted = self.filter.text().to_lowercase();
        let mut lines = Vec::new();
        for scope in near.iter().chain(rest) {
            let rows: Vec<_> = ROWS
                .iter()
                .filter(|row| row.scope == *scope && matches(row, &wanted))
                .map(Line::Row)
                .collect();
            if !rows.is_empty() {
                lines.push(Line::Title(scope.title()));
                lines.extend(rows);
            }
        }
        lines
    }
}

fn matches(row: &Row, wanted: &str) -> bool {
    let keys = || row.chords.iter().any(|chord| chord.label().to_lowercase() == wanted);
    let text = [row.help, row.title, row.tier.word()].join(" ").to_lowercase();
    wanted.split_whitespace().all(|word| text.contains(word)) || keys()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(help: &Help) -> usize {
        help.lines().iter().filter(|line| matches!(line, Line::Row(_))).count()
    }

    #[test]
    fn the_help_shows_every_row_once_and_narrows_as_one_types() {
        let mut help = Help::new(Scope::Task);
        assert_eq!(rows(&help), ROWS.len());
        help.filter = help.filter.with("halt");
        assert!((1..5).contains(&rows(&help)));
        help.filter = Field::new("find", 0).with("nosuchword");
        assert_eq!(rows(&help), 0);
    }
}
