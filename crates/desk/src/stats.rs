//! Statistics of samples and price series: means, deviations, correlations, ranks, returns.
//!
//! Sample statistics divide by `n − 1`. A value that cannot be computed (too few values, a value
//! that is not finite) is `None`, never infinite or `NaN`.

use engine::math::{TINY, checked_div, count_to_f64, finite_or_none, float_to_int};

/// Trading sessions in a year, for annualization.
pub const SESSIONS_PER_YEAR: f64 = 252.0;

/// Share of the largest value below which a deviation is rounding noise and counts as zero.
const NOISE: f64 = 1e-13;

/// Returns the arithmetic mean; `None` without values.
#[must_use]
pub fn mean(xs: &[f64]) -> Option<f64> {
    checked_div(xs.iter().sum(), count_to_f64(xs.len()))
}

/// Returns the mean of the present values; `None` without any.
#[must_use]
pub fn mean_present(xs: &[Option<f64>]) -> Option<f64> {
    let present: Vec<f64> = xs.iter().copied().flatten().collect();
    mean(&present)
}

/// Returns the sample covariance of two series of the same length (at least 2).
#[must_use]
pub fn covariance(xs: &[f64], ys: &[f64]) -> Option<f64> {
    if xs.len() != ys.len() || xs.len() < 2 {
        return None;
    }
    let (mx, my) = (mean(xs)?, mean(ys)?);
    let sum: f64 = xs.iter().zip(ys).map(|(x, y)| (x - mx) * (y - my)).sum();
    finite_or_none(sum / (count_to_f64(xs.len()) - 1.0))
}

/// Returns the sample standard deviation (of at least 2 values); exactly zero for values equal up
/// to rounding.
#[must_use]
pub fn std_dev(xs: &[f64]) -> Option<f64> {
    let spread = covariance(xs, xs)?.sqrt();
    let largest = xs.iter().fold(0.0_f64, |top, x| top.max(x.abs()));
    Some(if spread <= NOISE * largest { 0.0 } else { spread })
}

/// Returns the Pearson correlation; `None` if either series is constant.
#[must_use]
pub fn correlation(xs: &[f64], ys: &[f64]) -> Option<f64> {
    let (sx, sy) = (std_dev(xs)?, std_dev(ys)?);
    if sx < TINY || sy < TINY {
        return None;
    }
    finite_or_none(covariance(xs, ys)? / (sx * sy))
}

/// Returns the slope of `ys` on `xs`, `cov / var(xs)`; `None` if `xs` is constant.
#[must_use]
pub fn slope(ys: &[f64], xs: &[f64]) -> Option<f64> {
    let spread = std_dev(xs)?;
    if spread < TINY {
        return None;
    }
    finite_or_none(covariance(ys, xs)? / covariance(xs, xs)?)
}

/// Returns the `q`-quantile, `q` in 0..=1, linear between order statistics; `None` for no or
/// non-finite values.
#[must_use]
pub fn quantile(xs: &[f64], q: f64) -> Option<f64> {
    if xs.is_empty() || !(0.0..=1.0).contains(&q) || xs.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let mut sorted = xs.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = q * (count_to_f64(sorted.len()) - 1.0);
    let low = usize::try_from(float_to_int(at)?).ok()?;
    let below = *sorted.get(low)?;
    let above = sorted.get(low + 1).copied().unwrap_or(below);
    Some(below + (above - below) * (at - at.floor()))
}

/// Returns the share (0..=1) of `sample` at or below `x`; `None` for an empty sample.
#[must_use]
pub fn pct_rank(sample: &[f64], x: f64) -> Option<f64> {
    let below = sample.iter().filter(|s| **s <= x).count();
    checked_div(count_to_f64(below), count_to_f64(sample.len()))
}

/// Returns ascending ranks from 1 in the order given; ties share their mean rank.
#[must_use]
pub fn ranks(xs: &[f64]) -> Vec<f64> {
    xs.iter()
        .map(|x| {
            let below = xs.iter().filter(|y| y.total_cmp(x).is_lt()).count();
            let equal = xs.iter().filter(|y| y.total_cmp(x).is_eq()).count();
            count_to_f64(below) + f64::midpoint(count_to_f64(equal), 1.0)
        })
        .collect()
}

/// Returns the Spearman rank correlation; `None` for fewer than 2 pairs or a constant series.
#[must_use]
pub fn rank_corr(xs: &[f64], ys: &[f64]) -> Option<f64> {
    correlation(&ranks(xs), &ranks(ys))
}

/// Returns cross-sectional z-scores clamped to ±`cap`: missing values stay missing and do not
/// count.
///
/// Every score is `None` with fewer than 2 values, or if all are equal.
#[must_use]
pub fn z_scores(xs: &[Option<f64>], cap: f64) -> Vec<Option<f64>> {
    let present: Vec<f64> = xs.iter().copied().flatten().collect();
    let centre = mean(&present);
    let spread = std_dev(&present);
    xs.iter().map(|x| Some(checked_div((*x)? - centre?, spread?)?.clamp(-cap, cap))).collect()
}

/// Returns the z-score of a value against a sample: `(x − mean) / sd`.
#[must_use]
pub fn z_of(x: f64, sample: &[f64]) -> Option<f64> {
    checked_div(x - mean(sample)?, std_dev(sample)?)
}

/// Returns the last `n` values; `None` if there are fewer.
#[must_use]
pub fn last_n<T>(xs: &[T], n: usize) -> Option<&[T]> {
    xs.get(xs.len().checked_sub(n)?..)
}

/// Returns simple returns `C_t / C_{t−1} − 1`; `None` if any price is not positive and finite.
#[must_use]
pub fn simple_returns(prices: &[f64]) -> Option<Vec<f64>> {
    positive(prices).then(|| prices.windows(2).map(|w| w[1] / w[0] - 1.0).collect())
}

/// Returns log returns `ln(C_t / C_{t−1})`; `None` if any price is not positive and finite.
#[must_use]
pub fn log_returns(prices: &[f64]) -> Option<Vec<f64>> {
    positive(prices).then(|| prices.windows(2).map(|w| (w[1] / w[0]).ln()).collect())
}

/// F12: returns the maximum drawdown from a running maximum, as a fraction of it, including the
/// start.
#[must_use]
pub fn max_drawdown(values: &[f64]) -> Option<f64> {
    if !positive(values) {
        return None;
    }
    let mut peak = *values.first()?;
    let mut worst = 0.0_f64;
    for v in values {
        peak = peak.max(*v);
        worst = worst.max(1.0 - v / peak);
    }
    Some(worst)
}

/// Returns −1, 0 or 1 by sign; differences within rounding noise of `scale` count as zero.
#[must_use]
pub fn sign(x: f64, scale: f64) -> i8 {
    if x.abs() <= NOISE * scale.abs() {
        0
    } else if x > 0.0 {
        1
    } else {
        -1
    }
}

fn positive(xs: &[f64]) -> bool {
    xs.iter().all(|x| x.is_finite() && *x > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Option<f64>, b: f64) {
        let a = a.expect("a value");
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn sample_statistics_divide_by_n_minus_one() {
        near(std_dev(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]), (32.0_f64 / 7.0).sqrt());
        near(covariance(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]), 2.0);
        near(correlation(&[1.0, 2.0, 3.0], &[-2.0, -4.0, -6.0]), -1.0);
        near(slope(&[2.0, 4.0, 6.0], &[1.0, 2.0, 3.0]), 2.0);
    }

    #[test]
    fn returns_none_for_values_that_cannot_be_computed() {
        assert_eq!(mean(&[]), None);
        assert_eq!(std_dev(&[1.0]), None);
        assert_eq!(std_dev(&[0.1; 9]), Some(0.0));
        assert_eq!(correlation(&[0.1; 9], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]), None);
        assert_eq!(checked_div(1.0, 0.0), None);
        assert_eq!(mean(&[f64::NAN, 1.0]), None);
        assert_eq!(simple_returns(&[1.0, 0.0, 2.0]), None);
        assert_eq!(max_drawdown(&[]), None);
        assert_eq!(last_n(&[1, 2], 3), None);
    }

    #[test]
    fn quantiles_and_ranks_follow_their_definitions() {
        near(quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), 2.5);
        near(quantile(&[4.0, 1.0, 3.0, 2.0], 1.0), 4.0);
        near(pct_rank(&[1.0, 2.0, 3.0, 4.0], 3.0), 0.75);
        assert_eq!(ranks(&[30.0, 10.0, 30.0, 20.0]), [3.5, 1.0, 3.5, 2.0]);
        near(rank_corr(&[1.0, 2.0, 3.0], &[10.0, 1000.0, 1_000_000.0]), 1.0);
        near(mean_present(&[Some(1.0), None, Some(3.0)]), 2.0);
    }

    #[test]
    fn z_scores_are_clamped_and_leave_gaps_as_gaps() {
        let mut xs: Vec<Option<f64>> = vec![Some(0.0); 40];
        xs.push(Some(1000.0));
        xs.push(None);
        let zs = z_scores(&xs, 3.0);
        assert_eq!(zs[40], Some(3.0));
        assert_eq!(zs[41], None);
        assert!(z_scores(&[Some(1.0), Some(1.0)], 3.0).iter().all(Option::is_none));
    }

    #[test]
    fn drawdown_counts_from_the_start() {
        near(max_drawdown(&[100.0, 80.0, 120.0, 90.0]), 0.25);
        near(max_drawdown(&[100.0, 70.0, 120.0, 90.0]), 0.30);
    }
}
