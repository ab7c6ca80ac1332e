//! Which keys ask for which row of the registry: the table's, a profile's, a file's.

use std::fmt;

use ratatui::crossterm::event::KeyEvent;

use super::{Keys, Profile, ROWS, Row, Scope, profile};
use crate::console::{
    action::{Act, Action},
    chord::Chord,
};

/// Who gave a row its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The table itself.
    Table,
    /// A profile.
    Profile(Profile),
    /// A line of a keys file.
    File {
        /// Its name.
        name: String,
        /// The line, from 1.
        line: usize,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table => f.write_str("default table"),
            Self::Profile(profile) => write!(f, "profile {}", profile.word()),
            Self::File { name, line } => write!(f, "{name}:{line}"),
        }
    }
}

/// The keys of one row, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Any of these.
    pub keys: Vec<Keys>,
    /// Who says so.
    pub source: Source,
}

/// What a key means after those pressed before it.
#[derive(Debug, Clone, Copy)]
pub enum Found {
    /// This row.
    Row(&'static Row),
    /// The beginning of a sequence.
    Begins,
    /// Nothing.
    Nothing,
}

/// The keys of every row, in the order of [`ROWS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    pub(super) profile: Profile,
    pub(super) bound: Vec<Bound>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::of(Profile::Default)
    }
}

impl Keymap {
    /// The keys of a profile.
    #[must_use]
    pub fn of(profile: Profile) -> Self {
        profile::keymap(profile)
    }

    /// The profile it was made from.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        self.profile
    }

    /// Every row with its keys.
    pub fn all(&self) -> impl Iterator<Item = (&'static Row, &Bound)> {
        ROWS.iter().zip(&self.bound)
    }

    /// The rows that hold in a scope, with their keys: its own, then its parents'.
    pub fn rows(&self, scope: Scope) -> impl Iterator<Item = (&'static Row, &[Keys])> {
        scope.chain().iter().flat_map(move |&scope| {
            let here = self.all().filter(move |(row, _)| row.scope == scope);
            here.map(|(row, bound)| (row, bound.keys.as_slice()))
        })
    }

    /// What a key means in a scope after the chords of a sequence begun before it.
    ///
    /// The halt is never part of something else: whatever was begun, its key is its key.
    #[must_use]
    pub fn lookup(&self, scope: Scope, begun: &[Chord], key: KeyEvent) -> Found {
        let Some(chord) = Chord::of(key) else { return Found::Nothing };
        if let Some(row) = self.whole(scope, &[chord]).filter(|row| halts(row)) {
            return Found::Row(row);
        }
        let pressed: Vec<_> = begun.iter().copied().chain([chord]).collect();
        match self.whole(scope, &pressed) {
            Some(row) => Found::Row(row),
            None if self.follow(scope, &pressed).next().is_some() => Found::Begins,
            None => Found::Nothing,
        }
    }

    fn whole(&self, scope: Scope, pressed: &[Chord]) -> Option<&'static Row> {
        let is = |keys: &Keys| keys.chords() == pressed;
        self.rows(scope).find(|(_, keys)| keys.iter().any(is)).map(|(row, _)| row)
    }

    /// What may follow the chords pressed so far, and what it then means.
    pub fn follow(
        &self,
        scope: Scope,
        pressed: &[Chord],
    ) -> impl Iterator<Item = (&[Chord], &'static Row)> {
        self.rows(scope).flat_map(move |(row, keys)| {
            let rest = keys.iter().filter_map(move |keys| keys.chords().strip_prefix(pressed));
            rest.filter(|rest| !rest.is_empty()).map(move |rest| (rest, row))
        })
    }

    /// The keys of a row.
    #[must_use]
    pub fn chords(&self, row: &Row) -> &[Keys] {
        self.bound(row).map_or(&[], |bound| bound.keys.as_slice())
    }

    /// The keys of a row, and whose they are.
    #[must_use]
    pub fn bound(&self, row: &Row) -> Option<&Bound> {
        self.all().find(|(other, _)| other.id == row.id).map(|(_, bound)| bound)
    }

    /// The first key of an action, from the first of its rows that has one.
    #[must_use]
    pub fn first(&self, action: Action) -> Option<&Keys> {
        self.all().filter(|(row, _)| row.action == action).find_map(|(_, bound)| bound.keys.first())
    }
}

/// Whether a row is the kill switch.
pub(super) fn halts(row: &Row) -> bool {
    row.action == Action::Act(Act::Halt)
}

impl Row {
    /// The first row of an action.
    #[must_use]
    pub fn of(action: Action) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.action == action)
    }

    /// The row of a name.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.id == id)
    }

    /// Whether palette and command line offer it: what answers something that lies over the screen
    /// means nothing without that.
    #[must_use]
    pub fn offered(&self) -> bool {
        let first = Self::of(self.action).is_some_and(|first| first.id == self.id);
        match self.scope {
            Scope::Screen
            | Scope::Task
            | Scope::Agent
            | Scope::Stream
            | Scope::List
            | Scope::Alert
            | Scope::Recovery => true,
            // The same as on a screen, reachable from a text field too.
            // A column or a form named in full needs no question before it either.
            Scope::Everywhere | Scope::Sort | Scope::Export => first,
            Scope::Dialog
            | Scope::Force
            | Scope::Orders
            | Scope::Late
            | Scope::Confirm
            | Scope::Text
            | Scope::Prompt
            | Scope::Command
            | Scope::Help => false,
        }
    }
}

/// The word for an action: its title.
#[must_use]
pub(in crate::console) fn word(action: Action) -> &'static str {
    Row::of(action).map_or("", |row| row.title)
}
