//! What became of a plan's orders, by asking the broker for each by its id and never from memory.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    learn::doubt,
    ledger::{Line, Stage},
    state::{Desk, State},
};
use crate::trading::{
    broker::{BrokerError, CancelOutcome, Query},
    order::{ClOrdId, Intent, OrderState},
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

    /// Whether the broker can be asked at `at`.
    ///
    /// # Errors
    ///
    /// [`BrokerError`].
    pub fn broker_reached(&self, at: DateTime<Utc>) -> Result<(), BrokerError> {
        self.lock().broker.reached(at)
    }

    /// Intents of a plan that are still to be sent: approved as far as anybody approved it, never at the
    /// broker by the desk's own record, refused neither by the gate nor by a person.
    ///
    /// Right after [`Desk::fates`] the record is what the broker says.
    #[must_use]
    pub fn unsent(&self, plan_hash: &str) -> Vec<Intent> {
        let state = self.lock();
        let memory = &state.memory;
        let Some(plan) = memory.plans.get(plan_hash) else { return Vec::new() };
        if memory.rejections.contains_key(plan_hash) {
            return Vec::new();
        }
        let approval = memory.approvals.get(plan_hash);
        let wanted = |intent: &&Intent| {
            approval.is_none_or(|approval| approval.intents.contains(&intent.intent_id))
        };
        let unsent = |intent: &&Intent| {
            // An intent without an id cannot be sent, and releasing the plan says so.
            let Ok(id) = state.id_of(plan, intent) else { return true };
            let line = memory.ledger.get(&id);
            line.map_or(!memory.blocked.contains_key(&id), |line| line.stage == Stage::Logged)
        };
        let shares = |intent: &Intent| {
            let qty = approval.map_or(intent.qty, |approval| approval.quantity(intent));
            Intent { qty, ..intent.clone() }
        };
        plan.orders.iter().filter(wanted).filter(unsent).map(shares).collect()
    }

    /// The fate of every order written down for a plan, asked for at `at`.
    pub fn fates(&self, plan_hash: &str, at: DateTime<Utc>) -> Vec<(ClOrdId, Fate)> {
        let mut state = self.lock();
        state.sync(at);
        let ids: Vec<ClOrdId> = state.orders_of(plan_hash).map(|line| line.id().clone()).collect();
        let fates = ids.into_iter().map(|id| {
            let fate = state.fate(&id, at);
            (id, fate)
        });
        fates.collect()
    }
}

impl State {
    /// The orders of a plan that were written down, in that order.
    pub(super) fn orders_of<'a>(&'a self, plan_hash: &'a str) -> impl Iterator<Item = &'a Line> {
        let lines = self.memory.ledger.values();
        lines.filter(move |line| line.logged.placement.order.plan_hash == plan_hash)
    }

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
