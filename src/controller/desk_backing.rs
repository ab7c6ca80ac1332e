//! Where the desk of a run and its simulated broker are kept: in the fact logs of the state folder.

use crate::{
    store::Store,
    trading::{broker::Faults, desk::Backing},
};

/// The fact logs of the desk and the simulated broker of the run called `run`. Names of runs are never
/// used again for another run.
#[must_use]
pub fn desk_backing(store: &Store, run: &str) -> Backing {
    let (desk, broker) = (store.facts(run, "desk"), store.broker(run));
    Backing { desk: Box::new(desk), broker: Box::new(broker), faults: Faults::default() }
}
