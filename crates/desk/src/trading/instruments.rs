//! What the desk knows of the instruments and of today's session: sectors, lots, volumes, hours.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::symbol::Symbol;

/// Facts about one name, from `universe.csv` and from its bars up to the previous session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Instrument {
    /// Sector as the universe names it; `None` makes the sector check unavailable.
    pub sector: Option<String>,
    /// Shares per lot, at least 1.
    pub lot: i64,
    /// Mean daily volume of the last 20 sessions, in shares.
    pub adv20: Option<f64>,
    /// Volume in shares a user vouches for where the bars carry none; a documented assumption.
    pub adv_override: Option<f64>,
    /// Standard deviation of one session's return, as a fraction.
    pub sigma_1d: Option<f64>,
    /// ATR of 14 sessions as a fraction of the close.
    pub atr_frac: Option<f64>,
    /// Price-band tier of the LULD plan: 1 (±5 %) or 2 (±10 %).
    pub luld_tier: u8,
    /// What may be done with the name.
    pub permission: TradePermission,
}

/// What may be done with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TradePermission {
    /// Buys and sales of held shares.
    LongOnly,
    /// Short sales too.
    Shortable,
    /// Nothing: the name is on the restricted list.
    Restricted,
}

impl Default for Instrument {
    fn default() -> Self {
        Self {
            sector: None,
            lot: 1,
            adv20: None,
            adv_override: None,
            sigma_1d: None,
            atr_frac: None,
            luld_tier: 2,
            permission: TradePermission::LongOnly,
        }
    }
}

impl Instrument {
    /// Daily volume in shares used for participation and liquidity: measured, else vouched for.
    #[must_use]
    pub fn average_daily_volume(&self) -> Option<f64> {
        let sound = |adv: &f64| adv.is_finite() && *adv > 0.0;
        self.adv20.filter(sound).or(self.adv_override.filter(sound))
    }
}

/// Every name the desk may trade.
pub type Instruments = BTreeMap<Symbol, Instrument>;

/// The hours of one trading session, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionHours {
    /// The session's date on the exchange's calendar (New York).
    pub date: NaiveDate,
    /// First moment of continuous trading.
    pub open: DateTime<Utc>,
    /// Last moment of continuous trading; day orders expire here.
    pub close: DateTime<Utc>,
}

impl SessionHours {
    /// Orders for the close are taken until this long before it (NYSE rule 7.35: ten minutes).
    pub const CLOSE_CUTOFF: TimeDelta = TimeDelta::minutes(10);

    /// Whether continuous trading is on at `at`; the open is inside, the close is not.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.open <= at && at < self.close
    }

    /// Last moment at which the exchange takes orders for the close.
    #[must_use]
    pub fn close_cutoff(&self) -> DateTime<Utc> {
        self.close - Self::CLOSE_CUTOFF
    }

    /// Length of the session in whole minutes, at least 1.
    #[must_use]
    pub fn length_in_minutes(&self) -> i64 {
        (self.close - self.open).num_minutes().max(1)
    }
}

/// Where an order is meant to take effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TradingMode {
    /// Nothing is sent.
    DryRun,
    /// Embedded simulated broker, virtual clock.
    Sim,
    /// Embedded simulated broker, real clock.
    Paper,
    /// A real account.
    Live,
}

impl TradingMode {
    /// The letter that opens a client order id.
    #[must_use]
    pub const fn order_id_prefix(self) -> char {
        match self {
            Self::DryRun => 'D',
            Self::Sim => 'S',
            Self::Paper => 'P',
            Self::Live => 'L',
        }
    }
}

impl fmt::Display for TradingMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::DryRun => "dry_run",
            Self::Sim => "sim",
            Self::Paper => "paper",
            Self::Live => "live",
        })
    }
}

/// Where prices come from. Same question, same answer: the broker builds on that.
pub trait PriceSource {
    /// Price in USD of one share of `symbol` at `at`; `None` when there is none, never a guess.
    fn price(&self, symbol: &Symbol, at: DateTime<Utc>) -> Option<Decimal>;

    /// Official closing price in USD of `symbol` in the session of `date`.
    fn close(&self, symbol: &Symbol, date: NaiveDate) -> Option<Decimal>;
}
