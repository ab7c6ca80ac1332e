//! The closed set of things that may lie over a screen, and which keys each takes.

use super::{CommandLine, Dialog, Field, Force, ForceSpot, Help, Palette, Pick, Prompt, Spot};
use crate::console::registry::Scope;

/// One thing over the screen. The topmost gets the keys.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// A question with buttons.
    Dialog(Dialog),
    /// Which conditions to waive.
    Force(Force),
    /// A filter being typed, or something else in one line.
    Filter(Prompt),
    /// A question that one letter answers.
    Pick(Pick),
    /// A command being typed.
    Command(CommandLine),
    /// A few letters and what they find.
    Palette(Palette),
    /// The keys.
    Help(Help),
}

impl Overlay {
    /// Where a key is looked up while this is on top.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::Dialog(dialog) if dialog.spot == Spot::Field => Scope::Text,
            Self::Dialog(_) => Scope::Dialog,
            Self::Force(force) if force.spot == ForceSpot::Reason => Scope::Text,
            Self::Force(_) => Scope::Force,
            Self::Filter(_) => Scope::Prompt,
            Self::Pick(pick) => pick.scope(),
            Self::Command(_) => Scope::Command,
            Self::Palette(_) | Self::Help(_) => Scope::Help,
        }
    }

    /// The text field that takes letters now.
    pub(crate) fn field(&mut self) -> Option<&mut Field> {
        match self {
            Self::Dialog(dialog) if dialog.spot == Spot::Field => dialog.field.as_mut(),
            Self::Force(force) if force.spot == ForceSpot::Reason => Some(&mut force.reason),
            Self::Filter(prompt) => Some(&mut prompt.field),
            Self::Command(line) => Some(&mut line.field),
            Self::Palette(palette) => Some(&mut palette.field),
            Self::Help(help) => Some(&mut help.filter),
            Self::Dialog(_) | Self::Force(_) | Self::Pick(_) => None,
        }
    }
}
