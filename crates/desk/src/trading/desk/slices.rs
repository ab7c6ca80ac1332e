//! From an intent to an order with a price bound, and from an order to the slices the gate lets pass.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::RoundingStrategy;

use super::{
    approvals::DeskError,
    send_orders::{IntentOutcome, SendOptions},
    state::{DeskState, MarketSnapshot},
};
use crate::trading::{
    money,
    order::{ClOrdId, Order, OrderSource, OrderType, TradeIntent},
    pretrade::{self, CheckCode, Enforcement, ParentUse, Violation},
    symbol::Side,
    trade_plan::{Approval, TradePlan},
    twap::{TwapSchedule, TwapSlice},
};

/// Orders of one release go out this far apart, well inside the rate limits.
pub(super) const PACE: TimeDelta = TimeDelta::seconds(1);

/// A slice that meets the rate limit is moved by this many paces at most.
const PACES_MAX: i32 = 60;

impl DeskState {
    /// The id of an intent's order.
    pub(super) fn id_of(
        &self,
        plan: &TradePlan,
        intent: &TradeIntent,
    ) -> Result<ClOrdId, DeskError> {
        ClOrdId::of_intent(&self.memory.run, plan.hash(), intent.intent_id)
            .map_err(|source| DeskError::Id { intent: intent.intent_id, source })
    }

    /// The order of an intent. A market or TWAP order without a limit gets the collar as its limit,
    /// so that no price is paid that nobody looked at.
    pub(super) fn order(
        &self,
        (plan, approval): (&TradePlan, &Approval),
        intent: &TradeIntent,
        source: OrderSource,
        market: &MarketSnapshot,
    ) -> Result<Order, DeskError> {
        let id = self.id_of(plan, intent)?;
        let mut intent = TradeIntent { qty: approval.approved_quantity(intent), ..intent.clone() };
        let open_ended = match intent.kind {
            OrderType::Market | OrderType::Twap => intent.limit_px.is_none(),
            OrderType::Limit | OrderType::Moc | OrderType::Loc => false,
        };
        if open_ended && let Some(quote) = market.quotes.get(&intent.symbol) {
            let known = self.universe.get(&intent.symbol);
            let atr = known.and_then(|known| known.atr_frac).and_then(money::from_f64);
            let away = quote.px * self.memory.limits.price_collar(atr);
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
            account: self.memory.session.account.clone(),
            plan_hash: plan.hash().into(),
            source,
        })
    }

    /// The slices of `order` that pass the gate one by one.
    pub(super) fn passing_slices(
        &self,
        approved: (&TradePlan, &Approval),
        order: &Order,
        (release, market, send_at): (&SendOptions, &MarketSnapshot, DateTime<Utc>),
        outcome: &mut IntentOutcome,
    ) -> Vec<TwapSlice> {
        let qty = order.intent.qty;
        let last = self.hours.close + TimeDelta::milliseconds(1);
        match order.intent.kind {
            OrderType::Moc | OrderType::Loc => {
                return vec![TwapSlice { child: 1, qty, from: send_at, until: last }];
            }
            OrderType::Market | OrderType::Limit => {
                return vec![TwapSlice { child: 1, qty, from: send_at, until: self.hours.close }];
            }
            OrderType::Twap => {}
        }
        let start = release.schedule.start.max(send_at);
        let end = release.schedule.end.min(self.hours.close);
        let schedule = TwapSchedule { start, end, ..release.schedule };
        let (mut passed, mut used): (Vec<TwapSlice>, i64) = (Vec::new(), 0);
        for mut slice in self.broker.slice(order, &schedule) {
            let found = self.check_slice(approved, order, (&mut slice, market), used);
            if pretrade::is_admissible(&found, &release.overrides) {
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
        approved: (&TradePlan, &Approval),
        order: &Order,
        (slice, market): (&mut TwapSlice, &MarketSnapshot),
        used: i64,
    ) -> Vec<Violation> {
        let Ok(id) = order.id.slice_id(slice.child) else {
            return vec![Violation {
                code: CheckCode::DuplicateId,
                limit: format!("{} characters", ClOrdId::LEN_MAX),
                observed: format!("{}-E{}", order.id, slice.child),
                severity: Enforcement::Unavailable,
                text: "the slice gets no client order id, so it does not pass".into(),
            }];
        };
        let mut intent = order.intent.clone();
        intent.qty = slice.qty;
        let child = Order { id, parent: Some(order.id.clone()), intent, ..order.clone() };
        let parent = Some(ParentUse { qty: order.intent.qty, used });
        let check = |send_at| {
            let context = self.check_context(market, Some(approved), send_at, parent);
            pretrade::check_order(&child, &context)
        };
        let mut found = check(slice.from);
        for _ in 0..PACES_MAX {
            let rate_only = !found.is_empty() && found.iter().all(|v| v.code == CheckCode::Rate);
            if !rate_only || slice.from + PACE >= slice.until {
                break;
            }
            slice.from += PACE;
            found = check(slice.from);
        }
        found
    }
}
