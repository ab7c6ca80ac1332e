//! What lies over a screen: dialogs of acts, questions, the help, the palette, a prompt.
mod act;
mod command;
mod dialog;
mod field;
mod help;
mod keys;
pub(super) mod late;
mod layer;
mod palette;
mod pick;
mod prompt;
mod target;
mod themes;

pub use act::{ActDialog, ActSpot, Item, Stage, Tick};
pub use command::CommandLine;
pub use dialog::{Choice, Dialog, Then};
pub use field::Field;
pub use help::{Help, Line as HelpLine};
pub(super) use keys::{closed, retyped, scroll, themes, update};
pub use late::LateStart;
pub use layer::Overlay;
pub use palette::Palette;
pub use pick::Pick;
pub use prompt::{Asks, Prompt};
pub use target::Target;
pub use themes::Themes;
