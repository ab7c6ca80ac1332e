//! The embedded simulated broker: deterministic, in virtual time, and unable to send twice.

mod matching;
mod sim;
mod ticket;

pub use matching::Terms;
pub use sim::{Account, SimBroker};
pub use ticket::{Ack, CancelOutcome, OrderView, Placement};
