//! What lies over a screen: dialogs, the force dialog, the help, a prompt.
mod dialog;
mod field;
mod force;
mod help;
mod keys;
mod layer;
mod pick;
mod prompt;

pub use dialog::{Choice, Dialog, Spot, Then};
pub use field::Field;
pub use force::{Condition, Force, ForceSpot, Subject};
pub use help::{Help, Line as HelpLine};
pub(super) use keys::{closed, scroll, update};
pub use layer::Overlay;
pub use pick::Pick;
pub use prompt::{Asks, Prompt};
