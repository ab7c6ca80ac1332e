//! Risk of the weights held now: covariance, volatility, value at risk, contributions, liquidity.
//!
//! Weights and returns are fractions, volatility is annual (252 sessions) unless it says `_1d`.
//! Returns are simple returns, oldest first, all names aligned on the same sessions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::symbol::Symbol;
use crate::stats;
use engine::math;

/// Share of the off-diagonal taken away when observations are few (formula 15).
pub const SHRINK: f64 = 0.1;

/// Fewer observations than this per name count as few.
pub const OBSERVATIONS_PER_NAME: f64 = 10.0;

/// Share of a day's volume the desk takes at most, for liquidity (formula 18).
pub const PARTICIPATION: f64 = 0.10;

/// Why risk cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RiskError {
    /// No names at all.
    #[error("no names to compute risk of")]
    Empty,
    /// Series of different lengths are not aligned on the same sessions.
    #[error("`{symbol}` has {have} returns where others have {want}")]
    UnequalLengths {
        /// The name.
        symbol: Symbol,
        /// Returns it has.
        have: usize,
        /// Returns of the first name.
        want: usize,
    },
    /// Covariance needs at least two finite observations.
    #[error("`{0}` has too few finite returns")]
    TooFewObservations(Symbol),
    /// A weight without returns: leaving it out would understate risk.
    #[error("`{0}` is weighted and has no returns")]
    NoReturns(Symbol),
}

/// Annual covariance of returns, rows and columns in the order of `names`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Covariance {
    /// Names in order of ticker.
    pub names: Vec<Symbol>,
    /// Square and symmetric.
    pub matrix: Vec<Vec<f64>>,
    /// Sessions observed.
    pub observations: usize,
}

impl Covariance {
    /// Sample covariance (n − 1) times 252, shrunk by [`SHRINK`] toward its diagonal when there are
    /// fewer than [`OBSERVATIONS_PER_NAME`] observations per name.
    ///
    /// # Errors
    ///
    /// [`RiskError`] for no names, unaligned series or too few returns.
    pub fn from_returns(returns: &BTreeMap<Symbol, Vec<f64>>) -> Result<Self, RiskError> {
        let want = returns.values().next().ok_or(RiskError::Empty)?.len();
        for (symbol, series) in returns {
            if series.len() != want {
                let (symbol, have) = (symbol.clone(), series.len());
                return Err(RiskError::UnequalLengths { symbol, have, want });
            }
        }
        let few =
            math::count_to_f64(want) < OBSERVATIONS_PER_NAME * math::count_to_f64(returns.len());
        let kept = if few { 1.0 - SHRINK } else { 1.0 };
        let factor = |row: usize, column: usize| if row == column { 1.0 } else { kept };
        let mut matrix = Vec::with_capacity(returns.len());
        for (row, (symbol, own)) in returns.iter().enumerate() {
            let mut line = Vec::with_capacity(returns.len());
            for (column, other) in returns.values().enumerate() {
                let cov = stats::covariance(own, other)
                    .ok_or_else(|| RiskError::TooFewObservations(symbol.clone()))?;
                line.push(cov * stats::SESSIONS_PER_YEAR * factor(row, column));
            }
            matrix.push(line);
        }
        Ok(Self { names: returns.keys().cloned().collect(), matrix, observations: want })
    }

    /// `weights` as a vector in the order of the names, 0 where a name has none.
    ///
    /// # Errors
    ///
    /// [`RiskError::NoReturns`] for a weighted name the matrix does not have.
    pub fn weights_vector(&self, weights: &BTreeMap<Symbol, f64>) -> Result<Vec<f64>, RiskError> {
        let unknown = |name: &&Symbol| self.names.binary_search(name).is_err();
        if let Some(missing) = weights.keys().find(unknown) {
            return Err(RiskError::NoReturns(missing.clone()));
        }
        Ok(self.names.iter().map(|name| weights.get(name).copied().unwrap_or(0.0)).collect())
    }

    /// The product Σw.
    #[must_use]
    pub fn mul_vector(&self, w: &[f64]) -> Vec<f64> {
        self.matrix.iter().map(|row| dot(row, w)).collect()
    }

    /// Annual volatility √(wᵀΣw) (formula 15), never negative; NaN where the matrix has one.
    #[must_use]
    pub fn volatility(&self, w: &[f64]) -> f64 {
        let variance = dot(w, &self.mul_vector(w));
        // Rounding may leave a hair below zero. Not `max`: it would turn NaN into no risk at all.
        if variance < 0.0 { 0.0 } else { variance.sqrt() }
    }

    /// Each name's share of the variance, in the order of names; sums to 1 (formula 17).
    /// `None` for a book without variance.
    #[must_use]
    pub fn variance_shares(&self, w: &[f64]) -> Option<Vec<f64>> {
        let product = self.mul_vector(w);
        let variance = dot(w, &product);
        w.iter().zip(&product).map(|(w, p)| math::checked_div(w * p, variance)).collect()
    }

    /// The two names whose returns move together most, and their correlation.
    #[must_use]
    pub fn closest_pair(&self) -> Option<(Symbol, Symbol, f64)> {
        let corr = |i: usize, j: usize| {
            math::checked_div(self.get(i, j)?, (self.get(i, i)? * self.get(j, j)?).sqrt())
        };
        let n = self.names.len();
        let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
        let (i, j, most) = pairs
            .filter_map(|(i, j)| Some((i, j, corr(i, j)?)))
            // Of equals the first pair in order of ticker.
            .reduce(|best, next| if next.2 > best.2 { next } else { best })?;
        Some((self.names.get(i)?.clone(), self.names.get(j)?.clone(), most))
    }

    /// One cell; `None` outside the matrix.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> Option<f64> {
        self.matrix.get(row)?.get(column).copied()
    }
}

/// Σ aᵢbᵢ over the common length.
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Past returns of the weights held now, one per session, oldest first.
///
/// # Errors
///
/// [`RiskError`] for a weighted name without returns, or unaligned series.
pub fn weighted_returns(
    returns: &BTreeMap<Symbol, Vec<f64>>,
    weights: &BTreeMap<Symbol, f64>,
) -> Result<Vec<f64>, RiskError> {
    let want = returns.values().next().ok_or(RiskError::Empty)?.len();
    let mut sums = vec![0.0; want];
    for (symbol, weight) in weights {
        let series = returns.get(symbol).ok_or_else(|| RiskError::NoReturns(symbol.clone()))?;
        if series.len() != want {
            let (symbol, have) = (symbol.clone(), series.len());
            return Err(RiskError::UnequalLengths { symbol, have, want });
        }
        for (sum, r) in sums.iter_mut().zip(series) {
            *sum += weight * r;
        }
    }
    Ok(sums)
}

/// Historical loss of one session, as positive fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TailLoss {
    /// Value at risk: the loss not exceeded with the given confidence.
    pub var: f64,
    /// Expected shortfall: mean of the losses at least that large.
    pub es: f64,
    /// Observations in the tail, at least 1.
    pub k: usize,
}

/// Historical value at risk and expected shortfall at `confidence` (formula 16):
/// k = max(1, ⌊(1 − α)n⌋) worst sessions. `None` without finite returns.
#[must_use]
pub fn tail_loss(returns: &[f64], confidence: f64) -> Option<TailLoss> {
    if returns.iter().any(|r| !r.is_finite()) {
        return None;
    }
    let mut sorted = returns.to_vec();
    sorted.sort_by(f64::total_cmp);
    // 1 − 0.95 is a hair under 0.05: without the nudge a whole number of sessions loses one.
    let tail = math::float_to_int((1.0 - confidence) * math::count_to_f64(sorted.len()) + 1e-9)?;
    let k = usize::try_from(tail).ok()?.max(1);
    let worst = sorted.get(..k)?;
    Some(TailLoss { var: -*worst.last()?, es: -stats::mean(worst)?, k })
}

/// Sessions needed to sell or buy back `qty` shares at [`PARTICIPATION`] of volume (formula 18).
#[must_use]
pub fn liquidity_days(qty: i64, adv_shares: f64) -> Option<f64> {
    math::checked_div(math::int_to_float(qty).abs(), PARTICIPATION * adv_shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Symbol {
        Symbol::parse(text).unwrap()
    }

    #[test]
    fn few_observations_shrink_the_off_diagonal_and_only_that() {
        let a: Vec<f64> = (0..19).map(|i| 0.01 * (f64::from(i) * 1.3).sin()).collect();
        let b: Vec<f64> = (0..19).map(|i| 0.01 * (f64::from(i) * 0.7).sin()).collect();
        let few = BTreeMap::from([(name("A"), a.clone()), (name("B"), b.clone())]);
        let cov = Covariance::from_returns(&few).unwrap();
        let plain = stats::covariance(&a, &b).unwrap() * 252.0;
        assert!((cov.matrix[0][1] - 0.9 * plain).abs() < 1e-15);
        assert!((cov.matrix[1][1] - stats::covariance(&b, &b).unwrap() * 252.0).abs() < 1e-15);
        let enough = |s: &[f64]| [s, &[0.004]].concat();
        let many = BTreeMap::from([(name("A"), enough(&a)), (name("B"), enough(&b))]);
        let whole = stats::covariance(&enough(&a), &enough(&b)).unwrap() * 252.0;
        assert!((Covariance::from_returns(&many).unwrap().matrix[0][1] - whole).abs() < 1e-15);
    }

    #[test]
    fn contributions_sum_to_one_and_a_book_of_cash_has_none() {
        let series = |f: f64| (0..50).map(|i| 0.01 * (f64::from(i) * f).sin()).collect::<Vec<_>>();
        let returns = BTreeMap::from([(name("A"), series(1.3)), (name("B"), series(0.4))]);
        let cov = Covariance::from_returns(&returns).unwrap();
        let sum: f64 = cov.variance_shares(&[0.7, -0.2]).unwrap().iter().sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert_eq!(cov.variance_shares(&[0.0, 0.0]), None);
        let (a, b, corr) = cov.closest_pair().unwrap();
        assert_eq!((a.as_str(), b.as_str()), ("A", "B"));
        assert!((corr - stats::correlation(&series(1.3), &series(0.4)).unwrap()).abs() < 1e-12);
    }

    #[test]
    fn a_weighted_name_without_returns_is_an_error_and_not_zero_risk() {
        let returns = BTreeMap::from([(name("A"), vec![0.01, 0.02, -0.01])]);
        let weights = BTreeMap::from([(name("B"), 0.1)]);
        assert_eq!(weighted_returns(&returns, &weights), Err(RiskError::NoReturns(name("B"))));
        let cov = Covariance::from_returns(&returns).unwrap();
        assert!(cov.weights_vector(&weights).is_err());
        assert_eq!(Covariance::from_returns(&BTreeMap::new()), Err(RiskError::Empty));
    }

    #[test]
    fn a_tail_has_at_least_one_session() {
        let loss = tail_loss(&[0.01, -0.03, 0.02], 0.99).unwrap();
        assert_eq!(loss.k, 1);
        assert!((loss.var - 0.03).abs() < 1e-15 && (loss.es - 0.03).abs() < 1e-15);
        assert_eq!(tail_loss(&[], 0.95), None);
        assert_eq!(tail_loss(&[f64::NAN], 0.95), None);
        assert!((liquidity_days(-500, 1_000.0).unwrap() - 5.0).abs() < 1e-12);
        assert_eq!(liquidity_days(500, 0.0), None);
    }
}
