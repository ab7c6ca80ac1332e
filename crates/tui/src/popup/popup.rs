//! The closed set of things that may lie over a screen, and which keys each takes.

use super::{
    CommandDialog, CommandLine, CommandPalette, Dialog, DialogFocus, Help, LateStartDialog,
    LetterPrompt, Prompt, TextField, ThemePicker,
};
use crate::keymap::KeyScope;

/// One thing over the screen. The topmost gets the keys.
#[derive(Debug, Clone)]
pub enum Popup {
    /// A question with buttons.
    Dialog(Dialog),
    /// An act, with what it would do.
    Command(CommandDialog),
    /// An act that is answered with one letter, in a line.
    Confirm(CommandDialog),
    /// Why the session is to be armed, being typed.
    Arm(TextField),
    /// The word of the kill, being typed.
    Kill(TextField),
    /// A filter being typed, or something else in one line.
    Filter(Prompt),
    /// A question that one letter answers.
    LetterPrompt(LetterPrompt),
    /// A command being typed.
    CommandLine(CommandLine),
    /// A few letters and what they find.
    Palette(CommandPalette),
    /// The themes to choose from.
    Themes(ThemePicker),
    /// The keys.
    Help(Help),
    /// What becomes of missed work; the day begins with the answer.
    LateStart(Box<LateStartDialog>),
}

impl Popup {
    /// Where a key is looked up while this is on top.
    #[must_use]
    pub const fn scope(&self) -> KeyScope {
        match self {
            Self::Dialog(_) | Self::Themes(_) => KeyScope::Dialog,
            Self::Command(dialog) => match dialog.spot {
                DialogFocus::Reason | DialogFocus::Phrase | DialogFocus::Shares(_) => {
                    KeyScope::Text
                }
                DialogFocus::Item(_) if dialog.approval_task().is_some() => KeyScope::Orders,
                DialogFocus::Item(_) => KeyScope::Force,
                DialogFocus::Cancel | DialogFocus::Reject | DialogFocus::Commit => KeyScope::Dialog,
            },
            Self::LateStart(_) => KeyScope::LateStart,
            Self::Confirm(_) => KeyScope::Confirm,
            Self::Arm(_) | Self::Kill(_) => KeyScope::Text,
            Self::Filter(_) => KeyScope::Prompt,
            Self::LetterPrompt(pick) => pick.scope(),
            Self::CommandLine(_) => KeyScope::Command,
            Self::Palette(_) | Self::Help(_) => KeyScope::Help,
        }
    }

    /// Whether an act may follow from what is typed into it.
    #[must_use]
    pub const fn may_lead_to_command(&self) -> bool {
        let acts = matches!(self, Self::Dialog(_) | Self::Command(_) | Self::Confirm(_));
        acts || matches!(self, Self::Arm(_) | Self::Kill(_) | Self::LateStart(_))
    }

    /// The text field that takes letters now.
    pub(crate) fn text_field(&mut self) -> Option<&mut TextField> {
        match self {
            Self::Command(dialog) => match dialog.spot {
                DialogFocus::Reason => Some(&mut dialog.reason),
                DialogFocus::Phrase => Some(&mut dialog.phrase),
                DialogFocus::Shares(_) => Some(&mut dialog.shares),
                DialogFocus::Item(_)
                | DialogFocus::Cancel
                | DialogFocus::Reject
                | DialogFocus::Commit => None,
            },
            Self::Arm(field) | Self::Kill(field) => Some(field),
            Self::Filter(prompt) => Some(&mut prompt.field),
            Self::CommandLine(line) => Some(&mut line.field),
            Self::Palette(palette) => Some(&mut palette.field),
            Self::Help(help) => Some(&mut help.filter),
            Self::Dialog(_)
            | Self::Confirm(_)
            | Self::LetterPrompt(_)
            | Self::Themes(_)
            | Self::LateStart(_) => None,
        }
    }
}
