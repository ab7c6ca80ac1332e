//! The desk's limits, their hash, the trading states, and what a volatility regime does to them.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::trade_plan;
pub use engine::TradingState;

/// Factors on the limits, none above 1: a regime tightens, it never loosens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitMultipliers {
    /// On gross, net and sector exposure.
    pub gross: Decimal,
    /// On the largest order.
    pub order_notional: Decimal,
    /// On the participation in volume.
    pub participation: Decimal,
}

impl LimitMultipliers {
    /// No change.
    pub const ONE: Self =
        Self { gross: Decimal::ONE, order_notional: Decimal::ONE, participation: Decimal::ONE };

    /// These factors, each kept within 0 and 1.
    #[must_use]
    pub fn clamped(self) -> Self {
        let unit = |x: Decimal| x.clamp(Decimal::ZERO, Decimal::ONE);
        Self {
            gross: unit(self.gross),
            order_notional: unit(self.order_notional),
            participation: unit(self.participation),
        }
    }
}

impl Default for LimitMultipliers {
    fn default() -> Self {
        Self::ONE
    }
}

/// The limits of the pre-trade gate. Fractions are of equity unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RiskLimits {
    /// Largest order in USD.
    pub order_usd_max: Decimal,
    /// Largest order as a fraction.
    pub order_frac_max: Decimal,
    /// Largest order in shares.
    pub order_qty_max: i64,
    /// Narrowest price collar, as a fraction of the reference price.
    pub collar_min: Decimal,
    /// Widest price collar.
    pub collar_max: Decimal,
    /// Largest order as a fraction of a day's volume that needs no override.
    pub adv_soft: f64,
    /// Largest order as a fraction of a day's volume at all.
    pub adv_hard: f64,
    /// Largest position.
    pub position_max: Decimal,
    /// Largest gross exposure.
    pub gross_max: Decimal,
    /// Largest net exposure, either way.
    pub net_max: Decimal,
    /// Largest exposure to a sector.
    pub sector_max: Decimal,
    /// Fraction that stays in cash.
    pub cash_buffer: Decimal,
    /// Largest one-way turnover of a day.
    pub turnover_max: Decimal,
    /// Most orders of a day.
    pub orders_day_max: u32,
    /// Most orders of a second.
    pub orders_second_max: u32,
    /// Most orders of a minute.
    pub orders_minute_max: u32,
    /// Automatically approved plans in one name and side within 30 minutes that stop the strategy.
    pub repeated_plans: u32,
    /// Loss of the day from which only exits go out, as a fraction of equity at the previous close.
    pub daily_loss_max: f64,
    /// Fall from the high-water mark from which only exits go out.
    pub drawdown_max: f64,
    /// Manual quantity over the median of the last 20 from which it must be typed again.
    pub fat_finger_factor: i64,
    /// Age in seconds from which a live quote is stale.
    pub quote_age_s: i64,
    /// Seconds in which a second order of equal name, side and quantity counts as a duplicate.
    pub duplicate_s: i64,
}

impl Default for RiskLimits {
    /// The defaults of a demonstration desk of $1,000,000.
    fn default() -> Self {
        Self {
            order_usd_max: Decimal::from(50_000),
            order_frac_max: Decimal::new(5, 2),
            order_qty_max: 10_000,
            collar_min: Decimal::new(1, 2),
            collar_max: Decimal::new(5, 2),
            adv_soft: 0.01,
            adv_hard: 0.05,
            position_max: Decimal::new(10, 2),
            gross_max: Decimal::ONE,
            net_max: Decimal::ONE,
            sector_max: Decimal::new(30, 2),
            cash_buffer: Decimal::new(25, 4),
            turnover_max: Decimal::new(25, 2),
            orders_day_max: 500,
            orders_second_max: 5,
            orders_minute_max: 60,
            repeated_plans: 3,
            daily_loss_max: 0.02,
            drawdown_max: 0.10,
            fat_finger_factor: 3,
            quote_age_s: 5,
            duplicate_s: 60,
        }
    }
}

/// Why a text holds no limits.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LimitsError {
    /// Not the expected keys and values.
    #[error("{}", diag::render(.0, diag::RenderStyle::Plain).trim_end())]
    Parse(Vec<diag::Diagnostic>),
    /// Cannot be written as JSON, so they have no hash.
    #[error("limits have no hash")]
    Hash(#[source] serde_json::Error),
    /// Cannot be written down, so they are not in force.
    #[error("the limits cannot be written down")]
    Log(#[source] std::io::Error),
    /// A value that makes no sense.
    #[error("limit `{name}` is {value}: {rule}")]
    Value {
        /// The key.
        name: &'static str,
        /// What stands there.
        value: String,
        /// What may stand there.
        rule: &'static str,
    },
}

impl RiskLimits {
    /// Reads limits from YAML; keys left out keep their default, unknown keys are an error.
    ///
    /// # Errors
    ///
    /// [`LimitsError`] for a text that is no mapping of known keys, or values without sense.
    pub fn parse(text: &str) -> Result<Self, LimitsError> {
        // An empty file is no mapping, yet it means defaults as a missing key does.
        let empty = text.lines().all(|line| line.trim().is_empty() || line.trim().starts_with('#'));
        if empty {
            return Ok(Self::default());
        }
        let limits: Self = diag::deserialize("the limits", text).map_err(LimitsError::Parse)?;
        limits.check()?;
        Ok(limits)
    }

    fn check(&self) -> Result<(), LimitsError> {
        let bad = |name, value: String, rule| Err(LimitsError::Value { name, value, rule });
        for (name, value) in [
            ("order_usd_max", self.order_usd_max),
            ("order_frac_max", self.order_frac_max),
            ("collar_min", self.collar_min),
            ("collar_max", self.collar_max),
            ("position_max", self.position_max),
            ("gross_max", self.gross_max),
            ("net_max", self.net_max),
            ("sector_max", self.sector_max),
            ("cash_buffer", self.cash_buffer),
            ("turnover_max", self.turnover_max),
        ] {
            if value < Decimal::ZERO {
                return bad(name, value.to_string(), "at least 0");
            }
        }
        for (name, value) in [
            ("adv_soft", self.adv_soft),
            ("adv_hard", self.adv_hard),
            ("daily_loss_max", self.daily_loss_max),
            ("drawdown_max", self.drawdown_max),
        ] {
            if !(0.0..=1.0).contains(&value) {
                return bad(name, value.to_string(), "a fraction from 0 to 1");
            }
        }
        for (name, value) in [
            ("order_qty_max", self.order_qty_max),
            ("fat_finger_factor", self.fat_finger_factor),
            ("quote_age_s", self.quote_age_s),
            ("duplicate_s", self.duplicate_s),
        ] {
            if value < 1 {
                return bad(name, value.to_string(), "at least 1");
            }
        }
        if self.collar_min > self.collar_max {
            return bad("collar_min", self.collar_min.to_string(), "at most collar_max");
        }
        if self.adv_soft > self.adv_hard {
            return bad("adv_soft", self.adv_soft.to_string(), "at most adv_hard");
        }
        Ok(())
    }

    /// SHA-256 of the limits as canonical JSON; stands in every plan and audit record.
    ///
    /// # Errors
    ///
    /// [`LimitsError::Hash`] for a fraction that is not finite; none read by [`Self::parse`] is.
    pub fn hash(&self) -> Result<String, LimitsError> {
        trade_plan::hash_of(self).map_err(LimitsError::Hash)
    }

    /// Largest order in USD at `equity`: the smaller of both bounds, times the regime's factor.
    #[must_use]
    pub fn order_max(&self, equity: Decimal, regime: &LimitMultipliers) -> Decimal {
        self.order_usd_max.min(self.order_frac_max * equity) * regime.clamped().order_notional
    }

    /// Price collar for a name with `atr_frac`: 2·ATR within the narrowest and widest collar.
    #[must_use]
    pub fn price_collar(&self, atr_frac: Option<Decimal>) -> Decimal {
        let wide = atr_frac.map_or(self.collar_min, |atr| atr * Decimal::TWO);
        wide.max(self.collar_min).min(self.collar_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_in_the_assets_holds_the_defaults() {
        let text = include_str!("../../../../assets/desk/limits.yaml");
        assert_eq!(RiskLimits::parse(text).unwrap(), RiskLimits::default());
        assert_eq!(RiskLimits::parse("# nothing\n").unwrap(), RiskLimits::default());
    }

    #[test]
    fn unknown_keys_and_senseless_values_are_errors() {
        for bad in [
            "max_ordr: 5",
            "adv_hard: .nan",
            "adv_soft: 0.5",
            "daily_loss_max: -0.1",
            "order_usd_max: -1",
            "collar_min: 0.2",
            "order_qty_max: 0",
            "- 1",
            "order_qty_max: many",
        ] {
            assert!(RiskLimits::parse(bad).is_err(), "{bad} was taken");
        }
    }

    #[test]
    fn any_change_of_a_limit_changes_the_hash() {
        let hash = RiskLimits::default().hash().unwrap();
        assert_eq!(hash, RiskLimits::default().hash().unwrap());
        let looser = RiskLimits { adv_soft: 0.011, ..RiskLimits::default() };
        assert_ne!(hash, looser.hash().unwrap());
    }

    #[test]
    fn a_regime_never_loosens_and_a_collar_stays_in_its_bounds() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        let limits = RiskLimits::default();
        let loose = LimitMultipliers { order_notional: Decimal::TWO, ..LimitMultipliers::ONE };
        assert_eq!(limits.order_max(d("1000000"), &loose), d("50000"));
        let tight = LimitMultipliers { order_notional: d("0.5"), ..LimitMultipliers::ONE };
        assert_eq!(limits.order_max(d("600000"), &tight), d("15000"));
        assert_eq!(limits.price_collar(None), d("0.01"));
        assert_eq!(limits.price_collar(Some(d("0.015"))), d("0.03"));
        assert_eq!(limits.price_collar(Some(d("0.2"))), d("0.05"));
        assert!(TradingState::Killed > TradingState::Halted, "the stricter state is the larger");
    }
}
