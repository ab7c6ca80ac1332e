//! What the desk learns from the broker: fills, late answers, and what became of orders in doubt.

use chrono::{DateTime, Utc};

use super::{
    fact::{Fact, Step},
    ledger::{Line, Stage},
    state::{Desk, State},
};
use crate::trading::{
    broker::{Ack, BrokerError, CancelOutcome, Query},
    market_facts::Mode,
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
    /// [`Desk::release`] sends it, under the same id.
    pub fn poll(&self, at: DateTime<Utc>) -> Vec<(ClOrdId, String)> {
        let mut state = self.lock();
        state.sync(at);
        state.poll(at);
        let lines = state.memory.ledger.values();
        lines.filter_map(|line| Some((line.id().clone(), doubt(line)?))).collect()
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
        self.lock().log.fault().map(str::to_owned)
    }
}

/// Why the fate of an order is not known; `None` when it is.
pub(super) fn doubt(line: &Line) -> Option<String> {
    match &line.stage {
        Stage::Sent { at } => Some(format!("sent at {at}, its answer was not written down")),
        Stage::Unknown { since, why, .. } => Some(format!("{why} at {since}")),
        Stage::Logged | Stage::Answered(_) | Stage::Withdrawn => None,
    }
}

impl State {
    /// Takes in what the broker tells by itself: fills of orders it has answered, late answers.
    pub(super) fn sync(&mut self, at: DateTime<Utc>) {
        self.last = self.last.max(at);
        for ack in self.broker.late(at) {
            // A late answer makes us ask; a second one says nothing new.
            if self.memory.ledger.get(&ack.id).is_some_and(Line::in_doubt) {
                // One that cannot be asked about stays in doubt, and is polled.
                self.ask(&ack.id, at).ok();
            }
        }
        // A broker that cannot be asked is asked again next time; until then the orders stand as unknown,
        // and whoever watches them raises the alert.
        let Ok(fills) = self.broker.fills(at) else { return };
        let known = |fill: &Fill| {
            self.memory.ledger.get(&fill.order).is_some_and(|line| line.answered().is_some())
        };
        let new = fills.into_iter().filter(known).collect();
        self.book(new);
    }

    /// Books fills that are not booked yet and can be.
    fn book(&mut self, mut fills: Vec<Fill>) {
        fills.retain(|fill| !self.memory.fills.contains_key(&fill.exec_id));
        if !fills.is_empty() {
            let mut trial = self.memory.book.clone();
            fills.retain(|fill| trial.apply(fill).is_ok());
        }
        if !fills.is_empty() {
            self.note(Fact::Booked(fills));
        }
    }

    /// Asks for everything that is open between us and the broker.
    pub(super) fn poll(&mut self, at: DateTime<Utc>) {
        let lines = self.memory.ledger.values();
        let open = lines.filter(|line| line.in_doubt() || line.to_cancel());
        let open: Vec<ClOrdId> = open.map(|line| line.id().clone()).collect();
        for id in open {
            // A broker that cannot be asked is asked again at the next poll.
            self.ask(&id, at).ok();
            if self.memory.ledger.get(&id).is_some_and(Line::to_cancel) {
                self.withdraw(&id, at);
            }
        }
    }

    /// Asks for one order by its id, and takes in what is answered.
    pub(super) fn ask(&mut self, id: &ClOrdId, at: DateTime<Utc>) -> Result<Query, BrokerError> {
        let found = self.broker.query(id, at)?;
        let Some(line) = self.memory.ledger.get(id) else { return Ok(found) };
        match (&found, &line.stage) {
            (Query::Answered(ack), _) if line.answered().is_none() => {
                self.note(Fact::Order(id.clone(), Step::Answered(ack.clone())));
            }
            (Query::Absent, Stage::Sent { at: sent }) => {
                let (sent, why) = (*sent, "its answer was not written down".into());
                let step = if self.broker_is_final() {
                    Step::NotArrived { at }
                } else {
                    Step::Unknown { at: sent, why }
                };
                self.note(Fact::Order(id.clone(), step));
            }
            (Query::Absent, _) if line.due(at) => self.absent(id, at),
            (Query::Answered(_) | Query::Absent | Query::Pending, _) => {}
        }
        Ok(found)
    }

    /// Whether a broker that does not know an order will never know it. The simulated one takes an order
    /// while it is being sent or not at all; a real one may hear of it later, and only a person decides.
    const fn broker_is_final(&self) -> bool {
        match self.memory.run.mode {
            Mode::Sim | Mode::Paper | Mode::DryRun => true,
            Mode::Live => false,
        }
    }

    /// The broker does not know an order that left. Several times so, it never arrived; a real
    /// broker may yet know more tomorrow, and is believed by a person only.
    fn absent(&mut self, id: &ClOrdId, at: DateTime<Utc>) {
        self.note(Fact::Order(id.clone(), Step::Absent { at }));
        let proof = self.memory.ledger.get(id).and_then(Line::proven_absent);
        if let Some(evidence) = proof.filter(|_| self.broker_is_final()) {
            let (id, reason) = (id.clone(), Some(evidence));
            let ack = Ack { id, state: OrderState::Rejected, at, reason, duplicate: false };
            self.note(Fact::Order(ack.id.clone(), Step::Answered(ack)));
        }
    }

    /// Withdraws one of our orders; others are not ours to withdraw.
    pub(super) fn withdraw(&mut self, id: &ClOrdId, at: DateTime<Utc>) -> CancelOutcome {
        self.last = self.last.max(at);
        let Some(line) = self.memory.ledger.get(id) else { return CancelOutcome::Unknown };
        let (never_left, in_doubt, qty) =
            (line.stage == Stage::Logged, line.in_doubt(), line.sent_qty());
        if line.stage == Stage::Withdrawn {
            return CancelOutcome::TooLate(OrderState::Cancelled);
        }
        if !line.to_cancel() {
            self.note(Fact::Order(id.clone(), Step::CancelAsked { at }));
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
            CancelOutcome::Cancelled { .. } | CancelOutcome::TooLate(_) | CancelOutcome::Frozen => {
                true
            }
        };
        if settled {
            self.note(Fact::Order(id.clone(), Step::CancelAnswered { at, outcome }));
        }
        outcome
    }
}
