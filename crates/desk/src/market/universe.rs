//! The names the desk may trade: sector, lot and assumed liquidity of each.

use std::collections::BTreeMap;

use serde::Serialize;

/// One tradable name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// Ticker.
    pub symbol: String,
    /// Company name.
    pub name: String,
    /// GICS sector.
    pub sector: String,
    /// Shares in a round lot, at least 1.
    pub lot: u32,
    /// 0 = always looked at, larger = less liquid.
    pub tier: u8,
    /// Average daily volume in shares where the bars carry no volume: an assumption, not a measurement.
    pub adv_override: Option<u64>,
    /// Whether shares can be borrowed for a short sale.
    pub shortable: bool,
}

/// All tradable names by ticker.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Universe {
    listings: BTreeMap<String, Listing>,
}

impl Universe {
    /// What is known of a ticker.
    #[must_use]
    pub fn get(&self, symbol: &str) -> Option<&Listing> {
        self.listings.get(symbol)
    }

    /// Every name, by ticker.
    pub fn iter(&self) -> impl Iterator<Item = &Listing> {
        self.listings.values()
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.listings.len()
    }

    /// Whether there is no name at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listings.is_empty()
    }

    /// Adds a name unless its ticker is taken; says whether it was added.
    pub(super) fn insert(&mut self, listing: Listing) -> bool {
        if self.listings.contains_key(&listing.symbol) {
            return false;
        }
        self.listings.insert(listing.symbol.clone(), listing);
        true
    }
}
