//! Where the desk of a run and its simulated broker are kept: in the fact logs of the state folder.

use desk::trading::{broker::BrokerFaults, desk::DeskBacking};
use store::Store;

/// The fact logs of the desk and the simulated broker of the run called `run`. Names of runs are never
/// used again for another run.
#[must_use]
pub fn desk_backing(store: &Store, run: &str) -> DeskBacking {
    let (desk, broker) = (store.fact_log(run, "desk"), store.broker_fact_log(run));
    DeskBacking { desk: Box::new(desk), broker: Box::new(broker), faults: BrokerFaults::default() }
}
