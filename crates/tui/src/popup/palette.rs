//! The palette: a few letters, and what they find, one of which is chosen.

use super::TextField;
use crate::command_line::PaletteHit;

/// What is looked for and what was found.
#[derive(Debug, Clone)]
pub struct CommandPalette {
    /// What is looked for.
    pub field: TextField,
    /// What it finds, the best first.
    pub hits: Vec<PaletteHit>,
    /// The chosen one.
    pub at: usize,
}

impl CommandPalette {
    /// A palette that shows what is found without a letter.
    #[must_use]
    pub fn new(hits: Vec<PaletteHit>) -> Self {
        Self { field: TextField::new("find", 0), hits, at: 0 }
    }

    /// Chooses so many hits on or (negative) back, and stops at both ends.
    pub(crate) fn move_selection(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.hits.len().saturating_sub(1));
    }

    /// Other hits; the best is chosen.
    pub(crate) fn set_hits(&mut self, hits: Vec<PaletteHit>) {
        (self.hits, self.at) = (hits, 0);
    }

    /// The chosen hit.
    #[must_use]
    pub fn selected(&self) -> Option<&PaletteHit> {
        self.hits.get(self.at)
    }
}
