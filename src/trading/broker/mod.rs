//! The embedded simulated broker: the world outside, deterministic, in virtual time, and unable to
//! take an order twice. It keeps what it was asked in a log of its own and outlives the desk.

mod faults;
mod matching;
mod sim;
#[cfg(test)]
mod sim_tests;
mod take;
mod ticket;

pub use faults::{Faults, Spell, SpellKind, Trouble, Which};
pub use matching::Terms;
pub use sim::{Account, BrokerError, SimBroker};
pub use ticket::{Ack, CancelOutcome, OrderView, Placement, Query};
