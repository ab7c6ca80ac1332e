//! The trading state: what may be sent at all, since when, on whose word; and who may change it which way.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::command::Actor;

/// What may be sent at all. Ordered from loosest to strictest; the strictest scope wins.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TradingState {
    /// Everything the gate passes.
    #[default]
    Active,
    /// Only what makes positions smaller.
    ReduceOnly,
    /// Only exits, ordered by hand.
    Halted,
    /// Nothing; fills are still recorded.
    Killed,
}

impl TradingState {
    /// From loosest to strictest.
    pub const ALL: [Self; 4] = [Self::Active, Self::ReduceOnly, Self::Halted, Self::Killed];

    /// The state a re-arm leads to: KILLED is left by way of HALTED, all else for ACTIVE.
    #[must_use]
    pub const fn next_looser(self) -> Self {
        match self {
            Self::Killed => Self::Halted,
            Self::Halted | Self::ReduceOnly | Self::Active => Self::Active,
        }
    }

    /// The word for it, on screen and in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::ReduceOnly => "REDUCE_ONLY",
            Self::Halted => "HALTED",
            Self::Killed => "KILLED",
        }
    }
}

impl fmt::Display for TradingState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for TradingState {
    type Err = ();

    /// Takes the word in any case.
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str().eq_ignore_ascii_case(text)).ok_or(())
    }
}

/// A wish to make the trading state stricter, of whoever has it: an agent, a watch, a signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TighteningRequest {
    /// To which state.
    pub to: TradingState,
    /// Who.
    pub by: Actor,
    /// Why, in words.
    pub why: String,
}

/// The trading state of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradingStatus {
    /// Which.
    pub state: TradingState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who brought it about; `None` for the state a run begins in.
    pub by: Option<Actor>,
    /// Why, in words.
    pub why: String,
    /// Own orders that may still fill, as last told by the desk since the state was entered; `None`: not told.
    pub working: Option<u32>,
}

impl TradingStatus {
    /// As a run begins.
    pub(super) const fn new(at: DateTime<Utc>) -> Self {
        let state = TradingState::Active;
        Self { state, since: at, by: None, why: String::new(), working: None }
    }

    /// Whether `by` may bring it to `to`. Whoever may act may tighten; only a person loosens, and
    /// leaves KILLED only by way of HALTED.
    #[must_use]
    pub fn allows_change(&self, to: TradingState, by: &Actor) -> bool {
        let person = match by {
            Actor::Operator(_) => true,
            Actor::Policy(_) => false,
        };
        let skips = self.state == TradingState::Killed && to < TradingState::Halted;
        to > self.state || (to < self.state && person && !skips)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_never_loosens_and_nobody_skips_the_rung_below_killed() {
        let person = Actor::Operator("ana".into());
        let machine = Actor::Policy("breaker".into());
        for from in TradingState::ALL {
            let trading = TradingStatus { state: from, ..TradingStatus::new(DateTime::UNIX_EPOCH) };
            for to in TradingState::ALL {
                assert_eq!(trading.allows_change(to, &machine), to > from, "{from} to {to}");
                let skips = from == TradingState::Killed && to < TradingState::Halted;
                assert_eq!(
                    trading.allows_change(to, &person),
                    to != from && !skips,
                    "{from} to {to}"
                );
            }
        }
    }

    #[test]
    fn every_state_reads_back_by_its_word() {
        for state in TradingState::ALL {
            assert_eq!(state.to_string().to_lowercase().parse(), Ok(state));
        }
    }
}
