//! Tradable names with sector, lot and assumed liquidity.

use std::collections::BTreeMap;

use serde::Serialize;

/// A name that the desk may trade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    pub symbol: String,
    pub name: String,
    /// The sector according to GICS.
    pub sector: String,
    /// Shares in a round lot, at least 1.
    pub lot: u32,
    /// Liquidity tier: 0 is always analyzed, higher is less liquid.
    pub tier: u8,
    /// Average daily volume in shares if the bars have no volume: an assumption, not a measurement.
    pub adv_override: Option<u64>,
    /// True if shares can be borrowed for a short sale.
    pub shortable: bool,
}

/// All tradable names by ticker.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Universe {
    listings: BTreeMap<String, Listing>,
}

impl Universe {
    /// Returns the listing of a ticker.
    #[must_use]
    pub fn get(&self, symbol: &str) -> Option<&Listing> {
        self.listings.get(symbol)
    }

    /// Returns all listings, sorted by ticker.
    pub fn iter(&self) -> impl Iterator<Item = &Listing> {
        self.listings.values()
    }

    /// Returns the number of listings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.listings.len()
    }

    /// Returns whether there are no listings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listings.is_empty()
    }

    /// Adds a listing unless its ticker exists; returns whether it was added.
    pub(super) fn insert(&mut self, listing: Listing) -> bool {
        if self.listings.contains_key(&listing.symbol) {
            return false;
        }
        self.listings.insert(listing.symbol.clone(), listing);
        true
    }
}
