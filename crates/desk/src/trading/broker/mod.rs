//! The embedded simulated broker: the world outside, deterministic, in virtual time, and unable to
//! take an order twice. It keeps what it was asked in a log of its own and outlives the desk.

mod faults;
mod matching;
mod sim;
#[cfg(test)]
mod sim_tests;
mod submit;
mod ticket;

pub use faults::{BrokerFaults, FaultPeriod, FaultPeriodKind, OrderFault, OrderSelector};
pub use matching::SimBrokerRules;
pub use sim::{BrokerAccount, BrokerError, SimBroker};
pub use ticket::{BrokerAck, CancelOutcome, OrderQueryResult, OrderView, Placement};
