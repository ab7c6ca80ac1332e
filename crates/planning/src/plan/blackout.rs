//! Periods of a day in which one kind of order is forbidden.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::workflow::ForbiddenOrders;

/// A period in which one kind of order is forbidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BlackoutRecord", into = "BlackoutRecord")]
pub struct Blackout {
    /// The forbidden kind.
    pub forbids: ForbiddenOrders,
    /// The only symbol concerned, or `None` for all.
    pub symbol: Option<String>,
    /// First moment of the blackout.
    pub from: DateTime<Utc>,
    /// First moment after the blackout.
    pub to: DateTime<Utc>,
    /// The overlay that requires it.
    pub origin: String,
}

impl Blackout {
    /// Returns whether the blackout concerns orders in `symbol` at some time.
    #[must_use]
    pub fn concerns(&self, symbol: &str) -> bool {
        self.symbol.as_deref().is_none_or(|own| own == symbol)
    }

    /// Returns the forbidden orders: `entry`, `entry AAPL`.
    #[must_use]
    pub fn orders(&self) -> String {
        orders_text(self.forbids, self.symbol.as_deref())
    }
}

/// Returns the forbidden orders as records and notes have them: `entry`, `entry AAPL`.
pub(super) fn orders_text(forbids: ForbiddenOrders, symbol: Option<&str>) -> String {
    symbol.map_or_else(|| forbids.to_string(), |symbol| format!("{forbids} {symbol}"))
}

/// A blackout as recorded: kind and symbol in one text.
#[derive(Serialize, Deserialize)]
struct BlackoutRecord {
    forbids: String,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    origin: String,
}

/// The reason for which a recorded blackout is unusable.
#[derive(Debug, thiserror::Error)]
#[error("a blackout of `{0}`: the kind of orders is not known; use the version that recorded it")]
struct UnknownBlackoutError(String);

impl TryFrom<BlackoutRecord> for Blackout {
    type Error = UnknownBlackoutError;

    fn try_from(record: BlackoutRecord) -> Result<Self, Self::Error> {
        let BlackoutRecord { forbids: orders, from, to, origin } = record;
        let (word, symbol) = match orders.split_once(' ') {
            Some((word, symbol)) => (word, Some(symbol.to_owned())),
            None => (orders.as_str(), None),
        };
        let known = ForbiddenOrders::WORDS.iter().find(|(own, _)| *own == word);
        let Some((_, forbids)) = known.copied() else { return Err(UnknownBlackoutError(orders)) };
        Ok(Self { forbids, symbol, from, to, origin })
    }
}

impl From<Blackout> for BlackoutRecord {
    fn from(blackout: Blackout) -> Self {
        let forbids = blackout.orders();
        let Blackout { from, to, origin, .. } = blackout;
        Self { forbids, from, to, origin }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_blackout_of_one_symbol_is_read_and_written_alike() {
        let record = r#"{"forbids":"entry AAPL","from":"2018-11-02T13:30:00Z","to":"2018-11-02T14:00:00Z","origin":"workflows/earnings.yaml"}"#;
        let read: Blackout = serde_json::from_str(record).unwrap();
        assert_eq!((read.forbids, read.symbol.as_deref()), (ForbiddenOrders::Entry, Some("AAPL")));
        assert!(read.concerns("AAPL") && !read.concerns("KO"));
        assert_eq!(serde_json::to_string(&read).unwrap(), record);
        let error = serde_json::from_str::<Blackout>(&record.replace("entry", "exit")).unwrap_err();
        assert!(error.to_string().contains("`exit AAPL`"), "{error}");
    }
}
