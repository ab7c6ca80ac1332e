//! Opens a desk: anew, or as it was when its log was last written.

use std::{fmt, io, sync::Arc};

use super::{
    fact::{DeskFact, DeskOpened},
    memory::DeskMemory,
    state::{Desk, DeskState},
};
use crate::trading::{
    broker::{BrokerAccount, BrokerFaults, SimBroker, SimBrokerRules},
    durable_log::{DurableLog, MemoryLog},
    instruments::{Instruments, PriceSource, SessionHours},
    limits::{LimitsError, RiskLimits},
    order::RunKey,
    portfolio::Portfolio,
    valuation::ValuationReference,
};
use engine::port::{Durability, FactLog};

/// What a day's desk starts with.
#[derive(Debug, Clone)]
pub struct DeskConfig {
    /// Run the client order ids are made for; its mode is the desk's.
    pub run: RunKey,
    /// Account the configuration names.
    pub account: String,
    /// Today's session.
    pub hours: SessionHours,
    /// Positions and cash at the open.
    pub opening: Portfolio,
    /// Closes, equity and high-water mark of before today.
    pub reference: ValuationReference,
    /// What may be traded.
    pub universe: Instruments,
    /// The limits.
    pub limits: RiskLimits,
    /// Terms of the simulated broker.
    pub terms: SimBrokerRules,
}

/// Where a desk and its simulated broker keep what must survive, and what goes wrong at the broker.
/// By default they live as long as the process, and nothing goes wrong.
pub struct DeskBacking {
    /// The desk's own log.
    pub desk: Box<dyn FactLog>,
    /// What the simulated broker remembers: the world outside, so never the same place.
    pub broker: Box<dyn FactLog>,
    /// What goes wrong there on purpose.
    pub faults: BrokerFaults,
}

impl Default for DeskBacking {
    fn default() -> Self {
        let (desk, broker) = (Box::<MemoryLog>::default(), Box::<MemoryLog>::default());
        Self { desk, broker, faults: BrokerFaults::default() }
    }
}

impl fmt::Debug for DeskBacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backing").field("faults", &self.faults).finish_non_exhaustive()
    }
}

/// Why a desk cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenDeskError {
    /// The limits have no hash.
    #[error("the limits cannot be used")]
    Limits(#[source] LimitsError),
    /// The desk's log cannot be read or written.
    #[error("the desk's log cannot be used")]
    Log(#[source] io::Error),
    /// The broker's memory cannot be read or written.
    #[error("the simulated broker's memory cannot be used")]
    Broker(#[source] io::Error),
    /// The log is that of another run.
    #[error("the desk's log is that of another run: {found:?}, not {wanted:?}")]
    OtherRun {
        /// The run of the log.
        found: Option<RunKey>,
        /// The run asked for.
        wanted: RunKey,
    },
}

impl Desk {
    /// Opens a desk that lasts as long as the process, in state ACTIVE.
    ///
    /// # Errors
    ///
    /// [`OpenDeskError::Limits`] for limits that cannot be hashed.
    pub fn new(
        setup: DeskConfig,
        prices: Arc<dyn PriceSource + Send + Sync>,
    ) -> Result<Self, OpenDeskError> {
        Self::open(setup, prices, DeskBacking::default())
    }

    /// Opens a desk on its logs. On empty ones it is in state ACTIVE; else it is as it was when the
    /// last fact was written, with the book, limits and reference it was first opened with, whatever
    /// `setup` says of these. Orders whose answer was not written down are in doubt until
    /// `Desk::poll` finds them.
    ///
    /// # Errors
    ///
    /// [`OpenDeskError`].
    pub fn open(
        setup: DeskConfig,
        prices: Arc<dyn PriceSource + Send + Sync>,
        backing: DeskBacking,
    ) -> Result<Self, OpenDeskError> {
        let DeskConfig { run, account, hours, opening, reference, universe, limits, terms } = setup;
        let limits_hash = limits.hash().map_err(OpenDeskError::Limits)?;
        let (mut log, mut facts) = DurableLog::open(backing.desk).map_err(OpenDeskError::Log)?;
        if facts.is_empty() {
            let run = run.clone();
            let opened = DeskOpened { run, account, opening, reference, limits, limits_hash };
            let first = DeskFact::Opened(Box::new(opened));
            log.write_now(&first, Durability::SurvivesPowerLoss).map_err(OpenDeskError::Log)?;
            facts.push(first);
        }
        let mut facts = facts.into_iter();
        let mut memory = match facts.next() {
            Some(DeskFact::Opened(opened)) if opened.run == run => DeskMemory::new(*opened, hours),
            other => {
                let found = match other {
                    Some(DeskFact::Opened(opened)) => Some(opened.run),
                    _headless => None,
                };
                return Err(OpenDeskError::OtherRun { found, wanted: run });
            }
        };
        facts.for_each(|fact| memory.apply(fact));
        let at_broker = BrokerAccount {
            mode: run.mode,
            hours,
            opening: memory.opening.clone(),
            universe: universe.clone(),
        };
        let outside = (backing.broker, backing.faults);
        let broker = SimBroker::open(at_broker, terms, Arc::clone(&prices), outside)
            .map_err(OpenDeskError::Broker)?;
        memory.session.broker_mode = broker.mode();
        let (last, switch) = (hours.open, Arc::new(()));
        Ok(Self::from_state(DeskState {
            memory,
            hours,
            universe,
            prices,
            broker,
            log,
            last,
            switch,
        }))
    }
}
