//! What an order cost against the price it was decided at: Perold's implementation shortfall.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    money::{self, ratio_to_f64},
    order::Fill,
    symbol::Side,
};

/// Prices in USD an order is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BenchmarkPrices {
    /// When the trade was decided.
    pub decision: Decimal,
    /// When the order reached the market.
    pub arrival: Decimal,
    /// At the end of the day, for shares not filled.
    pub end: Decimal,
}

/// Cost of an order in USD, positive when it cost (formula 28).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shortfall {
    /// From the decision to the arrival, on filled shares.
    pub delay: Decimal,
    /// From the arrival to the fills.
    pub execution: Decimal,
    /// What the unfilled shares missed.
    pub opportunity: Decimal,
    /// Fees.
    pub fees: Decimal,
    /// The sum of the four.
    pub total_usd: Decimal,
    /// The sum in basis points of the order's value at the decision.
    pub bps: Option<f64>,
    /// Shares filled.
    pub filled: i64,
    /// Mean fill price in USD; `None` without a fill.
    pub avg_px: Option<Decimal>,
}

/// Why an order cannot be measured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TcaError {
    /// Fills that are not of this order.
    #[error("fill `{0}` is on the other side of its order")]
    Side(String),
    /// More shares filled than ordered.
    #[error("{filled} shares filled of {ordered} ordered")]
    Overfilled {
        /// Shares filled.
        filled: i64,
        /// Shares ordered.
        ordered: i64,
    },
}

/// Implementation shortfall of an order of `qty` shares.
///
/// # Errors
///
/// [`TcaError`] when the fills cannot be this order's.
pub fn implementation_shortfall(
    side: Side,
    qty: i64,
    marks: &BenchmarkPrices,
    fills: &[Fill],
) -> Result<Shortfall, TcaError> {
    if let Some(wrong) = fills.iter().find(|fill| fill.side != side) {
        return Err(TcaError::Side(wrong.exec_id.clone()));
    }
    let filled: i64 = fills.iter().map(|fill| fill.qty).sum();
    if filled > qty {
        return Err(TcaError::Overfilled { filled, ordered: qty });
    }
    let cost = |shares: i64, change: Decimal| money::signed_value(side.sign() * shares, change);
    let delay = cost(filled, marks.arrival - marks.decision);
    let execution = fills.iter().map(|fill| cost(fill.qty, fill.price - marks.arrival)).sum();
    let opportunity = cost(qty - filled, marks.end - marks.decision);
    let fees = fills.iter().map(|fill| fill.fee).sum();
    let total_usd: Decimal = delay + execution + opportunity + fees;
    let paid: Decimal = fills.iter().map(|fill| money::signed_value(fill.qty, fill.price)).sum();
    Ok(Shortfall {
        delay,
        execution,
        opportunity,
        fees,
        total_usd,
        bps: ratio_to_f64(total_usd, money::signed_value(qty, marks.decision))
            .map(|frac| frac * 1e4),
        filled,
        avg_px: paid.checked_div(Decimal::from(filled)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trading::testing;

    #[test]
    fn a_sale_below_the_decision_costs_and_one_above_earns() {
        let px = |text: &str| text.parse::<Decimal>().unwrap();
        let marks = BenchmarkPrices { decision: px("100"), arrival: px("99.9"), end: px("101") };
        let sold = [testing::fill("AAA", Side::Sell, 60, "99.5")];
        let out = implementation_shortfall(Side::Sell, 100, &marks, &sold).unwrap();
        assert_eq!((out.delay, out.execution), (px("6"), px("24")));
        assert_eq!(out.opportunity, px("-40"), "what was not sold rose");
        assert_eq!(out.avg_px, Some(px("99.5")));
        let none = implementation_shortfall(Side::Sell, 100, &marks, &[]).unwrap();
        assert_eq!((none.avg_px, none.total_usd), (None, px("-100")));
    }

    #[test]
    fn fills_of_another_order_are_refused() {
        let marks =
            BenchmarkPrices { decision: Decimal::ONE, arrival: Decimal::ONE, end: Decimal::ONE };
        let bought = [testing::fill("AAA", Side::Buy, 60, "1")];
        assert!(matches!(
            implementation_shortfall(Side::Sell, 100, &marks, &bought),
            Err(TcaError::Side(_))
        ));
        let error = implementation_shortfall(Side::Buy, 50, &marks, &bought).unwrap_err();
        assert_eq!(error.to_string(), "60 shares filled of 50 ordered");
    }
}
