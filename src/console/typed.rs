//! What the keyboard has said so far: a sequence half played, commands of before, a named target.

use std::collections::VecDeque;

use super::chord::Chord;
use crate::plan::TaskIx;

/// The memory of the keyboard.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Typed {
    /// The chords of a sequence that has begun and not ended.
    pub(super) begun: Vec<Chord>,
    /// Commands, the newest last, none twice in a row.
    pub(super) history: VecDeque<String>,
    /// The task a command names, for as long as its act is being done: [`super::acts::act`] finds it
    /// where it finds the cursor's, so that a named target takes no way of its own.
    pub(super) aim: Option<TaskIx>,
}

impl Typed {
    /// Commands remembered; the oldest are forgotten.
    pub(super) const HISTORY_MAX: usize = 100;

    /// Remembers a command.
    pub(super) fn remember(&mut self, line: &str) {
        if line.is_empty() || self.history.back().is_some_and(|last| last == line) {
            return;
        }
        self.history.push_back(line.to_owned());
        let surplus = self.history.len().saturating_sub(Self::HISTORY_MAX);
        self.history.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_is_bounded_and_keeps_no_twins_in_a_row() {
        let mut typed = Typed::default();
        for i in 0..500 {
            typed.remember(&format!("speed {i}"));
            typed.remember(&format!("speed {i}"));
        }
        typed.remember("");
        assert_eq!(typed.history.len(), Typed::HISTORY_MAX);
        assert_eq!(typed.history.back().map(String::as_str), Some("speed 499"));
    }
}
