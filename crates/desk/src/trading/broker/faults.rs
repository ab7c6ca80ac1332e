//! What goes wrong at the simulated broker on purpose: with an order, or for a while.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::trading::{order::ClOrdId, symbol::Symbol};
use planning::time::Span;

/// Which order something goes wrong with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderSelector {
    /// The order of that number, in order of submission from 1.
    Number(u32),
    /// The order with that id.
    Id(ClOrdId),
}

/// What goes wrong with an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderFault {
    /// It is taken and nobody is told.
    AckLost,
    /// It never arrives and nobody is told.
    OrderLost,
    /// It is taken and answered twice.
    #[serde(rename = "ack_twice")]
    DuplicateAck,
    /// It is taken and answered so much later.
    #[serde(rename = "ack_slow")]
    SlowAck(Span),
    /// It is refused.
    Reject(String),
    /// So many per cent of its fills happen, the rest never.
    #[serde(rename = "partial")]
    PartialFill(u8),
    /// The connection is lost with it, for so long; the order does not arrive.
    Disconnect(Span),
}

/// What is wrong for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultPeriod {
    /// From so long after the open.
    pub after: Span,
    /// For so long.
    pub lasts: Span,
    /// What.
    pub kind: FaultPeriodKind,
}

/// What can be wrong for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultPeriodKind {
    /// Nobody can reach the broker.
    Disconnect,
    /// The statement shows other shares than there are.
    PositionMismatch {
        /// Of which name.
        symbol: Symbol,
        /// So many.
        shares: i64,
    },
}

/// Everything that goes wrong at a broker on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrokerFaults {
    /// With orders; of two for one order the first counts.
    pub orders: Vec<(OrderSelector, OrderFault)>,
    /// For a while.
    pub spells: Vec<FaultPeriod>,
}

impl BrokerFaults {
    /// What goes wrong with the order of that number and id.
    pub(super) fn for_order(&self, number: u32, id: &ClOrdId) -> Option<OrderFault> {
        let hit = |which: &OrderSelector| match which {
            OrderSelector::Number(n) => *n == number,
            OrderSelector::Id(own) => own == id,
        };
        self.orders.iter().find(|(which, _)| hit(which)).map(|(_, trouble)| trouble.clone())
    }

    /// What is wrong at `at`, in a session that opens at `open`.
    pub(super) fn active_at(
        &self,
        open: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> impl Iterator<Item = &FaultPeriodKind> {
        let on = move |spell: &&FaultPeriod| {
            is_within(open + spell.after.to_delta(), spell.lasts.to_delta(), at)
        };
        self.spells.iter().filter(on).map(|spell| &spell.kind)
    }
}

/// Whether `at` lies in the `length` from `from`.
pub(super) fn is_within(from: DateTime<Utc>, length: TimeDelta, at: DateTime<Utc>) -> bool {
    from <= at && at - from < length
}
