//! The desk's book between two days: cash, positions with their lots, last prices, high-water mark.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    desk::Desk,
    money,
    order::Fill,
    portfolio::{Portfolio, Position},
    symbol::Symbol,
    valuation::ValuationError,
};

/// Shares that were bought, or sold short, together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The day on which it was opened, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Shares; negative when short.
    pub qty: i64,
    /// Price in USD per share.
    pub price: Decimal,
}

/// One position of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookPosition {
    /// Shares; negative when short.
    pub qty: i64,
    /// What the shares cost in USD at average cost, without fees; negative when short.
    pub cost: Decimal,
    /// The lots, oldest first; their shares sum to `qty`.
    #[serde(default)]
    pub lots: Vec<Lot>,
    /// The price in USD at which the position was last valued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_price: Option<Decimal>,
}

/// A whole book as it stood after the close of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskBook {
    /// The day after whose close the book stood so.
    pub as_of: NaiveDate,
    /// Cash in USD.
    pub cash: Decimal,
    /// Positions by symbol; a flat name has no entry.
    pub positions: BTreeMap<Symbol, BookPosition>,
    /// The highest equity in USD so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_water: Option<Decimal>,
    /// Cash and positions at their last prices, in USD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equity: Option<Decimal>,
    /// Equity in USD from which the loss of the day `as_of` was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_start_equity: Option<Decimal>,
}

impl DeskBook {
    /// Returns a book of these holdings, one lot for each position.
    #[must_use]
    pub fn of_portfolio(as_of: NaiveDate, held: &Portfolio) -> Self {
        let position = |(symbol, held): (&Symbol, &Position)| {
            let price = held.avg_cost()?;
            let lots = vec![Lot { date: None, qty: held.qty, price }];
            let last_price = None;
            let position = BookPosition { qty: held.qty, cost: held.cost, lots, last_price };
            Some((symbol.clone(), position))
        };
        Self {
            as_of,
            cash: held.cash,
            positions: held.positions.iter().filter_map(position).collect(),
            high_water: None,
            equity: None,
            day_start_equity: None,
        }
    }

    /// Returns cash and positions in the form in which a desk opens with them.
    #[must_use]
    pub fn portfolio(&self) -> Portfolio {
        let position = |(symbol, held): (&Symbol, &BookPosition)| {
            (symbol.clone(), Position { qty: held.qty, cost: held.cost })
        };
        Portfolio {
            cash: self.cash,
            positions: self.positions.iter().map(position).collect(),
            ..Portfolio::default()
        }
    }

    /// Returns the book of `desk` at `at`, after the close of `date`. `opening` is the book with
    /// which the day began; its lots are carried on.
    ///
    /// # Errors
    ///
    /// [`ValuationError`] if a held name has neither a price nor a previous close.
    pub fn after(
        opening: Option<&Self>,
        desk: &Desk,
        (date, at): (NaiveDate, DateTime<Utc>),
    ) -> Result<Self, ValuationError> {
        let before = Self::of_portfolio(date, &desk.opening());
        let before = opening.unwrap_or(&before);
        let valued = desk.valuation(at)?;
        let (held, fills) = (desk.book(at), desk.fills(at));
        let prices: BTreeMap<&Symbol, Decimal> =
            valued.positions.iter().map(|one| (&one.symbol, one.px)).collect();
        let position = |(symbol, held): (&Symbol, &Position)| {
            let mut lots = before.positions.get(symbol).map_or_else(Vec::new, |p| p.lots.clone());
            for fill in fills.iter().filter(|fill| fill.symbol == *symbol) {
                apply_fill(&mut lots, fill, date);
            }
            let last_price = prices.get(symbol).copied();
            let own = BookPosition { qty: held.qty, cost: held.cost, lots, last_price };
            (symbol.clone(), own)
        };
        let reference = desk.valuation_reference();
        Ok(Self {
            as_of: date,
            cash: held.cash,
            positions: held.positions.iter().map(position).collect(),
            high_water: reference.high_water,
            equity: Some(valued.equity),
            day_start_equity: reference.equity_previous,
        })
    }

    /// Returns cash and positions in USD at these prices, else at their last prices; `None` if a
    /// position has neither.
    #[must_use]
    pub fn value_at(&self, prices: &BTreeMap<Symbol, Decimal>) -> Option<Decimal> {
        let value = |(symbol, held): (&Symbol, &BookPosition)| {
            let price = prices.get(symbol).copied().or(held.last_price)?;
            Some(money::signed_value(held.qty, price))
        };
        let values: Option<Vec<Decimal>> = self.positions.iter().map(value).collect();
        Some(self.cash + values?.into_iter().sum::<Decimal>())
    }
}

/// Closes the oldest lots first; shares beyond flat open a lot.
fn apply_fill(lots: &mut Vec<Lot>, fill: &Fill, date: NaiveDate) {
    let mut left = fill.signed_qty();
    while let Some(oldest) = lots.first_mut().filter(|lot| lot.qty.signum() == -left.signum()) {
        let closed = left.abs().min(oldest.qty.abs());
        oldest.qty -= oldest.qty.signum() * closed;
        left -= left.signum() * closed;
        if oldest.qty == 0 {
            lots.remove(0);
        }
        if left == 0 {
            return;
        }
    }
    let same = |lot: &&mut Lot| lot.date == Some(date) && lot.price == fill.price;
    if let Some(last) = lots.last_mut().filter(same) {
        last.qty += left;
    } else if left != 0 {
        lots.push(Lot { date: Some(date), qty: left, price: fill.price });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trading::{order::ClOrdId, symbol::Side};

    fn fill(side: Side, qty: i64, price: i64) -> Fill {
        Fill {
            exec_id: "e".into(),
            child: 1,
            order: ClOrdId::parse("S181219-1-abcdef-1").unwrap(),
            symbol: Symbol::parse("A").unwrap(),
            side,
            qty,
            price: Decimal::from(price),
            fee: Decimal::ZERO,
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_oldest_lots_are_sold_first_and_the_rest_goes_short() {
        let day = NaiveDate::MIN;
        let mut lots = Vec::new();
        for bought in [fill(Side::Buy, 10, 5), fill(Side::Buy, 20, 6)] {
            apply_fill(&mut lots, &bought, day);
        }
        apply_fill(&mut lots, &fill(Side::Sell, 15, 7), day);
        assert_eq!(lots, [Lot { date: Some(day), qty: 15, price: Decimal::from(6) }]);
        apply_fill(&mut lots, &fill(Side::Sell, 18, 8), day);
        assert_eq!(lots, [Lot { date: Some(day), qty: -3, price: Decimal::from(8) }]);
        apply_fill(&mut lots, &fill(Side::Buy, 3, 4), day);
        assert!(lots.is_empty());
    }
}
