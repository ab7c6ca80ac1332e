//! Slicing an order evenly over time: exact sizes, times jittered by a seed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use engine::math::{self, Rng};

/// Largest shift of a slice's time, as a fraction of the interval, to either side.
pub const JITTER: f64 = 0.2;

/// Shares of each of `n` slices of `qty` shares (formula 23): whole lots spread evenly, the odd
/// remainder with the last. Sums to `qty` exactly; empty when an argument is not positive.
#[must_use]
pub fn slice_sizes(qty: i64, n: u32, lot: i64) -> Vec<i64> {
    if qty <= 0 || n == 0 || lot <= 0 {
        return Vec::new();
    }
    let (lots, n) = (i128::from(qty / lot), i128::from(n));
    let mut sizes: Vec<i64> = (0..n)
        .map(|i| lots * (i + 1) / n - lots * i / n)
        // A slice is never larger than the order, which is an i64.
        .map(|slice| i64::try_from(slice).unwrap_or(0) * lot)
        .collect();
    if let Some(last) = sizes.last_mut() {
        *last += qty % lot;
    }
    sizes
}

/// When an order is worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwapSchedule {
    /// First moment.
    pub start: DateTime<Utc>,
    /// First moment no longer inside.
    pub end: DateTime<Utc>,
    /// Time from slice to slice.
    pub interval: TimeDelta,
}

/// One slice: not before `from`, and what is left at `until` is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwapSlice {
    /// Number, counted from 1.
    pub child: u32,
    /// Shares, at least 1.
    pub qty: i64,
    /// When it is sent.
    pub from: DateTime<Utc>,
    /// When it is withdrawn: the nominal start of the next slice, or the end.
    pub until: DateTime<Utc>,
}

impl TwapSchedule {
    /// Most slices of one order; longer schedules get longer intervals.
    pub const SLICES_MAX: u32 = 99;

    /// n = ⌈T/Δ⌉, 1 to [`Self::SLICES_MAX`]; 0 for a schedule without time.
    #[must_use]
    pub fn slice_count(&self) -> u32 {
        let (span, step) =
            ((self.end - self.start).num_milliseconds(), self.interval.num_milliseconds());
        if span <= 0 || step <= 0 {
            return 0;
        }
        let n = span / step + i64::from(span % step > 0);
        u32::try_from(n).unwrap_or(u32::MAX).min(Self::SLICES_MAX)
    }

    /// The slices of `qty` shares, in order of time; empty slices are left out.
    ///
    /// Times move by at most [`JITTER`] of the interval, by `seed`, and stay inside the schedule;
    /// sizes do not move.
    #[must_use]
    pub fn slices(&self, qty: i64, lot: i64, seed: u64) -> Vec<TwapSlice> {
        let n = self.slice_count();
        if n == 0 {
            return Vec::new();
        }
        let step = (self.end - self.start) / i32::try_from(n).unwrap_or(i32::MAX);
        let mut rng = Rng::new(seed);
        let mut slices = Vec::new();
        for (child, size) in (1..).zip(slice_sizes(qty, n, lot)) {
            let shift = (rng.uniform() * 2.0 - 1.0) * JITTER;
            // Nothing is sent before the start, nor do all orders of a plan pile up at it.
            let shift = if child == 1 { shift.abs() } else { shift };
            let step_ms = math::int_to_float(step.num_milliseconds());
            let shift = math::float_to_int(shift * step_ms).unwrap_or(0);
            let nominal = self.start + step * i32::try_from(child - 1).unwrap_or(i32::MAX);
            let from = (nominal + TimeDelta::milliseconds(shift)).max(self.start);
            let until = (nominal + step).min(self.end);
            if size > 0 {
                slices.push(TwapSlice { child, qty: size, from, until });
            }
        }
        slices
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn slices_sum_to_the_order_and_stay_inside_the_schedule(
            qty in 1_i64..200_000, lot in 1_i64..200, minutes in 1_i64..400, seed: u64,
        ) {
            let start = DateTime::UNIX_EPOCH;
            let end = start + TimeDelta::minutes(minutes);
            let schedule = TwapSchedule { start, end, interval: TimeDelta::minutes(5) };
            let slices = schedule.slices(qty, lot, seed);
            prop_assert_eq!(slices.iter().map(|s| s.qty).sum::<i64>(), qty);
            prop_assert!(slices.iter().all(|s| start <= s.from && s.from < s.until && s.until <= end));
            prop_assert!(slices.windows(2).all(|w| w[0].from < w[1].from));
            prop_assert_eq!(&slices, &schedule.slices(qty, lot, seed));
            let spread = slices.iter().rev().skip(1).map(|s| s.qty);
            let (least, most) = spread.fold((i64::MAX, 0), |(l, m), q| (l.min(q), m.max(q)));
            prop_assert!(most == 0 || most - least <= lot || qty < lot * i64::from(schedule.slice_count()));
        }
    }

    #[test]
    fn nothing_to_trade_or_no_time_gives_no_slices() {
        let start = DateTime::UNIX_EPOCH;
        let schedule = TwapSchedule { start, end: start, interval: TimeDelta::minutes(5) };
        assert_eq!(schedule.slices(100, 1, 1), []);
        assert_eq!(slice_sizes(0, 3, 1), Vec::<i64>::new());
        assert_eq!(slice_sizes(7, 0, 1), Vec::<i64>::new());
        assert_eq!(slice_sizes(5, 2, 10), [0, 5]);
    }
}
