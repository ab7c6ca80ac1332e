//! Stopping and loosening: trading states, cancels, halts of a name, regime and limits.

use std::io;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    fact::Fact,
    state::{Desk, State},
};
use crate::trading::{
    broker::CancelOutcome,
    limits::{Limits, LimitsError, Multipliers, TradingState},
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
#[derive(Debug, thiserror::Error)]
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
    /// The log cannot be written, and nothing is loosened that would be forgotten.
    #[error("the desk's log cannot be written, so its state stays")]
    Log(#[source] io::Error),
}

impl Desk {
    /// Trading state now.
    #[must_use]
    pub fn state(&self) -> TradingState {
        self.lock().memory.session.state
    }

    /// Every change of the trading state, oldest first.
    #[must_use]
    pub fn state_changes(&self) -> Vec<StateChange> {
        self.lock().memory.changes.clone()
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
        if state.memory.session.state == TradingState::Killed && to < TradingState::Halted {
            return Err(StateError::Killed);
        }
        if let Some(change) = state.changed(to, (by, reason), at) {
            state.write(change).map_err(StateError::Log)?;
        }
        Ok(())
    }

    /// Withdraws one of our orders. A broker that does not answer is asked again by [`Desk::poll`].
    pub fn cancel(&self, id: &ClOrdId, at: DateTime<Utc>) -> CancelOutcome {
        self.lock().withdraw(id, at)
    }

    /// Withdraws every order that may still fill.
    pub fn cancel_all(&self, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        self.lock().cancel_all(at)
    }

    /// Marks `symbol` as halted: its orders are withdrawn and no new ones pass.
    pub fn halt_symbol(&self, symbol: &Symbol, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        let mut state = self.lock();
        state.note(Fact::Halted(symbol.clone()));
        let open = state.working(at);
        let own = open.into_iter().filter(|order| order.symbol == *symbol);
        own.map(|order| (order.id.clone(), state.withdraw(&order.id, at))).collect()
    }

    /// Trading in `symbol` goes on.
    ///
    /// # Errors
    ///
    /// When the log cannot be written; the name stays halted then.
    pub fn resume_symbol(&self, symbol: &Symbol) -> io::Result<()> {
        self.lock().write(Fact::Resumed(symbol.clone()))
    }

    /// Sets the factors of the volatility regime; factors above 1 count as 1. Orders already at the
    /// broker keep the participation they were sent with.
    pub fn set_regime(&self, regime: Multipliers) {
        let mut state = self.lock();
        let regime = regime.clamped();
        if state.memory.regime != regime {
            state.note(Fact::Regime(regime));
        }
    }

    /// Replaces the limits; their hash changes, so plans made under the old ones can be told apart.
    /// The caller has checked who may loosen them.
    ///
    /// # Errors
    ///
    /// [`LimitsError`] for limits that cannot be hashed or written down; the old ones stay then.
    pub fn set_limits(&self, limits: Limits) -> Result<String, LimitsError> {
        let hash = limits.hash()?;
        let mut state = self.lock();
        if state.memory.limits_hash != hash {
            let fact = Fact::Limits(Box::new(limits), hash.clone());
            state.write(fact).map_err(LimitsError::Log)?;
        }
        Ok(hash)
    }
}

impl State {
    /// Becomes stricter, and withdraws what that forbids.
    pub(super) fn tighten(
        &mut self,
        to: TradingState,
        by: (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<Vec<(ClOrdId, CancelOutcome)>, StateError> {
        let from = self.memory.session.state;
        if to < from {
            return Err(StateError::Loosens { from, to });
        }
        if let Some(change) = self.changed(to, by, at) {
            self.note(change);
        }
        Ok(match to {
            TradingState::Active => Vec::new(),
            TradingState::ReduceOnly => self.cancel_adding(at),
            TradingState::Halted | TradingState::Killed => {
                let done = self.cancel_all(at);
                // What filled before it was withdrawn is booked now: nobody may be left to ask again.
                self.sync(at);
                done
            }
        })
    }

    /// The fact that the trading state becomes `to`; none when it is that already.
    pub(super) fn changed(
        &mut self,
        to: TradingState,
        (by, reason): (&str, &str),
        at: DateTime<Utc>,
    ) -> Option<Fact> {
        self.last = self.last.max(at);
        let from = self.memory.session.state;
        let (by, reason) = (by.into(), reason.into());
        (from != to).then_some(Fact::State(StateChange { at, from, to, by, reason }))
    }

    /// Withdraws every order of ours that may still fill; answers in order of writing down.
    fn cancel_all(&mut self, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        let open = self.orders(at).into_iter().filter(|view| !view.state.is_final());
        let open: Vec<ClOrdId> = open.map(|view| view.order.id).collect();
        open.into_iter().map(|id| (id.clone(), self.withdraw(&id, at))).collect()
    }

    /// Withdraws orders that do not only reduce the position held now.
    fn cancel_adding(&mut self, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        self.sync(at);
        let mut room = self.memory.book.positions.clone();
        let mut adding = Vec::new();
        for order in self.working(at) {
            let held = room.entry(order.symbol.clone()).or_default();
            let reduces = held.qty.signum() == -order.side.sign() && order.leaves <= held.qty.abs();
            if reduces {
                // What one order takes off cannot be taken off by the next.
                held.qty += order.side.sign() * order.leaves;
            } else {
                adding.push(order.id);
            }
        }
        adding.into_iter().map(|id| (id.clone(), self.withdraw(&id, at))).collect()
    }
}
