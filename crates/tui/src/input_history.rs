//! Keyboard input so far: an unfinished key sequence, earlier commands, a named target.

use std::collections::VecDeque;

use super::chord::Chord;
use planning::plan::TaskIx;

/// The memory of the keyboard.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct InputHistory {
    /// The chords of a sequence that has begun and not ended.
    pub(super) begun: Vec<Chord>,
    /// Commands, the newest last, none twice in a row.
    pub(super) history: VecDeque<String>,
    /// The task a command names, for as long as its act is being done: `super::commands::act` finds it
    /// where it finds the cursor's, so that a named target takes no way of its own.
    pub(super) aim: Option<TaskIx>,
}

impl InputHistory {
    /// Commands remembered; the oldest are forgotten.
    pub(super) const HISTORY_MAX: usize = 100;

    /// Remembers a command.
    pub(super) fn push(&mut self, line: &str) {
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
        let mut typed = InputHistory::default();
        for i in 0..500 {
            typed.push(&format!("speed {i}"));
            typed.push(&format!("speed {i}"));
        }
        typed.push("");
        assert_eq!(typed.history.len(), InputHistory::HISTORY_MAX);
        assert_eq!(typed.history.back().map(String::as_str), Some("speed 499"));
    }
}
