//! One row of the registry: an action's name, where it holds, how much harm it can do.

use super::KeyScope;
use crate::{action::Action, chord::Chord};
use engine::control::RiskTier;

/// One row of the registry.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Its name in a keys file, on the command line and in the audit: `task.retry`.
    pub id: &'static str,
    /// Where it holds.
    pub scope: KeyScope,
    /// Its keys in the default profile, the one shown first first.
    pub chords: &'static [Chord],
    /// What it does.
    pub action: Action,
    /// How much harm that can do, at least; a target may raise it.
    pub tier: RiskTier,
    /// Its name in a word or three: in the footer, the palette, a dialog.
    pub title: &'static str,
    /// Whether the footer shows it.
    pub footer: bool,
    /// What the help says.
    pub help: &'static str,
}

impl Binding {
    /// A row the footer does not show.
    #[must_use]
    pub(super) const fn hidden_in_footer(self) -> Self {
        Self { footer: false, ..self }
    }

    /// Returns the row under the title of a menu of several verbs.
    #[must_use]
    pub(super) const fn with_title(self, title: &'static str) -> Self {
        Self { title, ..self }
    }
}
