//! The kill, drilled: a simulated day in a folder of its own, killed by its flag file while orders rest at
//! its broker, and taken to pieces afterwards.

mod error;
mod judge;
mod play;
mod scratch;
mod witness;

pub use error::DrillError;
pub use judge::judge;
pub use play::{KillDrill, drill_kill};
pub use witness::{Attempt, Evidence, Known, Restarted, Resting};
