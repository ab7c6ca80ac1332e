//! The palette: a few letters, and what they find, one of which is chosen.

use super::Field;
use crate::console::command::Hit;

/// What is looked for and what was found.
#[derive(Debug, Clone)]
pub struct Palette {
    /// What is looked for.
    pub field: Field,
    /// What it finds, the best first.
    pub hits: Vec<Hit>,
    /// The chosen one.
    pub at: usize,
}

impl Palette {
    /// A palette that shows what is found without a letter.
    #[must_use]
    pub fn new(hits: Vec<Hit>) -> Self {
        Self { field: Field::new("find", 0), hits, at: 0 }
    }

    /// Chooses so many hits on or (negative) back, and stops at both ends.
    pub(crate) fn step(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.hits.len().saturating_sub(1));
    }

    /// Other hits; the best is chosen.
    pub(crate) fn refresh(&mut self, hits: Vec<Hit>) {
        (self.hits, self.at) = (hits, 0);
    }

    /// The chosen hit.
    #[must_use]
    pub fn chosen(&self) -> Option<&Hit> {
        self.hits.get(self.at)
    }
}
