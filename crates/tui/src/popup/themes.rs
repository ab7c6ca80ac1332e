//! The themes to choose from: the chosen one is put on at once, and taken off by whoever leaves.

use crate::theme::Theme;

/// A theme being chosen; the one put on is the chosen one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThemePicker {
    /// The theme before; leaving brings it back.
    pub before: Theme,
}

impl ThemePicker {
    /// The theme so many names on or back from this one, round and round.
    #[must_use]
    pub fn neighbour(theme: Theme, back: bool) -> Theme {
        let steps = if back { Theme::names().len() - 1 } else { 1 };
        (0..steps).fold(theme, |theme, _| theme.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_goes_round_through_every_theme_and_back() {
        let start = Theme::default();
        let mut names = vec![start.name()];
        let mut theme = start;
        for _ in Theme::names() {
            let next = ThemePicker::neighbour(theme, false);
            assert_eq!(ThemePicker::neighbour(next, true), theme);
            theme = next;
            names.push(theme.name());
        }
        assert_eq!(theme, start);
        assert!(Theme::names().iter().all(|name| names.contains(name)), "{names:?}");
    }
}
