//! The day played out beforehand with the real engine: what runs when, what does not, what is late.
//!
//! Nothing here can reach an agent: agents live rows above, and an attempt is only a length of time.

mod absent;
mod chain;
mod downtime;
mod dry_day;
mod dry_run;
pub mod late;
mod play;
mod slack;
mod usage;
mod warn;
mod world;

pub use downtime::Away;
pub use dry_day::{Absent, Driver, DryAgent, DryDay, DryStage, DryTask, Link, Run, Warning, Why};
pub use dry_run::{Rehearsal, dry_run, rehearse};
