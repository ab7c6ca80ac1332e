//! One row of the registry: an action's name, where it holds, how much harm it can do.

use super::Scope;
use crate::console::{action::Action, chord::Chord};

/// How much harm an act can do, and so what stands between the key and the act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Changes nothing but the view.
    Look,
    /// Makes things safer: one question, the safe answer is yes.
    Brake,
    /// Undone as easily as done: sent at once.
    Light,
    /// Changes what runs: a dialog, its way back is focused.
    Careful,
    /// Sets a rule aside: a dialog, and a reason must be typed.
    Grave,
}

impl Tier {
    /// The word in the help.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Look => "",
            Self::Brake => "brake",
            Self::Light => "at once",
            Self::Careful => "asks first",
            Self::Grave => "asks, wants a reason",
        }
    }
}

/// One row of the registry.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Its name in a keys file, on the command line and in the audit: `task.retry`.
    pub id: &'static str,
    /// Where it holds.
    pub scope: Scope,
    /// Its keys in the default profile, the one shown first first.
    pub chords: &'static [Chord],
    /// What it does.
    pub action: Action,
    /// How much harm that can do, at least; a target may raise it.
    pub tier: Tier,
    /// Its name in a word or three: in the footer, the palette, a dialog.
    pub title: &'static str,
    /// Whether the footer shows it.
    pub footer: bool,
    /// What the help says.
    pub help: &'static str,
}

impl Row {
    /// A row the footer does not show.
    #[must_use]
    pub(super) const fn quiet(self) -> Self {
        Self { footer: false, ..self }
    }
}
