//! Stopping and loosening: trading states, cancels, halts of a name, regime and limits.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::state::{Desk, State};
use crate::trading::{
    broker::CancelOutcome,
    limits::{Limits, LimitsError, Multipliers, TradingState},
    money,
    order::ClOrdId,
    symbol::Symbol,
};

/// A change of the trading state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateChange {
    /// When.
    pub at: DateTime<Utc>,
    /// From.
    pub from: TradingState,
    /// To.
    pub to: TradingState,
    /// Who: an operator or an agent.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Why a trading state does not change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// Loosening is not tightening.
    #[error("{from} to {to} loosens the desk: that takes an operator who re-arms it")]
    Loosens {
        /// State now.
        from: TradingState,
        /// State asked for.
        to: TradingState,
    },
    /// Nobody loosens a desk without saying why.
    #[error("re-arming the desk needs a reason")]
    NoReason,
    /// Nothing leaves KILLED but by way of HALTED.
    #[error("a killed desk is re-armed to HALTED first")]
    Killed,
}

impl Desk {
    /// Trading state now.
    #[must_use]
    pub fn state(&self) -> TradingState {
        self.lock().session.state
    }

    /// Every change of the trading state, oldest first.
    #[must_use]
    pub fn state_changes(&self) -> Vec<StateChange> {
        self.lock().changes.clone()
    }

    /// Makes the state stricter at `at` and withdraws what it forbids: risk-adding orders in
    /// `REDUCE_ONLY`, all orders beyond. Slices not yet sent count as orders. Anyone may tighten.
    ///
    /// # Errors
    ///
    /// [`StateError::Loosens`] when `to` is looser than the state now; equal is fine.
    pub fn tighten(
        &self,
        to: TradingState,
        (by, reason): (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<Vec<(ClOrdId, CancelOutcome)>, StateError> {
        self.lock().tighten(to, (by, reason), at)
    }

    /// Makes the state looser, on an operator's word. The caller has checked the operator's role and
    /// a clean reconciliation.
    ///
    /// # Errors
    ///
    /// [`StateError`] without a reason, or straight from KILLED to anything but HALTED.
    pub fn rearm(
        &self,
        to: TradingState,
        (by, reason): (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<(), StateError> {
        let mut state = self.lock();
        if reason.trim().is_empty() {
            return Err(StateError::NoReason);
        }
        if state.session.state == TradingState::Killed && to < TradingState::Halted {
            return Err(StateError::Killed);
        }
        state.change(to, (by, reason), at);
        Ok(())
    }

    /// Withdraws one order.
    pub fn cancel(&self, id: &ClOrdId, at: DateTime<Utc>) -> CancelOutcome {
        self.lock().broker.cancel(id, at)
    }

    /// Withdraws every order that may still fill.
    pub fn cancel_all(&self, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        self.lock().broker.cancel_all(at)
    }

    /// Marks `symbol` as halted: its orders are withdrawn and no new ones pass.
    pub fn halt_symbol(&self, symbol: &Symbol, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        let mut state = self.lock();
        state.halted.insert(symbol.clone());
        let open = state.broker.working(at);
        let own = open.into_iter().filter(|order| order.symbol == *symbol);
        own.map(|order| (order.id.clone(), state.broker.cancel(&order.id, at))).collect()
    }

    /// Trading in `symbol` goes on.
    pub fn resume_symbol(&self, symbol: &Symbol) {
        self.lock().halted.remove(symbol);
    }

    /// Sets the factors of the volatility regime; factors above 1 count as 1. Orders already at the
    /// broker keep the participation they were sent with.
    pub fn set_regime(&self, regime: Multipliers) {
        let mut state = self.lock();
        state.regime = regime.clamped();
        let factor = money::to_f64(state.regime.participation);
        state.broker.set_participation(factor);
    }

    /// Replaces the limits; their hash changes, so plans made under the old ones can be told apart.
    /// The caller has checked who may loosen them.
    ///
    /// # Errors
    ///
    /// [`LimitsError::Hash`] for limits that cannot be hashed; the old ones stay then.
    pub fn set_limits(&self, limits: Limits) -> Result<String, LimitsError> {
        let hash = limits.hash()?;
        let mut state = self.lock();
        state.limits = limits;
        state.limits_hash.clone_from(&hash);
        Ok(hash)
    }
}

impl State {
    pub(super) fn tighten(
        &mut self,
        to: TradingState,
        by: (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<Vec<(ClOrdId, CancelOutcome)>, StateError> {
        let from = self.session.state;
        if to < from {
            return Err(StateError::Loosens { from, to });
        }
        self.change(to, by, at);
        Ok(match to {
            TradingState::Active => Vec::new(),
            TradingState::ReduceOnly => self.cancel_adding(at),
            TradingState::Halted | TradingState::Killed => self.broker.cancel_all(at),
        })
    }

    pub(super) fn change(
        &mut self,
        to: TradingState,
        (by, reason): (&str, &str),
        at: DateTime<Utc>,
    ) {
        let from = self.session.state;
        if from != to {
            let (by, reason) = (by.into(), reason.into());
            self.changes.push(StateChange { at, from, to, by, reason });
            self.session.state = to;
        }
    }

    /// Withdraws orders that do not only reduce the position held now.
    fn cancel_adding(&mut self, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        self.sync(at);
        let mut room = self.book.positions.clone();
        let mut adding = Vec::new();
        for order in self.broker.working(at) {
            let held = room.entry(order.symbol.clone()).or_default();
            let reduces = held.qty.signum() == -order.side.sign() && order.leaves <= held.qty.abs();
            if reduces {
                // What one order takes off cannot be taken off by the next.
                held.qty += order.side.sign() * order.leaves;
            } else {
                adding.push(order.id);
            }
        }
        adding.into_iter().map(|id| (id.clone(), self.broker.cancel(&id, at))).collect()
    }
}
