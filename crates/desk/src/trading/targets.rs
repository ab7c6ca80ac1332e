//! From raw weights to target weights: volatility target, multipliers, caps; the excess goes to cash.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    instruments::Instruments,
    risk::{Covariance, RiskError},
    symbol::Symbol,
    weighting,
};

/// What target weights may not exceed. Fractions of equity.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetLimits {
    /// Annual volatility aimed at (formula 20), as a fraction.
    pub vol_target: f64,
    /// Named factors ≤ 1 on all weights: regime, macro.
    pub multipliers: Vec<(String, f64)>,
    /// Largest weight of a name.
    pub name_cap: f64,
    /// Largest weight of a sector.
    pub sector_cap: f64,
    /// Largest sum of weights, before multipliers.
    pub gross_cap: f64,
}

/// A factor that was applied to the whole book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScaleFactor {
    /// Which rule.
    pub name: String,
    /// Sum of weights before it.
    pub before: f64,
    /// Sum of weights after it.
    pub after: f64,
}

/// Targets, and how they came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Targets {
    /// Target weights as fractions of equity, none negative.
    pub weights: BTreeMap<Symbol, f64>,
    /// Annual volatility expected of them.
    pub vol_forecast: f64,
    /// Every rule that changed the sum, in order.
    pub scale_applied: Vec<ScaleFactor>,
}

/// Scales and caps long-only `raw` weights.
///
/// What a cap cuts off goes to cash and is not given to other names: a limit that bites means less
/// risk, not other risk. A name without a sector counts as a sector of its own.
///
/// # Errors
///
/// [`RiskError::NoReturns`] for a weighted name the covariance does not know.
pub fn construct_targets(
    raw: &BTreeMap<Symbol, f64>,
    cov: &Covariance,
    universe: &Instruments,
    bounds: &TargetLimits,
) -> Result<Targets, RiskError> {
    let mut weights: BTreeMap<Symbol, f64> =
        raw.iter().map(|(name, w)| (name.clone(), w.max(0.0))).collect();
    let mut applied = Vec::new();
    let mut step = |name: &str, weights: &mut BTreeMap<Symbol, f64>, change: &Change<'_>| {
        let before: f64 = weights.values().sum();
        change(weights);
        let after: f64 = weights.values().sum();
        if (before - after).abs() > 1e-12 {
            applied.push(ScaleFactor { name: name.into(), before, after });
        }
    };
    let sigma = cov.volatility(&cov.weights_vector(&weights)?);
    // Without a finite volatility nothing is known of the risk: no position is the safe target.
    let factor = weighting::vol_scale(bounds.vol_target, sigma).unwrap_or(0.0);
    step("volatility target", &mut weights, &|w| scale(w, factor));
    for (name, factor) in &bounds.multipliers {
        step(name, &mut weights, &|w| scale(w, factor.clamp(0.0, 1.0)));
    }
    step("name cap", &mut weights, &|w| {
        for w in w.values_mut() {
            *w = w.min(bounds.name_cap);
        }
    });
    step("sector cap", &mut weights, &|w| cap_sectors(w, universe, bounds.sector_cap));
    let gross_cap =
        bounds.multipliers.iter().fold(bounds.gross_cap, |cap, (_, m)| cap * m.clamp(0.0, 1.0));
    step("gross cap", &mut weights, &|w| {
        let sum: f64 = w.values().sum();
        if sum > gross_cap && sum > 0.0 {
            scale(w, gross_cap / sum);
        }
    });
    let vol_forecast = cov.volatility(&cov.weights_vector(&weights)?);
    Ok(Targets { weights, vol_forecast, scale_applied: applied })
}

type Change<'a> = dyn Fn(&mut BTreeMap<Symbol, f64>) + 'a;

fn scale(weights: &mut BTreeMap<Symbol, f64>, factor: f64) {
    for w in weights.values_mut() {
        *w *= factor;
    }
}

fn cap_sectors(weights: &mut BTreeMap<Symbol, f64>, universe: &Instruments, cap: f64) {
    let sector = |name: &Symbol| universe.get(name).and_then(|known| known.sector.clone());
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for (name, w) in weights.iter() {
        if let Some(sector) = sector(name) {
            *sums.entry(sector).or_insert(0.0) += w;
        }
    }
    for (name, w) in weights.iter_mut() {
        let sum = match sector(name) {
            Some(sector) => sums.get(&sector).copied().unwrap_or(*w),
            None => *w,
        };
        if sum > cap && sum > 0.0 {
            *w *= cap / sum;
        }
    }
}

/// A name whose weight has drifted from its target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightDrift {
    /// The name.
    pub symbol: Symbol,
    /// Weight now.
    pub w: f64,
    /// Weight aimed at.
    pub w_target: f64,
    /// Weight less target.
    pub drift: f64,
    /// Whether it is more than max(1.5 pp, a quarter of the target).
    pub exceeds: bool,
}

/// Drift of every name held or aimed at, in order of ticker.
#[must_use]
pub fn weight_drifts(
    now: &BTreeMap<Symbol, f64>,
    targets: &BTreeMap<Symbol, f64>,
) -> Vec<WeightDrift> {
    let mut names: Vec<&Symbol> = now.keys().chain(targets.keys()).collect();
    names.sort();
    names.dedup();
    let of = |map: &BTreeMap<Symbol, f64>, name| map.get(name).copied().unwrap_or(0.0);
    names
        .into_iter()
        .map(|name| {
            let (w, w_target) = (of(now, name), of(targets, name));
            let drift = w - w_target;
            let exceeds = drift.abs() > (0.25 * w_target.abs()).max(0.015);
            WeightDrift { symbol: name.clone(), w, w_target, drift, exceeds }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trading::instruments::Instrument;

    fn name(text: &str) -> Symbol {
        Symbol::parse(text).unwrap()
    }

    fn fixture() -> (BTreeMap<Symbol, f64>, Covariance, Instruments) {
        let names: Vec<Symbol> = ["A", "B", "C"].map(name).to_vec();
        let matrix = vec![vec![0.04, 0.0, 0.0], vec![0.0, 0.04, 0.0], vec![0.0, 0.0, 0.04]];
        let cov = Covariance { names: names.clone(), matrix, observations: 250 };
        let sector = |text: &str| Instrument { sector: Some(text.into()), ..Instrument::default() };
        let universe = names.iter().cloned().zip(["t", "t", "f"].map(sector)).collect();
        (names.into_iter().zip([0.4, 0.4, 0.2]).collect(), cov, universe)
    }

    #[test]
    fn what_a_cap_cuts_off_goes_to_cash() {
        let (raw, cov, universe) = fixture();
        let bounds = TargetLimits {
            vol_target: 1.0,
            multipliers: vec![("regime".into(), 0.7)],
            name_cap: 0.25,
            sector_cap: 0.30,
            gross_cap: 1.0,
        };
        let out = construct_targets(&raw, &cov, &universe, &bounds).unwrap();
        let w: Vec<f64> = out.weights.values().copied().collect();
        assert!((w[0] - 0.15).abs() < 1e-12 && (w[1] - 0.15).abs() < 1e-12);
        assert!((w[2] - 0.14).abs() < 1e-12, "the third name gets nothing of the excess");
        let rules: Vec<_> = out.scale_applied.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(rules, ["regime", "name cap", "sector cap"]);
        let sigma = (2.0 * 0.15_f64.powi(2) + 0.14_f64.powi(2)).sqrt() * 0.2;
        assert!((out.vol_forecast - sigma).abs() < 1e-12);
    }

    #[test]
    fn an_unknown_volatility_means_no_position() {
        let (raw, mut cov, universe) = fixture();
        cov.matrix[0][0] = f64::NAN;
        let bounds = TargetLimits {
            vol_target: 0.1,
            multipliers: vec![],
            name_cap: 1.0,
            sector_cap: 1.0,
            gross_cap: 1.0,
        };
        let out = construct_targets(&raw, &cov, &universe, &bounds).unwrap();
        assert!(out.weights.values().all(|w| *w <= 0.0), "{:?}", out.weights);
    }

    #[test]
    fn drift_counts_beyond_the_larger_of_both_bands() {
        let now = BTreeMap::from([(name("A"), 0.115), (name("B"), 0.016), (name("C"), 0.12)]);
        let targets = BTreeMap::from([(name("A"), 0.10), (name("C"), 0.09)]);
        let exceeds: Vec<bool> = weight_drifts(&now, &targets).iter().map(|d| d.exceeds).collect();
        assert_eq!(exceeds, [false, true, true]);
    }
}
