//! Logs that break off: the world of a process that dies between two writes, and of a full disk.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use bellwether::desk::trading::{broker::BrokerFaults, desk::DeskBacking, durable_log::MemoryLog};
use bellwether::engine::port::{Durability, FactLog};

/// Counts the writes of several logs; once it is at 0 nothing can be written any more.
#[derive(Debug, Clone)]
pub(crate) struct Breath(Arc<AtomicU32>);

impl Breath {
    pub(crate) fn of(writes: u32) -> Self {
        Self(Arc::new(AtomicU32::new(writes)))
    }

    /// Lets so many more writes through.
    pub(crate) fn give(&self, writes: u32) {
        self.0.store(writes, Ordering::SeqCst);
    }

    pub(crate) fn left(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }

    /// One write; whether it is the last, and whether it goes.
    fn take(&self) -> (bool, bool) {
        let left = self.left();
        self.give(left.saturating_sub(1));
        (left == 1, left > 0)
    }
}

/// What becomes of the write at which breath is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Last {
    /// It is not there.
    Unwritten,
    /// It is there, and nobody was told.
    Untold,
}

/// A log that works while there is breath.
#[derive(Debug, Clone)]
pub(crate) struct Frail {
    pub(crate) log: MemoryLog,
    breath: Breath,
    last: Last,
}

impl FactLog for Frail {
    fn append(&mut self, fact: &str, care: Durability) -> io::Result<()> {
        let (last, goes) = self.breath.take();
        let broken = Err(io::Error::other("no space left on device"));
        if !goes || last && self.last == Last::Unwritten {
            return broken;
        }
        self.log.append(fact, care)?;
        if last { broken } else { Ok(()) }
    }

    fn read(&mut self) -> io::Result<Vec<String>> {
        self.log.read()
    }
}

/// What a desk and its broker have on disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    pub(crate) desk: MemoryLog,
    pub(crate) broker: MemoryLog,
    pub(crate) faults: BrokerFaults,
}

impl Disk {
    pub(crate) fn with(faults: BrokerFaults) -> Self {
        Self { faults, ..Self::default() }
    }

    /// The same facts, apart from what happens to these.
    pub(crate) fn copy(&self) -> Self {
        let of = |log: &MemoryLog| {
            let mut copy = MemoryLog::default();
            for fact in log.clone().read().unwrap() {
                copy.append(&fact, Durability::SurvivesCrash).unwrap();
            }
            copy
        };
        let (desk, broker) = (of(&self.desk), of(&self.broker));
        Self { desk, broker, faults: self.faults.clone() }
    }

    /// As a process finds it that can write without end.
    pub(crate) fn sound(&self) -> DeskBacking {
        let Self { desk, broker, faults } = self.clone();
        DeskBacking { desk: Box::new(desk), broker: Box::new(broker), faults }
    }

    /// As a process finds it that can write until it is out of breath.
    pub(crate) fn frail(&self, breath: &Breath, last: Last) -> DeskBacking {
        let of =
            |log: &MemoryLog| Box::new(Frail { log: log.clone(), breath: breath.clone(), last });
        DeskBacking { desk: of(&self.desk), broker: of(&self.broker), faults: self.faults.clone() }
    }

    /// How often the broker was asked to take the order of each id.
    pub(crate) fn submissions(&self) -> Vec<String> {
        self.asked(|_trouble| true)
    }

    /// The ids of the orders that arrived at the broker, as often as they did: what was lost on the way
    /// did not.
    pub(crate) fn arrivals(&self) -> Vec<String> {
        self.asked(|trouble| !trouble.contains("order_lost") && !trouble.contains("disconnect"))
    }

    fn asked(&self, counts: impl Fn(&str) -> bool) -> Vec<String> {
        let asked = self.broker.clone().read().unwrap();
        let asked = asked.iter().map(|ask| serde_json::from_str::<serde_json::Value>(ask).unwrap());
        let id = |ask: serde_json::Value| {
            counts(&ask.pointer("/submit/trouble")?.to_string()).then_some(())?;
            Some(ask.pointer("/submit/placement/order/id")?.as_str()?.to_owned())
        };
        asked.filter_map(id).collect()
    }
}
