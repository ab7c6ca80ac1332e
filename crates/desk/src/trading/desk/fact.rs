//! What the desk writes down: one kind of fact for everything that must survive it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::trading_state::TradingStateChange;
use crate::trading::{
    broker::{BrokerAck, CancelOutcome, Placement},
    limits::{LimitMultipliers, RiskLimits},
    order::{ClOrdId, Fill, RunKey},
    portfolio::Portfolio,
    pretrade::Violation,
    symbol::Symbol,
    trade_plan::{Approval, ApprovedBy, TradePlan},
    valuation::ValuationReference,
};
use engine::port::Durability;

/// What a desk was opened with. Opened again on its log, it goes on with these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct DeskOpened {
    pub(super) run: RunKey,
    pub(super) account: String,
    pub(super) opening: Portfolio,
    pub(super) reference: ValuationReference,
    pub(super) limits: RiskLimits,
    pub(super) limits_hash: String,
}

/// An order that is about to be sent: written down, and on disk, before it leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct LoggedOrder {
    pub(super) placement: Placement,
    pub(super) by: ApprovedBy,
    pub(super) at: DateTime<Utc>,
    /// What the gate found in slices that it held back.
    pub(super) violations: Vec<Violation>,
}

/// A no to a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradePlanRejection {
    /// Hash of the plan.
    pub plan_hash: String,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Something the desk did or learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DeskFact {
    /// The desk was opened; the first fact of every log.
    Opened(Box<DeskOpened>),
    /// A plan waits for approval.
    Proposed(TradePlan),
    /// It may be traded as far as the approval goes.
    Approved(Approval),
    /// An approval was taken back.
    Revoked(String),
    /// A plan will never be traded.
    Rejected(TradePlanRejection),
    /// The trading state changed.
    State(TradingStateChange),
    /// The regime's factors changed.
    Regime(LimitMultipliers),
    /// The limits changed; their hash.
    Limits(Box<RiskLimits>, String),
    /// A name is halted.
    Halted(Symbol),
    /// It trades again.
    Resumed(Symbol),
    /// Something about the order with that id.
    Order(ClOrdId, OrderEvent),
    /// Fills were booked.
    #[serde(rename = "booked")]
    FillBooked(Vec<Fill>),
    /// The book was never worth more.
    HighWater(Decimal),
}

/// What an order went through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OrderEvent {
    /// The gate let nothing of it pass.
    Blocked { plan_hash: String, intent_id: u32, qty: i64, violations: Vec<Violation> },
    /// `INTENT_LOGGED`: it is about to be sent.
    Intent(Box<LoggedOrder>),
    /// It leaves now.
    Sent { at: DateTime<Utc> },
    /// It left and nobody said what became of it.
    Unknown { at: DateTime<Utc>, why: String },
    /// The broker was asked for it by its id and did not know it.
    #[serde(rename = "absent")]
    NotFound { at: DateTime<Utc> },
    /// Who was sending it died, and the broker, asked for it by its id, never had it.
    NotArrived { at: DateTime<Utc> },
    /// The broker's answer, however it was learnt.
    #[serde(rename = "answered")]
    Acked(BrokerAck),
    /// It was to be sent again and was not.
    Suppressed,
    /// It is to be withdrawn.
    #[serde(rename = "cancel_asked")]
    CancelRequested { at: DateTime<Utc> },
    /// What became of that.
    #[serde(rename = "cancel_answered")]
    CancelAcked { at: DateTime<Utc>, outcome: CancelOutcome },
}

impl DeskFact {
    /// What the fact must outlive. What could be sent twice or be forgotten against a person's word
    /// is on disk; the rest is learnt again from the broker.
    pub(super) const fn durability(&self) -> Durability {
        match self {
            Self::Opened(_)
            | Self::Approved(_)
            | Self::Revoked(_)
            | Self::Rejected(_)
            | Self::State(_)
            | Self::Limits(..)
            | Self::Halted(_)
            | Self::Resumed(_)
            | Self::Order(
                _,
                OrderEvent::Intent(_)
                | OrderEvent::Sent { .. }
                | OrderEvent::CancelRequested { .. },
            ) => Durability::SurvivesPowerLoss,
            Self::Proposed(_)
            | Self::Regime(_)
            | Self::Order(
                _,
                OrderEvent::Blocked { .. }
                | OrderEvent::Unknown { .. }
                | OrderEvent::NotFound { .. }
                | OrderEvent::NotArrived { .. }
                | OrderEvent::Acked(_)
                | OrderEvent::Suppressed
                | OrderEvent::CancelAcked { .. },
            )
            | Self::FillBooked(_)
            | Self::HighWater(_) => Durability::SurvivesCrash,
        }
    }
}

/// An intent the gate let nothing of pass, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BlockedIntent {
    pub(super) plan_hash: String,
    pub(super) intent_id: u32,
    pub(super) qty: i64,
    pub(super) violations: Vec<Violation>,
}

/// Intents the gate let nothing of pass, by the id they would have had.
pub(super) type BlockedIntents = BTreeMap<ClOrdId, BlockedIntent>;
