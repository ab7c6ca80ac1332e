//! Technical indicators F1 to F9 over slices, oldest value first.
//!
//! Each is `None` with too few values. Volatilities are annualized fractions (252 sessions).

use crate::stats::{SESSIONS_PER_YEAR, last_n, log_returns, mean, std_dev, z_of};
use engine::math::{checked_div, count_to_f64, finite_or_none};

/// F1: returns the return over the last `k` steps, `C_t / C_{t−k} − 1`.
#[must_use]
pub fn trailing_return(closes: &[f64], k: usize) -> Option<f64> {
    ratio_back(closes, 0, k)
}

/// F2: returns the momentum from 12 months to 1 month ago, `C_{t−21} / C_{t−252} − 1`; needs 253
/// closes.
#[must_use]
pub(super) fn momentum_12_1(closes: &[f64]) -> Option<f64> {
    ratio_back(closes, 21, 252)
}

fn ratio_back(closes: &[f64], newer: usize, older: usize) -> Option<f64> {
    let at = |back: usize| closes.len().checked_sub(back + 1).and_then(|i| closes.get(i));
    Some(checked_div(*at(newer)?, *at(older)?)? - 1.0)
}

/// F3: returns the mean of the last `n` closes.
#[must_use]
pub fn sma(closes: &[f64], n: usize) -> Option<f64> {
    mean(last_n(closes, n)?)
}

/// F4: returns Wilder's RSI over `n` steps (14 is usual), seeded with the mean of the first `n`
/// gains and losses: 100 without any loss, 50 without any move.
#[must_use]
pub fn rsi(closes: &[f64], n: usize) -> Option<f64> {
    let steps: Vec<f64> = closes.windows(2).map(|w| w[1] - w[0]).collect();
    let (seed, rest) = steps.split_at_checked(n)?;
    let gains: Vec<f64> = seed.iter().map(|d| d.max(0.0)).collect();
    let losses: Vec<f64> = seed.iter().map(|d| (-d).max(0.0)).collect();
    let (mut gain, mut loss) = (mean(&gains)?, mean(&losses)?);
    let n = count_to_f64(n);
    for d in rest {
        gain = (gain * (n - 1.0) + d.max(0.0)) / n;
        loss = (loss * (n - 1.0) + (-d).max(0.0)) / n;
    }
    match (gain > 0.0, loss > 0.0) {
        (false, false) => Some(50.0),
        (true, false) => Some(100.0),
        (_, true) => finite_or_none(100.0 - 100.0 / (1.0 + gain / loss)),
    }
}

/// F5: returns Wilder's average of true ranges, oldest first, seeded with the mean of the first
/// `n`.
///
/// TA-Lib omits the `H − L` of the first bar; here it counts, as in the reference.
#[must_use]
pub fn atr(true_ranges: &[f64], n: usize) -> Option<f64> {
    let (seed, rest) = true_ranges.split_at_checked(n)?;
    let start = mean(seed)?;
    let n = count_to_f64(n);
    finite_or_none(rest.iter().fold(start, |average, range| (average * (n - 1.0) + range) / n))
}

/// F6: returns the standard deviation of the last `n` log returns, annualized; needs `n + 1`
/// closes.
#[must_use]
pub fn realised_vol(closes: &[f64], n: usize) -> Option<f64> {
    let returns = log_returns(last_n(closes, n + 1)?)?;
    Some(std_dev(&returns)? * SESSIONS_PER_YEAR.sqrt())
}

/// F7: returns Parkinson's range volatility of `(high, low)` pairs, annualized.
#[must_use]
pub fn parkinson(ranges: &[(f64, f64)]) -> Option<f64> {
    let squares: Vec<f64> = ranges.iter().map(|(high, low)| (high / low).ln().powi(2)).collect();
    let daily = mean(&squares)? / (4.0 * std::f64::consts::LN_2);
    finite_or_none(daily.sqrt() * SESSIONS_PER_YEAR.sqrt())
}

/// F8: returns the exponentially weighted volatility, λ 0.94, seeded with the mean of the first 20
/// squared log returns, annualized.
#[must_use]
pub fn ewma_vol(closes: &[f64]) -> Option<f64> {
    let squares: Vec<f64> = log_returns(closes)?.iter().map(|r| r * r).collect();
    let (seed, rest) = squares.split_at_checked(20)?;
    let variance = rest.iter().fold(mean(seed)?, |v, square| 0.94 * v + 0.06 * square);
    finite_or_none((variance * SESSIONS_PER_YEAR).sqrt())
}

/// F9: returns the distance of the last close from the mean of the last `n`, in their standard
/// deviations.
#[must_use]
pub fn z_score(closes: &[f64], n: usize) -> Option<f64> {
    let window = last_n(closes, n)?;
    z_of(*window.last()?, window)
}

/// Returns the mean volume of the last `n` sessions, in shares.
#[must_use]
pub fn adv_shares(volumes: &[f64], n: usize) -> Option<f64> {
    mean(last_n(volumes, n)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rsi_is_fifty_without_moves_and_a_hundred_without_losses() {
        assert_eq!(rsi(&[5.0; 20], 14), Some(50.0));
        let rising: Vec<f64> = (1..20).map(f64::from).collect();
        assert_eq!(rsi(&rising, 14), Some(100.0));
        let falling: Vec<f64> = (1..20).rev().map(f64::from).collect();
        assert_eq!(rsi(&falling, 14), Some(0.0));
    }

    #[test]
    fn one_value_too_few_is_no_value() {
        let closes: Vec<f64> = (1..=252).map(f64::from).collect();
        assert_eq!(momentum_12_1(&closes), None);
        assert_eq!(sma(&closes[..19], 20), None);
        assert_eq!(realised_vol(&closes[..20], 20), None);
        assert_eq!(rsi(&closes[..14], 14), None);
        assert_eq!(ewma_vol(&closes[..20]), None);
        assert_eq!(atr(&closes[..13], 14), None);
        assert_eq!(trailing_return(&closes[..5], 5), None);
    }

    #[test]
    fn a_price_that_never_moves_has_no_z_score_and_no_volatility() {
        assert_eq!(z_score(&[0.1; 20], 20), None);
        assert_eq!(realised_vol(&[0.1; 21], 20), Some(0.0));
    }
}
