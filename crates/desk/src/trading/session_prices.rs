//! The bridge from market data to the desk: day paths as prices, listings as instruments.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::{
    instruments::{Instrument, PriceSource, SessionHours, TradePermission},
    limits::LimitMultipliers,
    money,
    symbol::{Symbol, SymbolError},
};
use crate::market::{self, Dataset, DayPath, Listing};
use engine::math;

/// Prices of one session, from the paths of its bars.
///
/// A name without a bar for the session has no price at all: it is stale, never filled at a guess.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionPrices {
    hours: SessionHours,
    paths: BTreeMap<Symbol, DayPath>,
}

impl SessionPrices {
    /// The paths of `symbols` in the session of `hours`.
    #[must_use]
    pub fn for_session(
        market: &Dataset,
        symbols: impl Iterator<Item = Symbol>,
        hours: SessionHours,
    ) -> Self {
        let path = |symbol: Symbol| {
            let path = DayPath::for_session(market, symbol.as_str(), hours.date)?;
            Some((symbol, path))
        };
        Self { hours, paths: symbols.filter_map(path).collect() }
    }
}

impl PriceSource for SessionPrices {
    fn price(&self, symbol: &Symbol, at: DateTime<Utc>) -> Option<Decimal> {
        let price = self.paths.get(symbol)?.price(self.hours.open, self.hours.close, at)?;
        Some(price.to_decimal())
    }

    fn close(&self, symbol: &Symbol, date: NaiveDate) -> Option<Decimal> {
        if date != self.hours.date {
            return None;
        }
        self.price(symbol, self.hours.close)
    }
}

/// What the desk makes of a listing. `sigma_1d` and `atr_frac` (fractions) and `adv20` (shares) come
/// from the features of its bars, where there are any.
///
/// # Errors
///
/// [`SymbolError`] when the listing's ticker is none.
pub fn instrument_from_listing(
    listing: &Listing,
    adv20: Option<f64>,
    sigma_1d: Option<f64>,
    atr_frac: Option<f64>,
) -> Result<(Symbol, Instrument), SymbolError> {
    let permission =
        if listing.shortable { TradePermission::Shortable } else { TradePermission::LongOnly };
    // Volumes stay far below 2^63; one that does not is no volume.
    let vouched = listing.adv_override.and_then(|adv| i64::try_from(adv).ok());
    let known = Instrument {
        sector: Some(listing.sector.clone()).filter(|sector| !sector.is_empty()),
        lot: i64::from(listing.lot),
        adv20,
        adv_override: vouched.map(math::int_to_float),
        sigma_1d,
        atr_frac,
        // The listing's tier is of the desk's own attention, not of the LULD plan: the narrower band.
        luld_tier: 1,
        permission,
    };
    Ok((Symbol::parse(&listing.symbol)?, known))
}

impl From<market::RegimeMultipliers> for LimitMultipliers {
    /// The regime's factors on limits. A factor that is no number counts as 0: it lets nothing pass.
    fn from(regime: market::RegimeMultipliers) -> Self {
        let exact = |x: f64| money::from_f64(x).unwrap_or_default();
        Self {
            gross: exact(regime.gross),
            order_notional: exact(regime.order_notional),
            participation: exact(regime.participation),
        }
        .clamped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Regime;

    #[test]
    fn a_stressed_regime_halves_orders_exactly() {
        let factors = LimitMultipliers::from(Regime::Stressed.multipliers());
        assert_eq!(factors.order_notional, Decimal::new(5, 1));
        assert_eq!(factors.gross, Decimal::new(4, 1));
        let calm = LimitMultipliers::from(Regime::Calm.multipliers());
        assert_eq!(calm, LimitMultipliers::ONE);
    }
}
