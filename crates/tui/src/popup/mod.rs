//! What lies over a screen: dialogs of acts, questions, the help, the palette, a prompt.

mod command_dialog;
mod command_line;
mod dialog;
mod help;
pub(super) mod late_start;
mod letter_prompt;
mod orders;
mod palette;
#[expect(clippy::module_inception, reason = "it holds the type `Popup`")]
mod popup;
mod prompt;
mod target;
mod text_field;
mod themes;
mod update;

pub use command_dialog::{CommandDialog, DialogFocus, DialogItem, DialogPhase, ItemChoice};
pub use command_line::CommandLine;
pub use dialog::{ButtonAction, Dialog, DialogButton};
pub use help::{Help, HelpLine};
pub use late_start::LateStartDialog;
pub use letter_prompt::LetterPrompt;
pub(super) use orders::order_items;
pub use palette::CommandPalette;
pub use popup::Popup;
pub use prompt::{Prompt, PromptPurpose};
pub use target::DialogTarget;
pub use text_field::TextField;
pub use themes::ThemePicker;
pub(super) use update::{
    close_popup, note_rows_in_sight, on_text_changed, open_theme_picker, popup_action, scroll_popup,
};
