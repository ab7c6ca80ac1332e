//! The desk of one day: the one place of this area with state that agents share.
//!
//! A [`Desk`] stands behind one mutex, since six agents on worker threads ask it questions that must
//! all see one book; every method takes the moment it is asked at. What it knows is the fold of its
//! facts, and a fact is in its log before anything follows from it: an order is on disk before it is
//! sent, and what was sent is never sent again, whatever became of the answer.

mod approve;
mod control;
mod execute;
mod fact;
mod fate;
mod learn;
mod ledger;
mod memory;
mod open;
mod slices;
mod state;
mod switch;
mod view;

pub use approve::DeskError;
pub use control::{StateChange, StateError};
pub use execute::{Outcome, Release};
pub use fact::Rejection;
pub use fate::Fate;
pub use open::{Backing, OpenDeskError, Setup};
pub use state::Desk;
pub use switch::{KillSwitch, Outside, Withdrawn};
pub use view::DeskView;
