//! What a book is worth and how it is spread: equity, exposure, weights, concentration, drawdown.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    money::{self, ratio_to_f64},
    portfolio::Portfolio,
    symbol::Symbol,
};

/// What a valuation is measured against. All optional: an unknown reference gives an unknown figure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ValuationReference {
    /// Price in USD of each name at the previous close.
    pub previous_close: BTreeMap<Symbol, Decimal>,
    /// Equity in USD at the previous close.
    pub equity_previous: Option<Decimal>,
    /// Highest equity in USD ever closed or marked at.
    pub high_water: Option<Decimal>,
}

/// One position, valued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// The name.
    pub symbol: Symbol,
    /// Shares; negative when short.
    pub qty: i64,
    /// Price in USD it is valued at.
    pub px: Decimal,
    /// Market value in USD; negative when short.
    pub mv: Decimal,
    /// Market value as a fraction of equity.
    pub w: f64,
    /// Average cost in USD per share.
    pub avg_cost: Decimal,
    /// Unrealised profit in USD.
    pub pnl_unreal: Decimal,
    /// Profit in USD of the shares now held since the previous close, were they all held then.
    pub pnl_1d: Option<Decimal>,
}

/// A whole book, valued (formula 14). Fractions are of equity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Valuation {
    /// Cash plus market value, in USD.
    pub equity: Decimal,
    /// Cash in USD.
    pub cash: Decimal,
    /// Sum of absolute market values, in USD.
    pub gross_usd: Decimal,
    /// Sum of market values, in USD.
    pub net_usd: Decimal,
    /// Gross exposure; also the leverage of the book.
    pub gross: f64,
    /// Net exposure.
    pub net: f64,
    /// Positions in order of ticker.
    pub positions: Vec<Holding>,
    /// Held names without a price, valued at their previous close.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<Symbol>,
    /// Sum of squared shares of gross, 1/n to 1; 0 for a book of cash.
    pub hhi: f64,
    /// The five largest absolute weights together.
    pub top5: f64,
    /// Unrealised profit in USD.
    pub unrealised: Decimal,
    /// Equity less equity at the previous close, in USD, where that is known.
    pub pnl_1d: Option<Decimal>,
    /// The same as a fraction of equity at the previous close.
    pub pnl_1d_frac: Option<f64>,
    /// Fall from the high-water mark as a fraction of it, 0 at a new high.
    pub drawdown: Option<f64>,
}

/// Why a book cannot be valued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValuationError {
    /// Held, but without a price.
    #[error("held without a price: {}", names(.0))]
    NoPrice(Vec<Symbol>),
    /// Weights are fractions of a positive equity.
    #[error("equity is ${0}, weights need more than $0")]
    NoEquity(Decimal),
}

fn names(symbols: &[Symbol]) -> String {
    symbols.iter().map(Symbol::as_str).collect::<Vec<_>>().join(", ")
}

/// Values `book` at `prices`, a held name without one at its previous close: a halted name must not
/// hide the losses of all others.
///
/// # Errors
///
/// [`ValuationError`] when a held name has neither, or equity is not positive.
pub fn value_book(
    book: &Portfolio,
    prices: &BTreeMap<Symbol, Decimal>,
    against: &ValuationReference,
) -> Result<Valuation, ValuationError> {
    let unmarked = |name: &&Symbol| !prices.contains_key(*name);
    let unpriced: Vec<Symbol> = book.positions.keys().filter(unmarked).cloned().collect();
    let mut prices = prices.clone();
    let mut stale = Vec::new();
    for name in unpriced {
        if let Some(px) = against.previous_close.get(&name) {
            prices.insert(name.clone(), *px);
            stale.push(name);
        }
    }
    let net_usd = book.market_value(&prices).map_err(ValuationError::NoPrice)?;
    let equity = book.cash + net_usd;
    if equity <= Decimal::ZERO {
        return Err(ValuationError::NoEquity(equity));
    }
    let positions: Vec<Holding> = book
        .positions
        .iter()
        .filter_map(|(symbol, held)| {
            let px = *prices.get(symbol)?;
            let mv = money::signed_value(held.qty, px);
            let previous = against.previous_close.get(symbol);
            Some(Holding {
                symbol: symbol.clone(),
                qty: held.qty,
                px,
                mv,
                w: ratio_to_f64(mv, equity)?,
                avg_cost: held.avg_cost()?,
                pnl_unreal: mv - held.cost,
                pnl_1d: previous.map(|close| money::signed_value(held.qty, px - close)),
            })
        })
        .collect();
    let gross_usd: Decimal = positions.iter().map(|held| held.mv.abs()).sum();
    let mut weights: Vec<f64> = positions.iter().map(|held| held.w.abs()).collect();
    weights.sort_by(|a, b| b.total_cmp(a));
    let gross = ratio_to_f64(gross_usd, equity).unwrap_or(0.0);
    let hhi = if gross > 0.0 { weights.iter().map(|w| (w / gross).powi(2)).sum() } else { 0.0 };
    let pnl_1d = against.equity_previous.map(|before| equity - before);
    Ok(Valuation {
        equity,
        cash: book.cash,
        gross_usd,
        net_usd,
        gross,
        net: ratio_to_f64(net_usd, equity).unwrap_or(0.0),
        hhi,
        top5: weights.iter().take(5).sum(),
        unrealised: positions.iter().map(|held| held.pnl_unreal).sum(),
        positions,
        stale,
        pnl_1d,
        pnl_1d_frac: pnl_1d
            .zip(against.equity_previous)
            .and_then(|(gain, of)| ratio_to_f64(gain, of)),
        drawdown: against.high_water.and_then(|high| ratio_to_f64(high.max(equity) - equity, high)),
    })
}

impl Valuation {
    /// Absolute market value per sector as a fraction of equity; names without one under `""`.
    #[must_use]
    pub fn sector_exposure(
        &self,
        sector: impl Fn(&Symbol) -> Option<String>,
    ) -> BTreeMap<String, f64> {
        let mut sums = BTreeMap::new();
        for held in &self.positions {
            *sums.entry(sector(&held.symbol).unwrap_or_default()).or_insert(0.0) += held.w.abs();
        }
        sums
    }

    /// Weight of `symbol` as a fraction of equity, 0 when flat.
    #[must_use]
    pub fn weight(&self, symbol: &Symbol) -> f64 {
        self.positions.iter().find(|held| held.symbol == *symbol).map_or(0.0, |held| held.w)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Symbol {
        Symbol::parse(text).unwrap()
    }

    #[test]
    fn a_short_counts_in_gross_and_against_net() {
        let held = BTreeMap::from([
            (name("AAA"), (10, Decimal::from(50))),
            (name("BBB"), (-5, Decimal::from(20))),
        ]);
        let book = Portfolio::opening(Decimal::from(600), &held);
        let prices =
            BTreeMap::from([(name("AAA"), Decimal::from(50)), (name("BBB"), Decimal::from(20))]);
        let against = ValuationReference {
            equity_previous: Some(Decimal::from(1_250)),
            high_water: Some(Decimal::from(2_000)),
            ..ValuationReference::default()
        };
        let v = value_book(&book, &prices, &against).unwrap();
        assert_eq!(
            (v.equity, v.gross_usd, v.net_usd),
            (Decimal::from(1_000), Decimal::from(600), Decimal::from(400))
        );
        assert_eq!(v.pnl_1d, Some(Decimal::from(-250)));
        assert!((v.drawdown.unwrap() - 0.5).abs() < 1e-12);
        assert!((v.hhi - (25.0 / 36.0 + 1.0 / 36.0)).abs() < 1e-12);
        assert!((v.weight(&name("BBB")) + 0.1).abs() < 1e-12);
        let high = ValuationReference {
            high_water: Some(Decimal::from(900)),
            ..ValuationReference::default()
        };
        assert_eq!(value_book(&book, &prices, &high).unwrap().drawdown, Some(0.0));
    }

    #[test]
    fn values_name_without_price_at_its_previous_close() {
        let ten = (10, Decimal::from(50));
        let held = BTreeMap::from([(name("AAA"), ten), (name("BBB"), ten)]);
        let book = Portfolio::opening(Decimal::from(100), &held);
        let prices = BTreeMap::from([(name("AAA"), Decimal::from(40))]);
        let against = ValuationReference {
            previous_close: BTreeMap::from([(name("BBB"), Decimal::from(50))]),
            equity_previous: Some(Decimal::from(1_100)),
            high_water: None,
        };
        let v = value_book(&book, &prices, &against).unwrap();
        assert_eq!((v.equity, v.pnl_1d), (Decimal::from(1_000), Some(Decimal::from(-100))));
        assert_eq!(v.stale, [name("BBB")]);
    }

    #[test]
    fn a_book_without_equity_or_price_is_not_valued() {
        let held = BTreeMap::from([(name("AAA"), (10, Decimal::from(50)))]);
        let book = Portfolio::opening(Decimal::from(-500), &held);
        let prices = BTreeMap::from([(name("AAA"), Decimal::from(50))]);
        let none = ValuationReference::default();
        assert!(matches!(value_book(&book, &prices, &none), Err(ValuationError::NoEquity(_))));
        let error = value_book(&book, &BTreeMap::new(), &none).unwrap_err();
        assert_eq!(error.to_string(), "held without a price: AAA");
    }
}
