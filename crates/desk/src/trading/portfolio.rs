//! Positions and cash of the desk, and what each fill does to them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{money, order::Fill, symbol::Symbol};

/// Shares held of one name and what they cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    /// Shares; negative when short.
    pub qty: i64,
    /// What the open shares cost in USD, without fees; negative when short.
    pub cost: Decimal,
}

impl Position {
    /// Average cost in USD per share; `None` when flat.
    #[must_use]
    pub fn avg_cost(&self) -> Option<Decimal> {
        self.cost.checked_div(Decimal::from(self.qty))
    }
}

/// Cash and positions, with the running sums that tie them to the fills.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Portfolio {
    /// Cash in USD.
    pub cash: Decimal,
    /// Open positions; a flat name has no entry.
    pub positions: BTreeMap<Symbol, Position>,
    /// Realised profit in USD since the opening, without fees.
    pub realised: Decimal,
    /// Fees in USD paid since the opening.
    pub fees: Decimal,
    /// Net purchases in USD since the opening: paid for shares less received, without fees.
    pub net_purchases: Decimal,
}

/// Why a fill cannot be booked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BookingError {
    /// No shares, or no price.
    #[error("fill `{0}` needs a positive quantity and price, and fees of at least 0")]
    Shape(String),
    /// Sums beyond what a decimal or a share count can hold.
    #[error("fill `{0}` is too large to book")]
    Size(String),
}

impl Portfolio {
    /// A book of `cash` USD and the given shares at the given cost per share.
    #[must_use]
    pub fn opening(cash: Decimal, holdings: &BTreeMap<Symbol, (i64, Decimal)>) -> Self {
        let positions = holdings
            .iter()
            .filter(|(_, (qty, _))| *qty != 0)
            .map(|(symbol, &(qty, price))| {
                (symbol.clone(), Position { qty, cost: money::signed_value(qty, price) })
            })
            .collect();
        Self { cash, positions, ..Self::default() }
    }

    /// Shares held of `symbol`, 0 when flat.
    #[must_use]
    pub fn quantity(&self, symbol: &Symbol) -> i64 {
        self.positions.get(symbol).map_or(0, |position| position.qty)
    }

    /// Shares held by name; a flat name has no entry.
    #[must_use]
    pub fn shares(&self) -> BTreeMap<Symbol, i64> {
        self.positions.iter().map(|(name, held)| (name.clone(), held.qty)).collect()
    }

    /// Books one fill: cash, shares, cost and realised profit.
    ///
    /// # Errors
    ///
    /// [`BookingError`] for a fill without shares or price, or beyond all size; the book is
    /// untouched then.
    pub fn book_fill(&mut self, fill: &Fill) -> Result<(), BookingError> {
        if fill.qty <= 0 || fill.price <= Decimal::ZERO || fill.fee < Decimal::ZERO {
            return Err(BookingError::Shape(fill.exec_id.clone()));
        }
        let too_large = || BookingError::Size(fill.exec_id.clone());
        let signed = fill.signed_qty();
        let paid = Decimal::from(signed).checked_mul(fill.price).ok_or_else(too_large)?;
        let outflow = paid.checked_add(fill.fee).ok_or_else(too_large)?;
        let cash = self.cash.checked_sub(outflow).ok_or_else(too_large)?;
        let old = self.positions.get(&fill.symbol).copied().unwrap_or_default();
        let qty = old.qty.checked_add(signed).ok_or_else(too_large)?;
        let (cost, realised) = if old.qty.signum() * signed >= 0 {
            (old.cost + paid, Decimal::ZERO)
        } else {
            // Shares are closed at average cost; what goes beyond flat opens at the fill's price.
            let closed = signed.abs().min(old.qty.abs());
            let share = Decimal::from(closed) / Decimal::from(old.qty.abs());
            let released = old.cost * share;
            let proceeds = money::signed_value(old.qty.signum() * closed, fill.price);
            let opened = money::signed_value(signed.signum() * (signed.abs() - closed), fill.price);
            (old.cost - released + opened, proceeds - released)
        };
        self.cash = cash;
        self.fees += fill.fee;
        self.net_purchases += paid;
        self.realised += realised;
        if qty == 0 {
            self.positions.remove(&fill.symbol);
        } else {
            self.positions.insert(fill.symbol.clone(), Position { qty, cost });
        }
        Ok(())
    }

    /// Market value in USD of all positions at `prices`, shorts negative.
    ///
    /// # Errors
    ///
    /// The names held that have no price: they are never valued at a guess.
    pub fn market_value(&self, prices: &BTreeMap<Symbol, Decimal>) -> Result<Decimal, Vec<Symbol>> {
        let missing: Vec<Symbol> =
            self.positions.keys().filter(|name| !prices.contains_key(*name)).cloned().collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(self
            .positions
            .iter()
            .filter_map(|(name, held)| Some(money::signed_value(held.qty, *prices.get(name)?)))
            .sum())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::trading::{order::ClOrdId, symbol::Side};

    fn fill(side: Side, qty: i64, price: &str) -> Fill {
        Fill {
            exec_id: "X-1".into(),
            order: ClOrdId::parse("X").unwrap(),
            child: 1,
            symbol: Symbol::parse("AAA").unwrap(),
            side,
            qty,
            price: price.parse().unwrap(),
            fee: Decimal::ZERO,
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn closing_through_flat_realises_the_old_shares_and_opens_the_rest_at_the_fill() {
        let mut book = Portfolio::opening(Decimal::from(10_000), &BTreeMap::new());
        book.book_fill(&fill(Side::Buy, 100, "10")).unwrap();
        book.book_fill(&fill(Side::Buy, 100, "12")).unwrap();
        book.book_fill(&fill(Side::Sell, 250, "13")).unwrap();
        let held = book.positions.values().next().unwrap();
        assert_eq!((held.qty, held.avg_cost()), (-50, Some(Decimal::from(13))));
        assert_eq!(book.realised, Decimal::from(400));
        assert_eq!(book.cash, Decimal::from(10_000 - 1_000 - 1_200 + 3_250));
        book.book_fill(&fill(Side::Buy, 50, "11")).unwrap();
        assert!(book.positions.is_empty());
        assert_eq!(book.realised, Decimal::from(500));
        assert_eq!(book.cash, Decimal::from(10_500));
    }

    #[test]
    fn a_refused_fill_leaves_the_book_as_it_was() {
        let mut book = Portfolio::opening(Decimal::from(100), &BTreeMap::new());
        let before = book.clone();
        for (qty, price) in [(0, "10"), (-5, "10"), (5, "0"), (5, "-1")] {
            assert!(book.book_fill(&fill(Side::Buy, qty, price)).is_err());
        }
        assert!(
            book.book_fill(&fill(Side::Buy, i64::MAX, "79228162514264337593543950335")).is_err()
        );
        assert_eq!(book, before);
    }

    #[test]
    fn a_held_name_without_a_price_is_named_and_not_valued() {
        let mut book = Portfolio::opening(Decimal::from(10_000), &BTreeMap::new());
        book.book_fill(&fill(Side::Buy, 100, "10")).unwrap();
        assert_eq!(book.market_value(&BTreeMap::new()), Err(vec![Symbol::parse("AAA").unwrap()]));
    }
}
