//! A question that one letter answers: the keys stand in the footer until one of them is pressed.

use crate::keymap::KeyScope;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterPrompt {
    /// By which column to sort.
    Sort,
    /// As what to export.
    Export,
}

impl LetterPrompt {
    /// Where its letters stand in the registry.
    #[must_use]
    pub const fn scope(self) -> KeyScope {
        match self {
            Self::Sort => KeyScope::Sort,
            Self::Export => KeyScope::Export,
        }
    }

    /// What is asked, in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sort => "sort by which column? any other key leaves it as it is",
            Self::Export => "export these rows as what? any other key writes nothing",
        }
    }
}
