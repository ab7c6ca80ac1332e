//! The desk of one day: the one place of this area with state that agents share.
//!
//! A [`Desk`] stands behind one mutex, since six agents on worker threads ask it questions that must
//! all see one book; no call waits or touches the outside world while it holds the lock, and every
//! method takes the moment it is asked at.

mod control;
mod execute;
mod state;
mod switch;
mod view;

pub use control::{StateChange, StateError};
pub use execute::{DeskError, Outcome, Release};
pub use state::{Desk, Setup};
pub use switch::{KillSwitch, Outside, Withdrawn};
pub use view::DeskView;
