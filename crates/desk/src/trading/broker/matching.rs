//! Which fills an order gets: walks the price path once, at submission, minute by minute.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::ticket::Placement;
use crate::trading::{
    instruments::{Instruments, PriceSource, SessionHours},
    money::{self, TICK},
    order::{Fill, Order, OrderType, TimeInForce},
    slippage,
    symbol::{Side, Symbol},
    twap::TwapSlice,
};
use engine::math;

/// How the simulated broker trades.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimBrokerRules {
    /// Seed of the slices' times.
    pub seed: u64,
    /// Commission in USD per share, rounded to the cent per fill.
    pub fee_per_share: Decimal,
    /// Spread in basis points.
    pub spread_bps: f64,
    /// Most of the volume of an interval the desk's orders get, all together.
    pub participation: f64,
}

impl Default for SimBrokerRules {
    /// $0.0035 a share (a common tiered commission), 2 bp of spread, a tenth of the volume.
    fn default() -> Self {
        Self {
            seed: 1,
            fee_per_share: Decimal::new(35, 4),
            spread_bps: slippage::SPREAD_BPS,
            participation: 0.10,
        }
    }
}

/// Time from submission to the earliest fill.
const LATENCY: TimeDelta = TimeDelta::seconds(1);

/// How often the path is looked at.
const STEP: TimeDelta = TimeDelta::minutes(1);

/// Length of the intervals volume is shared in, in minutes.
const INTERVAL_MIN: i64 = 5;

/// Share of a day's volume the desk gets in the closing auction.
const CLOSE_SHARE: f64 = 0.02;

/// The interval number of the closing auction.
const AUCTION: i64 = i64::MAX;

/// Shares already promised, by name and interval.
pub(super) type PromisedVolume = BTreeMap<(Symbol, i64), i64>;

/// The market an order meets.
pub(super) struct SimMarket<'a> {
    pub(super) terms: &'a SimBrokerRules,
    pub(super) hours: &'a SessionHours,
    pub(super) universe: &'a Instruments,
    pub(super) prices: &'a dyn PriceSource,
    /// Factor of the regime on the participation, 0 to 1.
    pub(super) factor: f64,
}

impl SimMarket<'_> {
    /// Interval of `at`: whole intervals since the open, or the auction at the close.
    pub(super) fn interval_index(&self, at: DateTime<Utc>) -> i64 {
        if at >= self.hours.close {
            return AUCTION;
        }
        (at - self.hours.open).num_minutes().div_euclid(INTERVAL_MIN)
    }

    /// Shares of `symbol` the desk can get in one interval; `None` without a known volume.
    fn capacity(&self, symbol: &Symbol, interval: i64) -> Option<i64> {
        let adv = self.universe.get(symbol)?.average_daily_volume()?;
        let share = if interval == AUCTION {
            CLOSE_SHARE
        } else {
            let part = math::checked_div(
                math::int_to_float(INTERVAL_MIN),
                math::int_to_float(self.hours.length_in_minutes()),
            )?;
            self.terms.participation * self.factor * part
        };
        math::float_to_int(adv * share)
    }

    /// Cost of `order` in basis points (formula 22a); `None` without volume or volatility.
    pub(super) fn cost_bps(&self, order: &Order) -> Option<f64> {
        let known = self.universe.get(&order.intent.symbol)?;
        let qty = math::int_to_float(order.intent.qty);
        slippage::square_root_bps(
            qty,
            known.average_daily_volume()?,
            known.sigma_1d?,
            self.terms.spread_bps,
        )
    }

    /// All fills `placement`, sent at `at`, will get; promises their volume in `used`.
    ///
    /// Impact is that of the whole order on every slice, so that slicing does not make it cheaper
    /// than the model says.
    pub(super) fn fills(
        &self,
        placement: &Placement,
        at: DateTime<Utc>,
        used: &mut PromisedVolume,
    ) -> Vec<Fill> {
        let mut fills = Vec::new();
        let Some(bps) = self.cost_bps(&placement.order) else { return fills };
        for slice in &placement.slices {
            let done = fills.len();
            fills.extend(self.work(&placement.order, slice, (at, bps, done), used));
        }
        fills
    }

    fn work(
        &self,
        order: &Order,
        slice: &TwapSlice,
        (at, bps, done): (DateTime<Utc>, f64, usize),
        used: &mut PromisedVolume,
    ) -> Vec<Fill> {
        let mut fills = Vec::new();
        let mut leaves = slice.qty;
        for moment in self.moments(order, slice, at) {
            let arrival = moment == slice.from.max(at + LATENCY);
            let Some(price) = self.price(order, moment, (bps, arrival)) else { continue };
            let qty = self.allocate_volume(&order.intent.symbol, moment, leaves, used);
            if qty > 0 {
                leaves -= qty;
                let number = done + fills.len() + 1;
                fills.push(self.fill(order, slice.child, number, (qty, price, moment)));
            }
        }
        fills
    }

    /// When the path is looked at for `slice`.
    fn moments(&self, order: &Order, slice: &TwapSlice, at: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        if order.intent.kind.at_close() {
            return vec![self.hours.close];
        }
        let first = slice.from.max(at + LATENCY).max(self.hours.open);
        let end = slice.until.min(self.hours.close);
        let all = std::iter::successors(Some(first), |moment| Some(*moment + STEP))
            .take_while(|moment| *moment < end);
        match order.intent.tif {
            TimeInForce::Day => all.collect(),
            TimeInForce::Ioc => all.take(1).collect(),
        }
    }

    /// Price in USD at which `order` trades at `moment`, if it does.
    fn price(
        &self,
        order: &Order,
        moment: DateTime<Utc>,
        (bps, arrival): (f64, bool),
    ) -> Option<Decimal> {
        let intent = &order.intent;
        let path = if intent.kind.at_close() {
            self.prices.close(&intent.symbol, self.hours.date)?
        } else {
            self.prices.price(&intent.symbol, moment)?
        };
        if path <= Decimal::ZERO {
            return None;
        }
        let worse = money::slipped_price(path, bps, intent.side)?;
        let Some(limit) = intent.limit_px else { return Some(worse) };
        // How far a price is better than the limit, in USD.
        let inside = |price: Decimal| Decimal::from(intent.side.sign()) * (limit - price);
        let at_limit = match intent.side {
            Side::Buy => worse.min(limit),
            Side::Sell => worse.max(limit),
        };
        match intent.kind {
            OrderType::Market | OrderType::Twap | OrderType::Moc => {
                (inside(worse) >= Decimal::ZERO).then_some(worse)
            }
            OrderType::Loc => (inside(path) >= Decimal::ZERO).then_some(at_limit),
            // Touching is not trading: others stand before us at the limit.
            OrderType::Limit if inside(path) < TICK => None,
            OrderType::Limit => Some(if arrival { at_limit } else { limit }),
        }
    }

    fn allocate_volume(
        &self,
        symbol: &Symbol,
        moment: DateTime<Utc>,
        leaves: i64,
        used: &mut PromisedVolume,
    ) -> i64 {
        let interval = self.interval_index(moment);
        let capacity = self.capacity(symbol, interval).unwrap_or(0);
        let taken = used.entry((symbol.clone(), interval)).or_insert(0);
        let qty = leaves.min(capacity - *taken).max(0);
        *taken += qty;
        qty
    }

    fn fill(
        &self,
        order: &Order,
        child: u32,
        number: usize,
        (qty, price, at): (i64, Decimal, DateTime<Utc>),
    ) -> Fill {
        Fill {
            exec_id: format!("{}-{child}-{number}", order.id),
            order: order.id.clone(),
            child,
            symbol: order.intent.symbol.clone(),
            side: order.intent.side,
            qty,
            price,
            fee: money::round_to_cents(money::signed_value(qty, self.terms.fee_per_share)),
            at,
        }
    }
}
