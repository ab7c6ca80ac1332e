//! What fixed bad days would cost the book held now, in USD.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::symbol::Symbol;
use crate::stats;

/// Falls of the market asked about: the three levels of the market-wide circuit breaker.
pub const MARKET_FALLS: [f64; 3] = [-0.07, -0.13, -0.20];

/// A single name's shock, in multiples of its ATR.
pub const NAME_ATRS: f64 = 3.0;

/// Factor on today's volatility in the volatility spike.
pub const SPIKE: f64 = 2.0;

/// Standard deviations lost on the day of the spike: the 1 % quantile of a normal day.
pub const SPIKE_DEVIATIONS: f64 = 2.326;

/// Rise of rates asked about, in basis points.
pub const RATES_BP: f64 = 50.0;

/// What a stress needs to know of the book.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StressExposure {
    /// Equity in USD.
    pub equity: f64,
    /// Weights held, as fractions of equity.
    pub weights: BTreeMap<Symbol, f64>,
    /// Beta of each name to the benchmark; a name without one counts as 1.
    pub betas: BTreeMap<Symbol, f64>,
    /// ATR of each name as a fraction of its price; a name without one has no name scenario.
    pub atr_frac: BTreeMap<Symbol, f64>,
    /// Annual volatility of the book, as a fraction.
    pub vol_ann: Option<f64>,
    /// USD gained per basis point of higher rates, where the desk knows it.
    pub usd_per_bp: Option<f64>,
}

/// One bad day and its price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StressScenario {
    /// What happens.
    pub scenario: String,
    /// Profit in USD, negative for a loss.
    pub pnl_usd: f64,
}

impl StressExposure {
    /// Beta of the book: Σ wβ.
    #[must_use]
    pub fn beta(&self) -> f64 {
        self.weights.iter().map(|(s, w)| w * self.betas.get(s).copied().unwrap_or(1.0)).sum()
    }

    /// All scenarios that can be computed: market falls times beta, a volatility spike, each name
    /// moving [`NAME_ATRS`] against its position, and rates if an exposure is given.
    #[must_use]
    pub fn scenarios(&self) -> Vec<StressScenario> {
        let mut all = Vec::new();
        let mut add =
            |scenario: String, pnl_usd: f64| all.push(StressScenario { scenario, pnl_usd });
        for fall in MARKET_FALLS {
            add(format!("market {:.0}% × beta", fall * 100.0), fall * self.beta() * self.equity);
        }
        if let Some(vol) = self.vol_ann {
            let sigma = vol / stats::SESSIONS_PER_YEAR.sqrt();
            let name = format!("volatility × {SPIKE:.0}, a {SPIKE_DEVIATIONS} σ day");
            add(name, -SPIKE_DEVIATIONS * SPIKE * sigma * self.equity);
        }
        for (symbol, w) in &self.weights {
            if let Some(atr) = self.atr_frac.get(symbol) {
                // A name cannot fall by more than all of its price; it can rise by more.
                let most = [f64::INFINITY, 1.0][usize::from(*w > 0.0)];
                let move_frac = (NAME_ATRS * atr).min(most);
                let name = format!("{symbol} {NAME_ATRS:.0} ATR against the position");
                add(name, -move_frac * w.abs() * self.equity);
            }
        }
        if let Some(per_bp) = self.usd_per_bp {
            add(format!("rates +{RATES_BP:.0} bp"), per_bp * RATES_BP);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_scale_with_beta_and_a_name_never_gains_in_its_own_scenario() {
        let name = |text: &str| Symbol::parse(text).unwrap();
        let exposure = StressExposure {
            equity: 1_000_000.0,
            weights: BTreeMap::from([(name("A"), 0.5), (name("B"), -0.1)]),
            betas: BTreeMap::from([(name("A"), 1.2)]),
            atr_frac: BTreeMap::from([(name("A"), 0.5), (name("B"), 0.02)]),
            vol_ann: None,
            usd_per_bp: Some(-10.0),
        };
        let all = exposure.scenarios();
        assert!((exposure.beta() - 0.5).abs() < 1e-12, "a name without beta counts as 1");
        assert!((all[0].pnl_usd + 35_000.0).abs() < 1e-6);
        assert!((all[3].pnl_usd + 500_000.0).abs() < 1e-6, "no fall beyond the whole price");
        assert!((all[4].pnl_usd + 6_000.0).abs() < 1e-6);
        assert!((all[5].pnl_usd + 500.0).abs() < 1e-9);
        assert_eq!(all.len(), 6);
    }
}
