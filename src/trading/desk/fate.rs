//! What became of a plan's orders, by asking the broker for each by its id and never from memory.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    learn::doubt,
    ledger::{Line, Stage},
    state::{Desk, State},
};
use crate::trading::{
    broker::{CancelOutcome, Query},
    order::{ClOrdId, OrderState},
};

/// What became of an order that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It never left: the broker does not know it, and it was not sent.
    NeverLeft,
    /// It left and never arrived, as the broker said at several moments; how that is known.
    Absent(String),
    /// The broker has answered it.
    Answered(OrderState),
    /// Not known, and why.
    Doubt(String),
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeverLeft => f.pad("was never sent"),
            Self::Absent(evidence) => f.pad(evidence),
            Self::Answered(state) => write!(f, "was answered: {state}"),
            Self::Doubt(why) => write!(f, "is in doubt: {why}"),
        }
    }
}

impl Desk {
    /// What became of withdrawing an order; `None` when nobody asked for it or no answer came.
    #[must_use]
    pub fn withdrawn(&self, id: &ClOrdId) -> Option<CancelOutcome> {
        let state = self.lock();
        let (_, outcome) = state.memory.ledger.get(id)?.cancel.as_ref()?.outcome?;
        Some(outcome)
    }

    /// The fate of every order written down for a plan, asked for at `at`.
    pub fn fates(&self, plan_hash: &str, at: DateTime<Utc>) -> Vec<(ClOrdId, Fate)> {
        let mut state = self.lock();
        state.sync(at);
        let lines = state.memory.ledger.values();
        let own = lines.filter(|line| line.logged.placement.order.plan_hash == plan_hash);
        let ids: Vec<ClOrdId> = own.map(|line| line.id().clone()).collect();
        let fates = ids.into_iter().map(|id| {
            let fate = state.fate(&id, at);
            (id, fate)
        });
        fates.collect()
    }
}

impl State {
    fn fate(&mut self, id: &ClOrdId, at: DateTime<Utc>) -> Fate {
        let found = match self.ask(id, at) {
            Ok(found) => found,
            Err(error) => return Fate::Doubt(error.to_string()),
        };
        let line = self.memory.ledger.get(id);
        match found {
            Query::Answered(ack) => Fate::Answered(ack.state),
            Query::Pending => Fate::Doubt("the broker has it and has not answered".into()),
            Query::Absent => match line.map(|line| &line.stage) {
                None | Some(Stage::Logged | Stage::Withdrawn) => Fate::NeverLeft,
                Some(Stage::Answered(ack)) => match (ack.state, &ack.reason) {
                    (OrderState::Rejected, Some(evidence)) => Fate::Absent(evidence.clone()),
                    _known_once => {
                        Fate::Doubt("the broker answered it once and has lost it".into())
                    }
                },
                Some(Stage::Sent { .. } | Stage::Unknown { .. }) => {
                    let why = line.and_then(doubt).unwrap_or_default();
                    let asked = line.map_or(0, Line::times_absent);
                    Fate::Doubt(format!("{why}; not known at {asked} of 3 askings so far"))
                }
            },
        }
    }
}
