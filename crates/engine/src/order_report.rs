//! The desk's orders at a moment, as reported to operators. Nothing is decided by it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The state of a reported order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedState {
    /// Recorded, not sent yet.
    Logged,
    /// Sent, not answered yet.
    Sent,
    /// The broker has it.
    Acked,
    /// Some shares are filled.
    Partial,
    /// All shares are filled.
    Filled,
    /// Taken back before all shares were filled.
    Cancelled,
    /// Refused by the broker.
    Rejected,
    /// The session ended first.
    Expired,
    /// Sent, and the outcome is not known.
    Unknown,
}

impl ReportedState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Logged,
        Self::Sent,
        Self::Acked,
        Self::Partial,
        Self::Filled,
        Self::Cancelled,
        Self::Rejected,
        Self::Expired,
        Self::Unknown,
    ];

    /// Returns the word for it on screens and in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logged => "LOGGED",
            Self::Sent => "SENT",
            Self::Acked => "ACKED",
            Self::Partial => "PARTIAL",
            Self::Filled => "FILLED",
            Self::Cancelled => "CANCELLED",
            Self::Rejected => "REJECTED",
            Self::Expired => "EXPIRED",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// Returns whether the order may still fill.
    #[must_use]
    pub const fn is_working(self) -> bool {
        match self {
            Self::Sent | Self::Acked | Self::Partial | Self::Unknown => true,
            Self::Logged | Self::Filled | Self::Cancelled | Self::Rejected | Self::Expired => false,
        }
    }
}

impl fmt::Display for ReportedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One order of the desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedOrder {
    /// The client order id.
    pub id: String,
    /// The first digits of the hash of the trade plan that was approved; a remainder names the plan
    /// that it remains of.
    pub plan: String,
    /// The symbol.
    pub symbol: String,
    /// `buy` or `sell`.
    pub side: String,
    /// Shares ordered.
    pub ordered: i64,
    /// Shares filled.
    pub filled: i64,
    /// Shares that may still fill.
    pub leaves: i64,
    /// The average price of the fills in USD.
    pub average: Option<f64>,
    /// The state.
    pub state: ReportedState,
    /// The moment at which it was recorded.
    pub since: DateTime<Utc>,
    /// The moment of its end, if it has ended.
    pub ended: Option<DateTime<Utc>>,
    /// The last word of the broker.
    pub word: String,
}

/// One open position of the desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedPosition {
    /// The symbol.
    pub symbol: String,
    /// Shares; negative when short.
    pub qty: i64,
    /// Market value in USD; negative when short.
    pub value: f64,
    /// Estimated cost in USD of closing it today; `None` where the daily volume is unknown.
    pub exit_cost: Option<f64>,
}

/// The orders of a run, in the order in which they were recorded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderReport {
    /// The orders.
    pub orders: Vec<ReportedOrder>,
    /// The error for which the broker cannot be asked, if it cannot: fills are then those known here.
    #[serde(default)]
    pub fault: Option<String>,
    /// The open positions by symbol, valued at prices of the minute.
    #[serde(default)]
    pub positions: Vec<ReportedPosition>,
}
