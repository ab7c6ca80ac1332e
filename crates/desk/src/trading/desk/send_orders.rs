//! Releasing a plan: each approved intent through the gate, into the log, and only then to the broker.

use chrono::{DateTime, Utc};

use super::{
    approvals::DeskError,
    broker_sync::in_doubt_reason,
    fact::{DeskFact, LoggedOrder, OrderEvent},
    order_log::{OrderPhase, OrderRecord},
    slices::PACE,
    state::{Desk, DeskState},
};
use crate::trading::{
    broker::{BrokerAck, BrokerError, OrderQueryResult, Placement},
    limits::TradingState,
    money,
    order::{ClOrdId, Order, OrderSource, OrderState, TradeIntent},
    pretrade::{self, CheckCode, Enforcement, Violation},
    trade_plan::{Approval, ApprovedBy, TradePlan},
    twap::TwapSchedule,
};

/// How an approved plan is released.
#[derive(Debug, Clone, PartialEq)]
pub struct SendOptions {
    /// Hash of the plan.
    pub plan_hash: String,
    /// When TWAP orders are worked; it starts at the release if that is later.
    pub schedule: TwapSchedule,
    /// Soft checks overridden by four eyes.
    pub overrides: Vec<CheckCode>,
    /// Who asks.
    pub source: OrderSource,
}

/// What became of one intent.
#[derive(Debug, Clone, PartialEq)]
pub struct IntentOutcome {
    /// Number of the intent.
    pub intent_id: u32,
    /// Client order id.
    pub id: ClOrdId,
    /// What the broker answered; `None` when it has not, or nothing was sent.
    pub ack: Option<BrokerAck>,
    /// Why the fate of what was sent is not known; `None` when it is, or nothing was sent.
    pub doubt: Option<String>,
    /// What the gate found: in the order, and in slices that were held back.
    pub violations: Vec<Violation>,
    /// Shares sent by this release; 0 for an order that was sent before.
    pub sent_qty: i64,
    /// Shares held back.
    pub held_back: i64,
}

impl IntentOutcome {
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
    fn with_broker_answer(mut self, line: Option<&OrderRecord>) -> Self {
        self.ack = line.and_then(OrderRecord::broker_ack).cloned();
        self.doubt = line.and_then(in_doubt_reason);
        self
    }

    /// Nothing left, for a reason that is no rule of the gate.
    fn not_sent(mut self, qty: i64, (observed, limit): (String, &str), text: &str) -> Self {
        let (code, severity) = (CheckCode::TradingState, Enforcement::Unavailable);
        let (limit, text) = (limit.to_owned(), text.to_owned());
        self.violations.push(Violation { code, limit, observed, severity, text });
        self.held_back = qty;
        self
    }

    fn not_written(self, qty: i64, error: &std::io::Error) -> Self {
        let numbers = (error.to_string(), "a log that can be written");
        self.not_sent(qty, numbers, "the desk's log cannot be written, so the order is not sent")
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
    pub fn run_checks(
        &self,
        plan: &TradePlan,
        at: DateTime<Utc>,
    ) -> Result<Vec<(u32, Vec<Violation>)>, DeskError> {
        let mut state = self.lock();
        let mut market = state.market_snapshot(at, None);
        let whole = Approval::of_whole_plan(plan, "validation", ApprovedBy::FourEyes, at);
        let mut verdicts = Vec::new();
        for intent in &plan.orders {
            let order = state.order((plan, &whole), intent, OrderSource::Plan, &market)?;
            let context = state.check_context(&market, Some((plan, &whole)), at, None);
            let violations = pretrade::check_order(&order, &context);
            if pretrade::is_admissible(&violations, &SOFT) {
                market.history.traded_usd += order.notional(intent.ref_px);
                market.history.orders += 1;
                market.working.push(as_working_order(&order));
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
    /// What the gate refuses then stays [`Desk::unsent_intents`]: nobody refused it when the plan was released.
    ///
    /// An order is sent once it is in the log, on disk. Where the log cannot be written nothing more
    /// is sent, the outcome says so and the desk is halted.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when the plan is unknown, not approved, or gets no ids.
    pub fn send_orders(
        &self,
        release: &SendOptions,
        at: DateTime<Utc>,
    ) -> Result<Vec<IntentOutcome>, DeskError> {
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
    pub fn outcomes(&self, plan_hash: &str) -> Vec<IntentOutcome> {
        let state = self.lock();
        let sent = state.orders_of(plan_hash).map(|line| {
            let order = &line.logged.placement.order;
            let mut outcome = IntentOutcome::new(order.intent.intent_id, order.id.clone())
                .with_broker_answer(Some(line));
            outcome.violations.clone_from(&line.logged.violations);
            outcome.sent_qty = if line.was_sent() { line.sent_qty() } else { 0 };
            outcome.held_back = order.intent.qty - outcome.sent_qty;
            outcome
        });
        let blocked = state.memory.blocked.iter().filter(|(_, b)| b.plan_hash == plan_hash);
        let blocked = blocked.map(|(id, blocked)| {
            let mut outcome = IntentOutcome::new(blocked.intent_id, id.clone());
            outcome.violations.clone_from(&blocked.violations);
            outcome.held_back = blocked.qty;
            outcome
        });
        let mut all: Vec<IntentOutcome> = sent.chain(blocked).collect();
        all.sort_by_key(|outcome| outcome.intent_id);
        all
    }
}

/// Soft checks, which a validation reports and still lets pass to the next intent.
const SOFT: [CheckCode; 4] =
    [CheckCode::MaxAdv, CheckCode::TurnoverDay, CheckCode::OrdersDay, CheckCode::FatFingerManual];

fn as_working_order(order: &Order) -> pretrade::WorkingOrder {
    pretrade::WorkingOrder {
        id: order.id.clone(),
        symbol: order.intent.symbol.clone(),
        side: order.intent.side,
        leaves: order.intent.qty,
        limit_px: order.intent.limit_px,
    }
}

impl DeskState {
    fn send(
        &mut self,
        approved: (&TradePlan, &Approval),
        intent: &TradeIntent,
        release: &SendOptions,
        Going { at, send_at, resumed }: Going,
    ) -> Result<IntentOutcome, DeskError> {
        let passed = self.apply_external_state(at);
        let id = self.id_of(approved.0, intent)?;
        if let Some(outcome) = self.recorded_outcome((&id, approved.0), intent, at) {
            return Ok(outcome);
        }
        let market = self.market_snapshot(at, Some(&id));
        let order = self.order(approved, intent, release.source, &market)?;
        let mut outcome = IntentOutcome::new(intent.intent_id, id);
        let context = self.check_context(&market, Some(approved), send_at, None);
        outcome.violations = pretrade::check_order(&order, &context);
        let mut slices = Vec::new();
        if pretrade::is_admissible(&outcome.violations, &release.overrides) {
            slices =
                self.passing_slices(approved, &order, (release, &market, send_at), &mut outcome);
        }
        outcome.sent_qty = slices.iter().map(|slice| slice.qty).sum();
        outcome.held_back = order.intent.qty - outcome.sent_qty;
        if slices.is_empty() {
            self.block(&order, &outcome, resumed);
            return Ok(outcome);
        }
        // Whoever threw the switch while the gate was looking has the last word.
        if self.apply_external_state(at) > passed {
            let qty = order.intent.qty;
            (outcome.sent_qty, outcome.held_back) = (0, qty);
            outcome.violations.push(self.not_sent_violation());
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
        mut outcome: IntentOutcome,
        (by, at): (ApprovedBy, DateTime<Utc>),
    ) -> IntentOutcome {
        let (id, qty) = (placement.order.id.clone(), placement.order.intent.qty);
        let violations = outcome.violations.clone();
        let logged = LoggedOrder { placement: placement.clone(), by, at, violations };
        let steps = [OrderEvent::Intent(Box::new(logged)), OrderEvent::Sent { at }];
        for step in steps {
            if let Err(error) = self.append_fact(DeskFact::Order(id.clone(), step)) {
                outcome.sent_qty = 0;
                return outcome.not_written(qty, &error);
            }
        }
        let step = match self.broker.submit(placement, at) {
            Ok(ack) => OrderEvent::Acked(ack),
            Err(error @ (BrokerError::NoAnswer | BrokerError::Disconnected)) => {
                OrderEvent::Unknown { at, why: error.to_string() }
            }
        };
        self.record_fact(DeskFact::Order(id.clone(), step));
        outcome.with_broker_answer(self.memory.ledger.get(&id))
    }

    /// What became of an order that was written down before; `None` for one to be sent now.
    fn recorded_outcome(
        &mut self,
        (id, plan): (&ClOrdId, &TradePlan),
        intent: &TradeIntent,
        at: DateTime<Utc>,
    ) -> Option<IntentOutcome> {
        self.sync(at);
        if self.memory.ledger.get(id).is_some_and(OrderRecord::is_in_doubt) {
            // What the broker says is in the record; that it cannot be asked leaves the doubt.
            self.query_order(id, at).ok();
        }
        let line = self.memory.ledger.get(id)?;
        if line.logged.placement.order.plan_hash != plan.hash() {
            // Another plan's order bears the id: the gate says so.
            return None;
        }
        let outcome = IntentOutcome::new(intent.intent_id, id.clone());
        match line.stage {
            OrderPhase::Cancelled => {
                let numbers =
                    (OrderState::Cancelled.to_string(), "an order that was not cancelled here");
                let text = "the order was cancelled before it was sent";
                Some(outcome.not_sent(line.logged.placement.order.intent.qty, numbers, text))
            }
            OrderPhase::Acked(_) => {
                self.record_fact(DeskFact::Order(id.clone(), OrderEvent::Suppressed));
                let mut outcome = outcome.with_broker_answer(self.memory.ledger.get(id));
                if let Some(ack) = &mut outcome.ack {
                    ack.duplicate = true;
                }
                Some(outcome)
            }
            OrderPhase::Sent { .. } | OrderPhase::InDoubt { .. } => {
                Some(outcome.with_broker_answer(Some(line)))
            }
            OrderPhase::Logged => match self.query_order(id, at) {
                Ok(OrderQueryResult::NotFound) => None,
                Ok(found) => {
                    // It left after all, as the broker proves.
                    if found == OrderQueryResult::Pending {
                        self.record_fact(DeskFact::Order(id.clone(), OrderEvent::Sent { at }));
                    }
                    Some(outcome.with_broker_answer(self.memory.ledger.get(id)))
                }
                Err(error) => {
                    let numbers = (error.to_string(), "a broker that can be asked");
                    let text = "whether the order left before cannot be asked, so it is not sent";
                    Some(outcome.not_sent(intent.qty, numbers, text))
                }
            },
        }
    }

    /// Records an intent that the pre-trade checks refused. Not recorded is one that has an order record,
    /// that was refused when sending was `resumed`, or that met a halted desk: it stays unsent, since a
    /// halt is no decision about the order.
    fn block(&mut self, order: &Order, outcome: &IntentOutcome, resumed: bool) {
        let halted = self.memory.session.state >= TradingState::Halted;
        if !resumed && !halted && !self.memory.ledger.contains_key(&order.id) {
            let step = OrderEvent::Blocked {
                plan_hash: order.plan_hash.clone(),
                intent_id: order.intent.intent_id,
                qty: order.intent.qty,
                violations: outcome.violations.clone(),
            };
            self.record_fact(DeskFact::Order(order.id.clone(), step));
        }
    }
}
