//! Stopping and loosening: trading states, cancels, halts of a name, regime and limits.

use std::io;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    fact::DeskFact,
    state::{Desk, DeskState},
};
use crate::trading::{
    broker::CancelOutcome,
    limits::{LimitMultipliers, LimitsError, RiskLimits, TradingState},
    order::ClOrdId,
    symbol::Symbol,
};

/// A change of the trading state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradingStateChange {
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
pub enum TradingStateError {
    /// Loosening is not tightening.
    #[error("{from} to {to} loosens trading: only an operator may re-enable it")]
    WouldLoosen {
        /// State now.
        from: TradingState,
        /// State asked for.
        to: TradingState,
    },
    /// Nobody loosens a desk without saying why.
    #[error("re-enabling trading needs a reason")]
    NoReason,
    /// Nothing leaves KILLED but by way of HALTED.
    #[error("from KILLED, trading can only be re-enabled to HALTED")]
    Killed,
    /// The log cannot be written, and nothing is loosened that would be forgotten.
    #[error("the desk's log cannot be written, so its state stays")]
    Log(#[source] io::Error),
}

impl Desk {
    /// Trading state now.
    #[must_use]
    pub fn trading_state(&self) -> TradingState {
        self.lock().memory.session.state
    }

    /// Every change of the trading state, oldest first.
    #[must_use]
    pub fn state_changes(&self) -> Vec<TradingStateChange> {
        self.lock().memory.changes.clone()
    }

    /// Makes the state stricter at `at` and withdraws what it forbids: risk-adding orders in
    /// `REDUCE_ONLY`, all orders beyond. Slices not yet sent count as orders. Anyone may tighten.
    ///
    /// # Errors
    ///
    /// `StateError::Loosens` when `to` is looser than the state now; equal is fine.
    pub fn tighten(
        &self,
        to: TradingState,
        (by, reason): (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<Vec<(ClOrdId, CancelOutcome)>, TradingStateError> {
        self.lock().tighten(to, (by, reason), at)
    }

    /// Makes the state looser, on an operator's word. The caller has checked the operator's role and
    /// a clean reconciliation.
    ///
    /// # Errors
    ///
    /// `StateError` without a reason, or straight from KILLED to anything but HALTED.
    pub fn re_enable(
        &self,
        to: TradingState,
        (by, reason): (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<(), TradingStateError> {
        let mut state = self.lock();
        if reason.trim().is_empty() {
            return Err(TradingStateError::NoReason);
        }
        if state.memory.session.state == TradingState::Killed && to < TradingState::Halted {
            return Err(TradingStateError::Killed);
        }
        if let Some(change) = state.state_change_fact(to, (by, reason), at) {
            state.append_fact(change).map_err(TradingStateError::Log)?;
        }
        Ok(())
    }

    /// Withdraws one of our orders. A broker that does not answer is asked again by `Desk::poll`.
    pub fn cancel(&self, id: &ClOrdId, at: DateTime<Utc>) -> CancelOutcome {
        self.lock().cancel_order(id, at)
    }

    /// Withdraws every order that may still fill.
    pub fn cancel_all(&self, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        self.lock().cancel_all(at)
    }

    /// Marks `symbol` as halted: its orders are withdrawn and no new ones pass.
    pub fn halt_symbol(&self, symbol: &Symbol, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        let mut state = self.lock();
        state.record_fact(DeskFact::Halted(symbol.clone()));
        let open = state.working_orders(at);
        let own = open.into_iter().filter(|order| order.symbol == *symbol);
        own.map(|order| (order.id.clone(), state.cancel_order(&order.id, at))).collect()
    }

    /// Trading in `symbol` goes on.
    ///
    /// # Errors
    ///
    /// When the log cannot be written; the name stays halted then.
    pub fn resume_symbol(&self, symbol: &Symbol) -> io::Result<()> {
        self.lock().append_fact(DeskFact::Resumed(symbol.clone()))
    }

    /// Sets the factors of the volatility regime; factors above 1 count as 1. Orders already at the
    /// broker keep the participation they were sent with.
    pub fn set_regime(&self, regime: LimitMultipliers) {
        let mut state = self.lock();
        let regime = regime.clamped();
        if state.memory.regime != regime {
            state.record_fact(DeskFact::Regime(regime));
        }
    }

    /// Replaces the limits; their hash changes, so plans made under the old ones can be told apart.
    /// The caller has checked who may loosen them.
    ///
    /// # Errors
    ///
    /// [`LimitsError`] for limits that cannot be hashed or written down; the old ones stay then.
    pub fn set_limits(&self, limits: RiskLimits) -> Result<String, LimitsError> {
        let hash = limits.hash()?;
        let mut state = self.lock();
        if state.memory.limits_hash != hash {
            let fact = DeskFact::Limits(Box::new(limits), hash.clone());
            state.append_fact(fact).map_err(LimitsError::Log)?;
        }
        Ok(hash)
    }
}

impl DeskState {
    /// Becomes stricter, and withdraws what that forbids.
    pub(super) fn tighten(
        &mut self,
        to: TradingState,
        by: (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<Vec<(ClOrdId, CancelOutcome)>, TradingStateError> {
        let from = self.memory.session.state;
        if to < from {
            return Err(TradingStateError::WouldLoosen { from, to });
        }
        if let Some(change) = self.state_change_fact(to, by, at) {
            self.record_fact(change);
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
    pub(super) fn state_change_fact(
        &mut self,
        to: TradingState,
        (by, reason): (&str, &str),
        at: DateTime<Utc>,
    ) -> Option<DeskFact> {
        self.last = self.last.max(at);
        let from = self.memory.session.state;
        let (by, reason) = (by.into(), reason.into());
        (from != to).then_some(DeskFact::State(TradingStateChange { at, from, to, by, reason }))
    }

    /// Withdraws every order of ours that may still fill; answers in order of writing down.
    fn cancel_all(&mut self, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        let open = self.orders(at).into_iter().filter(|view| !view.state.is_final());
        let open: Vec<ClOrdId> = open.map(|view| view.order.id).collect();
        open.into_iter().map(|id| (id.clone(), self.cancel_order(&id, at))).collect()
    }

    /// Withdraws orders that do not only reduce the position held now.
    fn cancel_adding(&mut self, at: DateTime<Utc>) -> Vec<(ClOrdId, CancelOutcome)> {
        self.sync(at);
        let mut room = self.memory.book.positions.clone();
        let mut adding = Vec::new();
        for order in self.working_orders(at) {
            let held = room.entry(order.symbol.clone()).or_default();
            let reduces = held.qty.signum() == -order.side.sign() && order.leaves <= held.qty.abs();
            if reduces {
                // What one order takes off cannot be taken off by the next.
                held.qty += order.side.sign() * order.leaves;
            } else {
                adding.push(order.id);
            }
        }
        adding.into_iter().map(|id| (id.clone(), self.cancel_order(&id, at))).collect()
    }
}
