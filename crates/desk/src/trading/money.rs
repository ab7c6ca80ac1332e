//! The border between exact money and statistics: decimals to floats, floats to prices, and rounding.

use rust_decimal::{
    Decimal, RoundingStrategy,
    prelude::{FromPrimitive, ToPrimitive},
};

use super::symbol::Side;

/// Smallest step of a quoted limit price, in USD.
pub const TICK: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Decimals kept in the price of a fill: executions are reported to a hundredth of a cent.
pub const FILL_DECIMALS: u32 = 4;

/// A residual below this many USD counts as none: one cent.
pub const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// An exact amount as a float for statistics.
#[must_use]
pub fn to_f64(amount: Decimal) -> f64 {
    // A decimal has 96 bits of mantissa and at most 28 decimals: always inside the range of f64.
    amount.to_f64().unwrap_or(f64::NAN)
}

/// A float as a decimal; `None` when it is not finite or too large for one.
#[must_use]
pub fn from_f64(x: f64) -> Option<Decimal> {
    Decimal::from_f64(x)
}

/// An amount rounded to the cent, halves away from zero.
#[must_use]
pub fn round_to_cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Whole shares bought by `amount` USD at `price`, cut toward zero to a multiple of `lot`.
///
/// `None` when `price` or `lot` is not positive or the count does not fit.
#[must_use]
pub fn shares(amount: Decimal, price: Decimal, lot: i64) -> Option<i64> {
    if price <= Decimal::ZERO || lot <= 0 {
        return None;
    }
    let lots = amount.checked_div(price.checked_mul(Decimal::from(lot))?)?.trunc();
    lots.to_i64()?.checked_mul(lot)
}

/// `price` moved `bps` basis points against `side`, rounded against it to [`FILL_DECIMALS`].
///
/// `None` when the result is not a positive price.
#[must_use]
pub fn slipped_price(price: Decimal, bps: f64, side: Side) -> Option<Decimal> {
    let share = from_f64(bps)? / Decimal::from(10_000);
    let (moved, toward) = match side {
        Side::Buy => (price.checked_mul(Decimal::ONE + share)?, RoundingStrategy::AwayFromZero),
        Side::Sell => (price.checked_mul(Decimal::ONE - share)?, RoundingStrategy::ToZero),
    };
    let moved = moved.round_dp_with_strategy(FILL_DECIMALS, toward);
    (moved > Decimal::ZERO).then_some(moved)
}

/// Signed value in USD of `qty` shares at `price`.
#[must_use]
pub fn signed_value(qty: i64, price: Decimal) -> Decimal {
    Decimal::from(qty) * price
}

/// `part / whole` as a float; `None` when `whole` is zero or the quotient does not exist.
#[must_use]
pub fn ratio_to_f64(part: Decimal, whole: Decimal) -> Option<f64> {
    part.checked_div(whole).map(to_f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_cut_toward_zero_to_whole_lots() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(shares(d("1000"), d("33.40"), 1), Some(29));
        assert_eq!(shares(d("-1000"), d("33.40"), 1), Some(-29));
        assert_eq!(shares(d("10000"), d("33.40"), 100), Some(200));
        assert_eq!(shares(d("1000"), Decimal::ZERO, 1), None);
        assert_eq!(shares(d("1000"), d("1"), 0), None);
    }

    #[test]
    fn slippage_never_favours_the_trader() {
        let px = "50.01".parse::<Decimal>().unwrap();
        assert_eq!(slipped_price(px, 1.0, Side::Buy), "50.0151".parse().ok());
        assert_eq!(slipped_price(px, 1.0, Side::Sell), "50.0049".parse().ok());
        assert_eq!(slipped_price(px, 10_000.0, Side::Sell), None);
        assert_eq!(slipped_price(px, f64::NAN, Side::Buy), None);
    }
}
