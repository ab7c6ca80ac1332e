//! One line to type at the foot of the screen, with a list of ways to go on: a filter, a name.

use super::TextField;
use planning::plan::TaskIx;
use view::filter::{Filter, FilterError};

/// What a prompt asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum PromptPurpose {
    /// A filter; what is typed shows at once, and leaving brings this one back.
    Filter(Filter),
    /// One of the saved filters.
    Saved,
    /// A name to save the filter under.
    Name,
    /// A mark to go to.
    Mark,
}

/// A line being typed, and which of the offered ways to go on is chosen.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What is asked for.
    pub asks: PromptPurpose,
    /// What was typed.
    pub field: TextField,
    /// Which of the offers is chosen; none until somebody chooses.
    pub chosen: Option<usize>,
    /// What is wrong with what was typed.
    pub fault: Option<FilterError>,
    /// The task that was selected when it was opened: half a word may hide it, not lose it.
    pub cursor: Option<TaskIx>,
}

impl Prompt {
    /// A prompt with a text in it.
    #[must_use]
    pub fn new(asks: PromptPurpose, text: &str) -> Self {
        let label = match asks {
            PromptPurpose::Filter(_) => "filter",
            PromptPurpose::Saved => "saved filter",
            PromptPurpose::Name => "save the filter as",
            PromptPurpose::Mark => "mark",
        };
        let field = TextField::new(label, 0).with_text(text);
        // Of a list one comes to choose from, the first is chosen.
        let chosen = matches!(asks, PromptPurpose::Saved | PromptPurpose::Mark).then_some(0);
        Self { asks, field, chosen, fault: None, cursor: None }
    }

    /// Moves the choice among so many offers, round and round.
    pub(crate) fn move_selection(&mut self, back: bool, offers: usize) {
        if offers == 0 {
            self.chosen = None;
            return;
        }
        let start = if back { 0 } else { offers - 1 };
        let at = self.chosen.map_or(start, |at| at.min(offers - 1));
        self.chosen = Some((at + if back { offers - 1 } else { 1 }) % offers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_goes_round_among_the_offers_in_either_direction() {
        let mut prompt = Prompt::new(PromptPurpose::Filter(Filter::default()), "");
        let mut seen = Vec::new();
        for back in [false, false, false, true, true] {
            prompt.move_selection(back, 2);
            seen.push(prompt.chosen);
        }
        assert_eq!(seen, [0, 1, 0, 1, 0].map(Some));
        prompt.move_selection(false, 0);
        assert_eq!(prompt.chosen, None);
    }
}
