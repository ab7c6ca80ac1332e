//! Simulated price path: a price for every moment of a session, determined by its bar and a seed.
//!
//! A path leads from the first price (the open, otherwise the previous close) straight to the
//! close, plus a random bridge that is zero at both ends, and stays within low and high where they
//! are known. The bridge is built by midpoint displacement with a separate seed for every point, so
//! that the price at a moment depends only on bar, symbol and date, never on earlier queries.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{bar::Bar, dataset::Dataset};
use engine::math::{Rng, float_to_int, int_to_float, seed_from};

/// Number of halvings of the session: 2⁹ steps of 46 s each in a session of 6.5 hours, linear in
/// between.
const DEPTH: u32 = 9;
/// Standard deviation of the bridge at its middle, as a share of the session's range.
const RANGE_SHARE: f64 = 0.25;
/// The same as a share of the price, where only closes are known; deliberately small.
const CLOSE_SHARE: f64 = 0.002;

/// A price in whole cents (of a USD a share, or of an index point), at least 0.01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Price {
    cents: i64,
}

impl Price {
    /// Rounds to the nearest cent; returns `None` for a value that is not finite, not positive or
    /// too large.
    #[must_use]
    pub fn from_usd(usd: f64) -> Option<Self> {
        if usd.is_nan() || usd <= 0.0 {
            return None;
        }
        let cents = float_to_int((usd * 100.0 + 0.5).floor())?;
        Some(Self { cents: cents.max(1) })
    }

    /// Returns the price in cents.
    #[must_use]
    pub const fn to_cents(self) -> i64 {
        self.cents
    }

    /// Returns the price as a float, for statistics.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        int_to_float(self.cents) / 100.0
    }

    /// Returns the price as a decimal, for money.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.cents, 2)
    }
}

/// The simulated price path of one symbol's session.
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
    /// Creates the path of a bar. `previous_close` is the first price if the bar has no open;
    /// without either the path starts at the close.
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

    /// Returns the path of a symbol (`VIX` too) in a session, or `None` without a bar.
    #[must_use]
    pub fn for_session(market: &Dataset, symbol: &str, date: NaiveDate) -> Option<Self> {
        let (before, bar) = market.bar_with_previous(symbol, date)?;
        Some(Self::new(symbol, bar, before.map(|bar| bar.close)))
    }

    /// Returns the price at `at`: `None` before the open, moving during the session, and from
    /// `session_close` on exactly the bar's close.
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

    /// Returns the price after this fraction (0 to 1) of the session.
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
        self.price_in_range(straight + width * self.bridge(gone))
    }

    /// Returns the price at the open. It is known from the open on, like every price of the path.
    /// With closes only it is the previous close, which gives no gap; see
    /// [`DayPath::has_real_open`].
    #[must_use]
    pub fn first_price(&self) -> Option<Price> {
        self.price_in_range(self.first)
    }

    /// Returns whether the first price is a real open rather than the previous close.
    #[must_use]
    pub const fn has_real_open(&self) -> bool {
        self.open_known
    }

    /// Returns the shares traded after this fraction of the session, assumed to be uniform; `None`
    /// without a volume.
    #[must_use]
    pub fn volume_at(&self, gone: f64) -> Option<f64> {
        self.volume.map(|shares| shares * gone.clamp(0.0, 1.0))
    }

    /// Rounds to the cent, within low and high (unless their range is narrower than a cent).
    fn price_in_range(&self, usd: f64) -> Option<Price> {
        let Some((low, high)) = self.bounds else { return Price::from_usd(usd) };
        let price = Price::from_usd(usd.clamp(low, high))?;
        // The tolerance keeps 102.35, stored as 102.350…01, from counting as above 102.35.
        let bottom = float_to_int((low * 100.0 - 1e-6).ceil())?;
        let top = float_to_int((high * 100.0 + 1e-6).floor())?;
        if bottom > top {
            Some(price)
        } else {
            Some(Price { cents: price.cents.clamp(bottom, top) })
        }
    }

    /// Returns the value of a Brownian bridge on 0..1 with a standard deviation of 1 at one half.
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
