//! The kill, drilled: a simulated day in a folder of its own, killed by its flag file while orders rest at
//! its broker, and taken to pieces afterwards.

mod checks;
mod error;
mod scratch;
mod simulate;
mod witness;

pub use checks::check_evidence;
pub use error::DrillError;
pub use simulate::{KillDrill, drill_kill};
pub use witness::{AfterRestart, DiskEvidence, Evidence, OrdersAtRaise, SendAfterKill};
