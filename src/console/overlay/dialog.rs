//! A question with buttons, the first of which does nothing; some want a line of text too.

use super::Field;
use crate::{
    console::{msg::Quit, registry::Tier},
    engine::{Command, Finding},
    plan::TaskIx,
};

/// What a button does.
#[derive(Debug, Clone, PartialEq)]
pub enum Then {
    /// Nothing.
    Nothing,
    /// Gives the engine a command, the field's text being the reason.
    Send(Command),
    /// Says that an effect in doubt happened, the field's text being the evidence.
    Happened(TaskIx),
    /// Leaves the console.
    Quit(Quit),
    /// Stops new starts, and leaves once nothing runs.
    Drain(Command),
}

/// One button.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What it says.
    pub label: String,
    /// What it would do, in a line.
    pub hint: String,
    /// What it does.
    pub then: Then,
}

impl Choice {
    /// A button.
    #[must_use]
    pub fn new(label: impl Into<String>, hint: impl Into<String>, then: Then) -> Self {
        Self { label: label.into(), hint: hint.into(), then }
    }
}

/// Where in a dialog the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// The text field.
    Field,
    /// A button, by its place.
    Button(usize),
}

/// A question.
#[derive(Debug, Clone)]
pub struct Dialog {
    /// What it is about: the verb and the target by name.
    pub title: String,
    /// How much harm it can do.
    pub tier: Tier,
    /// What will happen, line by line.
    pub body: Vec<String>,
    /// The text it wants, if it does.
    pub field: Option<Field>,
    /// The buttons; the first goes back.
    pub choices: Vec<Choice>,
    /// Where the keys go.
    pub spot: Spot,
    /// What was asked for, in words, for the notice.
    pub asked: String,
}

impl Dialog {
    /// A question with its buttons after the one that goes back, which is focused. A grave one wants a reason.
    #[must_use]
    pub fn new(tier: Tier, asked: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            tier,
            body: Vec::new(),
            field: (tier == Tier::Grave).then(|| Field::new("reason", 3)),
            choices: vec![Choice::new("Go back", "nothing is done", Then::Nothing)],
            spot: Spot::Button(0),
            asked: asked.into(),
        }
    }

    /// With one more line of what will happen.
    #[must_use]
    pub fn line(mut self, line: impl Into<String>) -> Self {
        self.body.push(line.into());
        self
    }

    /// With one more button.
    #[must_use]
    pub fn choice(mut self, choice: Choice) -> Self {
        self.choices.push(choice);
        self
    }

    /// With the focus on a button: for brakes, where the safe answer is yes.
    #[must_use]
    pub fn focus(self, button: usize) -> Self {
        Self { spot: Spot::Button(button), ..self }
    }

    /// Moves the focus one on, or one back: field first, then the buttons, round and round.
    pub(crate) fn step(&mut self, back: bool) {
        let first = usize::from(self.field.is_some());
        let all = first + self.choices.len();
        let at = match self.spot {
            Spot::Field => 0,
            Spot::Button(i) => first + i,
        };
        let next = (at + if back { all - 1 } else { 1 }) % all;
        self.spot = if next < first { Spot::Field } else { Spot::Button(next - first) };
    }

    /// The focused button.
    #[must_use]
    pub fn button(&self) -> Option<&Choice> {
        match self.spot {
            Spot::Field => None,
            Spot::Button(i) => self.choices.get(i),
        }
    }

    /// Why the focused button may not be pressed yet.
    #[must_use]
    pub fn lacks(&self) -> Option<String> {
        let field = self.field.as_ref()?;
        let needs = match &self.button()?.then {
            Then::Nothing | Then::Quit(_) => false,
            Then::Send(_) | Then::Happened(_) | Then::Drain(_) => true,
        };
        (needs && !field.full()).then(|| format!("type the {} first", field.label))
    }
}

impl Then {
    /// The command it gives, with the text typed.
    pub(crate) fn command(&self, text: Option<&str>) -> Option<Command> {
        match self {
            Self::Nothing | Self::Quit(_) => None,
            Self::Send(command) | Self::Drain(command) => Some(command.clone()),
            Self::Happened(task) => {
                let finding = Finding::Happened { evidence: text.unwrap_or_default().to_owned() };
                Some(Command::Resolve { task: *task, finding })
            }
        }
    }
}
