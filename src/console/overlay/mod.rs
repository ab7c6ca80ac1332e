//! What lies over a screen: dialogs of acts, questions, the help, a prompt.
mod act;
mod dialog;
mod field;
mod help;
mod keys;
mod layer;
mod target;

pub use act::{ActDialog, ActSpot, Item, Pick, Stage};
pub use dialog::{Choice, Dialog, Then};
pub use field::Field;
pub use help::{Help, Line as HelpLine};
pub(super) use keys::{scroll, update};
pub use layer::Overlay;
pub use target::Target;
