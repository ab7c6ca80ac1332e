//! The terminal console: a model, a function that changes it, a function that draws it.
//!
//! [`update()`] takes one message and says what is to be done outside; [`view()`] draws the model.
//! Neither reads a clock nor writes anything, so a frame of any moment can be drawn at any other.

mod action;
mod acts;
mod ask;
mod attention;
mod cast;
mod choose;
mod chord;
pub mod command;
mod conditions;
mod focus;
mod fold;
mod helping;
mod layout;
mod list;
pub mod log;
mod model;
mod movement;
mod msg;
mod nav;
pub mod overlay;
mod picture;
pub mod registry;
mod rows;
mod screen;
mod sights;
mod store;
pub mod terminal;
mod theme;
mod throttle;
mod trail;
mod travel;
mod typed;
mod update;
mod view;
mod why_not;
mod widget;
mod written;

pub use action::{Act, Action, Answer, Any, Axis, Go, Motion, OnTask, Place, Time, Verb};
pub use attention::{Attention, attention};
pub use cast::Cast;
pub use chord::Chord;
pub use layout::Density;
pub use model::{Model, Notice, Pane, Scenario, Settings, Station};
pub use msg::{Effect, Msg, Quit};
pub use nav::{Screen, Zoom};
pub use overlay::{ActSpot, Overlay};
pub use picture::{frame, svg, text};
pub use rows::{Format, Mark, OnStream, Rows, SavedError, SavedFilters};
pub use theme::{Palette, Theme, wanted};
pub use throttle::Throttle;
pub use travel::{Record, Rehearsed};
pub use update::update;
pub use view::view;
pub use written::Keys;
