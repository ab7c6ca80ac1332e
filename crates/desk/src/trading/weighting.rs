//! Three ways to weigh names: inverse volatility, equal risk contribution, mean-variance.
//!
//! All are long-only and deterministic. Weights are fractions; the first two sum to 1.

use std::collections::BTreeMap;

use super::{
    risk::{Covariance, dot},
    symbol::Symbol,
};
use engine::math;

/// Iterations after which the mean-variance method gives up (formula 19c).
pub const ITERATIONS_MAX: usize = 5_000;

/// Largest change of a weight that counts as none.
pub const TOLERANCE: f64 = 1e-8;

/// Weights ∝ 1/volatility (formula 19a). `None` for no names or a volatility that is not positive.
#[must_use]
pub fn inverse_vol(vols: &BTreeMap<Symbol, f64>) -> Option<BTreeMap<Symbol, f64>> {
    let inverse: Vec<f64> = vols
        .values()
        .map(|vol| math::checked_div(1.0, *vol).filter(|x| *x > 0.0))
        .collect::<Option<_>>()?;
    let sum: f64 = inverse.iter().sum();
    vols.keys()
        .zip(&inverse)
        .map(|(name, x)| Some((name.clone(), math::checked_div(*x, sum)?)))
        .collect()
}

/// Weights of equal risk contribution (formula 19b), by cyclical coordinate descent
/// (Griveau-Billion, Richard, Roncalli 2013). `None` without a positive variance for every name.
#[must_use]
pub fn risk_parity(cov: &Covariance) -> Option<BTreeMap<Symbol, f64>> {
    let n = cov.names.len();
    let budget = math::checked_div(1.0, math::count_to_f64(n))?;
    let mut x = vec![1.0; n];
    for _ in 0..ITERATIONS_MAX {
        let mut change = 0.0_f64;
        for i in 0..n {
            let row = cov.matrix.get(i)?;
            let own = row.get(i).copied().filter(|variance| *variance > 0.0)?;
            let old = x.get(i).copied()?;
            let b = dot(row, &x) - own * old;
            let new = math::checked_div((b * b + 4.0 * own * budget).sqrt() - b, 2.0 * own)?;
            *x.get_mut(i)? = new;
            change = change.max((new / old - 1.0).abs());
        }
        if change < 1e-14 {
            break;
        }
    }
    let sum: f64 = x.iter().sum();
    cov.names
        .iter()
        .zip(&x)
        .map(|(name, v)| Some((name.clone(), math::checked_div(*v, sum)?)))
        .collect()
}

/// What a mean-variance book may look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanVariance {
    /// Risk aversion γ, above 0.
    pub gamma: f64,
    /// Largest sum of weights.
    pub gross: f64,
    /// Largest weight of a name.
    pub cap: f64,
}

impl MeanVariance {
    /// Maximises αᵀw − (γ/2)wᵀΣw with 0 ≤ w ≤ cap and Σw ≤ gross (formula 19c).
    ///
    /// `alphas` are expected annual returns, as the matrix is annual. Starts at `start` (the
    /// inverse-volatility weights), so the way there is always the same. `None` when it has not
    /// come to rest within [`ITERATIONS_MAX`] steps: the caller falls back to formula 19a.
    #[must_use]
    pub fn solve(
        &self,
        alphas: &BTreeMap<Symbol, f64>,
        cov: &Covariance,
        start: &BTreeMap<Symbol, f64>,
    ) -> Option<BTreeMap<Symbol, f64>> {
        let alpha = cov.weights_vector(alphas).ok()?;
        let mut w = self.project(&cov.weights_vector(start).ok()?)?;
        // The largest row sum bounds the largest eigenvalue: steps of its inverse never overshoot.
        let bound = cov
            .matrix
            .iter()
            .map(|row| row.iter().map(|x| x.abs()).sum::<f64>())
            .fold(0.0, f64::max);
        let step = math::checked_div(1.0, self.gamma * bound).filter(|s| *s > 0.0)?;
        for _ in 0..ITERATIONS_MAX {
            let slope = cov.mul_vector(&w);
            let moved: Vec<f64> = w
                .iter()
                .zip(alpha.iter().zip(&slope))
                .map(|(w, (a, s))| w + step * (a - self.gamma * s))
                .collect();
            let next = self.project(&moved)?;
            let change = w.iter().zip(&next).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            w = next;
            if change < TOLERANCE {
                return Some(cov.names.iter().cloned().zip(w).collect());
            }
        }
        None
    }

    /// The nearest weights inside the limits. The sum falls with the shift, so halving finds it.
    fn project(&self, w: &[f64]) -> Option<Vec<f64>> {
        if w.iter().any(|x| !x.is_finite()) || self.cap < 0.0 || self.gross < 0.0 {
            return None;
        }
        let shifted =
            |by: f64| -> Vec<f64> { w.iter().map(|x| (x - by).clamp(0.0, self.cap)).collect() };
        let sum = |by: f64| shifted(by).iter().sum::<f64>();
        if sum(0.0) <= self.gross {
            return Some(shifted(0.0));
        }
        let (mut low, mut high) = (0.0, w.iter().copied().fold(0.0, f64::max));
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if sum(middle) > self.gross {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(shifted(high))
    }
}

/// Factor that brings volatility `sigma` down to `target`, never above 1 (formula 20).
#[must_use]
pub fn vol_scale(target: f64, sigma: f64) -> Option<f64> {
    if sigma <= 0.0 {
        return (target >= 0.0 && sigma.abs() < f64::EPSILON).then_some(1.0);
    }
    math::checked_div(target, sigma).map(|scale| scale.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cov(matrix: &[&[f64]]) -> Covariance {
        let names = ["A", "B", "C"].iter().take(matrix.len());
        Covariance {
            names: names.map(|text| Symbol::parse(text).unwrap()).collect(),
            matrix: matrix.iter().map(|row| row.to_vec()).collect(),
            observations: 250,
        }
    }

    #[test]
    fn risk_parity_gives_every_name_the_same_share_of_risk() {
        let cov = cov(&[&[0.09, 0.01, 0.0], &[0.01, 0.04, 0.02], &[0.0, 0.02, 0.16]]);
        let w = risk_parity(&cov).unwrap();
        let shares = cov.variance_shares(&cov.weights_vector(&w).unwrap()).unwrap();
        assert!(shares.iter().all(|share| (share - 1.0 / 3.0).abs() < 1e-9), "{shares:?}");
    }

    #[test]
    fn mean_variance_finds_the_closed_form_inside_and_stops_at_the_limits() {
        let cov = cov(&[&[0.04, 0.0], &[0.0, 0.16]]);
        let alphas: BTreeMap<_, _> = cov.names.iter().cloned().zip([0.02, 0.04]).collect();
        let start: BTreeMap<_, _> = cov.names.iter().cloned().zip([0.5, 0.5]).collect();
        let free = MeanVariance { gamma: 1.0, gross: 2.0, cap: 1.0 };
        let w: Vec<f64> = free.solve(&alphas, &cov, &start).unwrap().into_values().collect();
        assert!((w[0] - 0.5).abs() < 1e-6 && (w[1] - 0.25).abs() < 1e-6, "{w:?}");
        let tight = MeanVariance { gamma: 0.01, gross: 0.5, cap: 0.3 };
        let w: Vec<f64> = tight.solve(&alphas, &cov, &start).unwrap().into_values().collect();
        assert!(w.iter().sum::<f64>() <= 0.5 + 1e-9);
        assert!(w.iter().all(|w| (0.0..=0.3).contains(w)), "{w:?}");
        let broken = MeanVariance { gamma: 0.0, gross: 1.0, cap: 1.0 };
        assert_eq!(broken.solve(&alphas, &cov, &start), None);
    }

    #[test]
    fn a_name_without_volatility_cannot_be_weighed_by_it() {
        let name = |text: &str| Symbol::parse(text).unwrap();
        assert_eq!(inverse_vol(&BTreeMap::from([(name("A"), 0.2), (name("B"), 0.0)])), None);
        assert_eq!(inverse_vol(&BTreeMap::from([(name("A"), -0.2)])), None);
        assert_eq!(risk_parity(&cov(&[&[0.0]])), None);
        assert_eq!(vol_scale(0.1, 0.05), Some(1.0));
        assert_eq!(vol_scale(0.1, 0.0), Some(1.0));
        assert_eq!(vol_scale(0.1, f64::NAN), None);
    }
}
