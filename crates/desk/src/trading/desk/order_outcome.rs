//! What became of a plan's orders, by asking the broker for each by its id and never from memory.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{
    broker_sync::in_doubt_reason,
    order_log::{OrderPhase, OrderRecord},
    state::{Desk, DeskState},
};
use crate::trading::{
    broker::{BrokerError, CancelOutcome, OrderQueryResult},
    order::{ClOrdId, OrderState, TradeIntent},
};

/// What became of an order that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderOutcome {
    /// It never left: the broker does not know it, and it was not sent.
    NotSent,
    /// It left and never arrived, as the broker said at several moments; how that is known.
    NotFound(String),
    /// The broker has answered it.
    Known(OrderState),
    /// Not known, and why.
    InDoubt(String),
}

impl fmt::Display for OrderOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent => f.pad("was never sent"),
            Self::NotFound(evidence) => f.pad(evidence),
            Self::Known(state) => write!(f, "was answered: {state}"),
            Self::InDoubt(why) => write!(f, "is in doubt: {why}"),
        }
    }
}

impl Desk {
    /// What became of withdrawing an order; `None` when nobody asked for it or no answer came.
    #[must_use]
    pub fn cancel_outcome(&self, id: &ClOrdId) -> Option<CancelOutcome> {
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
        self.lock().broker.advance_to(at)
    }

    /// Intents of a plan that are still to be sent: approved as far as anybody approved it, never at the
    /// broker by the desk's own record, refused neither by the gate nor by a person.
    ///
    /// Right after `Desk::fates` the record is what the broker says.
    #[must_use]
    pub fn unsent_intents(&self, plan_hash: &str) -> Vec<TradeIntent> {
        let state = self.lock();
        let memory = &state.memory;
        let Some(plan) = memory.plans.get(plan_hash) else { return Vec::new() };
        if memory.rejections.contains_key(plan_hash) {
            return Vec::new();
        }
        let approval = memory.approvals.get(plan_hash);
        let wanted = |intent: &&TradeIntent| {
            approval.is_none_or(|approval| approval.intents.contains(&intent.intent_id))
        };
        let unsent = |intent: &&TradeIntent| {
            // An intent without an id cannot be sent, and releasing the plan says so.
            let Ok(id) = state.id_of(plan, intent) else { return true };
            let line = memory.ledger.get(&id);
            line.map_or(!memory.blocked.contains_key(&id), |line| line.stage == OrderPhase::Logged)
        };
        let shares = |intent: &TradeIntent| {
            let qty = approval.map_or(intent.qty, |approval| approval.approved_quantity(intent));
            TradeIntent { qty, ..intent.clone() }
        };
        plan.orders.iter().filter(wanted).filter(unsent).map(shares).collect()
    }

    /// The fate of every order written down for a plan, asked for at `at`.
    pub fn order_outcomes(
        &self,
        plan_hash: &str,
        at: DateTime<Utc>,
    ) -> Vec<(ClOrdId, OrderOutcome)> {
        let mut state = self.lock();
        state.sync(at);
        let ids: Vec<ClOrdId> = state.orders_of(plan_hash).map(|line| line.id().clone()).collect();
        let fates = ids.into_iter().map(|id| {
            let fate = state.order_outcome(&id, at);
            (id, fate)
        });
        fates.collect()
    }
}

impl DeskState {
    /// The orders of a plan that were written down, in that order.
    pub(super) fn orders_of<'a>(
        &'a self,
        plan_hash: &'a str,
    ) -> impl Iterator<Item = &'a OrderRecord> {
        let lines = self.memory.ledger.values();
        lines.filter(move |line| line.logged.placement.order.plan_hash == plan_hash)
    }

    fn order_outcome(&mut self, id: &ClOrdId, at: DateTime<Utc>) -> OrderOutcome {
        let found = match self.query_order(id, at) {
            Ok(found) => found,
            Err(error) => return OrderOutcome::InDoubt(error.to_string()),
        };
        let line = self.memory.ledger.get(id);
        match found {
            OrderQueryResult::Found(ack) => OrderOutcome::Known(ack.state),
            OrderQueryResult::Pending => {
                OrderOutcome::InDoubt("the broker has it; no acknowledgement yet".into())
            }
            OrderQueryResult::NotFound => match line.map(|line| &line.stage) {
                None | Some(OrderPhase::Logged | OrderPhase::Cancelled) => OrderOutcome::NotSent,
                Some(OrderPhase::Acked(ack)) => match (ack.state, &ack.reason) {
                    (OrderState::Rejected, Some(evidence)) => {
                        OrderOutcome::NotFound(evidence.clone())
                    }
                    _known_once => {
                        OrderOutcome::InDoubt("the broker answered it once and has lost it".into())
                    }
                },
                Some(OrderPhase::Sent { .. } | OrderPhase::InDoubt { .. }) => {
                    let why = line.and_then(in_doubt_reason).unwrap_or_default();
                    let asked = line.map_or(0, OrderRecord::times_absent);
                    OrderOutcome::InDoubt(format!(
                        "{why}; not known at {asked} of 3 askings so far"
                    ))
                }
            },
        }
    }
}
