//! Starting late: four choices of what becomes of missed work, each played on the real engine.
//!
//! Nothing that sends orders is ever made up for; what is made up for runs once, however often it
//! was missed; and every missed task is either made up for or let go with a reason.

mod choose;
mod headline;
mod model;
mod outlook;

pub use choose::{Settled, settle};
pub use headline::headline;
pub use model::{
    AgentLoad, Late, LeftTask, MadeUp, MissedRounds, MissedTask, OrderTask, Outlook, Tradeable,
};
pub use outlook::{began_late, late};
