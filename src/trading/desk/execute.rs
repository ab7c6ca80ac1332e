//! From a plan to orders: proposing, approving, and releasing through the gate, slice by slice.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::{Decimal, RoundingStrategy};

use super::state::{Desk, Market, State};
use crate::trading::{
    broker::{Ack, Placement},
    gate::{self, AutoPlan, Code, ParentUse, Sent, Severity, Violation},
    money,
    order::{ClOrdId, ClOrdIdError, Intent, Order, OrderType, Source},
    plan::{Approval, ApprovedBy, Plan},
    symbol::Side,
    twap::{Schedule, Slice},
};

/// Why the desk does not act on a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// No plan with that hash was proposed.
    #[error("no plan has hash `{0}`")]
    UnknownPlan(String),
    /// The plan was changed after it was frozen.
    #[error("plan `{0}` does not match its hash")]
    Changed(String),
    /// Nobody approved it.
    #[error("plan `{0}` is not approved")]
    NotApproved(String),
    /// Its parts make no client order id.
    #[error("intent {intent} gets no client order id")]
    Id {
        /// Number of the intent.
        intent: u32,
        /// What is wrong with the id.
        source: ClOrdIdError,
    },
}

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
    /// What the broker answered; `None` when the gate let nothing pass.
    pub ack: Option<Ack>,
    /// What the gate found: in the order, and in slices that were held back.
    pub violations: Vec<Violation>,
    /// Shares sent.
    pub sent_qty: i64,
    /// Shares held back by the gate.
    pub held_back: i64,
}

/// Orders of one release go out this far apart, well inside the rate limits.
const PACE: TimeDelta = TimeDelta::seconds(1);

/// A slice that meets the rate limit is moved by this many paces at most.
const PACES_MAX: i32 = 60;

impl Desk {
    /// Takes a plan for approval. Proposing it again changes nothing.
    ///
    /// # Errors
    ///
    /// [`DeskError::Changed`] when the plan does not match its hash.
    pub fn propose(&self, plan: Plan) -> Result<(), DeskError> {
        if !plan.is_intact() {
            return Err(DeskError::Changed(plan.plan_id));
        }
        self.lock().plans.entry(plan.hash().to_owned()).or_insert(plan);
        Ok(())
    }

    /// Notes an approval; a later one for the same plan replaces it.
    ///
    /// # Errors
    ///
    /// [`DeskError::UnknownPlan`] when no such plan was proposed.
    pub fn approve(&self, approval: Approval) -> Result<(), DeskError> {
        let mut state = self.lock();
        if !state.plans.contains_key(&approval.plan_hash) {
            return Err(DeskError::UnknownPlan(approval.plan_hash));
        }
        state.approvals.insert(approval.plan_hash.clone(), approval);
        Ok(())
    }

    /// Takes an approval back; orders already sent stay.
    pub fn revoke(&self, plan_hash: &str) -> Option<Approval> {
        self.lock().approvals.remove(plan_hash)
    }

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
        let mut market = state.market(at);
        let provisional = Approval::whole(plan, "validation", ApprovedBy::FourEyes, at);
        let history = state.history.clone();
        let mut verdicts = Vec::new();
        for intent in &plan.orders {
            let order = state.order(plan, intent, Source::Plan, &market)?;
            let context = state.context(&market, Some((plan, &provisional)), at, None);
            let violations = gate::check(&order, &context);
            if gate::passes(&violations, &SOFT) {
                let notional = order.notional(intent.ref_px);
                state.history.traded_usd += notional;
                state.history.orders += 1;
                market.working.push(working(&order));
            }
            verdicts.push((intent.intent_id, violations));
        }
        state.history = history;
        Ok(verdicts)
    }

    /// Sends the approved intents of a plan through the gate to the broker, in plan order.
    ///
    /// Releasing a plan twice sends nothing twice: the second time every intent gets the first
    /// answer again, marked as a duplicate.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when the plan is unknown, not approved, or gets no ids.
    pub fn release(&self, release: &Release, at: DateTime<Utc>) -> Result<Vec<Outcome>, DeskError> {
        let mut state = self.lock();
        let hash = &release.plan_hash;
        let unknown = || DeskError::UnknownPlan(hash.clone());
        let plan = state.plans.get(hash).cloned().ok_or_else(unknown)?;
        let refused = || DeskError::NotApproved(plan.plan_id.clone());
        let approval = state.approvals.get(hash).cloned().ok_or_else(refused)?;
        let mut outcomes = Vec::new();
        for (place, intent) in (0_i32..).zip(&plan.orders) {
            if approval.intents.contains(&intent.intent_id) {
                let send_at = at + PACE * place;
                outcomes.push(state.send((&plan, &approval), intent, release, (at, send_at))?);
            }
        }
        Ok(outcomes)
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
    /// The order of an intent. A market or TWAP order without a limit gets the collar as its limit,
    /// so that no price is paid that nobody looked at.
    fn order(
        &self,
        plan: &Plan,
        intent: &Intent,
        source: Source,
        market: &Market,
    ) -> Result<Order, DeskError> {
        let id = ClOrdId::of_intent(&self.run, plan.hash(), intent.intent_id)
            .map_err(|source| DeskError::Id { intent: intent.intent_id, source })?;
        let mut intent = intent.clone();
        let open_ended = match intent.kind {
            OrderType::Market | OrderType::Twap => intent.limit_px.is_none(),
            OrderType::Limit | OrderType::Moc | OrderType::Loc => false,
        };
        if open_ended && let Some(quote) = market.quotes.get(&intent.symbol) {
            let known = self.universe.get(&intent.symbol);
            let atr = known.and_then(|known| known.atr_frac).and_then(money::from_f64);
            let away = quote.px * self.limits.collar(atr);
            // Rounded to the cent toward the price, so that the collar itself is kept.
            let limit = match intent.side {
                Side::Buy => (quote.px + away)
                    .round_dp_with_strategy(2, RoundingStrategy::ToNegativeInfinity),
                Side::Sell => (quote.px - away)
                    .round_dp_with_strategy(2, RoundingStrategy::ToPositiveInfinity),
            };
            intent.limit_px = Some(limit);
        }
        Ok(Order {
            id,
            parent: None,
            intent,
            mode: plan.mode,
            account: self.session.account.clone(),
            plan_hash: plan.hash().into(),
            source,
        })
    }

    fn send(
        &mut self,
        approved: (&Plan, &Approval),
        intent: &Intent,
        release: &Release,
        (at, send_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Outcome, DeskError> {
        let passed = self.obey(at);
        let market = self.market(at);
        let order = self.order(approved.0, intent, release.source, &market)?;
        let mut outcome = Outcome {
            intent_id: intent.intent_id,
            id: order.id.clone(),
            ack: None,
            violations: Vec::new(),
            sent_qty: 0,
            held_back: 0,
        };
        if self.broker.order(&order.id, at).is_some() {
            let again = vec![Placement { order, slices: Vec::new() }];
            outcome.ack = self.broker.submit(again, at).pop();
            return Ok(outcome);
        }
        let context = self.context(&market, Some(approved), send_at, None);
        outcome.violations = gate::check(&order, &context);
        if !gate::passes(&outcome.violations, &release.overrides) {
            outcome.held_back = order.intent.qty;
            return Ok(outcome);
        }
        let slices = self.slices(approved, &order, (release, &market, send_at), &mut outcome);
        outcome.sent_qty = slices.iter().map(|slice| slice.qty).sum();
        outcome.held_back = order.intent.qty - outcome.sent_qty;
        if slices.is_empty() {
            return Ok(outcome);
        }
        // Whoever threw the switch while the gate was looking has the last word.
        if self.obey(at) > passed {
            outcome.sent_qty = 0;
            outcome.held_back = order.intent.qty;
            outcome.violations.push(self.stopped());
            return Ok(outcome);
        }
        self.note(approved.1, &order, &slices, at);
        outcome.ack = self.broker.submit(vec![Placement { order, slices }], at).pop();
        Ok(outcome)
    }

    /// The slices of `order` that pass the gate one by one.
    fn slices(
        &self,
        approved: (&Plan, &Approval),
        order: &Order,
        (release, market, send_at): (&Release, &Market, DateTime<Utc>),
        outcome: &mut Outcome,
    ) -> Vec<Slice> {
        let qty = order.intent.qty;
        let last = self.hours.close + TimeDelta::milliseconds(1);
        match order.intent.kind {
            OrderType::Moc | OrderType::Loc => {
                return vec![Slice { child: 1, qty, from: send_at, until: last }];
            }
            OrderType::Market | OrderType::Limit => {
                return vec![Slice { child: 1, qty, from: send_at, until: self.hours.close }];
            }
            OrderType::Twap => {}
        }
        let start = release.schedule.start.max(send_at);
        let end = release.schedule.end.min(self.hours.close);
        let schedule = Schedule { start, end, ..release.schedule };
        let (mut passed, mut used): (Vec<Slice>, i64) = (Vec::new(), 0);
        for mut slice in self.broker.slice(order, &schedule) {
            let found = self.check_slice(approved, order, (&mut slice, market), used);
            if gate::passes(&found, &release.overrides) {
                used += slice.qty;
                passed.push(slice);
            } else {
                outcome.violations.extend(found);
            }
        }
        passed
    }

    /// What the gate finds in one slice. One that only meets the rate limit is sent a little later.
    fn check_slice(
        &self,
        approved: (&Plan, &Approval),
        order: &Order,
        (slice, market): (&mut Slice, &Market),
        used: i64,
    ) -> Vec<Violation> {
        let Ok(id) = order.id.child(slice.child) else {
            return vec![Violation {
                code: Code::DuplicateId,
                limit: format!("{} characters", ClOrdId::LEN_MAX),
                observed: format!("{}-E{}", order.id, slice.child),
                severity: Severity::Unavailable,
                text: "the slice gets no client order id, so it does not pass".into(),
            }];
        };
        let mut intent = order.intent.clone();
        intent.qty = slice.qty;
        let child = Order { id, parent: Some(order.id.clone()), intent, ..order.clone() };
        let parent = Some(ParentUse { qty: order.intent.qty, used });
        let check = |send_at| {
            let context = self.context(market, Some(approved), send_at, parent);
            gate::check(&child, &context)
        };
        let mut found = check(slice.from);
        for _ in 0..PACES_MAX {
            let rate_only = !found.is_empty() && found.iter().all(|v| v.code == Code::Rate);
            if !rate_only || slice.from + PACE >= slice.until {
                break;
            }
            slice.from += PACE;
            found = check(slice.from);
        }
        found
    }

    /// Remembers what was sent, for the checks of later orders.
    fn note(&mut self, approval: &Approval, order: &Order, slices: &[Slice], at: DateTime<Utc>) {
        let history = &mut self.history;
        let intent = &order.intent;
        history.ids.insert(order.id.clone());
        history.orders += 1;
        history.traded_usd += order.notional(intent.ref_px.max(Decimal::ZERO));
        for slice in slices {
            if intent.kind == OrderType::Twap
                && let Ok(child) = order.id.child(slice.child)
            {
                history.ids.insert(child);
            }
            history.sent.push(Sent {
                family: order.id.clone(),
                symbol: intent.symbol.clone(),
                side: intent.side,
                qty: slice.qty,
                at: slice.from,
            });
        }
        match order.source {
            Source::Plan => {}
            Source::Manual | Source::ManualRetyped => {
                history.manual_qty.entry(intent.symbol.clone()).or_default().push(intent.qty);
            }
        }
        if approval.by == ApprovedBy::Policy {
            history.auto_plans.push(AutoPlan {
                plan_hash: order.plan_hash.clone(),
                symbol: intent.symbol.clone(),
                side: intent.side,
                at,
            });
        }
    }
}
