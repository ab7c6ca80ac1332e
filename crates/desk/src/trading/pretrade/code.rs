//! The words of the gate: which check, how hard, and the arithmetic of a violation.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A check of the gate, by the name it has in limits, records and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckCode {
    /// The trading state does not let it pass.
    TradingState,
    /// Order, session and broker are not of one mode and account.
    ModeMismatch,
    /// No living approval of exactly this intent.
    PlanNotApproved,
    /// The client order id was used before.
    DuplicateId,
    /// The same order was sent a moment ago.
    DuplicateIntent,
    /// The name is not in the universe.
    SymbolUnknown,
    /// The name is on the restricted list.
    Restricted,
    /// A short sale of a name that may not be sold short.
    NotShortable,
    /// The exchange is closed.
    SessionClosed,
    /// Too late for the closing auction.
    CutoffPassed,
    /// Trading in the name is halted or paused.
    SymbolHalted,
    /// The reference price is old.
    StalePrice,
    /// The quantity is no sound number of shares.
    QtyInvalid,
    /// The order is too large in USD.
    MaxOrderNotional,
    /// The limit is too far from the reference price.
    PriceCollar,
    /// The order is too large for the volume of a day.
    MaxAdv,
    /// The position would grow too large.
    MaxPosition,
    /// Gross exposure would grow too large.
    Gross,
    /// Net exposure would grow too large.
    Net,
    /// Exposure to the sector would grow too large.
    Sector,
    /// Cash does not pay for it.
    BuyingPower,
    /// The turnover of the day would grow too large.
    TurnoverDay,
    /// Too many orders today.
    OrdersDay,
    /// Too many orders at once.
    Rate,
    /// Automatic plans repeat the same trade.
    RepeatedExecution,
    /// Slices exceed their parent.
    CumulativeParent,
    /// The loss of the day stops new risk.
    DailyLoss,
    /// The fall from the high-water mark stops new risk.
    Drawdown,
    /// The order would trade with one of our own.
    SelfCross,
    /// A quantity far above what is usual by hand.
    FatFingerManual,
}

impl CheckCode {
    /// The code as written in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TradingState => "TRADING_STATE",
            Self::ModeMismatch => "MODE_MISMATCH",
            Self::PlanNotApproved => "PLAN_NOT_APPROVED",
            Self::DuplicateId => "DUPLICATE_ID",
            Self::DuplicateIntent => "DUPLICATE_INTENT",
            Self::SymbolUnknown => "SYMBOL_UNKNOWN",
            Self::Restricted => "RESTRICTED",
            Self::NotShortable => "NOT_SHORTABLE",
            Self::SessionClosed => "SESSION_CLOSED",
            Self::CutoffPassed => "CUTOFF_PASSED",
            Self::SymbolHalted => "SYMBOL_HALTED",
            Self::StalePrice => "STALE_PRICE",
            Self::QtyInvalid => "QTY_INVALID",
            Self::MaxOrderNotional => "MAX_ORDER_NOTIONAL",
            Self::PriceCollar => "PRICE_COLLAR",
            Self::MaxAdv => "MAX_ADV",
            Self::MaxPosition => "MAX_POSITION",
            Self::Gross => "GROSS",
            Self::Net => "NET",
            Self::Sector => "SECTOR",
            Self::BuyingPower => "BUYING_POWER",
            Self::TurnoverDay => "TURNOVER_DAY",
            Self::OrdersDay => "ORDERS_DAY",
            Self::Rate => "RATE",
            Self::RepeatedExecution => "REPEATED_EXECUTION",
            Self::CumulativeParent => "CUMULATIVE_PARENT",
            Self::DailyLoss => "DAILY_LOSS",
            Self::Drawdown => "DRAWDOWN",
            Self::SelfCross => "SELF_CROSS",
            Self::FatFingerManual => "FAT_FINGER_MANUAL",
        }
    }
}

impl fmt::Display for CheckCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How hard a violation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enforcement {
    /// May be overridden by four eyes with a reason.
    Soft,
    /// May not be overridden.
    Hard,
    /// The check could not be made for want of an input; as hard as `Hard`.
    Unavailable,
}

/// One reason why an order does not pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The check.
    pub code: CheckCode,
    /// What is allowed, with its unit.
    pub limit: String,
    /// What was found, with its unit.
    pub observed: String,
    /// How hard it is.
    pub severity: Enforcement,
    /// The arithmetic, or the missing input, in a sentence.
    pub text: String,
}

impl Violation {
    /// The code as shown: `CHECK_UNAVAILABLE:<code>` where the check could not be made.
    #[must_use]
    pub fn label(&self) -> String {
        match self.severity {
            Enforcement::Unavailable => format!("CHECK_UNAVAILABLE:{}", self.code),
            Enforcement::Soft | Enforcement::Hard => self.code.to_string(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.label(), self.text)
    }
}
