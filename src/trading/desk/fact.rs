//! What the desk writes down: one kind of fact for everything that must survive it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::control::StateChange;
use crate::journal::Care;
use crate::trading::{
    broker::{Ack, CancelOutcome, Placement},
    gate::Violation,
    limits::{Limits, Multipliers},
    order::{ClOrdId, Fill, RunKey},
    plan::{Approval, ApprovedBy, Plan},
    portfolio::Portfolio,
    symbol::Symbol,
    valuation::Reference,
};

/// What a desk was opened with. Opened again on its log, it goes on with these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Opened {
    pub(super) run: RunKey,
    pub(super) account: String,
    pub(super) opening: Portfolio,
    pub(super) reference: Reference,
    pub(super) limits: Limits,
    pub(super) limits_hash: String,
}

/// An order that is about to be sent: written down, and on disk, before it leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Logged {
    pub(super) placement: Placement,
    pub(super) by: ApprovedBy,
    pub(super) at: DateTime<Utc>,
    /// What the gate found in slices that it held back.
    pub(super) violations: Vec<Violation>,
}

/// A no to a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
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
pub(super) enum Fact {
    /// The desk was opened; the first fact of every log.
    Opened(Box<Opened>),
    /// A plan waits for approval.
    Proposed(Plan),
    /// It may be traded as far as the approval goes.
    Approved(Approval),
    /// An approval was taken back.
    Revoked(String),
    /// A plan will never be traded.
    Rejected(Rejection),
    /// The trading state changed.
    State(StateChange),
    /// The regime's factors changed.
    Regime(Multipliers),
    /// The limits changed; their hash.
    Limits(Box<Limits>, String),
    /// A name is halted.
    Halted(Symbol),
    /// It trades again.
    Resumed(Symbol),
    /// Something about the order with that id.
    Order(ClOrdId, Step),
    /// Fills were booked.
    Booked(Vec<Fill>),
    /// The book was never worth more.
    HighWater(Decimal),
}

/// What an order went through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    /// The gate let nothing of it pass.
    Blocked { plan_hash: String, intent_id: u32, qty: i64, violations: Vec<Violation> },
    /// `INTENT_LOGGED`: it is about to be sent.
    Intent(Box<Logged>),
    /// It leaves now.
    Sent { at: DateTime<Utc> },
    /// It left and nobody said what became of it.
    Unknown { at: DateTime<Utc>, why: String },
    /// The broker was asked for it by its id and did not know it.
    Absent { at: DateTime<Utc> },
    /// Who was sending it died, and the broker, asked for it by its id, never had it.
    NotArrived { at: DateTime<Utc> },
    /// The broker's answer, however it was learnt.
    Answered(Ack),
    /// It was to be sent again and was not.
    Suppressed,
    /// It is to be withdrawn.
    CancelAsked { at: DateTime<Utc> },
    /// What became of that.
    CancelAnswered { at: DateTime<Utc>, outcome: CancelOutcome },
}

impl Fact {
    /// What the fact must outlive. What could be sent twice or be forgotten against a person's word
    /// is on disk; the rest is learnt again from the broker.
    pub(super) const fn care(&self) -> Care {
        match self {
            Self::Opened(_)
            | Self::Approved(_)
            | Self::Revoked(_)
            | Self::Rejected(_)
            | Self::State(_)
            | Self::Limits(..)
            | Self::Halted(_)
            | Self::Resumed(_)
            | Self::Order(_, Step::Intent(_) | Step::Sent { .. } | Step::CancelAsked { .. }) => {
                Care::Power
            }
            Self::Proposed(_)
            | Self::Regime(_)
            | Self::Order(
                _,
                Step::Blocked { .. }
                | Step::Unknown { .. }
                | Step::Absent { .. }
                | Step::NotArrived { .. }
                | Step::Answered(_)
                | Step::Suppressed
                | Step::CancelAnswered { .. },
            )
            | Self::Booked(_)
            | Self::HighWater(_) => Care::Process,
        }
    }
}

/// An intent the gate let nothing of pass, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Blocked {
    pub(super) plan_hash: String,
    pub(super) intent_id: u32,
    pub(super) qty: i64,
    pub(super) violations: Vec<Violation>,
}

/// Intents the gate let nothing of pass, by the id they would have had.
pub(super) type AllBlocked = BTreeMap<ClOrdId, Blocked>;
