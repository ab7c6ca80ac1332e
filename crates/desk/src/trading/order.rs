//! Orders of the desk: what is meant (intent), what is sent (order), and how far it got (state).

use std::{fmt, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    instruments::TradingMode,
    money,
    symbol::{Side, Symbol},
};

/// How an order seeks its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderType {
    /// Takes the price there is; sent as a marketable limit at the collar.
    Market,
    /// At the limit or better.
    Limit,
    /// At the official close, whatever it is.
    Moc,
    /// At the official close, if at the limit or better.
    Loc,
    /// Sliced evenly over time (formula 23); a limit, if given, binds every slice.
    Twap,
}

impl OrderType {
    /// Whether it takes part in the closing auction only.
    #[must_use]
    pub const fn at_close(self) -> bool {
        match self {
            Self::Moc | Self::Loc => true,
            Self::Market | Self::Limit | Self::Twap => false,
        }
    }
}

/// How long an order stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeInForce {
    /// Until the close of the session.
    Day,
    /// What can be had in the first minute; the rest expires.
    Ioc,
}

/// One trade the portfolio manager wants. Data, not yet an order: nothing is sent without a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TradeIntent {
    /// Number within the plan, from 1; part of the client order id.
    pub intent_id: u32,
    /// The name.
    pub symbol: Symbol,
    /// Buy or sell.
    pub side: Side,
    /// Shares, above 0.
    pub qty: i64,
    /// How it seeks its price.
    #[serde(rename = "type")]
    pub kind: OrderType,
    /// Limit price in USD, where the type has one.
    #[serde(default)]
    pub limit_px: Option<Decimal>,
    /// How long it stays.
    pub tif: TimeInForce,
    /// Price in USD the decision was made at.
    pub ref_px: Decimal,
    /// When `ref_px` was seen.
    pub ref_ts: DateTime<Utc>,
    /// Why, in a sentence.
    pub reason: String,
    /// Weight of the name aimed at, as a fraction of equity.
    pub parent_target_w: f64,
    /// What the sender believes; the gate computes its own answer and never reads this one.
    pub risk_reducing: bool,
}

/// Client order id: the same for every retry of the same intent of the same approved plan.
///
/// Written `{mode}{yymmdd}{run}-{plan_hash[0..6]}-{intent}[-E{child}]`, at most 32 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClOrdId(Arc<str>);

/// Why a text is no client order id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no client order id: write 1 to 32 letters, digits and `-`")]
pub struct ClOrdIdError(String);

/// The run of a day that ids are made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunKey {
    /// Mode of the run.
    pub mode: TradingMode,
    /// Session the orders belong to.
    pub date: NaiveDate,
    /// Number of the run within the day, from 1.
    pub run: u16,
}

impl ClOrdId {
    /// Longest id brokers commonly take, in characters.
    pub const LEN_MAX: usize = 32;

    /// Checks `text`.
    ///
    /// # Errors
    ///
    /// [`ClOrdIdError`] when `text` is empty, too long or has other characters.
    pub fn parse(text: &str) -> Result<Self, ClOrdIdError> {
        let sound = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !text.is_empty() && text.len() <= Self::LEN_MAX && text.chars().all(sound) {
            Ok(Self(text.into()))
        } else {
            Err(ClOrdIdError(text.chars().take(60).collect()))
        }
    }

    /// The id of intent `intent` of the plan with hash `plan_hash`.
    ///
    /// # Errors
    ///
    /// [`ClOrdIdError`] when the parts make no id.
    pub fn of_intent(key: &RunKey, plan_hash: &str, intent: u32) -> Result<Self, ClOrdIdError> {
        let head: String = plan_hash.chars().take(6).collect();
        let RunKey { mode, date, run } = key;
        let date = date.format("%y%m%d");
        Self::parse(&format!("{}{date}{run}-{head}-{intent}", mode.order_id_prefix()))
    }

    /// The id of slice `child`, counted from 1, of this parent.
    ///
    /// # Errors
    ///
    /// [`ClOrdIdError`] when the id would be longer than [`Self::LEN_MAX`].
    pub fn slice_id(&self, child: u32) -> Result<Self, ClOrdIdError> {
        Self::parse(&format!("{}-E{child}", self.0))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClOrdId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ClOrdId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for ClOrdId {
    type Error = ClOrdIdError;

    fn try_from(text: String) -> Result<Self, ClOrdIdError> {
        Self::parse(&text)
    }
}

impl From<ClOrdId> for String {
    fn from(id: ClOrdId) -> Self {
        id.0.as_ref().into()
    }
}

/// Who asked for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderSource {
    /// An approved plan.
    Plan,
    /// A person, by hand.
    Manual,
    /// A person who typed the quantity a second time.
    ManualRetyped,
}

/// What goes to the broker: an intent with an identity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Client order id, pure function of the plan.
    pub id: ClOrdId,
    /// The order this is a slice of.
    pub parent: Option<ClOrdId>,
    /// What is meant; `qty` is this order's own.
    pub intent: TradeIntent,
    /// Mode the order was made for.
    pub mode: TradingMode,
    /// Account the order was made for.
    pub account: String,
    /// Hash of the plan the intent stands in.
    pub plan_hash: String,
    /// Who asked.
    pub source: OrderSource,
}

impl Order {
    /// Signed shares: positive for a buy.
    #[must_use]
    pub const fn signed_qty(&self) -> i64 {
        self.intent.side.sign() * self.intent.qty
    }

    /// Value in USD at `price`, never negative for a positive quantity.
    #[must_use]
    pub fn notional(&self, price: Decimal) -> Decimal {
        money::signed_value(self.intent.qty, price)
    }
}

/// How far an order got. `Unknown` is never left by guessing, only by a query with the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Written down, not yet sent.
    IntentLogged,
    /// Sent, no answer yet.
    Sent,
    /// The broker has it.
    Acked,
    /// Some shares are filled.
    Partial,
    /// All shares are filled.
    Filled,
    /// Withdrawn before all shares were filled.
    Cancelled,
    /// Refused by the broker.
    Rejected,
    /// The session ended first.
    Expired,
    /// Sent, and the outcome is not known.
    Unknown,
}

impl OrderState {
    /// Whether nothing can happen to the order any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Filled | Self::Cancelled | Self::Rejected | Self::Expired => true,
            Self::IntentLogged | Self::Sent | Self::Acked | Self::Partial | Self::Unknown => false,
        }
    }

    /// Whether an order in this state may move to `next`.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::IntentLogged => matches!(next, Self::Sent | Self::Rejected | Self::Cancelled),
            Self::Sent => matches!(next, Self::Acked | Self::Rejected | Self::Unknown),
            Self::Acked | Self::Partial => {
                matches!(next, Self::Partial | Self::Filled | Self::Cancelled | Self::Expired)
            }
            Self::Unknown => !matches!(next, Self::IntentLogged | Self::Sent | Self::Unknown),
            Self::Filled | Self::Cancelled | Self::Rejected | Self::Expired => false,
        }
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::IntentLogged => "intent_logged",
            Self::Sent => "sent",
            Self::Acked => "acked",
            Self::Partial => "partial",
            Self::Filled => "filled",
            Self::Cancelled => "cancelled",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
        })
    }
}

/// Shares that changed hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// Execution id: order id and running number, so a replay yields the same.
    pub exec_id: String,
    /// The parent order.
    pub order: ClOrdId,
    /// Slice of the parent, counted from 1; 1 for an order that is not sliced.
    pub child: u32,
    /// The name.
    pub symbol: Symbol,
    /// Buy or sell.
    pub side: Side,
    /// Shares, above 0.
    pub qty: i64,
    /// Price in USD per share, at most four decimals.
    pub price: Decimal,
    /// Fees in USD, to the cent.
    pub fee: Decimal,
    /// When.
    pub at: DateTime<Utc>,
}

impl Fill {
    /// Signed shares: positive for a buy.
    #[must_use]
    pub const fn signed_qty(&self) -> i64 {
        self.side.sign() * self.qty
    }

    /// Cash paid for the shares, without fees, in USD; negative for a sale.
    #[must_use]
    pub fn cash_paid(&self) -> Decimal {
        money::signed_value(self.signed_qty(), self.price)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_order_id_is_a_pure_function_of_the_plan() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let key = RunKey { mode: TradingMode::Sim, date, run: 7 };
        let id = ClOrdId::of_intent(&key, "ab12cd9999", 3).unwrap();
        assert_eq!(id.as_str(), "S2611237-ab12cd-3");
        assert_eq!(id.slice_id(12).unwrap().as_str(), "S2611237-ab12cd-3-E12");
        let long = ClOrdId::parse(&"A".repeat(31)).unwrap();
        assert!(long.slice_id(1).is_err(), "a child id may not outgrow the broker's limit");
        assert!(ClOrdId::parse("A B").is_err());
    }

    #[test]
    fn final_states_are_never_left() {
        use OrderState as S;
        let all = [
            S::IntentLogged,
            S::Sent,
            S::Acked,
            S::Partial,
            S::Filled,
            S::Cancelled,
            S::Rejected,
            S::Expired,
            S::Unknown,
        ];
        for from in all {
            for to in all {
                assert!(!from.is_final() || !from.may_become(to), "{from} became {to}");
            }
        }
        assert!(S::Sent.may_become(S::Unknown) && S::Unknown.may_become(S::Filled));
        assert!(!S::Unknown.may_become(S::Sent), "an unknown outcome is never sent again");
    }
}
