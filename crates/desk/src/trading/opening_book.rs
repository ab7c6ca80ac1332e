//! The book a day opens with: the desk's own target weights, or a user's `positions.json`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{instruments::Instruments, money, portfolio::Portfolio, symbol::Symbol};

/// A book written as weights: the shares depend on the day's prices, so one file fits any day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightedBook {
    /// Equity at the previous close, in USD.
    pub equity: Decimal,
    /// Long weights, fractions of equity, together at most 1; the rest is cash.
    pub weights: BTreeMap<Symbol, Decimal>,
}

/// Why there is no opening book.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BookError {
    /// Not the expected YAML.
    #[error("{}", diag::render(.0, diag::RenderStyle::Plain).trim_end())]
    Yaml(Vec<diag::Diagnostic>),
    /// Not the expected JSON.
    #[error("positions cannot be read")]
    Json(#[source] serde_json::Error),
    /// Weights that are no long-only book.
    #[error("weights of the book are to be at least 0 and sum to at most 1, equity above $0")]
    Weights,
    /// A name of the book without a previous close.
    #[error("`{0}` has no previous close to size its shares with")]
    NoPrice(Symbol),
    /// One name on two lines.
    #[error("`{0}` stands twice in the positions")]
    Duplicate(Symbol),
    /// A cost that is not above 0.
    #[error("`{0}` has an average cost that is not above $0")]
    Cost(Symbol),
}

impl WeightedBook {
    /// Reads `equity` and `weights` from YAML (JSON is YAML too).
    ///
    /// # Errors
    ///
    /// [`BookError`] for other keys, or weights that are no long-only book.
    pub fn parse(text: &str) -> Result<Self, BookError> {
        Self::parse_named("the book", text)
    }

    /// Reads a book from the file `name`.
    ///
    /// # Errors
    ///
    /// As [`Self::parse`]; `name` is in each message.
    pub fn parse_named(name: &str, text: &str) -> Result<Self, BookError> {
        let book: Self = diag::deserialize(name, text).map_err(BookError::Yaml)?;
        let sum = book.weights.values().try_fold(Decimal::ZERO, |sum, w| sum.checked_add(*w));
        let sound = book.weights.values().all(|w| *w >= Decimal::ZERO)
            && sum.is_some_and(|sum| sum <= Decimal::ONE)
            && book.equity > Decimal::ZERO;
        if sound { Ok(book) } else { Err(BookError::Weights) }
    }

    /// Shares at the previous close, cut to whole lots; what is cut off stays in cash, so cash and
    /// shares are worth [`equity`](Self::equity) exactly. Costs are the previous close.
    ///
    /// # Errors
    ///
    /// [`BookError::NoPrice`] when a weighted name has no previous close.
    pub fn open(
        &self,
        previous_close: &BTreeMap<Symbol, Decimal>,
        universe: &Instruments,
    ) -> Result<Portfolio, BookError> {
        let mut cash = self.equity;
        let mut held = BTreeMap::new();
        for (symbol, weight) in &self.weights {
            let missing = || BookError::NoPrice(symbol.clone());
            let px = *previous_close.get(symbol).ok_or_else(missing)?;
            let lot = universe.get(symbol).map_or(1, |known| known.lot);
            let qty = money::shares(self.equity * weight, px, lot).ok_or_else(missing)?;
            cash -= money::signed_value(qty, px);
            held.insert(symbol.clone(), (qty, px));
        }
        Ok(Portfolio::opening(cash, &held))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionsFile {
    cash: Decimal,
    positions: Vec<PositionLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionLine {
    symbol: Symbol,
    qty: i64,
    avg_cost: Decimal,
}

/// Reads `{"cash": "…", "positions": [{"symbol", "qty", "avg_cost"}]}`; amounts in USD, as text or
/// number, shorts with a negative `qty`.
///
/// # Errors
///
/// [`BookError`] for other keys, a name on two lines, or a cost that is not above 0.
pub fn parse_positions(json: &str) -> Result<Portfolio, BookError> {
    let file: PositionsFile = serde_json::from_str(json).map_err(BookError::Json)?;
    let mut held = BTreeMap::new();
    for PositionLine { symbol, qty, avg_cost } in file.positions {
        if avg_cost <= Decimal::ZERO {
            return Err(BookError::Cost(symbol));
        }
        if held.insert(symbol.clone(), (qty, avg_cost)).is_some() {
            return Err(BookError::Duplicate(symbol));
        }
    }
    Ok(Portfolio::opening(file.cash, &held))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desk_book_is_worth_its_equity_to_the_cent_at_any_price() {
        let book = WeightedBook::parse(include_str!("../../../../assets/desk/book.yaml")).unwrap();
        let prices: BTreeMap<Symbol, Decimal> =
            book.weights.keys().cloned().zip((3..).map(|n| Decimal::new(n * 1_733, 2))).collect();
        let open = book.open(&prices, &Instruments::new()).unwrap();
        assert_eq!(open.cash + open.market_value(&prices).unwrap(), Decimal::from(1_000_000));
        assert_eq!(open.positions.len(), book.weights.len());
        assert!(book.weights.values().all(|w| *w <= Decimal::new(10, 2)), "within position limit");
        assert!(matches!(
            book.open(&BTreeMap::new(), &Instruments::new()),
            Err(BookError::NoPrice(_))
        ));
    }

    #[test]
    fn weights_beyond_the_equity_are_no_book() {
        for bad in [
            "equity: 100\nweights: {A: 0.6, B: 0.5}",
            "equity: 100\nweights: {A: -0.1}",
            "equity: 0\nweights: {A: 0.1}",
            "equity: 100\nweights: {a: 0.1}",
            "equity: 100\nweights: {A: 0.1}\nmore: 1",
        ] {
            assert!(WeightedBook::parse(bad).is_err(), "{bad} was taken");
        }
    }

    #[test]
    fn positions_are_read_once_per_name_and_with_a_cost() {
        let good = r#"{"cash":"100.25","positions":[{"symbol":"A","qty":-5,"avg_cost":2.5}]}"#;
        let book = parse_positions(good).unwrap();
        assert_eq!(
            (book.cash, book.quantity(&Symbol::parse("A").unwrap())),
            (Decimal::new(10_025, 2), -5)
        );
        let line = r#"{"symbol":"A","qty":5,"avg_cost":2}"#;
        for bad in [
            format!(r#"{{"cash":1,"positions":[{line},{line}]}}"#),
            r#"{"cash":1,"positions":[{"symbol":"A","qty":5,"avg_cost":0}]}"#.into(),
            r#"{"cash":1,"positions":[{"symbol":"A","qty":5.5,"avg_cost":1}]}"#.into(),
            r#"{"positions":[]}"#.into(),
        ] {
            assert!(parse_positions(&bad).is_err(), "{bad} was taken");
        }
    }
}
