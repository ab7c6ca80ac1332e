//! What lies over a screen: dialogs, the force dialog, the help, the palette, a prompt.
mod command;
mod dialog;
mod field;
mod force;
mod help;
mod keys;
mod layer;
mod palette;
mod pick;
mod prompt;

pub use command::CommandLine;
pub use dialog::{Choice, Dialog, Spot, Then};
pub use field::Field;
pub use force::{Condition, Force, ForceSpot, Subject};
pub use help::{Help, Line as HelpLine};
pub(super) use keys::{closed, retyped, scroll, update};
pub use layer::Overlay;
pub use palette::Palette;
pub use pick::Pick;
pub use prompt::{Asks, Prompt};
