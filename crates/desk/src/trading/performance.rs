//! What a day earned, booked two ways that must agree to the cent, and statistics of many days.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    money::{self, CENT},
    order::Fill,
    portfolio::Portfolio,
    symbol::Symbol,
};
use crate::stats;
use engine::math;

/// Profit of one day or one name, in USD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pnl {
    /// On shares held since the previous close.
    pub holding: Decimal,
    /// On shares traded today, from fill to close.
    pub trading: Decimal,
    /// Dividends received; paid on shorts.
    pub dividend: Decimal,
    /// Fees, 0 or negative.
    pub fees: Decimal,
    /// The sum of the four.
    pub total: Decimal,
}

/// What a day's profit is made of (formula 24).
#[derive(Debug, Clone, Copy)]
pub struct DayBooks<'a> {
    /// The book at the previous close.
    pub opening: &'a Portfolio,
    /// The book now, booked fill by fill.
    pub closing: &'a Portfolio,
    /// All fills between the two.
    pub fills: &'a [Fill],
    /// Previous close in USD of every name held at the opening.
    pub previous_close: &'a BTreeMap<Symbol, Decimal>,
    /// Close, or price now, in USD of every name held or traded.
    pub close: &'a BTreeMap<Symbol, Decimal>,
    /// Dividend in USD per share of names that went ex today.
    pub dividends: &'a BTreeMap<Symbol, Decimal>,
}

/// Profit of a day, by name and in all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayPnl {
    /// In all.
    pub pnl: Pnl,
    /// By name, in order of ticker.
    pub by_symbol: BTreeMap<Symbol, Pnl>,
    /// Profit less (ΔMV − net purchases + dividends − fees), in USD: 0 but for rounding.
    pub residual: Decimal,
}

/// Why a day's profit cannot be stated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PnlError {
    /// Held or traded, but without a price.
    #[error("`{0}` has no price at one end of the day")]
    NoPrice(Symbol),
    /// The two ways of booking disagree: a fill is missing, doubled or misbooked.
    #[error("profit of ${total} leaves ${residual} unexplained by positions and cash")]
    Residual {
        /// Profit by fills, in USD.
        total: Decimal,
        /// What positions or cash say otherwise, in USD.
        residual: Decimal,
    },
}

impl DayBooks<'_> {
    /// Profit by holdings and fills, checked against market value and cash of the closing book.
    ///
    /// Dividends are taken as not yet in the cash of the closing book.
    ///
    /// # Errors
    ///
    /// [`PnlError`] for a missing price, or when the two bookings differ by a cent or more.
    pub fn pnl(&self) -> Result<DayPnl, PnlError> {
        let mut by_symbol: BTreeMap<Symbol, Pnl> = BTreeMap::new();
        for (symbol, held) in &self.opening.positions {
            let change = price(self.close, symbol)? - price(self.previous_close, symbol)?;
            let own = by_symbol.entry(symbol.clone()).or_default();
            own.holding += money::signed_value(held.qty, change);
            if let Some(dividend) = self.dividends.get(symbol) {
                own.dividend += money::signed_value(held.qty, *dividend);
            }
        }
        for fill in self.fills {
            let change = price(self.close, &fill.symbol)? - fill.price;
            let own = by_symbol.entry(fill.symbol.clone()).or_default();
            own.trading += money::signed_value(fill.signed_qty(), change);
            own.fees -= fill.fee;
        }
        let mut pnl = Pnl::default();
        for own in by_symbol.values_mut() {
            own.total = own.holding + own.trading + own.dividend + own.fees;
            pnl.holding += own.holding;
            pnl.trading += own.trading;
            pnl.dividend += own.dividend;
            pnl.fees += own.fees;
            pnl.total += own.total;
        }
        let market = self.market_residual(&pnl)?;
        let bought: Decimal = self.fills.iter().map(Fill::cash_paid).sum();
        let cash = self.closing.cash - self.opening.cash + bought - pnl.fees;
        for residual in [market, cash] {
            if residual.abs() >= CENT {
                return Err(PnlError::Residual { total: pnl.total, residual });
            }
        }
        Ok(DayPnl { pnl, by_symbol, residual: market })
    }

    fn market_residual(&self, pnl: &Pnl) -> Result<Decimal, PnlError> {
        let at = |book: &Portfolio, prices| {
            book.market_value(prices)
                .map_err(|missing| missing.into_iter().next().map(PnlError::NoPrice))
                // The list of missing names of an error is never empty.
                .or_else(|missing| missing.map_or(Ok(Decimal::ZERO), Err))
        };
        let change = at(self.closing, self.close)? - at(self.opening, self.previous_close)?;
        let bought: Decimal = self.fills.iter().map(Fill::cash_paid).sum();
        Ok(pnl.total - (change - bought + pnl.dividend + pnl.fees))
    }
}

fn price(prices: &BTreeMap<Symbol, Decimal>, symbol: &Symbol) -> Result<Decimal, PnlError> {
    prices.get(symbol).copied().ok_or_else(|| PnlError::NoPrice(symbol.clone()))
}

/// Fewest sessions a Sharpe or Sortino ratio is stated for (formula 26).
pub const RATIO_SESSIONS_MIN: usize = 60;

/// Annual Sharpe ratio of daily returns over the annual rate `rf`, both fractions.
#[must_use]
pub fn sharpe(returns: &[f64], rf: f64) -> Option<f64> {
    let enough = returns.len() >= RATIO_SESSIONS_MIN;
    let excess = stats::mean(returns)? - rf / stats::SESSIONS_PER_YEAR;
    let ratio = math::checked_div(excess, stats::std_dev(returns)?)?;
    enough.then_some(ratio * stats::SESSIONS_PER_YEAR.sqrt())
}

/// Annual Sortino ratio with target 0: mean over the population downside deviation.
#[must_use]
pub fn sortino(returns: &[f64]) -> Option<f64> {
    let enough = returns.len() >= RATIO_SESSIONS_MIN;
    let squares: Vec<f64> = returns.iter().map(|r| r.min(0.0).powi(2)).collect();
    let ratio = math::checked_div(stats::mean(returns)?, stats::mean(&squares)?.sqrt())?;
    enough.then_some(ratio * stats::SESSIONS_PER_YEAR.sqrt())
}

/// Share of sessions with a gain among those with a gain or a loss.
#[must_use]
pub fn hit_rate(returns: &[f64]) -> Option<f64> {
    let count =
        |wanted: fn(&f64) -> bool| math::count_to_f64(returns.iter().filter(|r| wanted(r)).count());
    let (won, lost) = (count(|r| *r > 0.0), count(|r| *r < 0.0));
    math::checked_div(won, won + lost)
}

/// Sum of gains over sum of losses (formula 27); `None` without a loss.
#[must_use]
pub fn profit_factor(returns: &[f64]) -> Option<f64> {
    let gains: f64 = returns.iter().filter(|r| **r > 0.0).sum();
    let losses: f64 = returns.iter().filter(|r| **r < 0.0).sum();
    math::checked_div(gains, -losses)
}

/// A day's return, split into what the market gave and the rest (formula 27).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FactorSplit {
    /// Beta times the market's return.
    pub market: f64,
    /// What is left: the desk's own.
    pub residual: f64,
}

/// Splits the return of a book with `beta` on a day the market returned `market`; all fractions.
#[must_use]
pub fn factor_split(book: f64, beta: f64, market: f64) -> FactorSplit {
    FactorSplit { market: beta * market, residual: book - beta * market }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::trading::{order::ClOrdId, symbol::Side};

    fn fill(exec: &str, side: Side, qty: i64, price: i64) -> Fill {
        Fill {
            exec_id: exec.into(),
            order: ClOrdId::parse("X").unwrap(),
            child: 1,
            symbol: Symbol::parse("AAA").unwrap(),
            side,
            qty,
            price: Decimal::from(price),
            fee: Decimal::new(6, 1),
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_missing_or_doubled_fill_leaves_a_residual_and_no_profit_is_stated() {
        let aaa = Symbol::parse("AAA").unwrap();
        let prices = |px| BTreeMap::from([(aaa.clone(), Decimal::from(px))]);
        let held = BTreeMap::from([(aaa.clone(), (100, Decimal::from(50)))]);
        let opening = Portfolio::opening(Decimal::from(10_000), &held);
        let fills = [fill("1", Side::Buy, 40, 51), fill("2", Side::Sell, 30, 52)];
        let mut closing = opening.clone();
        for fill in &fills {
            closing.book_fill(fill).unwrap();
        }
        let (before, after, none) = (prices(50), prices(53), BTreeMap::new());
        let day = DayBooks {
            opening: &opening,
            closing: &closing,
            fills: &fills,
            previous_close: &before,
            close: &after,
            dividends: &none,
        };
        assert_eq!(day.pnl().unwrap().pnl.total, Decimal::new(3_488, 1));
        let lost = DayBooks { fills: &fills[..1], ..day };
        assert!(matches!(lost.pnl(), Err(PnlError::Residual { .. })));
        let doubled = [fills[0].clone(), fills[0].clone(), fills[1].clone()];
        assert!(matches!(
            DayBooks { fills: &doubled, ..day }.pnl(),
            Err(PnlError::Residual { .. })
        ));
        let mut skimmed = closing.clone();
        skimmed.cash -= CENT;
        assert!(matches!(
            DayBooks { closing: &skimmed, ..day }.pnl(),
            Err(PnlError::Residual { .. })
        ));
        assert_eq!(DayBooks { close: &none, ..day }.pnl(), Err(PnlError::NoPrice(aaa.clone())));
    }

    #[test]
    fn ratios_need_sixty_sessions_and_a_spread() {
        let returns: Vec<f64> = (0..60).map(|i| if i % 3 == 0 { -0.01 } else { 0.01 }).collect();
        assert!(sharpe(&returns, 0.0).is_some() && sortino(&returns).is_some());
        assert_eq!(sharpe(&returns[1..], 0.0), None);
        assert_eq!(sortino(&returns[1..]), None);
        assert_eq!(sharpe(&[0.01; 80], 0.0), None);
        assert!((hit_rate(&returns).unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert!((profit_factor(&returns).unwrap() - 2.0).abs() < 1e-9);
        assert_eq!(profit_factor(&[0.01]), None);
        assert_eq!(hit_rate(&[0.0]), None);
        let split = factor_split(0.01, 1.2, 0.005);
        assert!((split.market - 0.006).abs() < 1e-15 && (split.residual - 0.004).abs() < 1e-15);
    }
}
