//! Everything the desk knows, as the fold of its facts: live and after a restart by the same code.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{
    control::StateChange,
    fact::{AllBlocked, Blocked, Fact, Opened, Rejection, Step},
    ledger::{Ledger, Line, Stage},
};
use crate::trading::{
    gate::Session,
    limits::{Limits, Multipliers, TradingState},
    market_facts::Hours,
    order::{ClOrdId, Fill, RunKey},
    plan::{Approval, Plan},
    portfolio::Portfolio,
    symbol::Symbol,
    valuation::Reference,
};

/// What the desk knows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Memory {
    pub(super) run: RunKey,
    pub(super) session: Session,
    /// Our own book: opening plus the fills booked so far.
    pub(super) book: Portfolio,
    pub(super) opening: Portfolio,
    /// Fills booked, by execution id, so that none counts twice.
    pub(super) fills: IndexMap<String, Fill>,
    pub(super) reference: Reference,
    pub(super) limits: Limits,
    pub(super) limits_hash: String,
    pub(super) regime: Multipliers,
    pub(super) plans: IndexMap<String, Plan>,
    pub(super) approvals: BTreeMap<String, Approval>,
    pub(super) rejections: BTreeMap<String, Rejection>,
    pub(super) ledger: Ledger,
    pub(super) blocked: AllBlocked,
    pub(super) halted: BTreeSet<Symbol>,
    pub(super) changes: Vec<StateChange>,
    pub(super) suppressed: u32,
}

impl Memory {
    /// A desk that has just been opened, in state ACTIVE.
    pub(super) fn new(opened: Opened, hours: Hours) -> Self {
        let Opened { run, account, opening, reference, limits, limits_hash } = opened;
        let session = Session {
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
            regime: Multipliers::ONE,
            plans: IndexMap::new(),
            approvals: BTreeMap::new(),
            rejections: BTreeMap::new(),
            ledger: Ledger::new(),
            blocked: AllBlocked::new(),
            halted: BTreeSet::new(),
            changes: Vec::new(),
            suppressed: 0,
        }
    }

    /// Takes a fact in. One that was taken in before changes nothing more.
    pub(super) fn apply(&mut self, fact: Fact) {
        match fact {
            // The first fact of a log made this memory.
            Fact::Opened(_) => {}
            Fact::Proposed(plan) => {
                self.plans.entry(plan.hash().to_owned()).or_insert(plan);
            }
            Fact::Approved(approval) => {
                self.approvals.insert(approval.plan_hash.clone(), approval);
            }
            Fact::Revoked(hash) => {
                self.approvals.remove(&hash);
            }
            Fact::Rejected(no) => {
                self.approvals.remove(&no.plan_hash);
                self.rejections.insert(no.plan_hash.clone(), no);
            }
            Fact::State(change) => {
                self.session.state = change.to;
                self.changes.push(change);
            }
            Fact::Regime(regime) => self.regime = regime,
            Fact::Limits(limits, hash) => (self.limits, self.limits_hash) = (*limits, hash),
            Fact::Halted(symbol) => {
                self.halted.insert(symbol);
            }
            Fact::Resumed(symbol) => {
                self.halted.remove(&symbol);
            }
            Fact::Booked(fills) => self.book(fills),
            Fact::HighWater(usd) => self.reference.high_water = Some(usd),
            Fact::Order(id, step) => self.step(id, step),
        }
    }

    fn step(&mut self, id: ClOrdId, step: Step) {
        match step {
            Step::Blocked { plan_hash, intent_id, qty, violations } => {
                self.blocked.insert(id, Blocked { plan_hash, intent_id, qty, violations });
            }
            Step::Intent(logged) => {
                // An order that never left may be written down anew, at today's price.
                if self.ledger.get(&id).is_none_or(|old| old.stage == Stage::Logged) {
                    self.blocked.remove(&id);
                    self.ledger.insert(id, Line::new(*logged));
                }
            }
            Step::Suppressed => self.suppressed += 1,
            later @ (Step::Sent { .. }
            | Step::Unknown { .. }
            | Step::Absent { .. }
            | Step::NotArrived { .. }
            | Step::Answered(_)
            | Step::CancelAsked { .. }
            | Step::CancelAnswered { .. }) => {
                if let Some(line) = self.ledger.get_mut(&id) {
                    line.step(later);
                }
            }
        }
    }

    fn book(&mut self, fills: Vec<Fill>) {
        for fill in fills {
            if !self.fills.contains_key(&fill.exec_id) && self.book.apply(&fill).is_ok() {
                self.fills.insert(fill.exec_id.clone(), fill);
            }
        }
    }
}
