//! Everything the desk knows, as the fold of its facts: live and after a restart by the same code.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{
    fact::{BlockedIntent, BlockedIntents, DeskFact, DeskOpened, OrderEvent, TradePlanRejection},
    order_log::{OrderLog, OrderPhase, OrderRecord},
    trading_state::TradingStateChange,
};
use crate::trading::{
    instruments::SessionHours,
    limits::{LimitMultipliers, RiskLimits, TradingState},
    order::{ClOrdId, Fill, RunKey},
    portfolio::Portfolio,
    pretrade::TradingSession,
    symbol::Symbol,
    trade_plan::{Approval, TradePlan},
    valuation::ValuationReference,
};

/// What the desk knows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DeskMemory {
    pub(super) run: RunKey,
    pub(super) session: TradingSession,
    /// Our own book: opening plus the fills booked so far.
    pub(super) book: Portfolio,
    pub(super) opening: Portfolio,
    /// Fills booked, by execution id, so that none counts twice.
    pub(super) fills: IndexMap<String, Fill>,
    pub(super) reference: ValuationReference,
    pub(super) limits: RiskLimits,
    pub(super) limits_hash: String,
    pub(super) regime: LimitMultipliers,
    pub(super) plans: IndexMap<String, TradePlan>,
    pub(super) approvals: BTreeMap<String, Approval>,
    pub(super) rejections: BTreeMap<String, TradePlanRejection>,
    pub(super) ledger: OrderLog,
    pub(super) blocked: BlockedIntents,
    pub(super) halted: BTreeSet<Symbol>,
    pub(super) changes: Vec<TradingStateChange>,
    pub(super) suppressed: u32,
}

impl DeskMemory {
    /// A desk that has just been opened, in state ACTIVE.
    pub(super) fn new(opened: DeskOpened, hours: SessionHours) -> Self {
        let DeskOpened { run, account, opening, reference, limits, limits_hash } = opened;
        let session = TradingSession {
            state: TradingState::Active,
            mode: run.mode,
            broker_mode: run.mode,
            account,
            hours: Some(hours),
        };
        Self {
            run,
            session,
            book: opening.clone(),
            opening,
            fills: IndexMap::new(),
            reference,
            limits,
            limits_hash,
            regime: LimitMultipliers::ONE,
            plans: IndexMap::new(),
            approvals: BTreeMap::new(),
            rejections: BTreeMap::new(),
            ledger: OrderLog::new(),
            blocked: BlockedIntents::new(),
            halted: BTreeSet::new(),
            changes: Vec::new(),
            suppressed: 0,
        }
    }

    /// Takes a fact in. One that was taken in before changes nothing more.
    pub(super) fn apply(&mut self, fact: DeskFact) {
        match fact {
            // The first fact of a log made this memory.
            DeskFact::Opened(_) => {}
            DeskFact::Proposed(plan) => {
                self.plans.entry(plan.hash().to_owned()).or_insert(plan);
            }
            DeskFact::Approved(approval) => {
                self.approvals.insert(approval.plan_hash.clone(), approval);
            }
            DeskFact::Revoked(hash) => {
                self.approvals.remove(&hash);
            }
            DeskFact::Rejected(no) => {
                self.approvals.remove(&no.plan_hash);
                self.rejections.insert(no.plan_hash.clone(), no);
            }
            DeskFact::State(change) => {
                self.session.state = change.to;
                self.changes.push(change);
            }
            DeskFact::Regime(regime) => self.regime = regime,
            DeskFact::Limits(limits, hash) => (self.limits, self.limits_hash) = (*limits, hash),
            DeskFact::Halted(symbol) => {
                self.halted.insert(symbol);
            }
            DeskFact::Resumed(symbol) => {
                self.halted.remove(&symbol);
            }
            DeskFact::FillBooked(fills) => self.book(fills),
            DeskFact::HighWater(usd) => self.reference.high_water = Some(usd),
            DeskFact::Order(id, step) => self.step(id, step),
        }
    }

    fn step(&mut self, id: ClOrdId, step: OrderEvent) {
        match step {
            OrderEvent::Blocked { plan_hash, intent_id, qty, violations } => {
                self.blocked.insert(id, BlockedIntent { plan_hash, intent_id, qty, violations });
            }
            OrderEvent::Intent(logged) => {
                // An order that never left may be written down anew, at today's price.
                if self.ledger.get(&id).is_none_or(|old| old.stage == OrderPhase::Logged) {
                    self.blocked.remove(&id);
                    self.ledger.insert(id, OrderRecord::new(*logged));
                }
            }
            OrderEvent::Suppressed => self.suppressed += 1,
            later @ (OrderEvent::Sent { .. }
            | OrderEvent::Unknown { .. }
            | OrderEvent::NotFound { .. }
            | OrderEvent::NotArrived { .. }
            | OrderEvent::Acked(_)
            | OrderEvent::CancelRequested { .. }
            | OrderEvent::CancelAcked { .. }) => {
                if let Some(line) = self.ledger.get_mut(&id) {
                    line.apply(later);
                }
            }
        }
    }

    fn book(&mut self, fills: Vec<Fill>) {
        for fill in fills {
            if !self.fills.contains_key(&fill.exec_id) && self.book.book_fill(&fill).is_ok() {
                self.fills.insert(fill.exec_id.clone(), fill);
            }
        }
    }
}
