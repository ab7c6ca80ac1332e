//! The command line: a field, and the commands of before to walk through.

use super::TextField;
use crate::input_history::InputHistory;

/// A command being typed.
#[derive(Debug, Clone)]
pub struct CommandLine {
    /// The line.
    pub field: TextField,
    /// How many commands back the line shown was taken from; 0: it is being typed.
    back: usize,
    /// What was typed before the walk began.
    draft: String,
}

impl Default for CommandLine {
    fn default() -> Self {
        Self { field: TextField::new("", 0), back: 0, draft: String::new() }
    }
}

impl CommandLine {
    /// An older command, or (`newer`) a newer one, at last the line that was being typed.
    pub(crate) fn step_history(&mut self, typed: &InputHistory, newer: bool) {
        if self.back == 0 {
            self.field.text().clone_into(&mut self.draft);
        }
        let most = typed.history.len();
        self.back = if newer { self.back.saturating_sub(1) } else { (self.back + 1).min(most) };
        let line = match self.back {
            0 => self.draft.as_str(),
            back => typed.history.get(most - back).map_or("", String::as_str),
        };
        self.field = TextField::new("", 0).with_text(line);
    }

    /// Adds what was offered, or goes one letter on where something stands already.
    pub(crate) fn complete(&mut self, ghost: Option<&str>) {
        match ghost.filter(|_| self.field.at_end()) {
            Some(ghost) => {
                let text = format!("{}{ghost}", self.field.text());
                self.field = TextField::new("", 0).with_text(&text);
            }
            None => self.field.move_right(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_through_older_commands_ends_at_both_ends_and_gives_the_draft_back() {
        let mut typed = InputHistory::default();
        typed.push("day");
        typed.push("events");
        let mut line = CommandLine::default();
        line.field = line.field.with_text("spe");
        let mut step = |newer| {
            line.step_history(&typed, newer);
            line.field.text().to_owned()
        };
        assert_eq!([step(false), step(false), step(false)], ["events", "day", "day"]);
        assert_eq!([step(true), step(true), step(true)], ["events", "spe", "spe"]);
    }
}
