//! Releasing a plan: each approved intent through the gate, into the log, and only then to the broker.

use chrono::{DateTime, Utc};

use super::{
    approve::DeskError,
    fact::{Fact, Logged, Step},
    learn::doubt,
    ledger::{Line, Stage},
    slices::PACE,
    state::{Desk, State},
};
use crate::trading::{
    broker::{Ack, BrokerError, Placement, Query},
    gate::{self, Code, Severity, Violation},
    money,
    order::{ClOrdId, Intent, Order, OrderState, Source},
    plan::{Approval, ApprovedBy, Plan},
    twap::Schedule,
};

/// How an approved plan is released.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// Hash of the plan.
    pub plan_hash: String,
    /// When TWAP orders are worked; it starts at the release if that is later.
    pub schedule: Schedule,
    /// Soft checks overridden by four eyes.
    pub overrides: Vec<Code>,
    /// Who asks.
    pub source: Source,
}

/// What became of one intent.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Number of the intent.
    pub intent_id: u32,
    /// Client order id.
    pub id: ClOrdId,
    /// What the broker answered; `None` when it has not, or nothing was sent.
    pub ack: Option<Ack>,
    /// Why the fate of what was sent is not known; `None` when it is, or nothing was sent.
    pub doubt: Option<String>,
    /// What the gate found: in the order, and in slices that were held back.
    pub violations: Vec<Violation>,
    /// Shares sent by this release; 0 for an order that was sent before.
    pub sent_qty: i64,
    /// Shares held back.
    pub held_back: i64,
}

impl Outcome {
    fn new(intent_id: u32, id: ClOrdId) -> Self {
        let violations = Vec::new();
        Self { intent_id, id, ack: None, doubt: None, violations, sent_qty: 0, held_back: 0 }
    }

    /// Whether nothing of it ever left: neither now nor by an earlier release.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.ack.is_none() && self.doubt.is_none()
    }

    /// The broker's answer or why there is none, as the record of the order has it.
    fn told(mut self, line: Option<&Line>) -> Self {
        self.ack = line.and_then(Line::answered).cloned();
        self.doubt = line.and_then(doubt);
        self
    }

    /// Nothing left, for a reason that is no rule of the gate.
    fn held(mut self, qty: i64, (observed, limit): (String, &str), text: &str) -> Self {
        let (code, severity) = (Code::TradingState, Severity::Unavailable);
        let (limit, text) = (limit.to_owned(), text.to_owned());
        self.violations.push(Violation { code, limit, observed, severity, text });
        self.held_back = qty;
        self
    }

    fn unwritten(self, qty: i64, error: &std::io::Error) -> Self {
        let numbers = (error.to_string(), "a log that can be written");
        self.held(qty, numbers, "the desk's log cannot be written, so the order is not sent")
    }
}

/// When one order of a release is sent, and whether the release goes on with an earlier one.
#[derive(Debug, Clone, Copy)]
struct Going {
    at: DateTime<Utc>,
    /// Orders leave one pace after the other.
    send_at: DateTime<Utc>,
    resumed: bool,
}

impl Desk {
    /// What the gate would say to each intent of `plan` at `at` were it approved, in plan order.
    ///
    /// Intents are judged one after the other, those that pass counting as working for the next, so
    /// that they share buying power and exposure.
    ///
    /// # Errors
    ///
    /// [`DeskError::Id`] when an intent gets no client order id.
    pub fn validate(
        &self,
        plan: &Plan,
        at: DateTime<Utc>,
    ) -> Result<Vec<(u32, Vec<Violation>)>, DeskError> {
        let mut state = self.lock();
        let mut market = state.market(at, None);
        let whole = Approval::whole(plan, "validation", ApprovedBy::FourEyes, at);
        let mut verdicts = Vec::new();
        for intent in &plan.orders {
            let order = state.order((plan, &whole), intent, Source::Plan, &market)?;
            let context = state.context(&market, Some((plan, &whole)), at, None);
            let violations = gate::check(&order, &context);
            if gate::passes(&violations, &SOFT) {
                market.history.traded_usd += order.notional(intent.ref_px);
                market.history.orders += 1;
                market.working.push(working(&order));
            }
            verdicts.push((intent.intent_id, violations));
        }
        Ok(verdicts)
    }

    /// Sends the approved intents of a plan through the gate to the broker, in plan order.
    ///
    /// Releasing a plan again resumes it: the broker is asked by its id for each order that was
    /// written down before, only what provably never arrived is sent, and what was answered gets its
    /// first answer again, marked as a duplicate. An order whose fate is not known is never sent again.
    /// What the gate refuses then stays [`Desk::unsent`]: nobody refused it when the plan was released.
    ///
    /// An order is sent once it is in the log, on disk. Where the log cannot be written nothing more
    /// is sent, the outcome says so and the desk is halted.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when the plan is unknown, not approved, or gets no ids.
    pub fn release(&self, release: &Release, at: DateTime<Utc>) -> Result<Vec<Outcome>, DeskError> {
        let mut state = self.lock();
        let hash = &release.plan_hash;
        let unknown = || DeskError::UnknownPlan(hash.clone());
        let plan = state.memory.plans.get(hash).cloned().ok_or_else(unknown)?;
        let refused = || DeskError::NotApproved(plan.plan_id.clone());
        let approval = state.memory.approvals.get(hash).cloned().ok_or_else(refused)?;
        for intent in &plan.orders {
            state.id_of(&plan, intent)?;
        }
        let resumed = state.orders_of(hash).next().is_some();
        let mut outcomes = Vec::new();
        for (place, intent) in (0_i32..).zip(&plan.orders) {
            if approval.intents.contains(&intent.intent_id) {
                let going = Going { at, send_at: at + PACE * place, resumed };
                outcomes.push(state.send((&plan, &approval), intent, release, going)?);
            }
        }
        Ok(outcomes)
    }

    /// What became of the intents of a plan by the desk's own record, as releasing it again would
    /// tell, in order of intent.
    #[must_use]
    pub fn outcomes(&self, plan_hash: &str) -> Vec<Outcome> {
        let state = self.lock();
        let sent = state.orders_of(plan_hash).map(|line| {
            let order = &line.logged.placement.order;
            let mut outcome =
                Outcome::new(order.intent.intent_id, order.id.clone()).told(Some(line));
            outcome.violations.clone_from(&line.logged.violations);
            outcome.sent_qty = if line.left() { line.sent_qty() } else { 0 };
            outcome.held_back = order.intent.qty - outcome.sent_qty;
            outcome
        });
        let blocked = state.memory.blocked.iter().filter(|(_, b)| b.plan_hash == plan_hash);
        let blocked = blocked.map(|(id, blocked)| {
            let mut outcome = Outcome::new(blocked.intent_id, id.clone());
            outcome.violations.clone_from(&blocked.violations);
            outcome.held_back = blocked.qty;
            outcome
        });
        let mut all: Vec<Outcome> = sent.chain(blocked).collect();
        all.sort_by_key(|outcome| outcome.intent_id);
        all
    }
}

/// Soft checks, which a validation reports and still lets pass to the next intent.
const SOFT: [Code; 4] = [Code::MaxAdv, Code::TurnoverDay, Code::OrdersDay, Code::FatFingerManual];

fn working(order: &Order) -> gate::Working {
    gate::Working {
        id: order.id.clone(),
        symbol: order.intent.symbol.clone(),
        side: order.intent.side,
        leaves: order.intent.qty,
        limit_px: order.intent.limit_px,
    }
}

impl State {
    fn send(
        &mut self,
        approved: (&Plan, &Approval),
        intent: &Intent,
        release: &Release,
        Going { at, send_at, resumed }: Going,
    ) -> Result<Outcome, DeskError> {
        let passed = self.obey(at);
        let id = self.id_of(approved.0, intent)?;
        if let Some(outcome) = self.again((&id, approved.0), intent, at) {
            return Ok(outcome);
        }
        let market = self.market(at, Some(&id));
        let order = self.order(approved, intent, release.source, &market)?;
        let mut outcome = Outcome::new(intent.intent_id, id);
        let context = self.context(&market, Some(approved), send_at, None);
        outcome.violations = gate::check(&order, &context);
        let mut slices = Vec::new();
        if gate::passes(&outcome.violations, &release.overrides) {
            slices = self.slices(approved, &order, (release, &market, send_at), &mut outcome);
        }
        outcome.sent_qty = slices.iter().map(|slice| slice.qty).sum();
        outcome.held_back = order.intent.qty - outcome.sent_qty;
        if slices.is_empty() {
            self.block(&order, &outcome, resumed);
            return Ok(outcome);
        }
        // Whoever threw the switch while the gate was looking has the last word.
        if self.obey(at) > passed {
            let qty = order.intent.qty;
            (outcome.sent_qty, outcome.held_back) = (0, qty);
            outcome.violations.push(self.stopped());
            self.block(&order, &outcome, resumed);
            return Ok(outcome);
        }
        let participation = money::to_f64(self.memory.regime.participation);
        let placement = Placement { order, slices, participation };
        Ok(self.submit(placement, outcome, (approved.1.by, at)))
    }

    /// Writes an order down, then sends it: what is not on disk does not leave.
    fn submit(
        &mut self,
        placement: Placement,
        mut outcome: Outcome,
        (by, at): (ApprovedBy, DateTime<Utc>),
    ) -> Outcome {
        let (id, qty) = (placement.order.id.clone(), placement.order.intent.qty);
        let violations = outcome.violations.clone();
        let logged = Logged { placement: placement.clone(), by, at, violations };
        let steps = [Step::Intent(Box::new(logged)), Step::Sent { at }];
        for step in steps {
            if let Err(error) = self.write(Fact::Order(id.clone(), step)) {
                outcome.sent_qty = 0;
                return outcome.unwritten(qty, &error);
            }
        }
        let step = match self.broker.submit(placement, at) {
            Ok(ack) => Step::Answered(ack),
            Err(error @ (BrokerError::NoAnswer | BrokerError::Disconnected)) => {
                Step::Unknown { at, why: error.to_string() }
            }
        };
        self.note(Fact::Order(id.clone(), step));
        outcome.told(self.memory.ledger.get(&id))
    }

    /// What became of an order that was written down before; `None` for one to be sent now.
    fn again(
        &mut self,
        (id, plan): (&ClOrdId, &Plan),
        intent: &Intent,
        at: DateTime<Utc>,
    ) -> Option<Outcome> {
        self.sync(at);
        if self.memory.ledger.get(id).is_some_and(Line::in_doubt) {
            // What the broker says is in the record; that it cannot be asked leaves the doubt.
            self.ask(id, at).ok();
        }
        let line = self.memory.ledger.get(id)?;
        if line.logged.placement.order.plan_hash != plan.hash() {
            // Another plan's order bears the id: the gate says so.
            return None;
        }
        let outcome = Outcome::new(intent.intent_id, id.clone());
        match line.stage {
            Stage::Withdrawn => {
                let numbers = (OrderState::Cancelled.to_string(), "an order nobody withdrew");
                let text = "the order was withdrawn before it left, so it is not sent";
                Some(outcome.held(line.logged.placement.order.intent.qty, numbers, text))
            }
            Stage::Answered(_) => {
                self.note(Fact::Order(id.clone(), Step::Suppressed));
                let mut outcome = outcome.told(self.memory.ledger.get(id));
                if let Some(ack) = &mut outcome.ack {
                    ack.duplicate = true;
                }
                Some(outcome)
            }
            Stage::Sent { .. } | Stage::Unknown { .. } => Some(outcome.told(Some(line))),
            Stage::Logged => match self.ask(id, at) {
                Ok(Query::Absent) => None,
                Ok(found) => {
                    // It left after all, as the broker proves.
                    if found == Query::Pending {
                        self.note(Fact::Order(id.clone(), Step::Sent { at }));
                    }
                    Some(outcome.told(self.memory.ledger.get(id)))
                }
                Err(error) => {
                    let numbers = (error.to_string(), "a broker that can be asked");
                    let text = "whether the order left before cannot be asked, so it is not sent";
                    Some(outcome.held(intent.qty, numbers, text))
                }
            },
        }
    }

    /// Remembers what the gate did not let pass. An order that was written down is told by its own, and
    /// what only a release that was `resumed` meets is still to be sent.
    fn block(&mut self, order: &Order, outcome: &Outcome, resumed: bool) {
        if !resumed && !self.memory.ledger.contains_key(&order.id) {
            let step = Step::Blocked {
                plan_hash: order.plan_hash.clone(),
                intent_id: order.intent.intent_id,
                qty: order.intent.qty,
                violations: outcome.violations.clone(),
            };
            self.note(Fact::Order(order.id.clone(), step));
        }
    }
}
