//! How much of each limit the book uses now, for boards and warnings.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    instruments::Instruments,
    limits::{LimitMultipliers, RiskLimits},
    money::to_f64,
    valuation::Valuation,
};

/// Use of one limit; `used` and `cap` are fractions of equity (losses: of equity before).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LimitUse {
    /// Which limit, and the name or sector it is nearest at.
    pub limit: String,
    /// What is used.
    pub used: f64,
    /// What is allowed.
    pub cap: f64,
    /// Used over allowed, 1 at the limit; infinite where nothing is allowed and something is used.
    pub share: f64,
}

impl LimitUse {
    /// Share of a limit from which it is worth a warning: 80 %.
    pub const WARN: f64 = 0.8;

    fn new(limit: String, used: f64, cap: f64) -> Self {
        let share = if used <= 0.0 {
            0.0
        } else if cap > 0.0 {
            used / cap
        } else {
            f64::INFINITY
        };
        Self { limit, used, cap, share }
    }

    /// Whether the limit is exceeded.
    #[must_use]
    pub fn is_breached(&self) -> bool {
        self.share > 1.0
    }
}

/// Use of the limits on positions, gross, net, sectors, the loss of the day and the drawdown.
///
/// Losses appear only where the valuation knows them. A name without a sector counts under `""`.
#[must_use]
pub fn limit_usage(
    book: &Valuation,
    universe: &Instruments,
    limits: &RiskLimits,
    regime: &LimitMultipliers,
) -> Vec<LimitUse> {
    let factor = regime.clamped().gross;
    let scaled = |cap: Decimal| to_f64(cap * factor);
    let mut all = Vec::new();
    if let Some(top) = book.positions.iter().max_by(|a, b| a.w.abs().total_cmp(&b.w.abs())) {
        let cap = to_f64(limits.position_max);
        all.push(LimitUse::new(format!("position {}", top.symbol), top.w.abs(), cap));
    }
    all.push(LimitUse::new("gross".into(), book.gross, scaled(limits.gross_max)));
    all.push(LimitUse::new("net".into(), book.net.abs(), scaled(limits.net_max)));
    let sector = |name: &_| universe.get(name).and_then(|known| known.sector.clone());
    let sectors = book.sector_exposure(sector);
    if let Some((name, used)) = sectors.iter().max_by(|a, b| a.1.total_cmp(b.1)) {
        all.push(LimitUse::new(format!("sector {name}"), *used, scaled(limits.sector_max)));
    }
    if let Some(day) = book.pnl_1d_frac {
        all.push(LimitUse::new("daily loss".into(), (-day).max(0.0), limits.daily_loss_max));
    }
    if let Some(down) = book.drawdown {
        all.push(LimitUse::new("drawdown".into(), down, limits.drawdown_max));
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::trading::{
        portfolio::Portfolio,
        testing::{dec, symbol},
        valuation::{ValuationReference, value_book},
    };

    #[test]
    fn a_regime_brings_the_limits_nearer_and_a_gain_uses_no_loss() {
        let held =
            BTreeMap::from([(symbol("AAA"), (100, dec("40"))), (symbol("BBB"), (10, dec("100")))]);
        let book = Portfolio::opening(dec("5000"), &held);
        let prices = BTreeMap::from([(symbol("AAA"), dec("40")), (symbol("BBB"), dec("100"))]);
        let against = ValuationReference {
            equity_previous: Some(dec("9900")),
            high_water: Some(dec("12500")),
            ..ValuationReference::default()
        };
        let valued = value_book(&book, &prices, &against).unwrap();
        let regime = LimitMultipliers { gross: dec("0.4"), ..LimitMultipliers::ONE };
        let all = limit_usage(&valued, &Instruments::new(), &RiskLimits::default(), &regime);
        let find = |name: &str| all.iter().find(|u| u.limit.starts_with(name)).unwrap();
        assert_eq!(find("position").limit, "position AAA");
        assert!((find("position").share - 4.0).abs() < 1e-12);
        assert!((find("gross").share - 1.25).abs() < 1e-12 && find("gross").is_breached());
        assert!(!find("daily loss").is_breached() && find("daily loss").share <= 0.0);
        assert!((find("drawdown").share - 2.0).abs() < 1e-12);
    }
}
