//! One order at the broker: what was sent, what was answered, and how far it is at a moment.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::trading::{
    order::{ClOrdId, Fill, Order, OrderState},
    pretrade::WorkingOrder,
    twap::TwapSlice,
};

/// An order and the slices it is worked in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// The parent order.
    pub order: Order,
    /// Its slices in order of time; empty for an order that is worked whole until the close.
    pub slices: Vec<TwapSlice>,
    /// The regime's factor on how much of the volume the order may take, 0 to 1.
    pub participation: f64,
}

/// What the broker answered to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokerAck {
    /// The order.
    pub id: ClOrdId,
    /// `Acked` or `Rejected`.
    pub state: OrderState,
    /// When it was first answered.
    pub at: DateTime<Utc>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Whether the id was known already: nothing was sent, this is the first answer again.
    pub duplicate: bool,
}

/// What the broker knows of an order, asked by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderQueryResult {
    /// Nothing: as of now it never arrived.
    NotFound,
    /// It arrived and is not answered yet.
    Pending,
    /// It was answered so.
    Found(BrokerAck),
}

/// What became of a cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelOutcome {
    /// Withdrawn, with so many shares unfilled.
    Cancelled {
        /// Shares that will not fill any more.
        leaves: i64,
    },
    /// Nothing was left to cancel; the state it is in.
    TooLate(OrderState),
    /// The closing auction does not give orders back after its cut-off.
    #[serde(rename = "frozen")]
    PendingCancel,
    /// The broker does not know the id.
    Unknown,
    /// The broker did not answer: the order may still fill, and is withdrawn as soon as that goes.
    NoAnswer,
}

/// An order as it stands at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderView {
    /// The order.
    pub order: Order,
    /// How far it is.
    pub state: OrderState,
    /// Shares filled.
    pub filled: i64,
    /// Shares that may still fill; 0 once it is final.
    pub leaves: i64,
    /// When it was answered.
    pub acked_at: DateTime<Utc>,
    /// When it last filled.
    pub last_fill_at: Option<DateTime<Utc>>,
}

/// The broker's own record of an order. Fills lie ahead until their moment comes.
#[derive(Debug, Clone)]
pub(super) struct BrokerTicket {
    pub(super) placement: Placement,
    pub(super) ack: BrokerAck,
    pub(super) fills: Vec<Fill>,
    pub(super) cancelled: Option<DateTime<Utc>>,
}

impl BrokerTicket {
    pub(super) fn filled_quantity(&self, at: DateTime<Utc>) -> i64 {
        self.fills.iter().filter(|fill| fill.at <= at).map(|fill| fill.qty).sum()
    }

    /// Shares of slices whose time is not over at `at`, less what they have filled by then.
    fn leaves(&self, at: DateTime<Utc>) -> i64 {
        let filled = |child: u32| -> i64 {
            let own = |fill: &&Fill| fill.child == child && fill.at <= at;
            self.fills.iter().filter(own).map(|fill| fill.qty).sum()
        };
        let live = |slice: &&TwapSlice| slice.until > at;
        self.placement.slices.iter().filter(live).map(|s| s.qty - filled(s.child)).sum()
    }

    pub(super) fn state(&self, at: DateTime<Utc>) -> OrderState {
        if self.ack.at > at {
            return OrderState::Sent;
        }
        if self.ack.state == OrderState::Rejected {
            return OrderState::Rejected;
        }
        let filled = self.filled_quantity(at);
        if filled == self.placement.order.intent.qty {
            OrderState::Filled
        } else if self.cancelled.is_some_and(|moment| moment <= at) {
            OrderState::Cancelled
        } else if self.leaves(at) == 0 {
            OrderState::Expired
        } else if filled > 0 {
            OrderState::Partial
        } else {
            OrderState::Acked
        }
    }

    pub(super) fn view(&self, at: DateTime<Utc>) -> OrderView {
        let state = self.state(at);
        OrderView {
            order: self.placement.order.clone(),
            state,
            filled: self.filled_quantity(at),
            leaves: if state.is_final() { 0 } else { self.leaves(at) },
            acked_at: self.ack.at,
            last_fill_at: self.fills.iter().filter(|f| f.at <= at).map(|f| f.at).max(),
        }
    }
}

impl OrderView {
    /// An order as it stands at `at`, from what was sent, how it was answered, its fills, and when it
    /// was withdrawn.
    #[must_use]
    pub fn from_parts(
        placement: Placement,
        ack: BrokerAck,
        fills: Vec<Fill>,
        cancelled: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    ) -> Self {
        BrokerTicket { placement, ack, fills, cancelled }.view(at)
    }

    /// What the gate needs to know of it.
    #[must_use]
    pub fn working_order(&self) -> WorkingOrder {
        WorkingOrder {
            id: self.order.id.clone(),
            symbol: self.order.intent.symbol.clone(),
            side: self.order.intent.side,
            leaves: self.leaves,
            limit_px: self.order.intent.limit_px,
        }
    }
}
