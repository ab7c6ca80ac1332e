//! Which keys ask for which row of the registry: the table's, a profile's, a file's.

use std::fmt;

use ratatui::crossterm::event::KeyEvent;

use super::{Binding, KeyProfile, KeyScope, KeySequence, ROWS, profile};
use crate::{
    action::{Action, CommandAction},
    chord::Chord,
};

/// Who gave a row its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BindingSource {
    /// The table itself.
    Table,
    /// A profile.
    Profile(KeyProfile),
    /// A line of a keys file.
    File {
        /// Its name.
        name: String,
        /// The line, from 1.
        line: usize,
    },
}

impl fmt::Display for BindingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table => f.write_str("default table"),
            Self::Profile(profile) => write!(f, "profile {}", profile.as_str()),
            Self::File { name, line } => write!(f, "{name}:{line}"),
        }
    }
}

/// The keys of one row, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundKeys {
    /// Any of these.
    pub keys: Vec<KeySequence>,
    /// Who says so.
    pub source: BindingSource,
}

/// What a key means after those pressed before it.
#[derive(Debug, Clone, Copy)]
pub enum KeyMatch {
    /// This row.
    Row(&'static Binding),
    /// The beginning of a sequence.
    Prefix,
    /// Nothing.
    None,
}

/// The keys of every row, in the order of [`ROWS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    pub(super) profile: KeyProfile,
    pub(super) bound: Vec<BoundKeys>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::from_profile(KeyProfile::Default)
    }
}

impl Keymap {
    /// The keys of a profile.
    #[must_use]
    pub fn from_profile(profile: KeyProfile) -> Self {
        profile::profile_keymap(profile)
    }

    /// The profile it was made from.
    #[must_use]
    pub const fn profile(&self) -> KeyProfile {
        self.profile
    }

    /// Every row with its keys.
    pub fn bindings(&self) -> impl Iterator<Item = (&'static Binding, &BoundKeys)> {
        ROWS.iter().zip(&self.bound)
    }

    /// The rows that hold in a scope, with their keys: its own, then its parents'.
    pub fn bindings_in(
        &self,
        scope: KeyScope,
    ) -> impl Iterator<Item = (&'static Binding, &[KeySequence])> {
        scope.ancestors().iter().flat_map(move |&scope| {
            let here = self.bindings().filter(move |(row, _)| row.scope == scope);
            here.map(|(row, bound)| (row, bound.keys.as_slice()))
        })
    }

    /// What a key means in a scope after the chords of a sequence begun before it.
    ///
    /// The halt is never part of something else: whatever was begun, its key is its key.
    #[must_use]
    pub fn lookup(&self, scope: KeyScope, begun: &[Chord], key: KeyEvent) -> KeyMatch {
        let Some(chord) = Chord::from_event(key) else { return KeyMatch::None };
        if let Some(row) = self.complete_match(scope, &[chord]).filter(|row| is_halt(row)) {
            return KeyMatch::Row(row);
        }
        let pressed: Vec<_> = begun.iter().copied().chain([chord]).collect();
        match self.complete_match(scope, &pressed) {
            Some(row) => KeyMatch::Row(row),
            None if self.continuations(scope, &pressed).next().is_some() => KeyMatch::Prefix,
            None => KeyMatch::None,
        }
    }

    fn complete_match(&self, scope: KeyScope, pressed: &[Chord]) -> Option<&'static Binding> {
        let is = |keys: &KeySequence| keys.chords() == pressed;
        self.bindings_in(scope).find(|(_, keys)| keys.iter().any(is)).map(|(row, _)| row)
    }

    /// What may follow the chords pressed so far, and what it then means.
    pub fn continuations(
        &self,
        scope: KeyScope,
        pressed: &[Chord],
    ) -> impl Iterator<Item = (&[Chord], &'static Binding)> {
        self.bindings_in(scope).flat_map(move |(row, keys)| {
            let rest = keys.iter().filter_map(move |keys| keys.chords().strip_prefix(pressed));
            rest.filter(|rest| !rest.is_empty()).map(move |rest| (rest, row))
        })
    }

    /// The keys of a row.
    #[must_use]
    pub fn keys_of(&self, row: &Binding) -> &[KeySequence] {
        self.bound_keys(row).map_or(&[], |bound| bound.keys.as_slice())
    }

    /// The keys of a row, and whose they are.
    #[must_use]
    pub fn bound_keys(&self, row: &Binding) -> Option<&BoundKeys> {
        self.bindings().find(|(other, _)| other.id == row.id).map(|(_, bound)| bound)
    }

    /// The first key of an action, from the first of its rows that has one.
    #[must_use]
    pub fn first_key(&self, action: Action) -> Option<&KeySequence> {
        self.bindings()
            .filter(|(row, _)| row.action == action)
            .find_map(|(_, bound)| bound.keys.first())
    }
}

/// Returns whether a row halts trading.
pub(super) fn is_halt(row: &Binding) -> bool {
    row.action == Action::Command(CommandAction::Halt)
}

impl Binding {
    /// The first row of an action.
    #[must_use]
    pub fn by_action(action: Action) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.action == action)
    }

    /// The row of a name.
    #[must_use]
    pub fn by_id(id: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.id == id)
    }

    /// Whether palette and command line offer it: what answers something that lies over the screen
    /// means nothing without that.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        let first = Self::by_action(self.action).is_some_and(|first| first.id == self.id);
        match self.scope {
            KeyScope::Screen
            | KeyScope::Task
            | KeyScope::Agent
            | KeyScope::Stream
            | KeyScope::List
            | KeyScope::Alert
            | KeyScope::Recovery => true,
            // The same as on a screen, reachable from a text field too.
            // A column or a form named in full needs no question before it either.
            KeyScope::Global | KeyScope::Sort | KeyScope::Export => first,
            KeyScope::Dialog
            | KeyScope::Force
            | KeyScope::Orders
            | KeyScope::LateStart
            | KeyScope::Confirm
            | KeyScope::Text
            | KeyScope::Prompt
            | KeyScope::Command
            | KeyScope::Help => false,
        }
    }
}

/// The word for an action: its title.
#[must_use]
pub(crate) fn action_title(action: Action) -> &'static str {
    Binding::by_action(action).map_or("", |row| row.title)
}
