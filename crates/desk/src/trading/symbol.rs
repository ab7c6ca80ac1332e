//! Ticker symbols and the two sides of a trade, checked once at the border.

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// A ticker: upper-case ASCII letters and digits, with `.` and `-` inside (`BRK.B`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Symbol(Arc<str>);

/// Why a text is no ticker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no ticker: write 1 to 12 upper-case letters or digits, `.` and `-` inside")]
pub struct SymbolError(String);

impl Symbol {
    /// Longest ticker accepted, in characters.
    pub const LEN_MAX: usize = 12;

    /// Checks `text` and makes a ticker of it.
    ///
    /// # Errors
    ///
    /// [`SymbolError`] when `text` is empty, longer than [`Self::LEN_MAX`], has other characters
    /// than `A-Z`, `0-9`, `.` and `-`, or begins or ends with one of the last two.
    pub fn parse(text: &str) -> Result<Self, SymbolError> {
        let word = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        let sound = !text.is_empty()
            && text.len() <= Self::LEN_MAX
            && text.chars().all(|c| word(c) || c == '.' || c == '-')
            && text.starts_with(word)
            && text.ends_with(word);
        if sound {
            Ok(Self(text.into()))
        } else {
            Err(SymbolError(text.chars().take(40).collect()))
        }
    }

    /// The ticker as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for Symbol {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Symbol {
    type Error = SymbolError;

    fn try_from(text: String) -> Result<Self, SymbolError> {
        Self::parse(&text)
    }
}

impl From<Symbol> for String {
    fn from(symbol: Symbol) -> Self {
        symbol.0.as_ref().into()
    }
}

/// The way an order or fill changes a position.
///
/// Sells come first in the order of sides, since a desk raises cash before it spends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Shares leave, cash comes.
    Sell,
    /// Shares come, cash leaves.
    Buy,
}

impl Side {
    /// `1` for a buy, `-1` for a sell.
    #[must_use]
    pub const fn sign(self) -> i64 {
        match self {
            Self::Buy => 1,
            Self::Sell => -1,
        }
    }

    /// The other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticker_is_upper_case_and_begins_and_ends_with_a_letter_or_digit() {
        for good in ["A", "BRK.B", "7203", "BF-B", "ABCDEFGHIJKL"] {
            assert_eq!(Symbol::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "aapl", "A B", ".A", "A-", "ABCDEFGHIJKLM", "Ä", "A\n", "../A"] {
            assert!(Symbol::parse(bad).is_err(), "{bad:?} was taken");
        }
        assert!(serde_json::from_str::<Symbol>(r#""no""#).is_err());
    }
}
