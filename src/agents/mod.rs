//! The six built-in agents, and the contract any agent keeps with the driver.

mod contract;

pub use self::contract::{Agent, Performing, Reply, Request, Roster};
