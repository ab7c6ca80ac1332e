//! The simulated feed: a price for every moment of a session, implied by its bar and a seed.
//!
//! A path leads from the first price (the open; without one the previous close) straight to the
//! close, plus a random bridge that is zero at both ends, and stays within low and high where they
//! are known. The bridge is built by midpoint displacement, every point drawn from its own seed, so
//! the price at a moment depends on bar, symbol and date only, never on what was asked before.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{bar::Bar, dataset::Dataset};
use engine::math::{Rng, float_to_int, int_to_float, seed_from};

/// Halvings of the session: 2⁹ steps, 46 s each in a session of 6.5 hours, straight in between.
const DEPTH: u32 = 9;
/// Standard deviation of the bridge at noon over the session's range.
const RANGE_SHARE: f64 = 0.25;
/// The same over the price where only closes are known: small on purpose, as nothing is known.
const CLOSE_SHARE: f64 = 0.002;

/// A price in whole cents (of a USD a share, or of an index point), at least 0.01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Price {
    cents: i64,
}

impl Price {
    /// Rounded to the nearest cent; `None` when not finite, not positive or absurdly large.
    #[must_use]
    pub fn from_usd(usd: f64) -> Option<Self> {
        if usd.is_nan() || usd <= 0.0 {
            return None;
        }
        let cents = float_to_int((usd * 100.0 + 0.5).floor())?;
        Some(Self { cents: cents.max(1) })
    }

    /// Whole cents.
    #[must_use]
    pub const fn to_cents(self) -> i64 {
        self.cents
    }

    /// For statistics.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        int_to_float(self.cents) / 100.0
    }

    /// For money.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.cents, 2)
    }
}

/// One symbol's session as the simulated market plays it.
#[derive(Debug, Clone, PartialEq)]
pub struct DayPath {
    seed: u64,
    first: f64,
    close: f64,
    /// `(low, high)` where known.
    bounds: Option<(f64, f64)>,
    volume: Option<f64>,
    open_known: bool,
}

impl DayPath {
    /// The path of a bar. `previous_close` is the first price where the bar has no open; with neither
    /// the path starts at the close.
    #[must_use]
    pub fn new(symbol: &str, bar: &Bar, previous_close: Option<f64>) -> Self {
        Self {
            seed: seed_from(&format!("{symbol} {}", bar.date)),
            first: bar.range.map(|range| range.open).or(previous_close).unwrap_or(bar.close),
            close: bar.close,
            bounds: bar.range.map(|range| (range.low, range.high)),
            volume: bar.volume,
            open_known: bar.range.is_some(),
        }
    }

    /// The path of a symbol (`VIX` too) on a session; `None` without a bar for it.
    #[must_use]
    pub fn for_session(market: &Dataset, symbol: &str, date: NaiveDate) -> Option<Self> {
        let (before, bar) = market.bar_with_previous(symbol, date)?;
        Some(Self::new(symbol, bar, before.map(|bar| bar.close)))
    }

    /// The price at `at`: `None` before the open, moving during the session, and from
    /// `session_close` on the bar's close to the cent.
    #[must_use]
    pub fn price(
        &self,
        session_open: DateTime<Utc>,
        session_close: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Option<Price> {
        if at < session_open {
            return None;
        }
        if at >= session_close {
            return Price::from_usd(self.close);
        }
        let gone = (at - session_open).num_milliseconds();
        let whole = (session_close - session_open).num_milliseconds().max(1);
        self.at_fraction(int_to_float(gone) / int_to_float(whole))
    }

    /// The price when this fraction (0 to 1) of the session is gone.
    #[must_use]
    pub fn at_fraction(&self, gone: f64) -> Option<Price> {
        let gone = if gone.is_nan() { 0.0 } else { gone.clamp(0.0, 1.0) };
        if gone >= 1.0 {
            return Price::from_usd(self.close);
        }
        let straight = self.first + (self.close - self.first) * gone;
        let width = match self.bounds {
            Some((low, high)) => RANGE_SHARE * (high - low),
            None => CLOSE_SHARE * self.close,
        };
        self.inside(straight + width * self.bridge(gone))
    }

    /// The price quoted before the open. It is the first price of the path: the open, or, where
    /// only closes are known, the previous close, which makes for no gap at all; see
    /// [`DayPath::open_known`].
    #[must_use]
    pub fn premarket(&self) -> Option<Price> {
        self.inside(self.first)
    }

    /// Whether the first price is a real open rather than the previous close.
    #[must_use]
    pub const fn has_real_open(&self) -> bool {
        self.open_known
    }

    /// Shares traded when this fraction of the session is gone, taken as even over the session;
    /// `None` without a volume.
    #[must_use]
    pub fn volume_at(&self, gone: f64) -> Option<f64> {
        self.volume.map(|shares| shares * gone.clamp(0.0, 1.0))
    }

    /// To the cent, and within low and high to the cent (a range narrower than a cent apart).
    fn inside(&self, usd: f64) -> Option<Price> {
        let Some((low, high)) = self.bounds else { return Price::from_usd(usd) };
        let price = Price::from_usd(usd.clamp(low, high))?;
        // The nudge keeps 102.35, held as 102.350…01, from counting as above 102.35.
        let bottom = float_to_int((low * 100.0 - 1e-6).ceil())?;
        let top = float_to_int((high * 100.0 + 1e-6).floor())?;
        if bottom > top {
            Some(price)
        } else {
            Some(Price { cents: price.cents.clamp(bottom, top) })
        }
    }

    /// A Brownian bridge on 0..1, its standard deviation 1 at one half.
    fn bridge(&self, at: f64) -> f64 {
        let (mut left, mut right) = ((0.0, 0.0), (1.0, 0.0));
        let mut spread = 1.0;
        let mut node: u64 = 1;
        for _ in 0..DEPTH {
            let middle = f64::midpoint(left.0, right.0);
            let mut rng = Rng::new(self.seed ^ node.wrapping_mul(0xD6E8_FEB8_6659_FD93));
            let value = f64::midpoint(left.1, right.1) + spread * rng.normal();
            node *= 2;
            if at < middle {
                right = (middle, value);
            } else {
                left = (middle, value);
                node += 1;
            }
            spread *= std::f64::consts::FRAC_1_SQRT_2;
        }
        let share = (at - left.0) / (right.0 - left.0);
        left.1 + (right.1 - left.1) * share
    }
}
