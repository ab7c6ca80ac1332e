//! What the desk learns from the broker: fills, late answers, and what became of orders in doubt.

use chrono::{DateTime, Utc};

use super::{
    fact::{DeskFact, OrderEvent},
    order_log::{OrderPhase, OrderRecord},
    state::{Desk, DeskState},
};
use crate::trading::{
    broker::{BrokerAck, BrokerError, CancelOutcome, OrderQueryResult},
    instruments::TradingMode,
    order::{ClOrdId, Fill, OrderState},
    reconcile::Reconciliation,
};

impl Desk {
    /// Asks the broker for every order whose fate is not known, by its id, and again for what it was
    /// asked to withdraw and has not answered. Gives what is still in doubt, each with why.
    ///
    /// Nothing is sent here. An order that was answered by nobody and that the simulated broker does not
    /// know when asked at three moments (1, 3 and 10 s after) counts as rejected, with these moments as
    /// evidence. One that was on its way when its sender died and is not known there never left:
    /// `Desk::release` sends it, under the same id.
    pub fn query_open_orders(&self, at: DateTime<Utc>) -> Vec<(ClOrdId, String)> {
        let mut state = self.lock();
        state.sync(at);
        state.query_broker(at);
        let lines = state.memory.ledger.values();
        lines.filter_map(|line| Some((line.id().clone(), in_doubt_reason(line)?))).collect()
    }

    /// Books the fills that a reconciliation found missing; gives how many that were.
    pub fn book_missing(&self, found: &Reconciliation) -> usize {
        let mut state = self.lock();
        let before = state.memory.fills.len();
        state.book(found.to_apply.clone());
        state.memory.fills.len() - before
    }

    /// Why the desk's log cannot be written; `None` while all is written. Nothing is sent meanwhile.
    #[must_use]
    pub fn log_fault(&self) -> Option<String> {
        self.lock().log.last_error().map(str::to_owned)
    }
}

/// Why the fate of an order is not known; `None` when it is.
pub(super) fn in_doubt_reason(line: &OrderRecord) -> Option<String> {
    match &line.stage {
        OrderPhase::Sent { at } => Some(format!("sent at {at}, its answer was not written down")),
        OrderPhase::InDoubt { since, why, .. } => Some(format!("{why} at {since}")),
        OrderPhase::Logged | OrderPhase::Acked(_) | OrderPhase::Cancelled => None,
    }
}

impl DeskState {
    /// Takes in what the broker tells by itself: fills of orders it has answered, late answers.
    pub(super) fn sync(&mut self, at: DateTime<Utc>) {
        self.last = self.last.max(at);
        for ack in self.broker.drain_late_acks(at) {
            // A late answer makes us ask; a second one says nothing new.
            if self.memory.ledger.get(&ack.id).is_some_and(OrderRecord::is_in_doubt) {
                // One that cannot be asked about stays in doubt, and is polled.
                self.query_order(&ack.id, at).ok();
            }
        }
        // A broker that cannot be asked is asked again next time; until then the orders stand as unknown,
        // and whoever watches them raises the alert.
        let Ok(fills) = self.broker.fills(at) else { return };
        let known = |fill: &Fill| {
            self.memory.ledger.get(&fill.order).is_some_and(|line| line.broker_ack().is_some())
        };
        let new = fills.into_iter().filter(known).collect();
        self.book(new);
    }

    /// Books fills that are not booked yet and can be.
    fn book(&mut self, mut fills: Vec<Fill>) {
        fills.retain(|fill| !self.memory.fills.contains_key(&fill.exec_id));
        if !fills.is_empty() {
            let mut trial = self.memory.book.clone();
            fills.retain(|fill| trial.book_fill(fill).is_ok());
        }
        if !fills.is_empty() {
            self.record_fact(DeskFact::FillBooked(fills));
        }
    }

    /// Asks for everything that is open between us and the broker.
    pub(super) fn query_broker(&mut self, at: DateTime<Utc>) {
        let lines = self.memory.ledger.values();
        let open = lines.filter(|line| line.is_in_doubt() || line.to_cancel());
        let open: Vec<ClOrdId> = open.map(|line| line.id().clone()).collect();
        for id in open {
            // A broker that cannot be asked is asked again at the next poll.
            self.query_order(&id, at).ok();
            if self.memory.ledger.get(&id).is_some_and(OrderRecord::to_cancel) {
                self.cancel_order(&id, at);
            }
        }
    }

    /// Asks for one order by its id, and takes in what is answered.
    pub(super) fn query_order(
        &mut self,
        id: &ClOrdId,
        at: DateTime<Utc>,
    ) -> Result<OrderQueryResult, BrokerError> {
        let found = self.broker.query(id, at)?;
        let Some(line) = self.memory.ledger.get(id) else { return Ok(found) };
        match (&found, &line.stage) {
            (OrderQueryResult::Found(ack), _) if line.broker_ack().is_none() => {
                self.record_fact(DeskFact::Order(id.clone(), OrderEvent::Acked(ack.clone())));
            }
            (OrderQueryResult::NotFound, OrderPhase::Sent { at: sent }) => {
                let (sent, why) = (*sent, "its answer was not written down".into());
                let step = if self.broker_is_final() {
                    OrderEvent::NotArrived { at }
                } else {
                    OrderEvent::Unknown { at: sent, why }
                };
                self.record_fact(DeskFact::Order(id.clone(), step));
            }
            (OrderQueryResult::NotFound, _) if line.absence_counts_at(at) => {
                self.note_absent_order(id, at);
            }
            (
                OrderQueryResult::Found(_) | OrderQueryResult::NotFound | OrderQueryResult::Pending,
                _,
            ) => {}
        }
        Ok(found)
    }

    /// Whether a broker that does not know an order will never know it. The simulated one takes an order
    /// while it is being sent or not at all; a real one may hear of it later, and only a person decides.
    const fn broker_is_final(&self) -> bool {
        match self.memory.run.mode {
            TradingMode::Sim | TradingMode::Paper | TradingMode::DryRun => true,
            TradingMode::Live => false,
        }
    }

    /// The broker does not know an order that left. Several times so, it never arrived; a real
    /// broker may yet know more tomorrow, and is believed by a person only.
    fn note_absent_order(&mut self, id: &ClOrdId, at: DateTime<Utc>) {
        self.record_fact(DeskFact::Order(id.clone(), OrderEvent::NotFound { at }));
        let proof = self.memory.ledger.get(id).and_then(OrderRecord::proven_absent);
        if let Some(evidence) = proof.filter(|_| self.broker_is_final()) {
            let (id, reason) = (id.clone(), Some(evidence));
            let ack = BrokerAck { id, state: OrderState::Rejected, at, reason, duplicate: false };
            self.record_fact(DeskFact::Order(ack.id.clone(), OrderEvent::Acked(ack)));
        }
    }

    /// Withdraws one of our orders; others are not ours to withdraw.
    pub(super) fn cancel_order(&mut self, id: &ClOrdId, at: DateTime<Utc>) -> CancelOutcome {
        self.last = self.last.max(at);
        let Some(line) = self.memory.ledger.get(id) else { return CancelOutcome::Unknown };
        let (never_left, in_doubt, qty) =
            (line.stage == OrderPhase::Logged, line.is_in_doubt(), line.sent_qty());
        if line.stage == OrderPhase::Cancelled {
            return CancelOutcome::TooLate(OrderState::Cancelled);
        }
        if !line.to_cancel() {
            self.record_fact(DeskFact::Order(id.clone(), OrderEvent::CancelRequested { at }));
        }
        let outcome = if never_left {
            CancelOutcome::Cancelled { leaves: qty }
        } else {
            self.broker.cancel(id, at).unwrap_or(CancelOutcome::NoAnswer)
        };
        // What is in doubt may arrive yet: the broker is asked until it knows it.
        let settled = match outcome {
            CancelOutcome::NoAnswer => false,
            CancelOutcome::Unknown => !in_doubt,
            CancelOutcome::Cancelled { .. }
            | CancelOutcome::TooLate(_)
            | CancelOutcome::PendingCancel => true,
        };
        if settled {
            self.record_fact(DeskFact::Order(id.clone(), OrderEvent::CancelAcked { at, outcome }));
        }
        outcome
    }
}
