//! A question with buttons, the first of which does nothing: for brakes, and for leaving.

use crate::msg::QuitMode;
use engine::Command;

/// What a button does.
#[derive(Debug, Clone, PartialEq)]
pub enum ButtonAction {
    /// Nothing.
    Nothing,
    /// Gives the engine a brake.
    Brake(Command),
    /// Asks for the word of the kill.
    Kill,
    /// Asks the engine what a command would do.
    Propose(Command),
    /// Leaves the console.
    Quit(QuitMode),
    /// Stops new starts, and leaves once nothing runs.
    QuitWhenDrained(Command),
}

/// One button.
#[derive(Debug, Clone, PartialEq)]
pub struct DialogButton {
    /// What it says.
    pub label: String,
    /// What it would do, in a line.
    pub hint: String,
    /// What it does.
    pub then: ButtonAction,
}

impl DialogButton {
    /// A button.
    #[must_use]
    pub fn new(label: impl Into<String>, hint: impl Into<String>, then: ButtonAction) -> Self {
        Self { label: label.into(), hint: hint.into(), then }
    }
}

/// A question.
#[derive(Debug, Clone)]
pub struct Dialog {
    /// What it is about: the verb and the target by name.
    pub title: String,
    /// What will happen, line by line.
    pub body: Vec<String>,
    /// What should not be passed over, after the body.
    pub warnings: Vec<String>,
    /// The buttons; the first goes back.
    pub choices: Vec<DialogButton>,
    /// The focused button, by its place.
    pub spot: usize,
    /// What was asked for, in words, for the notice.
    pub asked: String,
    /// The first row of the body in sight.
    pub scroll: usize,
}

impl Dialog {
    /// A question with its buttons after the one that goes back, which is focused.
    #[must_use]
    pub fn new(asked: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            body: Vec::new(),
            warnings: Vec::new(),
            choices: vec![DialogButton::new("Go back", "nothing is done", ButtonAction::Nothing)],
            spot: 0,
            asked: asked.into(),
            scroll: 0,
        }
    }

    /// With one more line of what will happen.
    #[must_use]
    pub fn with_line(mut self, line: impl Into<String>) -> Self {
        self.body.push(line.into());
        self
    }

    /// With one more line that should not be passed over.
    #[must_use]
    pub fn with_warning(mut self, line: impl Into<String>) -> Self {
        self.warnings.push(line.into());
        self
    }

    /// With one more button.
    #[must_use]
    pub fn with_button(mut self, choice: DialogButton) -> Self {
        self.choices.push(choice);
        self
    }

    /// With the focus on a button: for brakes, where the safe answer is yes.
    #[must_use]
    pub fn with_focus(self, button: usize) -> Self {
        Self { spot: button, ..self }
    }

    /// Moves the focus one on, or one back, round and round.
    pub(crate) fn move_focus(&mut self, back: bool) {
        let all = self.choices.len();
        self.spot = (self.spot + if back { all - 1 } else { 1 }) % all;
    }

    /// The focused button.
    #[must_use]
    pub fn button(&self) -> Option<&DialogButton> {
        self.choices.get(self.spot)
    }
}
