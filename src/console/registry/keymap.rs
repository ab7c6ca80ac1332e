//! Which key asks for which row of the registry: the table's own keys, and what was put in their place.

use ratatui::crossterm::event::KeyEvent;

use super::{ROWS, Row, Scope, Tier};
use crate::console::{action::Action, chord::Chord};

/// The keys of every row, in the order of [`ROWS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    chords: Vec<Vec<Chord>>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self { chords: ROWS.iter().map(|row| row.chords.to_vec()).collect() }
    }
}

impl Keymap {
    /// The rows that hold in a scope, with their keys: its own, then its parents'.
    pub fn rows(&self, scope: Scope) -> impl Iterator<Item = (&'static Row, &[Chord])> {
        scope.chain().iter().flat_map(move |&scope| {
            let all = ROWS.iter().zip(&self.chords);
            all.filter(move |(row, _)| row.scope == scope).map(|(row, keys)| (row, keys.as_slice()))
        })
    }

    /// The row a key stands for, if any: its action and what that takes.
    #[must_use]
    pub fn lookup(&self, scope: Scope, key: KeyEvent) -> Option<&'static Row> {
        let chord = Chord::of(key)?;
        self.rows(scope).find(|(_, keys)| keys.contains(&chord)).map(|(row, _)| row)
    }

    /// The keys of a row.
    #[must_use]
    pub fn chords(&self, row: &Row) -> &[Chord] {
        let place = ROWS.iter().position(|other| other.id == row.id);
        place.and_then(|at| self.chords.get(at)).map_or(&[], Vec::as_slice)
    }
}

impl Row {
    /// The first row of an action.
    #[must_use]
    pub fn of(action: Action) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.action == action)
    }
}

/// How much harm an action can do, wherever its key stands.
#[must_use]
pub(in crate::console) fn tier(action: Action) -> Tier {
    let rows = ROWS.iter().filter(|row| row.action == action);
    rows.map(|row| row.tier).max().unwrap_or(Tier::Look)
}

/// The word for an action: its title.
#[must_use]
pub(in crate::console) fn word(action: Action) -> &'static str {
    Row::of(action).map_or("", |row| row.title)
}
