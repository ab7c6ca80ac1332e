//! Deciding: from what is known and what is told to what follows. Reads the state, writes nothing.
//!
//! One file per kind of input.

mod answer;
mod command;
mod force;
mod gates;
mod judge;
mod ladder;
mod late;
mod person;
mod probe;
mod recover;
mod refusal;
mod retry;
mod settle;
mod stage;
mod starts;
mod timer;

pub(super) use answer::answer;
pub(super) use command::command;
pub use command::refused;
pub use force::{Unmet, unmet};
pub(super) use ladder::tightened;
pub use late::missed;
pub(super) use probe::probed;
pub(super) use settle::{settle, window_closed};
pub(super) use stage::{run_end, stage, stuck};
pub(super) use starts::next_start;
pub(super) use timer::timer;
