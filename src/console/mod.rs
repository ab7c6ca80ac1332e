//! The terminal console: a model, a function that changes it, a function that draws it.
//!
//! [`update()`] takes one message and says what is to be done outside; [`view()`] draws the model.
//! Neither reads a clock nor writes anything, so a frame of any moment can be drawn at any other.

mod act;
mod action;
mod ask;
mod chord;
mod conditions;
mod fold;
mod helping;
mod layout;
pub mod log;
mod model;
mod movement;
mod msg;
mod nav;
pub mod overlay;
mod picture;
mod preview;
pub mod registry;
mod screen;
mod sights;
pub mod terminal;
mod theme;
mod throttle;
mod update;
mod view;
mod widget;

pub use action::{Act, Action, Answer, Any, Axis, Go, Motion, OnTask, Place, Verb};
pub use chord::Chord;
pub use layout::Density;
pub use model::{Model, Notice, Pane, Scenario, Settings, Station};
pub use msg::{Effect, Msg, Quit};
pub use nav::{Screen, Zoom};
pub use overlay::Overlay;
pub use picture::{svg, text};
pub use theme::{Palette, Theme};
pub use throttle::Throttle;
pub use update::update;
pub use view::view;
