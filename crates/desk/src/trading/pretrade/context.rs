//! Everything the gate looks at besides the order itself; a missing input is `None`, never a guess.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::trading::{
    instruments::{Instruments, SessionHours, TradingMode},
    limits::{LimitMultipliers, RiskLimits, TradingState},
    money,
    order::{ClOrdId, Order},
    portfolio::Portfolio,
    symbol::{Side, Symbol},
    trade_plan::{Approval, TradePlan},
};

/// The session an order is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradingSession {
    /// Strictest of the trading states that apply.
    pub state: TradingState,
    /// Mode of this run.
    pub mode: TradingMode,
    /// Mode the broker connection reports.
    pub broker_mode: TradingMode,
    /// Account the configuration names.
    pub account: String,
    /// Hours of today's session; `None` on a day without one.
    pub hours: Option<SessionHours>,
}

/// A price and its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Price in USD, above 0.
    pub px: Decimal,
    /// When it was seen.
    pub at: DateTime<Utc>,
    /// Session its bar belongs to.
    pub session: NaiveDate,
}

/// An order of ours that may still fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingOrder {
    /// Client order id of the parent.
    pub id: ClOrdId,
    /// The name.
    pub symbol: Symbol,
    /// Buy or sell.
    pub side: Side,
    /// Shares not yet filled.
    pub leaves: i64,
    /// Limit price in USD, if it has one.
    pub limit_px: Option<Decimal>,
}

/// An order sent earlier today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentOrder {
    /// Its id; for a slice, the parent's.
    pub family: ClOrdId,
    /// The name.
    pub symbol: Symbol,
    /// Buy or sell.
    pub side: Side,
    /// Shares.
    pub qty: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// A plan that was approved by rule, not by a person, and traded `symbol`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoPlan {
    /// Its hash.
    pub plan_hash: String,
    /// The name.
    pub symbol: Symbol,
    /// Buy or sell.
    pub side: Side,
    /// When it was sent.
    pub at: DateTime<Utc>,
}

/// What the desk did so far today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderHistory {
    /// Ids ever used, parents and slices.
    pub ids: BTreeSet<ClOrdId>,
    /// Orders sent, slices included, in any order; may lie ahead for scheduled slices.
    pub sent: Vec<SentOrder>,
    /// Parent orders taken, in USD at their reference price, both sides.
    pub traded_usd: Decimal,
    /// Parent orders taken.
    pub orders: u32,
    /// Plans approved by rule.
    pub auto_plans: Vec<AutoPlan>,
    /// Quantities of earlier manual orders by name, oldest first.
    pub manual_qty: BTreeMap<Symbol, Vec<i64>>,
}

/// How much of a parent its slices have taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParentUse {
    /// Shares of the parent.
    pub qty: i64,
    /// Shares of its slices filled or working.
    pub used: i64,
}

/// All inputs of `check`).
#[derive(Debug, Clone)]
pub struct CheckContext<'a> {
    /// Now.
    pub at: DateTime<Utc>,
    /// When the order goes out: now, or later for a scheduled slice.
    pub send_at: DateTime<Utc>,
    /// The session.
    pub session: &'a TradingSession,
    /// The limits.
    pub limits: &'a RiskLimits,
    /// Factors of the volatility regime.
    pub regime: LimitMultipliers,
    /// The plan and its approval.
    pub approved: Option<(&'a TradePlan, &'a Approval)>,
    /// What may be traded.
    pub universe: &'a Instruments,
    /// Positions and cash now.
    pub book: &'a Portfolio,
    /// Other orders that may still fill; not the order itself, nor its parent.
    pub working: &'a [WorkingOrder],
    /// Prices.
    pub quotes: &'a BTreeMap<Symbol, Quote>,
    /// Names halted or paused; `None` when that is not known.
    pub halted: Option<&'a BTreeSet<Symbol>>,
    /// Equity now over equity at the previous close, less 1.
    pub day_return: Option<f64>,
    /// Fall from the high-water mark, as a fraction.
    pub drawdown: Option<f64>,
    /// What was sent before.
    pub history: &'a OrderHistory,
    /// For a slice: its parent.
    pub parent: Option<ParentUse>,
}

impl CheckContext<'_> {
    /// Equity in USD at the quotes; `None` when a held name has no quote or equity is not positive.
    #[must_use]
    pub fn equity(&self) -> Option<Decimal> {
        let mut equity = self.book.cash;
        for (symbol, held) in &self.book.positions {
            equity += money::signed_value(held.qty, self.quotes.get(symbol)?.px);
        }
        (equity > Decimal::ZERO).then_some(equity)
    }

    /// Shares of `symbol` still to be filled on `side`.
    #[must_use]
    pub fn leaves_quantity(&self, symbol: &Symbol, side: Side) -> i64 {
        let own = |order: &&WorkingOrder| order.symbol == *symbol && order.side == side;
        self.working.iter().filter(own).map(|order| order.leaves).sum()
    }
}

/// Whether `order` can only make the position smaller, whatever else fills first.
///
/// Worked out from the position and the working orders on the same side; the flag on the intent is
/// never read.
#[must_use]
pub fn is_reducing(order: &Order, context: &CheckContext<'_>) -> bool {
    let (symbol, side) = (&order.intent.symbol, order.intent.side);
    let held = context.book.quantity(symbol);
    let going = context.leaves_quantity(symbol, side).saturating_add(order.intent.qty);
    order.intent.qty > 0 && held.signum() == -side.sign() && going <= held.abs()
}
