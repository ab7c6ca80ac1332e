//! The terminal console: a model, a function that changes it, a function that draws it.
//!
//! [`update()`] takes one message and says what is to be done outside; [`view()`] draws the model.
//! Neither reads a clock nor writes anything, so a frame of any moment can be drawn at any other.

mod action;
mod acts;
mod ask;
mod cast;
mod choose;
mod chord;
mod conditions;
mod fold;
mod layout;
pub mod log;
mod model;
mod movement;
mod msg;
mod nav;
pub mod overlay;
mod picture;
pub mod registry;
mod screen;
pub mod terminal;
mod theme;
mod throttle;
mod typed;
mod update;
mod view;
mod widget;

pub use action::{Act, Action, Answer, Any, Go, Motion, OnTask, Place, Verb};
pub use cast::Cast;
pub use chord::Chord;
pub use layout::Density;
pub use model::{Model, Notice, Pane, Scenario, Settings};
pub use msg::{Effect, Msg, Quit};
pub use nav::{Screen, Zoom};
pub use overlay::Overlay;
pub use picture::{frame, svg, text};
pub use theme::{Palette, Theme};
pub use throttle::Throttle;
pub use typed::Keys;
pub use update::update;
pub use view::view;
