//! The closed set of things that may lie over a screen, and which keys each takes.

use super::{
    ActDialog, ActSpot, CommandLine, Dialog, Field, Help, LateStart, Palette, Pick, Prompt, Themes,
};
use crate::console::registry::Scope;

/// One thing over the screen. The topmost gets the keys.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// A question with buttons.
    Dialog(Dialog),
    /// An act, with what it would do.
    Act(ActDialog),
    /// An act that is answered with one letter, in a line.
    Confirm(ActDialog),
    /// Why the session is to be armed, being typed.
    Arm(Field),
    /// The word of the kill, being typed.
    Kill(Field),
    /// A filter being typed, or something else in one line.
    Filter(Prompt),
    /// A question that one letter answers.
    Pick(Pick),
    /// A command being typed.
    Command(CommandLine),
    /// A few letters and what they find.
    Palette(Palette),
    /// The themes to choose from.
    Themes(Themes),
    /// The keys.
    Help(Help),
    /// What becomes of missed work; the day begins with the answer.
    Late(Box<LateStart>),
}

impl Overlay {
    /// Where a key is looked up while this is on top.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        match self {
            Self::Dialog(_) | Self::Themes(_) => Scope::Dialog,
            Self::Act(dialog) => match dialog.spot {
                ActSpot::Reason | ActSpot::Phrase | ActSpot::Shares(_) => Scope::Text,
                ActSpot::Item(_) if dialog.rejects().is_some() => Scope::Orders,
                ActSpot::Item(_) => Scope::Force,
                ActSpot::Cancel | ActSpot::Reject | ActSpot::Go => Scope::Dialog,
            },
            Self::Late(_) => Scope::Late,
            Self::Confirm(_) => Scope::Confirm,
            Self::Arm(_) | Self::Kill(_) => Scope::Text,
            Self::Filter(_) => Scope::Prompt,
            Self::Pick(pick) => pick.scope(),
            Self::Command(_) => Scope::Command,
            Self::Palette(_) | Self::Help(_) => Scope::Help,
        }
    }

    /// Whether an act may follow from what is typed into it.
    #[must_use]
    pub const fn acts(&self) -> bool {
        let acts = matches!(self, Self::Dialog(_) | Self::Act(_) | Self::Confirm(_));
        acts || matches!(self, Self::Arm(_) | Self::Kill(_) | Self::Late(_))
    }

    /// The text field that takes letters now.
    pub(crate) fn field(&mut self) -> Option<&mut Field> {
        match self {
            Self::Act(dialog) => match dialog.spot {
                ActSpot::Reason => Some(&mut dialog.reason),
                ActSpot::Phrase => Some(&mut dialog.phrase),
                ActSpot::Shares(_) => Some(&mut dialog.shares),
                ActSpot::Item(_) | ActSpot::Cancel | ActSpot::Reject | ActSpot::Go => None,
            },
            Self::Arm(field) | Self::Kill(field) => Some(field),
            Self::Filter(prompt) => Some(&mut prompt.field),
            Self::Command(line) => Some(&mut line.field),
            Self::Palette(palette) => Some(&mut palette.field),
            Self::Help(help) => Some(&mut help.filter),
            Self::Dialog(_)
            | Self::Confirm(_)
            | Self::Pick(_)
            | Self::Themes(_)
            | Self::Late(_) => None,
        }
    }
}
